"""Orders found: the queue by pages, by what a packer scans, and by what a supervisor types."""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from station.model import Order, OrderState, QueueRow
from station.store.reading import load_orders
from station.store.records import QUEUE_COLUMNS, epoch, holder_words, queue_row
from station.store.schema import (
    IS_LIVE,
    IS_NOT_WAITING,
    IS_SINGLE,
    IS_TRACKED,
    IS_WAITING,
    QUEUE_ORDER,
    order_items,
    orders,
    purchases,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Connection

    from station.store.records import AnyRow

MAX_PAGE = 200
"""Rows of the queue handed out at once."""

MAX_CANDIDATES = 1000
"""Matches of one kind that are sorted by time; a vaguer search shows the newest of these."""

_HIGHEST = "\U0010ffff"


def queue(
    connection: Connection,
    limit: int,
    states: Sequence[OrderState],
    *,
    after: QueueRow | None = None,
    before: QueueRow | None = None,
    last: bool = False,
) -> tuple[QueueRow, ...]:
    """Return a page of the queue; each state is a range of one index, and few rows are merged."""
    limit = max(0, min(limit, MAX_PAGE))
    backwards = before is not None or (last and after is None)
    parts = [
        _page(connection, state, limit, after, before, backwards=backwards)
        for state in dict.fromkeys(states or (OrderState.WAITING,))
    ]
    rows = sorted((row for part in parts for row in part), key=_place)
    kept = rows[-limit:] if backwards else rows[:limit]
    return tuple(queue_row(row) for row in kept) if limit else ()


def _page(
    connection: Connection,
    state: OrderState,
    limit: int,
    after: QueueRow | None,
    before: QueueRow | None,
    *,
    backwards: bool,
) -> Sequence[AnyRow]:
    rows = select(*QUEUE_COLUMNS).where(*_in_state(state)).limit(limit)
    if after is not None:
        rows = rows.where(tuple_(*QUEUE_ORDER) > tuple_(*_key(after)))
    if before is not None:
        rows = rows.where(tuple_(*QUEUE_ORDER) < tuple_(*_key(before)))
    order = [column.desc() for column in QUEUE_ORDER] if backwards else QUEUE_ORDER
    return connection.execute(rows.order_by(*order)).all()


def _in_state(state: OrderState) -> list[ColumnElement[bool]]:
    if state is OrderState.WAITING:
        return [IS_WAITING]
    return [IS_NOT_WAITING, orders.c.state == state]


def _key(row: QueueRow) -> tuple[int, int, int, int, str]:
    return row.rank, epoch(row.ship_by), int(row.service), epoch(row.purchased), row.order_id


def _place(row: AnyRow) -> tuple[int, int, int, int, str]:
    return row.rank, row.ship_by, row.service, row.purchased, row.order_id


def order(connection: Connection, order_id: str) -> tuple[Order, OrderState, str] | None:
    """Return an order, its state, and who has it or why it is held."""
    row = connection.execute(select(orders).where(orders.c.order_id == order_id)).first()
    if row is None:
        return None
    whole = load_orders(connection, [row.order_id])[row.order_id]
    who = holder_words(row.state, row.station, row.packer, row.reason)
    return whole, OrderState(row.state), who


def single_unit_orders(connection: Connection, skus: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return ids of waiting orders for one unit of one of the SKUs, most urgent first."""
    limit = max(0, min(limit, MAX_PAGE))
    urgent = merge(
        *(_singles(connection, sku, limit) for sku in dict.fromkeys(skus) if sku), key=_place
    )
    return tuple(row.order_id for row, _ in zip(urgent, range(limit), strict=False))


def _singles(connection: Connection, sku: str, limit: int) -> Sequence[AnyRow]:
    return connection.execute(
        select(*QUEUE_ORDER)
        .where(IS_WAITING, IS_SINGLE, orders.c.single_sku == sku)
        .order_by(*QUEUE_ORDER)
        .limit(limit)
    ).all()


def search(connection: Connection, text: str, limit: int) -> tuple[QueueRow, ...]:
    """Return orders whose id, SKU or tracking id starts with the text, newest first."""
    text = text.strip()
    limit = max(0, min(limit, MAX_PAGE))
    if not text or not limit:
        return ()
    found = dict.fromkeys(_candidates(connection, text))
    rows = connection.execute(
        select(*QUEUE_COLUMNS)
        .where(orders.c.order_id.in_(found))
        .order_by(orders.c.purchased.desc(), orders.c.order_id.desc())
        .limit(limit)
    )
    return tuple(queue_row(row) for row in rows)


def _candidates(connection: Connection, text: str) -> Iterator[str]:
    ranges = (
        select(orders.c.order_id).where(_starts(orders.c.order_id, text)),
        select(order_items.c.order_id).where(_starts(order_items.c.sku, text)),
        select(purchases.c.order_id).where(
            IS_LIVE, IS_TRACKED, _starts(purchases.c.tracking_id, text)
        ),
    )
    for matches in ranges:
        yield from connection.execute(matches.limit(MAX_CANDIDATES)).scalars()


def _starts(column: Column[str], text: str) -> ColumnElement[bool]:
    return (column >= text) & (column < text + _HIGHEST)
