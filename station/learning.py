"""The wizard that learns a scanner, as a terminal program: every key counts, and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from station import compose, scanner_lessons
from station.devices import scanning
from station.errors import StationError
from station.messages import Ticked
from station.scanner_lessons import LESSONS
from station.screens.scanner_wizard import ScannerWizard
from station.typed_app import TypedApp
from station.wedge import MAX_BUFFER, Wedge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events

    from station.compose import Place
    from station.messages import ScanRead
    from station.scanner_lessons import Findings, Heard

PAUSE_S = 0.7
"""Silence after which what arrived is one scan, whatever its scanner sends at the end."""

_TICK_S = 0.1


class ScannerLessons(TypedApp[None], inherit_bindings=False):
    """Shows three codes, listens, and says what it found.

    Args:
        write: Puts values into station.toml and returns where; raises StationError.
        learnt: Told once that all three codes were scanned.
    """

    CSS_PATH = "app.tcss"
    TITLE = "station"

    def __init__(
        self, write: Callable[[Mapping[str, str]], str], learnt: Callable[[], object]
    ) -> None:
        super().__init__(Wedge())
        self._write = write
        self._learnt = learnt
        self._run: list[tuple[str, float]] = []
        self._heard: list[Heard] = []
        self.findings: Findings | None = None
        """What the three codes showed, once they were scanned."""
        self._wizard = ScannerWizard()

    def on_mount(self) -> None:
        """Show the first code."""
        self.push_screen(self._wizard)
        self.call_after_refresh(self._show)
        self.set_interval(_TICK_S, lambda: self.post_message(Ticked()))

    def on_resize(self) -> None:
        """Lay the code out for another size."""
        self.call_after_refresh(self._show)

    # — keys: all of them, with their times —
    def _key(self, event: events.Key) -> None:
        if event.character and len(event.character) == 1 and event.key != "escape":
            self._run.append((event.character, event.time))
            del self._run[MAX_BUFFER:]
        elif not self._run:
            self._command_key(event.key)

    def take_scan(self, message: ScanRead) -> None:
        """Take a line that was pasted; what is typed goes the other way."""
        self._run += [(char, message.at) for char in f"{message.text}\r"]

    @on(Ticked)
    def tick(self, message: Ticked) -> None:
        """Look whether a pause has ended what a scanner sends."""
        if self._run and message.time - self._run[-1][1] > PAUSE_S:
            heard = scanner_lessons.heard(self._run)
            self._run.clear()
            self._take(heard)

    def _take(self, heard: Heard) -> None:
        if not heard.text or self.findings:
            return
        self._heard.append(heard)
        if len(self._heard) == len(LESSONS):
            self.findings = scanner_lessons.judge(self._heard)
            self._learnt()
        self._show()

    def _show_typed(self) -> None:
        """Show nothing before the scan is over."""

    def _command_key(self, key: str) -> None:
        if key == "f10":
            self.exit()
        elif key == "escape":
            self._heard.clear()
            self.findings = None
            self._show()
        elif key == "f2" and self.findings and self.findings.settings:
            self._write_settings(self.findings)

    def _write_settings(self, findings: Findings) -> None:
        values = {key: scanner_lessons.toml(value) for key, value in findings.settings.items()}
        try:
            self._wizard.say(f"Written to {self._write(values)}. It holds from the next start on.")
        except StationError as error:
            self._wizard.say(str(error))

    def _show(self) -> None:
        if not self._wizard.is_mounted:
            return
        heard = tuple(self._heard)
        if self.findings:
            self._wizard.show_findings(self.findings, heard)
        else:
            self._wizard.show_lesson(len(heard), heard)


def run(place: Place, write: Callable[[Mapping[str, str]], str]) -> Findings | None:
    """Learn a scanner in the terminal; return what was found, None when it was ended before."""
    compose.prepare(place.home)
    app = ScannerLessons(write, lambda: scanning.mark_learnt(place.home))
    app.run(mouse=False)
    return app.findings
