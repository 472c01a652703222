"""Holding and cancelling an order by a person's word; a bench that works on it is stopped first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from station.errors import StoreRefused
from station.model import OrderState
from station.store import causes
from station.store.decision import count, locked
from station.store.records import HELD_STATES
from station.store.schema import orders
from station.store.stops import raise_stop
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

_HALTED = frozenset({OrderState.WAITING, OrderState.HELD, OrderState.PROBLEM})
MAX_REASON = 200


def halt(connection: Connection, order_id: str, state: OrderState, reason: str, now: int) -> bool:
    """Hold or cancel an order; return whether a bench must answer the stop first."""
    row = locked(connection, order_id)
    on_bench = row.state in HELD_STATES
    if state not in causes.OF_STATE or not (on_bench or row.state in _HALTED):
        raise StoreRefused(
            f"Order {order_id} is {row.state}: it cannot be {state} any more.",
            "Only orders that have not left can be held or cancelled.",
        )
    if row.cause == causes.CANCELLED and state == OrderState.HELD:
        raise StoreRefused(f"Order {order_id} is cancelled: it cannot be held.", "Leave it.")
    words = plain(reason, MAX_REASON) or f"The order is {state}."
    if row.station:
        raise_stop(connection, row, causes.STOP_OF_STATE[state], words, now)
    values: dict[str, Any] = {"cause": causes.OF_STATE[state], "reason": words, "updated": now}
    if not on_bench:
        values["state"] = state
        count(connection, row, state)
    connection.execute(update(orders).where(orders.c.order_id == order_id).values(values))
    return on_bench
