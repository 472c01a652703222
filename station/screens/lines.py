"""The lines of the order in hand, the current one always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region
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
        self._shown: tuple[Content, ...] = ()

    def show(self, pack: Pack) -> None:
        """Show the lines of a package; only the rows that changed are painted."""
        before, self._pack = self._shown, pack
        size = self.size
        self._shown = self._visible()
        for y, text in enumerate(self._shown):
            if y >= len(before) or before[y] != text:
                self.refresh(Region(0, y, size.width, 1))

    def on_resize(self) -> None:
        """Lay the rows out for another size."""
        self._shown = self._visible()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width, style = self.size.width, self.visual_style
        content = self._shown[y] if y < len(self._shown) else Content("")
        strip = Strip(content.render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)

    def _visible(self) -> tuple[Content, ...]:
        if self._pack is None:
            return ()
        lines, current = self._pack.lines, self._pack.current
        if not all(line.needed for line in lines):  # a supervisor signed that it stays here
            current = sum(bool(line.needed) for line in lines[: current or 0])
            lines = tuple(line for line in lines if line.needed)
        width, height = self.size
        top = max(0, min((current or 0) - height // 2, len(lines) - height))
        hidden = len(lines) - top - height
        notes = any(map(note, lines))
        rows = [
            row(line, width, is_current=index == current, notes=notes)
            for index, line in enumerate(lines[top : top + height], top)
        ]
        if hidden > 0 and rows:
            rows[-1] = Content(f"    … {hidden + 1} more")
        return (*rows, *([Content("")] * (height - len(rows))))


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
