"""The rows of the board: drawn one by one, and painted again only where the text has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from station.screens.board_layout import Row, Section, Shown, lay_out
from station.screens.widgets import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

Drawn = tuple[str, str, bool]
"""One row of the terminal: text, tone, whether the cursor is on it."""


_CHOSEN = Style(bold=True, reverse=True)


class BoardRows(Widget, can_focus=False):
    """Sections under one another, with one cursor through all their rows."""

    DEFAULT_CSS = "BoardRows { height: 1fr; width: 100%; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row--title", "row--late", "row--bad", "row--mute",
    }  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sections: tuple[Section, ...] = ()
        self._keys: list[str] = []
        self._chosen = ""
        self._place = 0
        self._firsts: dict[str, int] = {}
        self._drawn: list[Drawn] = []
        self._page = 1

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor; None before it was moved."""
        rows = (row for section in self._sections for row in section.rows)
        return next((row for row in rows if row.key and row.key == self._chosen), None)

    def show(self, sections: Sequence[Section]) -> None:
        """Show the sections; the cursor stays on its row while that is there."""
        self._sections = tuple(sections)
        self._keys = [row.key for each in sections for row in each.rows if row.key]
        if self._chosen and self._chosen not in self._keys:
            place = min(self._place, len(self._keys) - 1)
            self._chosen = self._keys[place] if place >= 0 else ""
        self._draw()

    def move(self, key: str) -> bool:
        """Move the cursor; tell whether the key was one of ours."""
        steps = {"up": -1, "down": 1, "pageup": -self._page, "pagedown": self._page}
        ends = {"home": 0, "end": len(self._keys) - 1}
        if key not in steps and key not in ends:
            return False
        if self._keys:
            if key in ends:
                place = ends[key]
            elif self._chosen:
                place = self._keys.index(self._chosen) + steps[key]
            else:
                place = self._start()
            self._place = max(0, min(place, len(self._keys) - 1))
            self._chosen = self._keys[self._place]
            self._draw()
        return True

    def _start(self) -> int:
        """Return the first row that something can be decided about."""
        rows = [row for each in self._sections for row in each.rows if row.key]
        return next((place for place, row in enumerate(rows) if row.about), 0)

    def on_resize(self) -> None:
        """Lay the sections out for another size."""
        self._drawn = []
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if not width or not height:
            return
        shown = lay_out(self._sections, height, self._chosen, self._firsts)
        self._firsts = {each.section.name: each.first for each in shown}
        self._page = max(1, max((len(each.rows) for each in shown), default=1))
        rows = [row for each in shown for row in self._rows(each, width)][:height]
        rows += [("", "", False)] * (height - len(rows))
        before, self._drawn = self._drawn, rows
        if len(before) != len(rows):
            self.refresh()
            return
        changed = [y for y, row in enumerate(rows) if row != before[y]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _rows(self, shown: Shown, width: int) -> list[Drawn]:
        rows: list[Drawn] = [(_title(shown, width), "title", False)]
        for row in shown.rows:
            is_chosen = bool(row.key) and row.key == self._chosen
            sign = "▸" if is_chosen else "!" if row.tone == "late" else " "
            rows.append((fit(sign + _printable(row.text[1:]), width), row.tone, is_chosen))
        return rows

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        text, tone, is_chosen = self._drawn[y] if y < len(self._drawn) else ("", "", False)
        style = self.get_visual_style(f"row--{tone}") if tone else self.visual_style
        content = Content.styled(text, _CHOSEN) if is_chosen else Content(text)
        strip = Strip(content.render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)


def _title(shown: Shown, width: int) -> str:
    """Return the name of a section and its note, with a rule between."""
    note = " · ".join(part for part in (shown.section.note, shown.hidden) if part)
    left = f" {shown.section.name} "
    room = width - cell_len(left) - cell_len(note) - 2
    return fit(f"{left}{'─' * max(0, room)} {note}".rstrip(), width)


def _printable(text: str) -> str:
    """Return the text without anything that acts on a terminal: it holds what buyers typed."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)
