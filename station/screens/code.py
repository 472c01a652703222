"""A code as a barcode on the screen, for a demo with a real scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station.screens.widgets import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

_HALVES = {"00": " ", "10": "▌", "01": "▐", "11": "█"}
_QUIET = "0" * 10
"""Ten modules of white on either side (ISO/IEC 15417)."""
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
        bars = half_blocks(modules(self._code))
        if len(bars) > self.app.size.width - 4:
            bars = f"Make the terminal {len(bars) + 4} columns wide to see this code."
        with Vertical(id="box"):
            yield Line(self._words, id="words")
            yield Static(Content("\n".join([bars] * _HEIGHT)), id="bars", markup=False)
            yield Line(self._code, id="text")
            yield Line("Scan it, or press Esc.")


def modules(text: str) -> str:
    """Return the modules of a Code 128 as 1 for a bar and 0 for a space, quiet zones included."""
    from barcode import Code128

    return _QUIET + str(Code128(text).build()[0]) + _QUIET


def half_blocks(bits: str) -> str:
    """Return modules as a row of cells of two modules each."""
    bits += "0" * (len(bits) % 2)
    return "".join(_HALVES[bits[i : i + 2]] for i in range(0, len(bits), 2))
