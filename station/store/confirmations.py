"""Confirmations: each line in exactly one export, however often the program dies in between.

A line that an open export has gathered stays pending, but no other export takes it. Finishing
makes the lines exported, dropping frees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from station.errors import StoreRefused
from station.model import ConfirmationLine, OrderState
from station.store.port import Export
from station.store.records import confirmation_line
from station.store.schema import IS_OPEN_EXPORT, IS_PENDING, confirmations, exports, orders
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from station.store.records import AnyRow


def begin_export(connection: Connection, path: str, now: int) -> Export | None:
    """Gather all pending lines that no open export has."""
    free = (IS_PENDING, confirmations.c.export_id.is_(None))
    if connection.execute(select(confirmations.c.item_id).where(*free).limit(1)).first() is None:
        return None
    export_id = _new(connection, path, None, now)
    gathered = connection.execute(update(confirmations).where(*free).values(export_id=export_id))
    if not gathered.rowcount:
        connection.execute(exports.delete().where(exports.c.export_id == export_id))
        return None
    return Export(export_id, path, "", _lines(connection, export_id))


def begin_again(connection: Connection, path: str, earlier: int, now: int) -> Export:
    """Give the lines of an earlier, written export once more under a new one."""
    row = _locked(connection, earlier)
    if row.state != "written":
        raise StoreRefused(f"Export {earlier} was never written.", "Export without --again.")
    source = row.again or earlier
    return Export(_new(connection, path, source, now), path, "", _lines(connection, source))


def seal_export(connection: Connection, export_id: int, sha256: str) -> None:
    """Remember the digest of an open export's file."""
    _open(connection, export_id, "written")
    connection.execute(
        update(exports).where(exports.c.export_id == export_id).values(sha256=sha256)
    )


def finish_export(connection: Connection, export_id: int, now: int) -> None:
    """Mark lines exported, and orders confirmed that have no pending line left."""
    row = _open(connection, export_id, "written")
    _end(connection, export_id, "written", now)
    if row.state != "open" or row.again is not None:
        return
    moves = Moves()
    mine = confirmations.c.export_id == export_id
    told = connection.execute(
        update(confirmations).where(mine, IS_PENDING).values(state="exported")
    ).rowcount
    moves.lines("pending", -told)
    moves.lines("exported", told)
    other = confirmations.alias()
    left = exists().where(other.c.order_id == orders.c.order_id, other.c.state == "pending")
    confirmed = connection.execute(
        update(orders)
        .where(
            orders.c.order_id.in_(select(confirmations.c.order_id).where(mine)),
            orders.c.state == OrderState.SHIPPED,
            ~left,
        )
        .values(state=OrderState.CONFIRMED, updated=now)
    ).rowcount
    moves.leave(OrderState.SHIPPED, 0, confirmed)
    moves.enter(OrderState.CONFIRMED, 0, confirmed)
    moves.save(connection)


def drop_export(connection: Connection, export_id: int, now: int) -> None:
    """Free the lines of an export that was never written."""
    row = _open(connection, export_id, "dropped")
    if row.state == "open":
        _end(connection, export_id, "dropped", now)
        connection.execute(
            update(confirmations)
            .where(confirmations.c.export_id == export_id)
            .values(export_id=None)
        )


def open_exports(connection: Connection) -> Iterator[Export]:
    """Yield exports that were begun and neither finished nor dropped, oldest first."""
    rows = connection.execute(
        select(exports).where(IS_OPEN_EXPORT).order_by(exports.c.export_id)
    ).all()
    for row in rows:
        lines = _lines(connection, row.again or row.export_id)
        yield Export(row.export_id, row.path, row.sha256, lines)


def _new(connection: Connection, path: str, again: int | None, now: int) -> int:
    row = {"path": path, "state": "open", "again": again, "begun": now}
    made = connection.execute(exports.insert().values(row).returning(exports.c.export_id))
    return int(made.scalar_one())


def _end(connection: Connection, export_id: int, state: str, now: int) -> None:
    connection.execute(
        update(exports)
        .where(exports.c.export_id == export_id, IS_OPEN_EXPORT)
        .values(state=state, ended=now)
    )


def _locked(connection: Connection, export_id: int) -> AnyRow:
    row = connection.execute(
        select(exports).where(exports.c.export_id == export_id).with_for_update()
    ).first()
    if row is None:
        raise StoreRefused(f"Export {export_id} is not known.", "Look at the list of exports.")
    return row


def _open(connection: Connection, export_id: int, goal: str) -> AnyRow:
    """Return an export that is open, or has reached the goal already."""
    row = _locked(connection, export_id)
    if row.state not in {"open", goal}:
        raise StoreRefused(f"Export {export_id} is {row.state}.", "Begin a new export.")
    return row


def _lines(connection: Connection, export_id: int) -> tuple[ConfirmationLine, ...]:
    rows = connection.execute(
        select(confirmations)
        .join(orders, orders.c.order_id == confirmations.c.order_id)
        .where(confirmations.c.export_id == export_id)
        .order_by(
            orders.c.ship_by,
            confirmations.c.order_id,
            confirmations.c.package,
            confirmations.c.item_id,
        )
    )
    return tuple(confirmation_line(row) for row in rows)
