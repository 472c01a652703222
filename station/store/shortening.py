"""Shipping less than was ordered: of one SKU only so many units leave, the rest is not packed.

The order keeps the digest of the report that it came with: the same report again changes nothing.
A report that says something else brings the ordered units back, and the audit log says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from station.acts import ActKind
from station.errors import StoreRefused
from station.model import OrderState
from station.store import audit, resolving
from station.store.decision import Done, locked, need_state
from station.store.reading import load_orders
from station.store.records import HELD_STATES, version_of
from station.store.schema import order_items, orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from station.store.decision import Decision
    from station.store.records import AnyRow, Version

LIFTED = f"{ActKind.SHIP_SHORT}: ended"
"""The act of a report that brought units back which somebody had decided not to ship."""


def ship_short(connection: Connection, decision: Decision) -> Done:
    """Ship only some units of a SKU; a bench that asks about its own order does so itself."""
    act = decision.act
    row = locked(connection, act.order_id)
    here = row.station == decision.station and row.state in HELD_STATES and bool(row.station)
    if not here:
        need_state(row, {OrderState.PROBLEM}, "shipped short", "Park it as a problem first.")
        resolving.resolve(connection, act.order_id, OrderState.WAITING, decision.now)
    items = _items(connection, act.order_id)
    ordered = sum(item.quantity for item in items if item.sku == act.sku)
    _check(decision, ordered, sum(item.quantity for item in items))
    if not here:
        _cut(connection, act.order_id, items, act.sku, ordered - act.units)
    words = f"{act.order_id} ships {act.units} of {ordered} {act.sku}."
    return Done(words, {"ordered": ordered})


def _check(decision: Decision, ordered: int, whole: int) -> None:
    act = decision.act
    if not ordered:
        raise StoreRefused(f"Order {act.order_id} has no {act.sku}.", "Name one of its SKUs.")
    if not 0 <= act.units < ordered:
        raise StoreRefused(
            f"{act.units} of {ordered} {act.sku} is not less than what was ordered.",
            f"Name 0 to {ordered - 1} units.",
        )
    if whole - ordered + act.units < 1:
        raise StoreRefused(
            f"Nothing of order {act.order_id} would be left to ship.", "Cancel it instead."
        )


def _items(connection: Connection, order_id: str) -> Sequence[AnyRow]:
    listed = select(order_items).where(order_items.c.order_id == order_id)
    return connection.execute(listed.order_by(order_items.c.position)).all()


def _cut(
    connection: Connection, order_id: str, items: Sequence[AnyRow], sku: str, less: int
) -> None:
    """Take units of a SKU away, from the last line first; a line without any goes."""
    for item in reversed(items):
        if item.sku != sku or not less:
            continue
        taken = min(less, item.quantity)
        less -= taken
        mine = (order_items.c.order_id == order_id) & (order_items.c.position == item.position)
        if taken == item.quantity:
            connection.execute(delete(order_items).where(mine))
        else:
            left = item.quantity - taken
            connection.execute(update(order_items).where(mine).values(quantity=left))
    mine = orders.c.order_id == order_id
    connection.execute(update(orders).where(mine).values(_summary(_items(connection, order_id))))


def _summary(items: Sequence[AnyRow]) -> dict[str, Any]:
    units = sum(item.quantity for item in items)
    return {
        "units": units,
        "lines": len(items),
        "title": items[0].title,
        "single_sku": items[0].sku if units == 1 else "",
    }


def lifted(connection: Connection, versions: Sequence[Version]) -> list[str]:
    """Return which orders newer versions, not in force yet, will have shipped whole again."""
    ids = [version.order_id for version in versions]
    if not ids:
        return []
    found = load_orders(connection, ids)
    kept = select(orders.c.order_id, orders.c.digest).where(orders.c.order_id.in_(ids))
    rows = connection.execute(kept.order_by(orders.c.order_id)).all()
    return [row.order_id for row in rows if version_of(found[row.order_id]).digest != row.digest]


def tell_lifted(connection: Connection, order_ids: Sequence[str], now: int) -> None:
    """Write down which orders are shipped whole again, because a report says something new."""
    for order_id in order_ids:
        audit.append(
            connection,
            now,
            who="report",
            role="import",
            act=LIFTED,
            order_id=order_id,
            reason="The channel's report changed the order: all that it lists is shipped.",
        )
