"""Stops: word for the holder of an order that he must not pack it on as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, literal_column, or_, select, update

from station.model import OrderState, Stop, StopKind
from station.store.records import HELD_STATES
from station.store.schema import IS_OPEN_STOP, orders, stops

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from station.store.records import AnyRow

_SHOWN = sorted({*HELD_STATES, OrderState.WAITING, OrderState.HELD, OrderState.CANCELLED})
"""Those that no bench has are lapsed leases here: the station may not know that time has passed."""

_RELEASED = f"'{StopKind.RELEASED}'"


def open_stops(connection: Connection, station: str) -> tuple[Stop, ...]:
    """Return unanswered stops for the leases of a station, oldest first."""
    holds = and_(
        stops.c.fence == orders.c.fence,
        orders.c.station == station,
        orders.c.state.in_(_SHOWN),
    )
    # One that its packer brought back in the meantime is here again; one that was taken from the
    # station is not given to it before it has heard so.
    gone = or_(
        stops.c.kind == StopKind.RELEASED,
        and_(stops.c.kind == StopKind.TAKEN_OVER, orders.c.station != station),
    )
    rows = connection.execute(
        select(stops.c.stop_id, stops.c.order_id, stops.c.reason, stops.c.kind)
        .join(orders, orders.c.order_id == stops.c.order_id)
        .where(
            IS_OPEN_STOP,
            stops.c.station == station,
            or_(holds, gone),
        )
        .order_by(stops.c.stop_id)
    )
    return tuple(Stop(row.stop_id, row.order_id, row.reason, StopKind(row.kind)) for row in rows)


def raise_stop(
    connection: Connection, order: AnyRow, kind: StopKind, reason: str, now: int
) -> None:
    """Tell who holds an order, a row with order_id, fence and station, why he must not go on."""
    connection.execute(
        stops.insert().values(
            order_id=order.order_id,
            fence=order.fence,
            station=order.station,
            kind=kind,
            reason=reason,
            raised=now,
        )
    )


def follow(connection: Connection, order: AnyRow, station: str, fence: int) -> None:
    """Hand stops on with the order: the new holder must hear them as the old one."""
    mine = (stops.c.order_id == order.order_id) & (stops.c.fence == order.fence)
    connection.execute(
        update(stops)
        # Shown to the old one is not enough: had it given the order back, it could not be moved.
        .where(mine, or_(IS_OPEN_STOP, stops.c.kind == StopKind.CHANGED))
        .where(stops.c.kind.not_in((StopKind.TAKEN_OVER, StopKind.RELEASED)))
        .values(station=station, fence=fence, answered=0)
    )


def is_unheard(station: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return the SQL of whether a station has yet to hear that an order was taken from it."""
    mine = (stops.c.order_id == orders.c.order_id) & (stops.c.station == station)
    return exists().where(IS_OPEN_STOP, mine, stops.c.kind == literal_column(_RELEASED))


def is_released_here(connection: Connection, order_id: str, station: str) -> bool:
    """Tell whether a station has yet to hear that an order was taken from it."""
    which = select(orders.c.order_id).where(orders.c.order_id == order_id, is_unheard(station))
    return connection.execute(which).first() is not None


def withdraw_stops(connection: Connection, order_id: str, kind: StopKind, now: int) -> None:
    """Take back unanswered stops whose reason is over."""
    mine = (stops.c.order_id == order_id) & (stops.c.kind == kind)
    connection.execute(update(stops).where(mine, IS_OPEN_STOP).values(answered=now))


def answer(connection: Connection, stop_id: int, by: str, now: int) -> None:
    """Mark a stop as shown; answering twice changes nothing, nor does another station's answer."""
    mine = stops.c.stop_id == stop_id
    if by:
        mine &= stops.c.station == by
    connection.execute(update(stops).where(mine, IS_OPEN_STOP).values(answered=now))
