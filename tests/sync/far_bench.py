"""Benches of a far store without any thread: the store is real, the line to it is ours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import empty_store
from bench_parts import HOUSE, SITE_KEY, TestBench
from samples import PRODUCTS
from sync.faulty_store import Line, over

from station.bench import Bench
from station.devices.simulated import SimulatedPrinter
from station.devices.spool import Spool
from station.devices.suiting import suits
from station.forms import Format
from station.journal import Journal
from station.pack import Rules
from station.reach import Reach
from station.shipping import Shipping
from station.store.sql import SqlOrderStore
from station.sync.carriers.own_label import OwnLabel
from station.sync.link import Link

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from station.model import Order, OrderState
    from station.view import View


@dataclass
class FarBench(TestBench):
    """A bench whose store is on another machine, and the line between them."""

    line: Line
    reach: Reach

    def settle(self) -> View:
        """Do what is due, print, and let the link do all of its work once."""
        self.work()
        self.link.once()
        return self.work()

    def work(self) -> View:
        """Do what is due and print, without a word to the store by the link."""
        self.bench.settle()
        while self.spool.run_once() is not None:
            pass
        return self.bench.view

    def cut(self) -> None:
        """Cut the line, and let the link notice it."""
        self.line.away = True
        self.link.once()

    def mend(self) -> None:
        """Mend the line, and let the link notice it."""
        self.line.away = False
        self.settle()

    def come(self, packer: str = "Ana") -> FarBench:
        """Come to the store, get what a cut needs, and sign in."""
        self.link.once()
        self.bench.sign_in(packer)
        return self

    def tracking(self) -> str:
        """Return the tracking id of the label in hand."""
        work = self.bench.view.work
        assert work is not None
        assert work.pack.label is not None
        return work.pack.label.tracking_id

    def words(self) -> str:
        """Return the verdict on show as word and text."""
        verdict = self.bench.view.verdict
        return f"{verdict.word} {verdict.text}" if verdict else ""

    def crash(self) -> None:
        """Lose the process: nothing is finished, the files stay."""
        self.journal.close()
        self.spool.close()


def open_store(folder: Path, *orders: Order, clock: list[float] | None = None) -> SqlOrderStore:
    """Open the shop's database with products and orders; its time is the first of the clock."""
    url = empty_store.url(folder)
    store = SqlOrderStore.open(url, clock=lambda: clock[0]) if clock else SqlOrderStore.open(url)
    store.put_products(PRODUCTS)
    store.put_orders(orders, channel="amazon")
    return store


def open_far(
    folder: Path,
    store: SqlOrderStore,
    name: str = "bench-1",
    *,
    rules: Rules | None = None,
    ahead: int = 1,
    line: Line | None = None,
    printer: SimulatedPrinter | None = None,
) -> FarBench:
    """Open a bench; the same folder and name again are the same bench after a restart."""
    line, printer, reach = line or Line(), printer or SimulatedPrinter(), Reach()
    far = over(store, line)
    journal = Journal(folder / f"{name}.journal.db")
    spool = Spool(folder / f"{name}.spool.db", printer)
    carrier = OwnLabel(HOUSE.ship_from, HOUSE.shipping, Format("zpl", 203))
    fits = partial(suits, form=carrier.form)
    shipping = Shipping(far, spool, carrier, serials=journal, reach=reach, suits=fits)
    bench = Bench(name, journal, far, shipping, rules or Rules(), SITE_KEY, reach)
    link = Link(name, journal, far, bench, reach, ahead=ahead, is_far=True)
    return FarBench(bench, journal, store, spool, link, printer, line, reach)


def state(store: SqlOrderStore, order_id: str) -> OrderState:
    """Return where the store says an order stands."""
    found = store.order(order_id)
    assert found is not None
    return found[1]


def confirmed(store: SqlOrderStore, orders: Sequence[str]) -> dict[str, list[str]]:
    """Return the tracking ids under which orders are confirmed, one for each line told."""
    found: dict[str, list[str]] = {order_id: [] for order_id in orders}
    export = store.begin_export("file")
    for each in export.lines if export else ():
        found[each.order_id].append(each.tracking_id)
    return found
