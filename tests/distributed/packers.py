"""One simulated bench: real journal, rules, spool and link; a printer that counts; honest hands."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from bench_parts import HOUSE, SITE_KEY
from samples import PRODUCTS

from station.bench import Bench
from station.coach import DemoCoach
from station.devices.simulated import SimulatedPrinter
from station.devices.spool import Spool
from station.forms import Format
from station.journal import Journal
from station.pack import HALTED, Rules, Word
from station.reach import Reach
from station.shipping import Shipping
from station.sync.carriers.own_label import OwnLabel
from station.sync.link import Link

if TYPE_CHECKING:
    from pathlib import Path

    from station.model import Entry
    from station.store.port import OrderStore
    from station.view import View

WRONG = 0.1
"""Part of the scans before which the packer takes a wrong product."""
LOOK = 0.3
"""Part of the steps after which the link has its turn, as if so much time had passed."""


class Station:
    """A bench without threads; `step` does one thing of its packer, its spool or its link.

    Opened again in the same folder it is the same bench after a restart.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        store: OrderStore,
        *,
        seed: int = 0,
        ahead: int = 1,
        printer: SimulatedPrinter | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.folder = folder
        self.store = store
        self.printer = printer or SimulatedPrinter()
        self.acked: list[str] = []
        """Codes that the bench answered with a verdict while an order was open."""
        self.words: list[str] = []
        """What it refused, in words."""
        self.past: list[Entry] = []
        self._ahead = ahead
        self._dice = random.Random(seed)
        self._coach = DemoCoach(SITE_KEY)
        self.open()

    def open(self) -> None:
        """Open the files and come to work."""
        self.reach = Reach()
        self.journal = Journal(self.journal_path, clock=self.reach.now)
        self.spool = Spool(self.folder / "bench.spool.db", self.printer)
        carrier = OwnLabel(HOUSE.ship_from, HOUSE.shipping, Format("zpl", 203))
        shipping = Shipping(self.store, self.spool, carrier, serials=self.journal, reach=self.reach)
        rules = Rules("last_unit")
        self.bench = Bench(
            self.name, self.journal, self.store, shipping, rules, SITE_KEY, self.reach
        )
        self.link = Link(
            self.name,
            self.journal,
            self.store,
            self.bench,
            self.reach,
            ahead=self._ahead,
            is_far=True,
        )
        self.bench.sign_in(f"Packer of {self.name}")

    @property
    def journal_path(self) -> Path:
        """The file of the journal."""
        return self.folder / f"{self.name}.journal.db"

    def history(self) -> list[Entry]:
        """Return all that was ever written here, what a renewed journal left behind included."""
        return [*self.past, *self.journal._entries("1", ())]

    @property
    def left(self) -> set[str]:
        """The orders that left this bench, as it remembers them."""
        rows = self.journal._query("SELECT order_id FROM entries WHERE state='shipped'")
        return {row[0] for row in rows} | {e.order_id for e in self.past if e.state == "shipped"}

    @property
    def closed(self) -> int:
        """How many orders left this bench."""
        return len(self.left)

    def pack_on(self) -> View:
        """Do the next thing at the bench, without the link."""
        view = self.bench.settle()
        while self.spool.run_once() is not None:
            pass
        work = view.work
        if work is None:
            view = self.bench.claim_next()
        elif work.pack.stage in HALTED:
            view = self.bench.dismiss()
        else:
            view = self._scan(self.bench.view)
        if view.verdict and view.verdict.word == Word.REFUSED:
            self.words.append(view.verdict.text)
        return view

    def step(self) -> View:
        """Do the next thing, and what is due on the link."""
        view = self.pack_on()
        if view.work is None or self.reach.trouble or self._dice.random() < LOOK:
            self.link.once()
        return view

    def finish_order(self, *, steps: int = 100) -> None:
        """Pack until one more order has left the bench."""
        before = self.closed
        for _ in range(steps):
            self.pack_on()
            if self.closed > before:
                return
        raise AssertionError(f"{self.name} does not get on: {self.bench.view}")

    def _scan(self, view: View) -> View:
        code = self._coach.hint(view).code
        if code.startswith("CMD:DONE"):
            return self.bench.ask_label()
        if not code:
            return view
        if view.work and view.work.pack.current is not None and self._dice.random() < WRONG:
            self._scan_wrong()
        return self.scan(code)

    def _scan_wrong(self) -> None:
        work = self.bench.view.work
        own = {line.sku for line in work.pack.lines} if work else set()
        other = [product for product in PRODUCTS if product.sku not in own and product.barcodes]
        view = self.scan(self._dice.choice(other).barcodes[0].text)
        assert view.verdict
        assert view.verdict.word != Word.RIGHT, view.verdict

    def scan(self, code: str) -> View:
        """Scan one code; what the bench answers is on its disk."""
        view = self.bench.take_scan(code)
        self.acked.append(code)
        return view

    def drain(self, *, tries: int = 20) -> bool:
        """Let the link have its turn until nothing waits; return whether that came."""
        for _ in range(tries):
            self.link.once()
            if not self.reach.trouble and not self.journal.backlog():
                return True
        return False

    def a_minute_later(self) -> None:
        """Let the link do what it does once a minute, and whatever that leads to."""
        for _ in range(2):
            self.link._renewed = float("-inf")
            self.link.once()

    def labels(self, order_id: str) -> int:
        """Count the labels of an order that came out."""
        return sum(slip.job.startswith(order_id) for slip in self.printer.came_out)

    def power_cut(self) -> None:
        """Lose all that is in memory; the files stay as they are."""
        self.journal.close()
        self.spool.close()

    def close(self) -> None:
        """Close files and connections."""
        self.power_cut()
        self.store.close()
