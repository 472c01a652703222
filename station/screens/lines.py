"""The lines of the order in hand, the current one always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from station import wording
from station.screens.widgets import fit

if TYPE_CHECKING:
    from station.counting import Line
    from station.pack import Pack

_COUNT, _SKU, _BIN, _NOTE = 11, 16, 7, 17
"""Columns of the fixed parts; the title has all that is left."""


class OrderLines(Widget):
    """Every order item with its progress; draws only the rows that fit."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pack: Pack | None = None

    def show(self, pack: Pack) -> None:
        """Show the lines of a package."""
        if self._pack is None or self._pack.lines != pack.lines:
            self._pack = pack
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width, style = self.size.width, self.visual_style
        row = self._row(y, width)
        strip = Strip(row.render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)

    def _row(self, y: int, width: int) -> Content:
        if self._pack is None:
            return Content("")
        lines, current = self._pack.lines, self._pack.current
        top = max(0, min((current or 0) - self.size.height // 2, len(lines) - self.size.height))
        hidden = len(lines) - top - self.size.height
        if y == self.size.height - 1 and hidden > 0:
            return Content(f"    … {hidden + 1} more")
        if top + y >= len(lines):
            return Content("")
        line = lines[top + y]
        notes = any(map(note, lines))
        return row(line, width, is_current=top + y == current, notes=notes)


def row(line: Line, width: int, *, is_current: bool, notes: bool = False) -> Content:
    """Return one line as sign, done/needed, title, SKU, bin, and what to mind."""
    sign = "▸" if is_current else "✓" if not line.left else " "
    count = f"{line.done}/{line.needed}".rjust(7)
    note_room = _NOTE if notes else 0
    title_room = max(12, width - _COUNT - _SKU - _BIN - note_room)
    text = (
        f" {sign}{count}  {fit(line.title, title_room - 1)} {fit(line.sku, _SKU - 1)} "
        f"{fit(line.bin, _BIN)}{fit(note(line), note_room)}"
    )
    style = Style(bold=True) if is_current else Style(dim=not line.left)
    return Content.styled(text, style)


def note(line: Line) -> str:
    """Return what the packer must mind about a line; '' when there is nothing."""
    if line.unscanned:
        return f"{line.unscanned} not scanned"
    if not line.has_barcode and line.left:
        return "! no barcode"
    asks = wording.mind(line)
    return f"! {asks}" if asks else ""
