"""Orders that wait for a person: parked, held, at a silent station, or cancelled on a bench."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from station.model import OrderState
from station.store import causes
from station.store.records import QUEUE_COLUMNS, queue_row
from station.store.schema import IS_NOT_WAITING, QUEUE_ORDER, journals, orders
from station.store.schema_people import pulses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

    from station.model import QueueRow

MOST = 50
SILENT_S = 600
"""Seconds after which packed orders of a station that is not heard of are somebody's business."""


def orders_stuck(
    connection: Connection, now: int, states: dict[OrderState, int]
) -> tuple[QueueRow, ...]:
    """Return up to 50 orders that wait for a person, in the order of the queue.

    Args:
        connection: To read with.
        now: Seconds since 1970.
        states: How many orders are in each state; where there is none, none is looked for.
    """
    found: list[QueueRow] = []
    for state in filter(states.get, (OrderState.PROBLEM, OrderState.HELD)):
        found += _of_state(connection, state)
    if states.get(OrderState.PACKED):
        found += _of_state(connection, OrderState.PACKED, _is_silent(now))
    found += _cancelled(connection, states)
    by_place = {row.order_id: row for row in sorted(found, key=_place)}
    return tuple(by_place.values())[:MOST]


def _place(row: QueueRow) -> tuple[object, ...]:
    return row.rank, row.ship_by, row.service, row.purchased, row.order_id


def _of_state(
    connection: Connection, state: OrderState, *more: ColumnElement[bool]
) -> Iterator[QueueRow]:
    rows = connection.execute(
        select(*QUEUE_COLUMNS)
        .where(IS_NOT_WAITING, orders.c.state == state, *more)
        .order_by(*QUEUE_ORDER)
        .limit(MOST)
    )
    return map(queue_row, rows)


def _is_silent(now: int) -> ColumnElement[bool]:
    since = now - SILENT_S
    heard = exists().where(pulses.c.station == orders.c.station, pulses.c.seen > since)
    # A bench of an older version sends no pulses.
    came = exists().where(journals.c.station == orders.c.station, journals.c.seen > since)
    return ~heard & ~came


def _cancelled(connection: Connection, states: dict[OrderState, int]) -> list[QueueRow]:
    """Return cancelled orders that their bench has not let go of: as many as benches hold."""
    on_bench = filter(states.get, (OrderState.CLAIMED, OrderState.PACKING, OrderState.PACKED))
    cancelled = orders.c.cause == causes.CANCELLED
    rows = (row for state in on_bench for row in _of_state(connection, state, cancelled))
    return [replace(row, state=OrderState.CANCELLED) for row in rows]
