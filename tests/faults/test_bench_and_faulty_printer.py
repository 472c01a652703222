"""Thirty orders through the whole bench at a printer that fails: one label each, no guessing."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import FakePrinter
from faults.driver import HOUSE
from samples import MUG, PRODUCTS, SPOON, order

from station import compose
from station.coach import DemoCoach
from station.device_settings import PrinterSettings
from station.devices.jobs import JobState
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from faults.conftest import Say

    from station.compose import Parts
    from station.devices.jobs import JobChanged
    from station.view import View

ORDERS = 30
PATIENCE_S = 15.0
"""Longest time for one order; only a failing test needs it."""
FAULTS = ("none", "reset", "close", "stall", "paper out inside", "paper out before", "lid open")
QUICK = "receive=0.15&send=0.2&connect=0.5&deadline=0.4"


def break_printer(printer: FakePrinter, fault: str, dice: random.Random) -> None:
    """Let the next label meet a fault."""
    part = dice.randrange(1, 900)
    match fault:
        case "reset":
            printer.reset_after = part
        case "close":
            printer.close_after = part
        case "stall":
            printer.stalled = True
        case "paper out inside":
            printer.paper_left = 0
        case "paper out before":
            printer.paper_out = True
        case "lid open":
            printer.head_open = True


class Packer:
    """Packs honestly: mends the printer, looks at it, and says what came out."""

    def __init__(self, parts: Parts, printer: FakePrinter, seed: int) -> None:
        self.asked: list[str] = []
        self.reprinted = 0
        self._parts = parts
        self._printer = printer
        self._dice = random.Random(seed)
        self._coach = DemoCoach(compose.site_key(parts.journal.folder))

    def pack(self) -> str:
        """Pack one order and return the tracking id of its label."""
        break_printer(self._printer, self._dice.choice(FAULTS), self._dice)
        tracking_id, until = "", time.monotonic() + PATIENCE_S
        view = self._parts.bench.claim_next()
        while work := view.work:
            assert time.monotonic() < until, view
            tracking_id = work.pack.label.tracking_id if work.pack.label else ""
            self._step(view, tracking_id)
            view = self._parts.bench.settle()
        return tracking_id

    def _step(self, view: View, tracking_id: str) -> None:
        code = self._coach.hint(view).code
        if view.printing and view.printing.doubtful:
            self._mend()
            self.asked.append(tracking_id)
            self._parts.bench.answer(yes=self.came_out(tracking_id) > 0)
        elif code and tracking_id and not self.came_out(tracking_id):
            self._miss(tracking_id)
        elif code:
            self._parts.bench.take_scan(code)
        elif view.printing and view.printing.words and not view.printing.sent:
            self._mend()
            self._parts.spool.retry_now()
        time.sleep(0.002)

    def _miss(self, tracking_id: str) -> None:
        """Look for a label that was sent and is not there; have it printed again if it is lost."""
        self._mend()
        if not self.came_out(tracking_id):
            self.reprinted += 1
            self._parts.bench.reprint()

    def _mend(self) -> None:
        """Load paper, close the lid, switch it off and on, and wait until it is quiet."""
        self._printer.mend()
        assert self._printer.wait_idle()

    def came_out(self, tracking_id: str) -> int:
        """Count the labels with this tracking id in the printer's tray."""
        return sum(tracking_id[-18:].encode() in label for label in self._printer.labels)


@pytest.mark.parametrize("status", ["on", "off"])
def test_thirty_orders_get_one_label_each(tmp_path: Path, status: str, say: Say) -> None:
    """Whatever the printer does, one label of each package comes out; every doubt was asked."""
    store = SqlOrderStore.open(f"sqlite:///{tmp_path / 'store.db'}")
    store.put_products(PRODUCTS)
    ids = [f"111-{number:07}-0000001" for number in range(1, ORDERS + 1)]
    store.put_orders([order(each, (MUG, 1), (SPOON, 1)) for each in ids], channel="amazon")
    store.close()
    doubts: Counter[str] = Counter()

    def listen(change: JobChanged) -> None:
        doubts[change.order_id] += change.state == JobState.UNKNOWN

    with FakePrinter() as printer:
        url = f"{printer.url}?status={status}&{QUICK}"
        place = compose.Place(replace(HOUSE, printer=PrinterSettings(url=url)), tmp_path)
        parts = compose.open_parts(place)
        parts.spool._emit = listen
        packer = Packer(parts, printer, seed=len(status))
        parts.bench.sign_in("Ana")
        tracking_ids = [packer.pack() for _ in ids]
        assert printer.wait_idle()
        came_out = [packer.came_out(tracking_id) for tracking_id in tracking_ids]
        struck = {fault: count for fault, count in printer.struck.items() if count}
        parts.close()
    say(f"faults that struck, status {status}", struck)
    say("asked and reprinted", (len(packer.asked), packer.reprinted))
    assert came_out == [1] * ORDERS
    assert len(printer.labels) == len(set(tracking_ids)) == ORDERS
    assert len(packer.asked) == doubts.total() > 0
    assert sum(struck.values()) > 0
