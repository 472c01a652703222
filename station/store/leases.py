"""Leases: a hint who works on what; the fence, checked where work is applied, is the lock.

Only the store's clock decides when a lease has lapsed. A lapsed order goes back to the queue and
remembers its station: until another one takes it, that station's fence holds. An order with a
label (packed) never goes back by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists, literal_column, select, update

from station.errors import StoreRefused
from station.model import Lease, OrderState, StopKind
from station.store import causes, restoring, weights
from station.store.reading import load_orders, load_products, load_work
from station.store.records import HELD_STATES, holder_words
from station.store.schema import (
    IS_LEASED,
    IS_NOT_WAITING,
    IS_WAITING,
    QUEUE_ORDER,
    confirmations,
    journal_entries,
    orders,
)
from station.store.stops import follow, is_released_here, is_unheard, raise_stop
from station.store.tallies import Moves
from station.store.versions import fold_asides

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from station.store.records import AnyRow

TTL_S = 600
"""Seconds that a lease lasts when the station is not heard of."""

HANDED_ON = -1
"""`lease_until` of a waiting order whose box is packed and labelled: its next holder goes on."""

IS_HANDED_ON = orders.c.lease_until < literal_column("0")

_RENEWABLE = frozenset({*HELD_STATES, OrderState.WAITING})
"""A waiting order with a station is one whose lease lapsed and that nobody else took."""


def expire(connection: Connection, now: int) -> None:
    """Give lapsed orders back to the queue, in their newest version."""
    lapsed = connection.execute(
        select(orders.c.order_id, orders.c.state, orders.c.ship_by)
        .where(IS_LEASED, orders.c.lease_until <= now)
        .order_by(orders.c.order_id)
        .with_for_update(skip_locked=True)
    ).all()
    if not lapsed:
        return
    ids = [row.order_id for row in lapsed]
    free = case(
        (orders.c.cause == causes.CANCELLED, OrderState.CANCELLED.value),
        (orders.c.cause != "", OrderState.HELD.value),
        else_=OrderState.WAITING.value,
    )
    connection.execute(
        update(orders)
        .where(orders.c.order_id.in_(ids))
        .values(
            lease_until=0,
            updated=now,
            state=free,
            reason=case((orders.c.cause != "", orders.c.reason), else_=""),
        )
    )
    fold_asides(connection, ids, now)
    _count_lapsed(connection, lapsed)


def _count_lapsed(connection: Connection, lapsed: Sequence[AnyRow]) -> None:
    ids = [row.order_id for row in lapsed]
    # The newest version may be due at another time.
    after = select(orders.c.state, orders.c.ship_by).where(orders.c.order_id.in_(ids))
    moves = Moves()
    for row in lapsed:
        moves.leave(row.state, row.ship_by)
    for row in connection.execute(after):
        moves.enter(row.state, row.ship_by)
    moves.save(connection)


def any_lapsed(connection: Connection, now: int) -> bool:
    """Tell whether `expire` would find anything; reads only."""
    lapsed = select(orders.c.order_id).where(IS_LEASED, orders.c.lease_until <= now).limit(1)
    return connection.execute(lapsed).first() is not None


def claim_next(
    connection: Connection, station: str, packer: str, skip: Sequence[str], now: int
) -> Lease | None:
    """Lease the most urgent waiting order that is not in skip, passing those being claimed."""
    restoring.refuse_while_awaited(connection)
    wanted: list[ColumnElement[bool]] = [IS_WAITING, ~is_unheard(station)]
    if skip:
        wanted.append(orders.c.order_id.not_in(skip))
    first = (
        select(orders.c.order_id)
        .where(*wanted)
        .order_by(*QUEUE_ORDER)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return _take(connection, orders.c.order_id == first, station, packer, now)


def holds(connection: Connection, station: str, order_id: str) -> bool:
    """Tell whether an order is on a station's bench, or was until its lease lapsed."""
    mine = (orders.c.order_id == order_id) & (orders.c.station == station)
    found = select(orders.c.order_id).where(mine, orders.c.state.in_(sorted(_RENEWABLE)))
    return connection.execute(found).first() is not None


def claimed(connection: Connection, station: str) -> tuple[str, ...]:
    """Return ids of orders that a station was given and did not begin, most urgent first."""
    mine = (IS_LEASED, orders.c.station == station, orders.c.state == OrderState.CLAIMED)
    found = select(orders.c.order_id).where(*mine).order_by(*QUEUE_ORDER)
    return (*connection.execute(found).scalars(), *_given_packed(connection, station))


def _given_packed(connection: Connection, station: str) -> Iterator[str]:
    """Return packed orders that a station was given and has told nothing of yet."""
    told = exists().where(
        journal_entries.c.order_id == orders.c.order_id,
        journal_entries.c.station == station,
        journal_entries.c.fence == orders.c.fence,
    )
    found = select(orders.c.order_id).where(
        IS_NOT_WAITING,
        orders.c.state == literal_column("'packed'"),
        orders.c.station == station,
        ~told,
    )
    return iter(connection.execute(found.order_by(*QUEUE_ORDER)).scalars())


