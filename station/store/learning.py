"""Purchases that the store hears of from a journal: made while it was away, or forgotten by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from station.store import purchases
from station.store.parcels import MOST_UNITS
from station.store.schema import purchases as rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.model import Entry
    from station.store.records import AnyRow

OWN_CARRIER = "own"
_LEARNT = ("key", "carrier_code", "carrier_name", "tracking_id", "service")


def learn(connection: Connection, station: str, entry: Entry, now: int) -> None:
    """Take over from a journal what the store did not hear at the time, or has forgotten.

    A label of ours made while the store was away is bought by its entry; so is one whose purchase
    was lost with a restored store. What is known already stays as it is.
    """
    data = {name: str(entry.data.get(name) or "") for name in _LEARNT}
    if not data["key"]:
        return
    row = purchases.by_key(connection, data["key"])
    if row is not None and row.order_id != entry.order_id:
        return
    if entry.kind == "voided":
        if row is not None and row.state != "void":
            _set(connection, row.key, {"state": "void", "reason": "voided", "ended": now})
        return
    # A label of ours costs nothing: the one that the bench has on the box is the true one.
    fresh = row is None or row.state in {"begun", "unknown"} or _is_our_own(row)
    if (
        fresh
        and data["tracking_id"]
        and purchases.tracking_used(connection, data["tracking_id"]) is None
    ):
        _learn_bought(connection, station, entry, data, row, now)


def _is_our_own(row: AnyRow) -> bool:
    return bool(row.carrier == OWN_CARRIER and row.state == "bought")


def _learn_bought(
    connection: Connection,
    station: str,
    entry: Entry,
    data: dict[str, str],
    row: AnyRow | None,
    now: int,
) -> None:
    bought: dict[str, Any] = {name: data[name] for name in _LEARNT[1:]}
    bought |= {"state": "bought", "ended": now}
    if row is not None:
        # The picture of another number must never be printed as this label.
        picture = row.document if row.tracking_id == data["tracking_id"] else b""
        _set(connection, row.key, bought | {"document": picture})
        return
    package = entry.data.get("package")
    if (
        type(package) is not int
        or not 0 < package <= MOST_UNITS
        or purchases.live_row(connection, entry.order_id, package) is not None
    ):
        return
    made = {
        "key": data["key"],
        "order_id": entry.order_id,
        "package": package,
        "station": station,
        "fence": entry.fence,
        "document": b"",
        "begun": now,
    }
    connection.execute(rows.insert().values(made | bought))


def _set(connection: Connection, key: str, values: dict[str, Any]) -> None:
    connection.execute(update(rows).where(rows.c.key == key).values(values))
