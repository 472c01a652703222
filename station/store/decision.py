"""What an act is done with, and what comes of it, before it is written into the audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from station.errors import StoreRefused
from station.store.schema import orders
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from station.acts import Act
    from station.model import Label, OrderState
    from station.store.records import AnyRow


@dataclass(frozen=True, slots=True)
class Decision:
    """An act that somebody may do."""

    act: Act
    by: str
    """Who decided it."""
    role: str
    """His role; `console` or `office` where nobody signed."""
    station: str
    """Where it was asked for; empty: at the store itself."""
    reason: str
    now: int


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a decision."""

    words: str
    data: dict[str, object] = field(default_factory=dict)
    """What the audit log keeps beside the act's own fields."""
    label: Label | None = None


def locked(connection: Connection, order_id: str) -> AnyRow:
    """Return the row of an order under lock.

    Raises:
        StoreRefused: The order is not known.
    """
    row = connection.execute(
        select(orders).where(orders.c.order_id == order_id).with_for_update()
    ).first()
    if row is None:
        raise StoreRefused(f"Order {order_id} is not known.", "Check the number.")
    return row


def need_state(row: AnyRow, states: Collection[OrderState], done: str, remedy: str) -> None:
    """Refuse to do something with an order that is in none of the states."""
    if row.state not in states:
        raise StoreRefused(f"Order {row.order_id} is {row.state}: it cannot be {done}.", remedy)


def count(connection: Connection, row: AnyRow, state: OrderState) -> None:
    """Count an order, a row as it was before, into another state."""
    moves = Moves()
    moves.leave(row.state, row.ship_by)
    moves.enter(state, row.ship_by)
    moves.save(connection)
