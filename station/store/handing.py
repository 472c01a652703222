"""Taking an order from a bench by a supervisor's word: back to the queue, or to another bench.

The fence rises at once: what the old bench does after that is kept as a conflict. It hears a stop
and lets go without making a label void, which belongs to the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from station.errors import StoreRefused
from station.model import OrderState, StopKind
from station.store import restoring
from station.store.causes import free_state
from station.store.decision import Done, locked, need_state
from station.store.leases import HANDED_ON, TTL_S, package_in_work
from station.store.purchases import live_row
from station.store.records import HELD_STATES
from station.store.schema import journals, orders, stations
from station.store.stops import follow, raise_stop
from station.store.tallies import Moves
from station.store.versions import fold_asides

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.decision import Decision
    from station.store.records import AnyRow

_LEASABLE = HELD_STATES | {OrderState.WAITING}


def release(connection: Connection, decision: Decision) -> Done:
    """Take an order from its bench; the next holder of a labelled box goes on with it.

    One without a label is begun anew: whoever gets it next has not seen what is in the box.
    """
    row = locked(connection, decision.act.order_id)
    need_state(row, HELD_STATES, "put back", "Only what a bench has is put back.")
    words = f"{decision.by} put this order back into the queue. Bring the box to the supervisor."
    state = free_state(row.cause)
    reason = row.reason if row.cause else ""
    goes_on = take_away(connection, row, state, reason, words, decision.now)
    box = " Whoever takes it next needs its box." if goes_on else ""
    told: dict[str, object] = {"from": row.station, "packer": row.packer}
    return Done(f"{row.order_id} is {state} now.{box}", told)


def take_away(
    connection: Connection, row: AnyRow, state: OrderState, reason: str, words: str, now: int
) -> bool:
    """End the lease of an order, a locked row, and tell its bench why.

    Returns:
        Whether its box is packed and labelled, so that the next holder goes on with it.
    """
    raise_stop(connection, row, StopKind.RELEASED, words, now)
    order_id = row.order_id
    package = package_in_work(connection, order_id)
    has_label = live_row(connection, order_id, package) is not None
    values = {"state": state, "reason": reason, "station": "", "packer": "", "updated": now}
    mine = orders.c.order_id == order_id
    connection.execute(
        update(orders)
        .where(mine)
        .values(
            **values,
            fence=restoring.next_fence(),
            lease_until=HANDED_ON if has_label else 0,
        )
    )
    # A label for an older version is on the wrong goods: what is in that box does not count.
    if fold_asides(connection, [order_id], now):
        has_label = False
        connection.execute(update(orders).where(mine).values(lease_until=0))
    due = connection.execute(select(orders.c.ship_by).where(mine)).scalar_one()
    moves = Moves()
    moves.leave(row.state, row.ship_by)
    moves.enter(state, due)
    moves.save(connection)
    return has_label


def reassign(connection: Connection, decision: Decision) -> Done:
    """Lease an order to another station, with the work so far; it is the next that it takes."""
    restoring.refuse_while_awaited(connection)
    row, to = locked(connection, decision.act.order_id), decision.act.station
    need_state(row, _LEASABLE, "given to a bench", "Put it back into the queue first.")
    if row.cause:
        raise StoreRefused(
            f"Order {row.order_id} is to be stopped: {row.reason}", "Take that back first."
        )
    _need_station(connection, to)
    on_bench = row.state in HELD_STATES
    if on_bench and row.station == to:
        raise StoreRefused(f"Order {row.order_id} is at {to} already.", "Nothing is to be done.")
    state = _given(connection, row, to, decision.now)
    if row.station not in {"", to}:
        words = f"{decision.by} gave this order to {to}. Bring the box there."
        raise_stop(connection, row, StopKind.RELEASED, words, decision.now)
    moves = Moves()
    moves.leave(row.state, row.ship_by)
    moves.enter(state, row.ship_by)
    moves.save(connection)
    return Done(f"{row.order_id} goes to {to}.", {"from": row.station, "packer": row.packer})


def _given(connection: Connection, row: AnyRow, to: str, now: int) -> OrderState:
    """Lease an order to a station and return where it stands then."""
    packed = row.state == OrderState.PACKED or row.lease_until < 0
    state = OrderState.PACKED if packed else OrderState.CLAIMED
    keeps = row.state in HELD_STATES or row.lease_until < 0
    fence = restoring.next_fence()
    moved = connection.execute(
        update(orders)
        .where(orders.c.order_id == row.order_id)
        .values(
            state=state,
            fence=fence,
            base_fence=orders.c.base_fence if keeps else fence,
            station=to,
            packer="",
            lease_until=now + TTL_S,
            updated=now,
        )
        .returning(orders.c.fence)
    )
    follow(connection, row, to, moved.scalar_one())
    return state


def _need_station(connection: Connection, station: str) -> None:
    came = select(journals.c.station).where(journals.c.station == station)
    gone = select(stations.c.station).where(stations.c.station == station, stations.c.revoked > 0)
    if connection.execute(came).first() is None or connection.execute(gone).first() is not None:
        raise StoreRefused(f"No station called {station} works here.", "Check its name.")
