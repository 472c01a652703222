"""When orders of each channel were brought in last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from station.overview import Pull
from station.store.database import insert
from station.store.records import moment
from station.store.schema import counters

if TYPE_CHECKING:
    from sqlalchemy import Connection

PULLED = "pulled:"
"""Before a channel's name in `counters`; the value is when its orders came last."""


def note(connection: Connection, channel: str, now: int) -> None:
    """Remember that orders of a channel were brought in."""
    made = insert(connection, counters).values(name=PULLED + channel, value=now)
    connection.execute(
        made.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": now})
    )


def channels(connection: Connection) -> tuple[Pull, ...]:
    """Return every channel that orders came from, by name."""
    name = counters.c.name
    named = (name >= PULLED) & (name < PULLED + "\U0010ffff")
    rows = connection.execute(select(counters).where(named).order_by(name))
    return tuple(
        Pull(row.name.removeprefix(PULLED), moment(row.value) if row.value else None)
        for row in rows
    )
