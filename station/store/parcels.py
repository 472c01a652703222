"""What left the bench, written down for the channel: one line per order item of each package."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from station.store.records import epoch
from station.store.schema import confirmations, order_items, orders
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.model import Entry

MOST_UNITS = 1_000_000
"""Units in a package, and packages of an order, that an entry may name."""

_TEXTS = ("tracking_id", "carrier_code", "carrier_name", "ship_method")


def write_parcel(connection: Connection, entry: Entry) -> int:
    """Write the pending lines of a shipped package and return how many they are.

    0: the entry names no package and items of this order, or the package has left already.
    """
    package, items = _package(entry.data), _items(entry.data)
    known = select(order_items.c.item_id).where(order_items.c.order_id == entry.order_id)
    if not package or not items or not items.keys() <= set(connection.execute(known).scalars()):
        return 0
    left = select(confirmations.c.item_id).where(
        confirmations.c.order_id == entry.order_id, confirmations.c.package == package
    )
    if connection.execute(left).first() is not None:
        return 0
    fixed = {name: plain(str(entry.data.get(name) or "")) for name in _TEXTS} | {
        "order_id": entry.order_id,
        "package": package,
        "channel": _channel(connection, entry.order_id),
        "shipped": epoch(entry.at),
        "state": "pending",
    }
    rows = [
        fixed
        | {"item_id": item_id, "quantity": n, "transparency": _transparency(entry.data, item_id)}
        for item_id, n in items.items()
    ]
    connection.execute(insert(confirmations), rows)
    return len(rows)


def _channel(connection: Connection, order_id: str) -> str:
    mine = select(orders.c.channel).where(orders.c.order_id == order_id)
    return str(connection.execute(mine).scalar_one())


def _whole(value: object) -> int:
    # A number that no database holds would be refused for ever, and the journal behind it.
    return value if type(value) is int and 0 < value <= MOST_UNITS else 0


def _package(data: dict[str, object]) -> int:
    return _whole(data.get("package"))


def _items(data: dict[str, object]) -> Counter[str]:
    """Return units by item id; nothing at all when any part of the list cannot be understood."""
    listed, items = data.get("items"), Counter[str]()
    for pair in listed if isinstance(listed, list | tuple) else ():
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not _whole(pair[1]):
            return Counter()
        items[str(pair[0])] += pair[1]
    return items


def _transparency(data: dict[str, object], item_id: str) -> str:
    codes: Any = data.get("transparency")
    listed = codes.get(item_id, ()) if isinstance(codes, dict) else ()
    return json.dumps([str(code) for code in listed] if isinstance(listed, list | tuple) else [])
