"""What every key does on a screen, from the one list of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station import commands
from station.screens.widgets import Line, key_name

if TYPE_CHECKING:
    from textual.app import ComposeResult


class HelpScreen(ModalScreen[None]):
    """Keys and printed commands of one screen; any key closes it."""

    CSS_PATH = "dialog.tcss"

    def __init__(self, screen: commands.Screen, *, demo: bool = False) -> None:
        super().__init__()
        self._about = screen
        self._demo = demo

    def compose(self) -> ComposeResult:
        """Lay out one row for each command."""
        with Vertical(id="box"):
            yield Static(Content("EVERY COMMAND, BY KEY OR BY BARCODE"), id="title", markup=False)
            for key, command in commands.on_screen(self._about):
                if command == commands.CODE and not self._demo:
                    continue
                yield Line(f"{key_name(key):>5}  {command.word:<10} {command.help}")
        yield Line(" Esc back", classes="keys")