def claim_named(
    connection: Connection, station: str, packer: str, order_id: str, now: int
) -> Lease:
    """Lease one order, renew or move it for its holder, or say what stands in the way."""
    restoring.refuse_while_awaited(connection)
    expire(connection, now)
    row = connection.execute(
        select(orders).where(orders.c.order_id == order_id).with_for_update()
    ).first()
    if row is None:
        raise StoreRefused(f"Order {order_id} is not known.", "Check the number, or import it.")
    if row.state in HELD_STATES and row.station == station:
        renew(connection, station, [order_id], now)
        if not row.packer:
            mine = orders.c.order_id == order_id
            connection.execute(update(orders).where(mine).values(packer=packer))
        return lease(connection, row.order_id, row.fence, row.base_fence)
    theirs = bool(packer) and row.packer == packer and row.station not in {"", station}
    if theirs and row.state in HELD_STATES and not row.cause:
        return _take_over(connection, row, station, now)
    if row.state != OrderState.WAITING:
        raise _in_the_way(row)
    if theirs:
        _tell_taken_over(connection, row, station, now)
    if is_released_here(connection, order_id, station):
        raise StoreRefused(
            f"Order {order_id} was just put back into the queue from here.",
            "Read the stop about it first, then take it again.",
        )
    which = orders.c.order_id == order_id
    taken = _take(connection, which, station, packer, now, go_on=theirs)
    if taken is None:
        raise _in_the_way(row)
    return taken


def _take_over(connection: Connection, row: AnyRow, station: str, now: int) -> Lease:
    """Move the work of a packer to the station where he is now; the other one must stop."""
    moved = connection.execute(
        update(orders)
        .where(orders.c.order_id == row.order_id)
        .values(
            fence=restoring.next_fence(),
            station=station,
            lease_until=now + TTL_S,
            updated=now,
        )
        .returning(orders.c.fence)
    )
    fence = moved.scalar_one()
    follow(connection, row, station, fence)
    _tell_taken_over(connection, row, station, now)
    return lease(connection, row.order_id, fence, row.base_fence)


def _tell_taken_over(connection: Connection, row: AnyRow, station: str, now: int) -> None:
    words = f"{row.packer} goes on with this order at {station}. Bring the box there."
    raise_stop(connection, row, StopKind.TAKEN_OVER, words, now)


def _in_the_way(row: AnyRow) -> StoreRefused:
    who = holder_words(row.state, row.station, row.packer, row.reason)
    if row.state in HELD_STATES:
        return StoreRefused(f"Order {row.order_id} is with {who}.", "Take another order.")
    words = f": {who}" if who else "."
    return StoreRefused(f"Order {row.order_id} is {row.state}{words}", "See `station orders`.")


def _take(
    connection: Connection,
    which: ColumnElement[bool],
    station: str,
    packer: str,
    now: int,
    *,
    go_on: bool = False,
) -> Lease | None:
    """Lease a waiting order; with go_on what was done to it elsewhere counts."""
    # The station whose lease lapsed goes on under its own fence: nobody worked in between. Not
    # under one of an earlier epoch: another bench may come and know a higher one of that time.
    again = (orders.c.station == station) & (orders.c.fence > restoring.lowest_fence())
    values = lease_values(again, IS_HANDED_ON, restoring.next_fence())
    if go_on:
        del values["base_fence"]
    values |= {
        "station": station,
        "packer": packer,
        "lease_until": now + TTL_S,
        "updated": now,
    }
    taken = connection.execute(
        update(orders)
        .where(which, IS_WAITING)
        .values(values)
        .returning(*(orders.c[n] for n in ("order_id", "state", "fence", "base_fence", "ship_by")))
    ).first()
    if taken is None:
        return None
    content = lease(connection, taken.order_id, taken.fence, taken.base_fence)
    moves = Moves()
    moves.leave(OrderState.WAITING, taken.ship_by)
    moves.enter(taken.state, taken.ship_by)
    moves.save(connection)
    return content


def lease_values(
    again: ColumnElement[bool], handed_on: ColumnElement[bool], fence: ColumnElement[int]
) -> dict[str, Any]:
    """Return what of a waiting order depends on who had it, and on what is in its box."""
    return {
        "state": case((handed_on, OrderState.PACKED.value), else_=OrderState.CLAIMED.value),
        "fence": case((again, orders.c.fence), else_=fence),
        "base_fence": case((again | handed_on, orders.c.base_fence), else_=fence),
    }


def lease(connection: Connection, order_id: str, fence: int, base_fence: int) -> Lease:
    """Return the lease of an order that a station has."""
    order = load_orders(connection, [order_id])[order_id]
    known = load_products(connection, (item.sku for item in order.items))
    return Lease(
        order,
        tuple(known.values()),
        fence,
        float(TTL_S),
        package_in_work(connection, order_id),
        load_work(connection, order_id, base_fence),
        weights.load(connection, (item.sku for item in order.items)),
    )


def package_in_work(connection: Connection, order_id: str) -> int:
    """Return the number of the package of an order that is packed now, or next."""
    last = (
        select(confirmations.c.package)
        .where(confirmations.c.order_id == order_id)
        .order_by(confirmations.c.package.desc())
        .limit(1)
    )
    return (connection.execute(last).scalar() or 0) + 1


def renew(
    connection: Connection, station: str, order_ids: Sequence[str], now: int
) -> dict[str, int]:
    """Extend the leases a station still has, also lapsed ones that nobody took."""
    held = connection.execute(
        select(orders.c.order_id, orders.c.fence, orders.c.state, orders.c.ship_by)
        .where(
            orders.c.order_id.in_(order_ids),
            orders.c.station == station,
            orders.c.state.in_(sorted(_RENEWABLE)),
        )
        .order_by(orders.c.order_id)
        .with_for_update()
    ).all()
    if not held:
        return {}
    lapsed = orders.c.state == OrderState.WAITING
    connection.execute(
        update(orders)
        .where(orders.c.order_id.in_([row.order_id for row in held]))
        .values(
            lease_until=now + TTL_S,
            updated=now,
            state=case((lapsed, OrderState.CLAIMED.value), else_=orders.c.state),
        )
    )
    moves = Moves()
    for row in held:
        if row.state == OrderState.WAITING:
            moves.leave(row.state, row.ship_by)
            moves.enter(OrderState.CLAIMED, row.ship_by)
    moves.save(connection)
    return {row.order_id: row.fence for row in held}
