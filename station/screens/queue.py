"""What is waiting, most urgent first; only the rows in sight are ever fetched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from station import commands, wording
from station.model import OrderState
from station.screens.bench_screen import BenchScreen
from station.screens.queue_list import QueueList
from station.screens.widgets import Line, VerdictBand, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from station.model import Counts, QueueRow

COLUMNS = "    DUE IN      CLASS      UNITS LINES  ORDER                 FIRST ITEM"


class QueueScreen(BenchScreen):
    """The queue, what is late and due, and the way into the next order."""

    CSS_PATH = "queue.tcss"
    _looked: datetime | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Line(id="head", classes="head")
        yield Line(id="due")
        yield Line(id="hours")
        yield Line(COLUMNS, id="columns")
        yield QueueList(id="rows")
        yield Static(id="halt", markup=False)
        yield from self.foot(commands.Screen.QUEUE)

    def show_all(self) -> None:
        """Show the last verdict and what to do."""
        self.watch_view()

    def watch_view(self) -> None:
        """Show the last verdict and what to do."""
        if self.is_up:
            self.query_one(VerdictBand).show(self.view.verdict)
            self._show_halt()
            self._show_head(self._looked or self.clock())
            self.say_next()

    def _show_halt(self) -> None:
        halt = wording.next_thing(replace(self.view, work=None))
        text = f"{halt.title}\n\n{halt.mind}" if self.view.quarantined else ""
        self.query_one("#halt", Static).update(Content(text))
        self.set_class(bool(text), "-halted")

    def say_next(self) -> None:
        """Show the sentence, which names the order once the cursor was moved to it."""
        chosen = self.query_one(QueueList).chosen
        text = wording.sentence(replace(self.view, work=None))
        if chosen is not None and not self.view.away and not self.view.quarantined:
            text = f"Enter takes {chosen.order_id}."
        self.query_one("#sentence", Line).say(" " + text)

    def show_counts(
        self, counts: Counts, hours: Sequence[tuple[datetime, int]], now: datetime
    ) -> None:
        """Show how many orders wait, are late, and are due in which hour."""
        waiting = counts.states.get(OrderState.WAITING, 0)
        text = (
            f" OVERDUE {counts.overdue}   DUE TODAY {counts.today}   LATER {counts.later}"
            f"   ·   {waiting} waiting"
        )
        due = self.query_one("#due", Line)
        due.say(text)
        due.set_class(counts.overdue > 0, "-late")
        self.query_one("#hours", Line).say(_hours(hours, self.size.width))
        self._show_head(now)

    def _show_head(self, now: datetime) -> None:
        self._looked = now
        head = f" {self.station.upper()} · {self.view.packer}"
        self.query_one("#head", Line).say(spread(head, wording.clock(now) + " ", self.size.width))

    def show_away(self, why: str, since: datetime | None, now: datetime) -> None:
        """Say that what is shown is old, since when, and why; what was shown stays."""
        self._show_head(now)
        due = self.query_one("#due", Line)
        when = f" SINCE {wording.clock(since)}" if since else ""
        due.say(f" STORE AWAY{when}, THE LIST IS OLD: {why}.")
        due.set_class(True, "-late")

    def show_rows(
        self, rows: Sequence[QueueRow], now: datetime, *, cursor: int | None, at_top: bool
    ) -> None:
        """Show rows of the queue; without a place for the cursor it stays on its order."""
        self.query_one(QueueList).show(rows, now, cursor=cursor, at_top=at_top)
        self.say_next()


def _hours(hours: Sequence[tuple[datetime, int]], width: int) -> str:
    """Return the hours until the last pick-up, as many as fit, each with what is due in it."""
    if not hours:
        return " Nothing more is due today."
    row = " by hour"
    for at, count in hours:
        cell = f"   {at.astimezone():%H}h {count:>3} {'▪' * min(8, count)}"
        if len(row) + len(cell) > width:
            break
        row += cell
    return row
