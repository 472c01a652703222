"""The peers: Textual apps of one line that show a scan, by `on_key` or by `Input`; nothing else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual.app import App
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult


DIGITS = 13


class Shown(App[None]):
    """Counts the scans that came whole and shows the last one."""

    ENABLE_COMMAND_PALETTE = False
    count = 0

    def compose(self) -> ComposeResult:
        """Lay out one line."""
        yield Static("BARE READY", id="verdict", markup=False)

    def show(self, code: str) -> None:
        """Show a scan."""
        self.count += len(code) == DIGITS
        self.query_one("#verdict", Static).update(f"ACK{self.count:07d} {code}")


class ByKey(Shown):
    """Collects characters in `on_key` until Enter."""

    typed = ""

    def on_key(self, event: events.Key) -> None:
        """Take a character, or the end of a scan."""
        if event.key == "enter":
            self.show(self.typed)
            self.typed = ""
        elif event.character:
            self.typed += event.character


class ByInput(Shown):
    """Leaves the collecting to a text field, as every tutorial does."""

    def compose(self) -> ComposeResult:
        """Lay out a line and a field, which has the focus."""
        yield from super().compose()
        yield Input()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take a scan and empty the field."""
        event.input.value = ""
        self.show(event.value)


if __name__ == "__main__":
    (ByInput if sys.argv[1:] == ["input"] else ByKey)().run(mouse=False)
