"""Data folders for the program: an order store with orders, and settings."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from samples import PRODUCTS, order

from station.journal import Journal
from station.model import Barcode, Product
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from station.model import Entry, Order

JOURNAL = "bench-1.journal.db"
TOWEL = Product("TOWEL-RD", "Tea towel, red", "B0TOWEL000", "D-01", 90, (Barcode("9520000000042"),))
"""In the house, but in no order of the tests."""

OWN_LABELS = """
[ship_from]
name = "Sample Shop"
lines = ["1 Sample Yard"]
city = "Sampletown"
country = "US"

[shipping]
label = "own"
gs1_company_prefix = "9521234"
"""


def furnish(home: Path, *orders: Order, toml: str = "", products: Sequence[Product] = ()) -> Path:
    """Make a data folder with these orders, the products of the samples and settings."""
    store = SqlOrderStore.open(f"sqlite:///{home / 'store.db'}")
    store.put_products([*PRODUCTS, TOWEL, *products])
    soon = datetime.now(UTC) + timedelta(hours=3)
    store.put_orders(
        [replace(each, ship_by=soon + timedelta(minutes=i)) for i, each in enumerate(orders)],
        channel="amazon",
    )
    store.close()
    (home / "station.toml").write_text(toml, encoding="utf-8")
    return home


def order_for(*wants: tuple[Product, int], order_id: str = "111-0000001-0000001") -> Order:
    """Return an order for so many units of each product."""
    return order(order_id, *wants)


def entries(home: Path, order_id: str = "111-0000001-0000001") -> tuple[Entry, ...]:
    """Return what the journal of a program that has ended holds about an order."""
    journal = Journal(home / JOURNAL)
    found = journal.about(order_id)
    journal.close()
    return found


def scans(home: Path, order_id: str = "111-0000001-0000001") -> list[tuple[str, str]]:
    """Return (text, verdict) of every scan in the journal of a program that has ended."""
    return [
        (str(entry.data["text"]), str(entry.data["verdict"]))
        for entry in entries(home, order_id)
        if entry.kind == "scanned"
    ]


def stored_scans(home: Path) -> int:
    """Count the scans in the journal of a program that is at work."""
    with closing(sqlite3.connect(f"file:{home / JOURNAL}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM entries WHERE kind='scanned'").fetchone()[0])
