"""The way out of problem and held, by a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from station.errors import StoreRefused
from station.model import OrderState, StopKind
from station.store import causes
from station.store.decision import locked
from station.store.records import HELD_STATES
from station.store.schema import orders
from station.store.stops import withdraw_stops
from station.store.tallies import Moves
from station.store.versions import fold_asides

if TYPE_CHECKING:
    from sqlalchemy import Connection

_STUCK = frozenset({OrderState.PROBLEM, OrderState.HELD})
_OUT = frozenset({OrderState.WAITING, OrderState.CANCELLED})


def resolve(connection: Connection, order_id: str, state: OrderState, now: int) -> OrderState:
    """Put a problem or held order back to waiting, or call it cancelled; return what it was.

    A hold that no bench has heard of yet is taken back.
    """
    row = locked(connection, order_id)
    if row.state in HELD_STATES and row.cause == causes.HELD and state == OrderState.WAITING:
        _take_back(connection, order_id, now)
        return OrderState.HELD
    if row.state not in _STUCK or state not in _OUT:
        raise StoreRefused(
            f"Order {order_id} is {row.state}: there is nothing to resolve.",
            "Only problem and held orders are resolved.",
        )
    connection.execute(
        update(orders)
        .where(orders.c.order_id == order_id)
        .values(state=state, reason="", cause="", station="", packer="", updated=now)
    )
    moves = Moves()
    moves.leave(row.state, row.ship_by)
    if state == OrderState.WAITING:
        fold_asides(connection, [order_id], now)
    after = select(orders.c.ship_by).where(orders.c.order_id == order_id)
    moves.enter(state, connection.execute(after).scalar_one())
    moves.save(connection)
    return OrderState(row.state)


def _take_back(connection: Connection, order_id: str, now: int) -> None:
    withdraw_stops(connection, order_id, StopKind.HELD, now)
    connection.execute(
        update(orders).where(orders.c.order_id == order_id).values(cause="", reason="", updated=now)
    )
