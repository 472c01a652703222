"""The store's copies of the benches' journals, against the newest hash that each bench told.

A bench chains its entries and tells the store the hash of its newest one. The same chain made of
the copies must end in the same hash: else an entry was changed here, or there before it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from station.acts import Head
from station.chain import as_text, digest
from station.store.audit_walk import as_stored
from station.store.schema import journal_entries, journals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from station.store.database import Database
    from station.store.records import AnyRow

_PAGE = 1000
_FIELDS = ("seq", "kind", "order_id", "fence", "packer", "at_ms", "state", "data")
_STATE = _FIELDS.index("state")


@dataclass(frozen=True, slots=True)
class Copy:
    """What the store has of one bench's journal."""

    station: str
    told: Head
    """The newest entry that the bench told of."""
    has: Head
    """The chain made of the copies, up to that entry or to the first one that is not there."""
    upto: int
    """How far the journal was taken over; less than what was told while entries are on the way."""
    odd: int = 0
    """The first entry with a sign that no database keeps (NUL, half a character); 0: there is none.
    The bench chained it as it was scanned."""

    @property
    def wrong(self) -> str:
        """What does not fit, in one sentence; empty when nothing was found."""
        last = min(self.upto, self.told.seq)
        if self.has.seq < last:
            return f"Entry {self.has.seq + 1} of {self.station} is missing in the store."
        if self.has.seq == self.told.seq and self.has != self.told:
            why = (
                f" Entry {self.odd} alone may explain it: a sign was lost there."
                if self.odd
                else ""
            )
            return f"The store's copy of {self.station}'s journal is not what the bench told.{why}"
        return ""


def walk(database: Database) -> tuple[Copy, ...]:
    """Follow every journal whose bench told of its newest entry, by the bench's name."""
    told = select(journals).where(journals.c.head_seq > 0).order_by(journals.c.station)
    rows = database.look(lambda c: c.execute(told).all())
    return tuple(_copy(database, row) for row in rows)


def _copy(database: Database, row: AnyRow) -> Copy:
    told, has, odd = Head(row.head_seq, row.head_hash), Head(), 0
    for fields in _entries(database, row):
        if fields[0] != has.seq + 1:
            break
        fields[_STATE] = fields[_STATE] or None  # a bench keeps no state as nothing at all
        has = Head(fields[0], digest(has.hash, fields))
        odd = odd or (has.seq if _is_odd(fields) else 0)
    return Copy(row.station, told, has, row.upto, odd)


def _is_odd(fields: list[Any]) -> bool:
    return any("\ufffd" in text or "\\ufffd" in text for text in fields if isinstance(text, str))


def _entries(database: Database, row: AnyRow) -> Iterator[list[Any]]:
    after = 0
    while page := database.look(partial(_page, row=row, after=after)):
        yield from page
        after = page[-1][0]


def _page(connection: Connection, row: AnyRow, after: int) -> list[list[Any]]:
    entry = journal_entries.c
    rows = select(*as_stored(connection, journal_entries, _FIELDS)).where(
        entry.station == row.station,
        entry.journal == row.journal,
        entry.seq > after,
        entry.seq <= row.head_seq,
    )
    found = connection.execute(rows.order_by(entry.seq).limit(_PAGE))
    return [list(map(as_text, fields)) for fields in found]
