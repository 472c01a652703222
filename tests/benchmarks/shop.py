"""Data folders to measure in: stores of many waiting orders, and a bench with one long order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from samples import MUG, order

from station import compose, demo
from station.config import Settings
from station.sync.channels.imports import import_orders

if TYPE_CHECKING:
    from pathlib import Path

    from station.sync.channels.port import ImportReport

UNITS = 2_000
"""Units of the long order: more than any benchmark scans."""

SCAN = f"{MUG.barcodes[0].text}\r".encode()
"""What a scanner types for one unit of it: 13 digits and CR."""

LONG_ORDER = "999-0000000-0000000"


def order_id(number: int) -> str:
    """Return the id of a waiting order; the lowest number is the most urgent."""
    return f"111-{number // 10_000_000:07d}-{number % 10_000_000:07d}"


def write_report(path: Path, orders: int, now: datetime) -> None:
    """Write an Unshipped Orders report of one row for each order, with the demo's columns."""
    lines = (files("station") / "demo_files" / "orders.txt").read_text("utf-8").splitlines()
    names = lines[0].split("\t")
    cells = dict(zip(names, lines[1].split("\t"), strict=True))
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(lines[0] + "\r\n")
        for number in range(orders):
            out.write("\t".join((cells | _row(number, orders, now)).values()) + "\r\n")


def _row(number: int, orders: int, now: datetime) -> dict[str, str]:
    """Return what differs: a third is overdue or due within a day, most share a day's last second.

    Amazon's ship-by times are ends of days, so that tens of thousands of them are equal.
    """
    third = orders // 3
    if number < third:
        due = now + timedelta(hours=-2) + timedelta(hours=26) * number / third
    else:
        days = 2 + (number - third) * 3 // (orders - third)
        due = now.replace(hour=23, minute=59, second=59, microsecond=0) + timedelta(days=days)
    bought = now - timedelta(days=2) + timedelta(seconds=number)
    return {
        "order-id": order_id(number),
        "order-item-id": f"{70_000_000_000_000 + number}",
        "purchase-date": bought.isoformat(timespec="seconds"),
        "payments-date": bought.isoformat(timespec="seconds"),
        "reporting-date": now.isoformat(timespec="seconds"),
        "promise-date": due.isoformat(timespec="seconds"),
        "buyer-email": f"buyer{number}@marketplace.example",
        "recipient-name": f"Ruth Okafor {number}",
        "ship-address-1": f"{number} Larkspur Ave",
    }


def waiting(folder: Path, orders: int) -> Path:
    """Return a data folder in which so many orders wait; made once for each number."""
    home = folder / f"waiting-{orders}"
    if not home.exists():
        write_report(report := folder / f"orders-{orders}.txt", orders, datetime.now(UTC))
        fill(home, report)
    return home


def make_store(home: Path) -> None:
    """Make a data folder with an empty store."""
    compose.prepare(home)
    compose.open_store(compose.Place(Settings(), home)).close()


def fill(home: Path, report: Path) -> ImportReport:
    """Import a report into the store of a data folder."""
    compose.prepare(home)
    store = compose.open_store(compose.Place(Settings(), home))
    try:
        return import_orders(report, store)
    finally:
        store.close()


def long_order(home: Path) -> Path:
    """Return a data folder like the demo's, in which an order of 2,000 units comes first."""
    place = demo.prepare(home).place
    store = compose.open_store(place)
    store.put_products([MUG])
    first = order(LONG_ORDER, (MUG, UNITS), ship_by=datetime.now(UTC) - timedelta(days=1))
    store.put_orders([first], channel="amazon")
    store.close()
    return home
