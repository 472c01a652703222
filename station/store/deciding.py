"""Acts about orders that nobody packs: hold, cancel, first in the queue, and the ways back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from station.errors import StoreRefused
from station.model import OrderState
from station.store import causes, halting, resolving
from station.store.database import ENTERED
from station.store.decision import Done, locked, need_state
from station.store.records import HELD_STATES
from station.store.schema import orders

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.decision import Decision

_RANKED = frozenset({OrderState.WAITING, OrderState.HELD})


def hold(connection: Connection, decision: Decision) -> Done:
    """Hold an order; a bench that has it is stopped."""
    return _halt(connection, decision, OrderState.HELD)


def cancel(connection: Connection, decision: Decision) -> Done:
    """Cancel an order; a bench that has it is stopped."""
    return _halt(connection, decision, OrderState.CANCELLED)


def _halt(connection: Connection, decision: Decision, state: OrderState) -> Done:
    order_id = decision.act.order_id
    on_bench = halting.halt(connection, order_id, state, decision.reason, decision.now)
    when = "as soon as its bench has stopped" if on_bench else "now"
    return Done(f"{order_id} is {state} {when}.", {"on_bench": on_bench})


def unhold(connection: Connection, decision: Decision) -> Done:
    """Put a held order back into the queue, or take a hold back that a bench has not heard of."""
    row = locked(connection, decision.act.order_id)
    under_way = row.state in HELD_STATES and row.cause == causes.HELD
    if row.state != OrderState.HELD and not under_way:
        raise StoreRefused(f"Order {row.order_id} is not on hold.", "There is nothing to undo.")
    resolving.resolve(connection, row.order_id, OrderState.WAITING, decision.now)
    return Done(f"{row.order_id} is not on hold any more.", {"was": row.reason})


def requeue(connection: Connection, decision: Decision) -> Done:
    """Put a problem order back into the queue as it is."""
    row = locked(connection, decision.act.order_id)
    need_state(row, {OrderState.PROBLEM}, "put back", "Only problem orders are put back.")
    resolving.resolve(connection, row.order_id, OrderState.WAITING, decision.now)
    return Done(f"{row.order_id} is waiting now.", {"was": row.reason})


def prioritise(connection: Connection, decision: Decision) -> Done:
    """Put an order before all others, or back to its usual place."""
    row = locked(connection, decision.act.order_id)
    need_state(row, _RANKED, "put first", "Only waiting and held orders have a place in the queue.")
    first = decision.act.units > 0
    connection.execute(
        update(orders)
        .where(orders.c.order_id == row.order_id)
        .values(rank=0 if first else 1, updated=decision.now)
    )
    # Claims look from where the last one was found: either way it may be before that now.
    connection.info[ENTERED] = True
    place = "before all others" if first else "at its usual place"
    return Done(f"{row.order_id} is {place} in the queue.")
