"""What the queue and the pack screen have in common: the bench, and the small print below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import var
from textual.screen import Screen

from station import commands, floor
from station.screens.widgets import Keys, Line, VerdictBand
from station.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from textual.widget import Widget


class BenchScreen(Screen[None]):
    """A screen that shows the bench; while it is not up it does nothing."""

    view: var[View] = var(View(), init=False)
    """The bench, handed down by the app."""
    station: var[str] = var("")
    status: var[str] = var("")
    hint: var[str] = var("")
    clock: Callable[[], datetime] = staticmethod(floor.now)
    """Tells the time; the app gives its own."""

    @property
    def is_up(self) -> bool:
        """Whether the packer sees this screen: no dialog is over it, and it is not being closed."""
        return self.is_mounted and self.is_active and self.display

    def foot(self, screen: commands.Screen) -> Iterable[Widget]:
        """Return the rows below: verdict, sentence, demo, keys, status."""
        yield VerdictBand(id="verdict")
        yield Line(id="sentence", classes="sentence")
        yield Line(id="coach", classes="coach")
        yield Keys(screen)
        yield Line(id="status", classes="status")

    def on_mount(self) -> None:
        """Show what came before the screen was there."""
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Show what came while another screen was up."""
        if self.is_up:
            self.show_all()
            self.watch_status()
            self.watch_hint()

    def show_all(self) -> None:
        """Show the bench as it is now; a screen adds what it has."""

    def watch_status(self) -> None:
        """Show how printer and store are."""
        if self.is_up:
            self.query_one("#status", Line).say(" " + self.status)

    def watch_hint(self) -> None:
        """Show what a demo packer scans next."""
        if self.is_up:
            self.query_one("#coach", Line).say(" " + self.hint)
