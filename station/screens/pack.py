"""One order on the bench: the next item huge, every line, the verdict, one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Digits

from station import commands, wording
from station.model import ServiceClass
from station.pack import HALTED
from station.screens.bench_screen import BenchScreen
from station.screens.lines import OrderLines
from station.screens.widgets import Line, VerdictBand, fit_rows, spread

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from station.view import Work


REST_S = 0.02
"""Seconds until all else follows the verdict: a frame is as big as what it spans."""


class PackScreen(BenchScreen):
    """Everything a packer needs for one order, and nothing else."""

    CSS_PATH = "pack.tcss"
    _rest_waits = False

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Line(id="head", classes="head")
        with Horizontal(id="next"):
            yield Digits("", id="number")
            with Vertical(id="words"):
                yield Line(id="title")
                yield Line(id="mind")
                yield Line(id="detail")
        yield OrderLines(id="lines")
        yield from self.foot(commands.Screen.PACK)

    def on_resize(self) -> None:
        """Lay everything out for another width."""
        if self.is_up:
            self._show_rest()

    def show_all(self) -> None:
        """Show the bench as it is now, at once."""
        self.watch_view()
        self._show_rest()

    def watch_view(self) -> None:
        """Show the verdict, which is what the packer waits for; all else a moment later."""
        if not self.is_up or self.view.work is None:
            return
        self.query_one(VerdictBand).show(self.view.verdict)
        if not self._rest_waits:
            self._rest_waits = True
            self.set_timer(REST_S, self._show_rest)

    def _show_rest(self) -> None:
        self._rest_waits = False
        work = self.view.work
        if work is None or not self.is_up:
            return
        self.query_one("#sentence", Line).say(" " + wording.sentence(self.view))
        self._show_next()
        self.show_time()
        self.query_one(OrderLines).show(work.pack)

    def _show_next(self) -> None:
        what = wording.next_thing(self.view)
        number = self.query_one(Digits)
        if number.value != what.number:
            number.update(what.number)
            number.display = bool(what.number)
        more = f"{what.unit}   " if what.number else ""
        width = max(20, self.size.width - 6 - 4 * len(what.number))
        title = fit_rows(more + what.title.upper(), width, 2)
        self.query_one("#title", Line).say(title)
        self.query_one("#mind", Line).say(f"! {what.mind}" if what.mind else "")
        stopped = self.view.work is not None and self.view.work.pack.stage in HALTED
        halted = stopped or bool(self.view.quarantined)
        self.set_class(halted, "-halted")
        detail = what.detail if halted else spread(what.detail, what.place.upper(), width)
        self.query_one("#detail", Line).say(detail)

    def show_time(self) -> None:
        """Show the head with the minutes that are left; called again as they pass."""
        work = self.view.work
        if self.is_mounted and work is not None:
            text = _head(self.station, self.view.packer, work, self.clock(), self.size.width)
            self.query_one("#head", Line).say(text)


def _head(station: str, packer: str, work: Work, now: datetime, width: int) -> str:
    order = work.order
    word = "" if order.service == ServiceClass.STANDARD else f" · {order.service.name}"
    business = " · BUSINESS" if order.is_business else ""
    left = wording.due_in(order.ship_by, now)
    when = left if left.startswith("LATE") else f"IN {left}".upper()
    head = f" {station.upper()} · {packer}"
    due = f"ship by {wording.clock(order.ship_by)}  {when} "
    middle = f"{order.order_id}{word}{business}"
    return spread(f"{head}   {middle}", due, width)
