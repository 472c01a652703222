"""The rows of the queue: a window that moves over pages from the store, never the whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from station import wording
from station.screens.widgets import fit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from station.model import QueueRow

Where = Literal["first", "last", "after", "before"]


class QueueList(Widget, can_focus=False):
    """Shows as many rows as fit; asks for the page it lacks.

    The cursor moves by arrows and page keys, which the screen's app hands on.
    """

    class PageWanted(Message):
        """More rows are needed: at an end, or next to one that is shown."""

        def __init__(self, where: Where, row: QueueRow | None = None) -> None:
            super().__init__()
            self.where: Where = where
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[QueueRow, ...] = ()
        self._now: datetime | None = None
        self._cursor = 0
        self._moved = False

    @property
    def chosen(self) -> QueueRow | None:
        """The row that the packer moved to; None while he did not move."""
        return self._rows[self._cursor] if self._moved and self._rows else None

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """The rows in sight."""
        return self._rows

    def show(
        self, rows: Sequence[QueueRow], now: datetime, *, cursor: int | None, at_top: bool
    ) -> None:
        """Show a page.

        Without a place for the cursor it stays on its order if that is still there. At the top
        of the queue the first row counts as not chosen: Enter takes what is most urgent then.
        """
        held = self.chosen.order_id if self.chosen else None
        self._rows, self._now = tuple(rows), now
        ids = [row.order_id for row in self._rows]
        if cursor is not None:
            self._cursor = min(cursor, max(0, len(ids) - 1))
            self._moved = not (at_top and self._cursor == 0)
        else:
            self._moved = held in ids or (held is not None and not at_top)
            self._cursor = ids.index(held) if held in ids else min(self._cursor, len(ids) - 1)
            self._cursor = max(0, self._cursor) if self._moved else 0
        self.refresh()

    def move(self, key: str) -> bool:
        """Move the cursor; tell whether the key was one of ours."""
        jumps = {"up": -1, "down": 1, "pageup": -self.size.height, "pagedown": self.size.height}
        if key in {"home", "end"}:
            self.post_message(self.PageWanted("first" if key == "home" else "last"))
        elif key in jumps and self._rows:
            self._step(self._cursor + jumps[key])
        return key in jumps or key in {"home", "end"}

    def _step(self, target: int) -> None:
        if target < 0:
            self.post_message(self.PageWanted("before", self._rows[0]))
        elif target >= len(self._rows):
            self.post_message(self.PageWanted("after", self._rows[-1]))
        else:
            self._cursor, self._moved = target, True
            self.refresh()
            self.screen.call_later(getattr(self.screen, "say_next", lambda: None))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width, style = self.size.width, self.visual_style
        if y < len(self._rows) and self._now:
            content = row(self._rows[y], self._now, width, is_chosen=y == self._cursor)
        elif y == 0 and self._now:
            content = Content("    Nothing is waiting.")
        else:
            content = Content("")
        strip = Strip(content.render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)


def row(order: QueueRow, now: datetime, width: int, *, is_chosen: bool) -> Content:
    """Return one order: sign, time left, class, units, lines, id, first item."""
    left = wording.due_in(order.ship_by, now)
    late = left.startswith("LATE")
    sign = "▸" if is_chosen else " "
    service = fit(wording.service_word(order.service), 10)
    text = (
        f" {sign}{'!' if late else ' '} {fit(left, 12)}{service}"
        f" {order.units:>5} {order.lines:>5}  {fit(order.order_id, 20)}  "
    )
    room = max(0, width - cell_len(text))
    style = Style(bold=late or is_chosen, reverse=is_chosen)
    return Content.styled(text + fit(order.title, room), style)
