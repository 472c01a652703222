"""A whole bench over real files and a simulated printer, with no thread of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import empty_store
from samples import PRODUCTS

from station.bench import Bench
from station.config import Settings, ShipFrom, ShippingSettings
from station.devices.simulated import SimulatedPrinter
from station.devices.spool import Spool
from station.forms import Format
from station.journal import Journal
from station.pack import Rules
from station.shipping import Shipping
from station.store.sql import SqlOrderStore
from station.sync.carriers.own_label import OwnLabel
from station.sync.link import Link

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from station.model import Order
    from station.view import View

SITE_KEY = b"a key of the tests"
HOUSE = replace(
    Settings(),
    ship_from=ShipFrom(name="Sample Shop", lines=("1 Yard",), city="Town", country="US"),
    shipping=ShippingSettings(label="own", gs1_company_prefix="9521234"),
)


@dataclass
class TestBench:
    """One bench and what stands around it."""

    __test__ = False

    bench: Bench
    journal: Journal
    store: SqlOrderStore
    spool: Spool
    link: Link
    printer: SimulatedPrinter

    def scan(self, *texts: str) -> View:
        """Scan codes one after the other, doing what is due after each."""
        view = self.bench.view
        for text in texts:
            view = self.bench.take_scan(text)
            view = self.settle()
        return view

    def settle(self) -> View:
        """Do what is due, print, and hand the journal over."""
        self.bench.settle()
        while self.spool.run_once() is not None:
            pass
        self.link.drain()
        return self.bench.view

    def close(self) -> None:
        """Close the files, as a crash would not."""
        self.journal.close()
        self.spool.close()
        self.store.close()


def open_bench(
    folder: Path,
    orders: Sequence[Order] = (),
    *,
    rules: Rules | None = None,
    printer: SimulatedPrinter | None = None,
    settings: Settings = HOUSE,
) -> TestBench:
    """Open a bench in a folder; the same folder again is the same bench after a restart."""
    store = SqlOrderStore.open(empty_store.url(folder))
    if orders:
        store.put_products(PRODUCTS)
        store.put_orders(orders, channel="amazon")
    printer = printer or SimulatedPrinter()
    journal = Journal(folder / "bench.journal.db")
    spool = Spool(folder / "bench.spool.db", printer)
    carrier = OwnLabel(settings.ship_from, settings.shipping, Format("zpl", 203))
    shipping = Shipping(store, spool, carrier)
    bench = Bench("bench", journal, store, shipping, rules or Rules(), SITE_KEY)
    link = Link("bench", journal, store, bench, bench.reach)
    return TestBench(bench, journal, store, spool, link, printer)
