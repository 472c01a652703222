"""A store that was put back from a backup: what it forgot is heard from the stations again.

It knows because a station was told more than it remembers. Then its epoch rises: new fences are
higher than any that were given before, label numbers jump over those that may have been used, and
nobody gets an order until every station that was at work has handed over its journal again, else
what was packed since the backup would be packed twice.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, case, cast, exists, func, literal, select, update

from station.errors import StoreRefused
from station.store.database import insert
from station.store.schema import LABEL_SERIALS, counters, journals, orders

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from station.store.records import AnyRow

EPOCH = "epoch"
STORE_ID = "store"
SKIPPED_SERIALS = 100_000
"""Label numbers passed over: more than are used between two backups."""

MOST_EPOCHS = 10
"""A bench that tells of a far higher epoch shall not use up the numbers of the prefix."""

SILENT_S = 3 * 24 * 3600
"""A station that had been silent so long when the newest one was heard of is not waited for."""

_FENCES = 2**32
"""Fences of one epoch."""


def store_id(connection: Connection) -> str:
    """Return the store's own id, made when it is first asked for."""
    known = select(counters.c.value).where(counters.c.name == STORE_ID)
    value = connection.execute(known).scalar()
    if value is None:
        made = insert(connection, counters).values(name=STORE_ID, value=secrets.randbits(62))
        connection.execute(made.on_conflict_do_nothing())
        value = connection.execute(known).scalar_one()
    return f"{value:016x}"


def _epoch() -> ColumnElement[int]:
    kept = select(counters.c.value).where(counters.c.name == EPOCH).scalar_subquery()
    return func.coalesce(kept, 1)


def epoch_of(connection: Connection) -> int:
    """Return the epoch: 1, and one more for each time the store was restored."""
    return int(connection.execute(select(_epoch())).scalar_one())


def lowest_fence() -> ColumnElement[int]:
    """Return the SQL of the number above which all fences of this epoch are."""
    return (cast(_epoch(), BigInteger) - 1) * literal(_FENCES, BigInteger)


def next_fence(lowest: ColumnElement[int] | None = None) -> ColumnElement[int]:
    """Return the SQL of an order's next fence, higher than any of an earlier epoch."""
    least = lowest_fence() if lowest is None else lowest
    return case((orders.c.fence < least, least), else_=orders.c.fence) + 1


def fences_of_epoch(connection: Connection) -> range:
    """Return the fences that this epoch gives; those before it are of earlier ones."""
    lowest = (epoch_of(connection) - 1) * _FENCES
    return range(lowest + 1, lowest + _FENCES)


def rise(connection: Connection, above: int, comer: AnyRow | None = None) -> int:
    """Begin a new epoch, higher than the store's own and the one given; return it.

    Comer is the row of the station whose coming showed that it is needed, None by a person's word.
    """
    before = epoch_of(connection)
    epoch = max(before, above) + 1
    begun = insert(connection, counters).values(name=EPOCH, value=epoch)
    connection.execute(
        begun.on_conflict_do_update(index_elements=[counters.c.name], set_={"value": epoch})
    )
    # As many for each epoch: one that was lost in another restore of this backup used its own.
    skipped = min(epoch - before, MOST_EPOCHS) * SKIPPED_SERIALS
    jump = insert(connection, counters).values(name=LABEL_SERIALS, value=skipped)
    jump = jump.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + skipped}
    )
    connection.execute(jump)
    _excuse(connection, epoch, comer)
    return epoch


def _excuse(connection: Connection, epoch: int, comer: AnyRow | None) -> None:
    # Those who came since the restore were seen later than the backup knows: they tell nothing.
    newest = select(func.max(journals.c.seen)).scalar_subquery() if comer is None else comer.seen
    silent = (journals.c.seen < newest - SILENT_S) | (journals.c.seen == 0)
    others = journals.c.station != (comer.station if comer else "")
    connection.execute(update(journals).where(others, silent).values(epoch=epoch))


def memory(connection: Connection) -> tuple[str, int]:
    """Return the store's id, and when a station was heard of last; the second never goes back."""
    newest = select(func.coalesce(func.max(journals.c.seen), 0))
    return store_id(connection), int(connection.execute(newest).scalar_one())


def awaited(connection: Connection) -> tuple[str, ...]:
    """Return the stations that have not handed over their journals since the store was restored."""
    late = select(journals.c.station).where(journals.c.epoch < _epoch())
    return tuple(connection.execute(late.order_by(journals.c.station)).scalars())


def is_awaited() -> ColumnElement[bool]:
    """Return the SQL of whether any station is waited for."""
    return exists().where(journals.c.epoch < _epoch())


def refuse_while_awaited(connection: Connection) -> None:
    """Raise StoreRefused while a station may have packed what the store takes for waiting."""
    if names := awaited(connection):
        raise StoreRefused(
            f"The store was restored from a backup: waiting for {', '.join(names)}.",
            "Switch these benches on, or on the server: `station enrol --excuse NAME`.",
        )


def excuse(connection: Connection, station: str) -> bool:
    """Wait no longer for a station; return whether it was waited for."""
    mine = (journals.c.station == station) & (journals.c.epoch < _epoch())
    return connection.execute(update(journals).where(mine).values(epoch=_epoch())).rowcount > 0
