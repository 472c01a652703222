"""A code as a barcode on the screen, for a demo with a real scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station.screens import bars
from station.screens.widgets import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

_HEIGHT = 7


class CodeScreen(ModalScreen[None]):
    """Two modules of a Code 128 in each cell; black on white whatever the theme is."""

    CSS_PATH = "code.tcss"

    def __init__(self, words: str, code: str) -> None:
        super().__init__()
        self._words = words
        self._code = code

    def compose(self) -> ComposeResult:
        """Lay out the code with its text."""
        code = bars.row(self._code)
        if len(code) > self.app.size.width - 4:
            code = f"Make the terminal {len(code) + 4} columns wide to see this code."
        with Vertical(id="box"):
            yield Line(self._words, id="words")
            yield Static(Content("\n".join([code] * _HEIGHT)), id="bars", markup=False)
            yield Line(self._code, id="text")
            yield Line("Scan it, or press Esc.")
