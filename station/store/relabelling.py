"""Acts about a package that is packed: its weight, its label once more, its label void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from station.errors import StoreRefused
from station.model import OrderState
from station.store import purchases, restoring
from station.store.decision import Done, count, locked, need_state
from station.store.handing import take_away
from station.store.records import HELD_STATES
from station.store.schema import confirmations, orders
from station.store.tallies import Moves
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from station.store.decision import Decision
    from station.store.records import AnyRow

_LABELLED = frozenset({OrderState.PACKED, OrderState.SHIPPED, OrderState.CONFIRMED})
_UNTOLD = "pending"
_MAX_REASON = 200


def weight(connection: Connection, decision: Decision) -> Done:
    """Accept the weight of an order on a bench."""
    row = locked(connection, decision.act.order_id)
    need_state(row, HELD_STATES, "weighed", "Only what a bench has is weighed.")
    return Done(f"The weight of {row.order_id} is accepted.")


def reprint(connection: Connection, decision: Decision) -> Done:
    """Hand out the label of a package once more, or of the first one after it that has one."""
    row = locked(connection, decision.act.order_id)
    need_state(row, _LABELLED, "printed", "Only packed and shipped orders have a label.")
    live = purchases.live_from(connection, row.order_id, decision.act.package)
    label = purchases.label_of(live) if live is not None else None
    if label is None:
        raise StoreRefused(
            f"The store has no label of package {decision.act.package} of {row.order_id}.",
            "It was not made here: print it where it came from.",
        )
    return Done(
        f"Label {label.tracking_id} of {row.order_id} is printed again.",
        {"tracking_id": label.tracking_id},
        label,
    )


def void(connection: Connection, decision: Decision) -> Done:
    """Make a label void that has not been told to the channel; the order becomes a problem.

    On the bench that asks for it the order stays, and the bench has the label made void itself.
    """
    row = locked(connection, decision.act.order_id)
    live = purchases.live_row(connection, row.order_id, decision.act.package)
    told: dict[str, object] = {
        "tracking_id": live.tracking_id if live is not None else "",
        "from": row.station,
    }
    # What a bench made while the store was away is not known here yet.
    if row.station and row.station == decision.station and row.state in HELD_STATES:
        return Done(f"The label of {row.order_id} is made void at this bench.", told)
    if live is None:
        raise StoreRefused(
            f"Package {decision.act.package} of order {row.order_id} has no label.",
            "There is nothing to make void.",
        )
    reason = plain(f"label void: {decision.reason}", _MAX_REASON)
    if row.state == OrderState.SHIPPED:
        _take_back(connection, row, decision.act.package)
    elif row.state == OrderState.CONFIRMED:
        raise _told(row)
    _to_problem(connection, row, reason, decision)
    purchases.void(connection, live.key, reason, "", decision.now)
    connection.execute(update(orders).where(_is(row)).values(lease_until=0))
    then = "" if row.state == OrderState.CANCELLED else " The order is a problem."
    return Done(f"The label of {row.order_id} is void: destroy it.{then}", told)


def _to_problem(connection: Connection, row: AnyRow, reason: str, decision: Decision) -> None:
    if row.state in HELD_STATES:
        words = f"{decision.by} made the label void. Bring box and label to the supervisor."
        take_away(connection, row, OrderState.PROBLEM, reason, words, decision.now)
        connection.execute(update(orders).where(_is(row)).values(cause=""))
        return
    if row.state == OrderState.CANCELLED:
        return
    values = {"state": OrderState.PROBLEM, "reason": reason, "cause": "", "station": ""}
    anew = {"packer": "", "fence": restoring.next_fence(), "updated": decision.now}
    connection.execute(update(orders).where(_is(row)).values(values | anew))
    count(connection, row, OrderState.PROBLEM)


def _is(row: AnyRow) -> ColumnElement[bool]:
    order_id: str = row.order_id
    return orders.c.order_id == order_id


def _take_back(connection: Connection, row: AnyRow, package: int) -> None:
    """Delete the confirmation of a package that no channel has heard of."""
    mine = (confirmations.c.order_id == row.order_id) & (confirmations.c.package == package)
    lines = connection.execute(
        select(confirmations.c.state, confirmations.c.export_id).where(mine).with_for_update()
    ).all()
    if any(line.state != _UNTOLD or line.export_id is not None for line in lines):
        raise _told(row)
    connection.execute(delete(confirmations).where(mine))
    moves = Moves()
    moves.lines(_UNTOLD, -len(lines))
    moves.save(connection)


def _told(row: AnyRow) -> StoreRefused:
    return StoreRefused(
        f"The channel was told already that order {row.order_id} is on its way.",
        "Correct it in the channel's own pages.",
    )
