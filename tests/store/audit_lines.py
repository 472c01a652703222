"""An audit log with some lines, and what somebody who has the database may do to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select, text, update

from station.chain import digest
from station.store import audit
from station.store.schema_people import audit_log

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.acts import Head
    from station.store.sql import SqlOrderStore

COUNT = 6


def write(store: SqlOrderStore, count: int = COUNT) -> Head:
    """Add lines as acts do; return the newest."""
    first = audit_head(store).seq + 1
    for number in range(first, first + count):
        store._database.change(partial(_hold, number=number, now=store._now()))
    return audit_head(store)


def _hold(connection: Connection, number: int, now: int) -> Head:
    return audit.append(
        connection,
        now,
        who="Sue",
        role="supervisor",
        act="hold",
        station="bench-1",
        order_id=f"111-{number}",
        reason=f"because of {number} \u00e9",
        data={"units": number},
    )


def audit_head(store: SqlOrderStore) -> Head:
    """Return the newest line."""
    return store._database.look(audit.head)


def spoil(store: SqlOrderStore, *statements: str) -> None:
    """Change the database behind the program's back."""
    with store._database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


def rewrite(store: SqlOrderStore, seq: int, who: str = "Bob") -> None:
    """Change a line, and make every hash from there on anew: a chain that is whole again."""
    with store._database.write() as connection:
        connection.execute(update(audit_log).where(audit_log.c.seq == seq).values(who=who))
        above = ""
        for row in connection.execute(select(audit_log).order_by(audit_log.c.seq)).mappings().all():
            above = digest(above, audit.fields_of(dict(row)))
            mine = update(audit_log).where(audit_log.c.seq == row["seq"])
            connection.execute(mine.values(hash=above))
