"""What one entry does to one order: decided in memory, under the lock of the order's row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from station.model import OrderState
from station.store.causes import CANCELLED, free_state
from station.store.leases import TTL_S
from station.store.parcels import write_parcel
from station.store.purchases import tracking_used
from station.store.reading import chunks
from station.store.records import HELD_STATES, epoch
from station.store.schema import orders
from station.store.versions import drop_asides, fold_asides
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from station.model import Entry
    from station.store.tallies import Moves

_OPEN = frozenset({OrderState.WAITING, OrderState.CLAIMED, OrderState.PACKING, OrderState.PACKED})
"""Waiting is among them: under a fence that holds, it is a lease that lapsed untaken."""

_OPEN_OR_HELD = _OPEN | {OrderState.HELD}
"""Held with a fence that holds: the lease lapsed while a report lacked the order."""

_FORGOTTEN = _OPEN_OR_HELD | {OrderState.PROBLEM}
"""What may have been given out after the backup; a problem was resolved then."""

_LEFT = frozenset({OrderState.SHIPPED, OrderState.CONFIRMED})
_REASON_LENGTH = 200
_SAVED = ("state", "fence", "base_fence", "station", "packer", "reason", "cause", "lease_until")


@dataclass(slots=True)
class Standing:
    """Where an order stands while the entries of one call are applied to it."""

    order_id: str
    state: str
    fence: int
    base_fence: int
    station: str
    packer: str
    reason: str
    cause: str
    lease_until: int
    ship_by: int
    was: str
    """The state before this call."""
    touched: bool = False
    released: bool = False
    shipped: bool = False


def standings(connection: Connection, order_ids: Sequence[str]) -> dict[str, Standing]:
    """Return where orders stand, their rows locked in the order of their ids."""
    names = ("order_id", *_SAVED, "ship_by")
    found: dict[str, Standing] = {}
    for part in chunks(order_ids):
        rows = connection.execute(
            select(*(orders.c[name] for name in names))
            .where(orders.c.order_id.in_(part))
            .order_by(orders.c.order_id)
            .with_for_update()
        )
        for row in rows.mappings():
            found[row["order_id"]] = Standing(was=row["state"], **row)
    return found


def take(
    connection: Connection, standing: Standing | None, station: str, entry: Entry, moves: Moves
) -> bool:
    """Do what an entry says and return True; False: its fence is old, or it cannot be so."""
    if standing is None or entry.fence != standing.fence:
        return _is_goodbye(standing, entry)
    if entry.state in {None, OrderState.CLAIMED}:
        # A fact that moves nothing may follow the release of its lease, but not another lease.
        standing.touched |= standing.station == station and standing.lease_until > 0
        return standing.station in {station, ""}
    return standing.station == station and _move(connection, standing, entry, moves)


def _is_goodbye(standing: Standing | None, entry: Entry) -> bool:
    """Tell whether a station only answers that it lost the order: no conflict is in that."""
    behind = standing is not None and entry.fence < standing.fence
    return behind and entry.kind == "stopped" and entry.state is None


def adopt(standing: Standing, station: str, entry: Entry, fences: range) -> None:
    """Give a lease back that the store forgot because it was restored from a backup.

    A fence that the store has not given yet proves it; fences are those of its epoch. What
    another bench got since then stays there, what it had before was given on.
    """
    if not standing.fence < entry.fence < fences.stop or standing.state not in _FORGOTTEN:
        return
    if standing.station in {"", station} or standing.fence < fences.start:
        if standing.state not in HELD_STATES or standing.packer != entry.packer:
            standing.state = OrderState.CLAIMED
        standing.fence = standing.base_fence = entry.fence
        standing.station, standing.packer = station, entry.packer
        standing.touched = True


def _move(connection: Connection, standing: Standing, entry: Entry, moves: Moves) -> bool:
    match entry.state:
        case OrderState.PACKING | OrderState.PACKED if standing.state in _OPEN:
            standing.state, standing.packer = entry.state, entry.packer
            standing.touched = True
            return True
        case OrderState.WAITING | OrderState.PROBLEM | OrderState.HELD as state if (
            standing.state in _OPEN_OR_HELD
        ):
            _release(standing, state, entry)
            return True
        case OrderState.SHIPPED if standing.state in _OPEN_OR_HELD | _LEFT:
            return _ship(connection, standing, entry, moves)
    return False


def _release(standing: Standing, state: OrderState, entry: Entry) -> None:
    standing.station = standing.packer = ""
    standing.touched = standing.released = True
    standing.state = state
    if state is not OrderState.WAITING and standing.cause != CANCELLED:
        standing.reason, standing.cause = _reason(entry.data), ""
        return
    standing.state = free_state(standing.cause)
    if not standing.cause:
        standing.reason = ""


def _reason(data: dict[str, object]) -> str:
    words = [str(data[name]) for name in ("problem", "note") if data.get(name)]
    return plain(": ".join(words), _REASON_LENGTH)


def _ship(connection: Connection, standing: Standing, entry: Entry, moves: Moves) -> bool:
    tracking_id = str(entry.data.get("tracking_id") or "")
    holder = tracking_used(connection, tracking_id) if tracking_id else None
    if holder not in {None, standing.order_id}:
        # Two boxes with one number: found out only now, because the store was away at the time.
        words = f"Tracking id {tracking_id} is on the box of order {holder} too."
        _release(standing, OrderState.PROBLEM, entry)
        standing.reason = plain(words, _REASON_LENGTH)
        return True
    lines = write_parcel(connection, entry)
    if lines:
        moves.lines("pending", lines)
        if standing.state not in _LEFT:
            moves.left(epoch(entry.at))
        standing.state, standing.packer = OrderState.SHIPPED, entry.packer
        standing.reason = standing.cause = ""
        standing.touched = standing.shipped = True
    return lines > 0


def save(connection: Connection, changed: Iterable[Standing], moves: Moves, now: int) -> None:
    """Write back the orders that entries touched; what is still on a bench is leased anew."""
    touched = [standing for standing in changed if standing.touched]
    if not touched:
        return
    for standing in touched:
        leased = standing.state in _OPEN and not standing.released
        standing.lease_until = now + TTL_S if leased else 0
    rows = [
        {"of_order": s.order_id, "updated": now} | {name: getattr(s, name) for name in _SAVED}
        for s in touched
    ]
    connection.execute(update(orders).where(orders.c.order_id == bindparam("of_order")), rows)
    drop_asides(connection, [s.order_id for s in touched if s.shipped])
    due = _fold(connection, [s.order_id for s in touched if s.released], now)
    for s in touched:
        moves.leave(s.was, s.ship_by)
        moves.enter(s.state, due.get(s.order_id, s.ship_by))


def _fold(connection: Connection, released: Sequence[str], now: int) -> dict[str, int]:
    """Put newer versions in force and return when these are due."""
    folded = fold_asides(connection, released, now) if released else set()
    if not folded:
        return {}
    listed = select(orders.c.order_id, orders.c.ship_by).where(orders.c.order_id.in_(folded))
    return {row.order_id: row.ship_by for row in connection.execute(listed)}
