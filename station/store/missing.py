"""Orders that a full report lacks: held while they wait, stopped where somebody packs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from station.model import OrderState, StopKind
from station.store.causes import MISSING
from station.store.columns import storable
from station.store.port import ImportResult
from station.store.reading import chunks
from station.store.records import HELD_STATES
from station.store.schema import orders
from station.store.stops import raise_stop, withdraw_stops
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from station.store.records import AnyRow

_LOOKED_AT = {OrderState.WAITING, OrderState.HELD, OrderState.PROBLEM, *HELD_STATES}

MISSING_WORDS = "The channel's newest report no longer lists this order: it may be cancelled."


def suspects(
    connection: Connection, channel: str, listed: set[str], span: tuple[int, int]
) -> list[str]:
    """Return ids of orders whose standing a full report changes; reads only, and may be slow."""
    stored = {storable(order_id) for order_id in listed}
    rows = connection.execute(
        select(orders.c.order_id, orders.c.cause).where(
            orders.c.channel == channel,
            orders.c.state.in_(sorted(_LOOKED_AT)),
            orders.c.purchased.between(*span),
        )
    )
    return sorted(
        order_id
        for order_id, cause in rows
        if cause in {"", MISSING} and (order_id in stored) == (cause == MISSING)
    )


def check_missing(
    connection: Connection, order_ids: Sequence[str], listed: set[str], now: int
) -> ImportResult:
    """Hold what a full report no longer lists, stop it where it is packed, free what is back."""
    stored = {storable(order_id) for order_id in listed}
    rows = _locked(connection, order_ids)
    back = [row for row in rows if row.order_id in stored and row.cause == MISSING]
    gone = [row for row in rows if row.order_id not in stored and not row.cause]
    held = [row for row in gone if row.state == OrderState.WAITING]
    on_bench = [row for row in gone if row.state in HELD_STATES]
    moves = Moves()
    for row in held:
        moves.leave(OrderState.WAITING, row.ship_by)
        moves.enter(OrderState.HELD, row.ship_by)
    _mark(connection, held, {"state": OrderState.HELD, "reason": MISSING_WORDS}, now)
    _mark(connection, on_bench, {"reason": MISSING_WORDS}, now)
    for row in on_bench:
        raise_stop(connection, row, StopKind.VANISHED, MISSING_WORDS, now)
    welcome(connection, back, {}, moves, now)
    moves.save(connection)
    return ImportResult(held=len(held), stopped=len(on_bench), updated=len(back))


def welcome(
    connection: Connection, found: Iterable[AnyRow], due: dict[str, int], moves: Moves, now: int
) -> None:
    """Give back to the queue what was held only because a report lacked it.

    Args:
        connection: The transaction.
        found: Rows with order_id, state and ship_by, of orders whose cause is `MISSING`.
        due: The ship_by of those that have changed since their row was read.
        moves: Where to count them.
        now: The store's time, in whole seconds.
    """
    for row in found:
        values: dict[str, Any] = {"cause": "", "reason": "", "updated": now}
        if row.state == OrderState.HELD:
            values |= {"state": OrderState.WAITING}
            ship_by = due.get(row.order_id, row.ship_by)
            moves.leave(OrderState.HELD, ship_by)
            moves.enter(OrderState.WAITING, ship_by)
        connection.execute(update(orders).where(orders.c.order_id == row.order_id).values(values))
        withdraw_stops(connection, row.order_id, StopKind.VANISHED, now)


def _locked(connection: Connection, order_ids: Sequence[str]) -> list[AnyRow]:
    found: list[AnyRow] = []
    for part in chunks(order_ids):
        rows = connection.execute(
            select(
                orders.c.order_id,
                orders.c.state,
                orders.c.cause,
                orders.c.ship_by,
                orders.c.fence,
                orders.c.station,
            )
            .where(orders.c.order_id.in_(part), orders.c.state.in_(sorted(_LOOKED_AT)))
            .order_by(orders.c.order_id)
            .with_for_update()
        )
        found += rows.all()
    return found


def _mark(connection: Connection, rows: Sequence[AnyRow], values: dict[str, Any], now: int) -> None:
    for part in chunks(rows):
        connection.execute(
            update(orders)
            .where(orders.c.order_id.in_([row.order_id for row in part]))
            .values(cause=MISSING, updated=now, **values)
        )
