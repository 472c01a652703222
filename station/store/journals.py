"""Whose journal counts for a station: one memory speaks for each name, and it never goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select, update

from station.errors import Quarantined
from station.model import Welcome
from station.store import audit, restoring
from station.store.database import insert
from station.store.records import moment
from station.store.schema import journal_entries, journals

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from station.model import Presence
    from station.store.records import AnyRow

_WAY_OUT = "Work on nothing here; run `station journal renew` at the bench that shall go on."


def hello(connection: Connection, station: str, presence: Presence, now: int) -> Welcome:
    """Take a station in, or refuse one whose memory is not the one that is known."""
    row = before = _row(connection, station, 0)
    is_new = bool(row.journal) and row.journal != presence.journal
    if is_new:
        row = _begin_anew(connection, row, presence)
    elif not row.journal:
        row = _adopt(connection, row, presence.journal)
    _refuse_strangers(row, presence)
    epoch = _epoch(connection, row, presence)
    owed = max(row.lost_upto, _owed(row, presence, epoch))
    values = {"run": presence.run, "seen": _later(now), "lost_upto": owed} | (
        {"last_run": row.run} if row.run != presence.run else {}
    )
    values |= {"epoch": epoch} if row.upto >= owed else {}
    connection.execute(update(journals).where(journals.c.station == station).values(values))
    if is_new:
        _tell_renewed(connection, before, now)
    return Welcome(row.upto, restoring.store_id(connection), epoch, moment(now))


def _later(now: int) -> ColumnElement[int]:
    # It never goes back, whatever the clock does: the server's watch goes by it.
    return case((journals.c.seen < now, now), else_=journals.c.seen)


def _row(connection: Connection, station: str, seen: int) -> AnyRow:
    """Return the row of a station's journal, made where it is missing, and lock it."""
    mine = insert(connection, journals).values(
        station=station, upto=0, epoch=restoring.epoch_of(connection), seen=seen
    )
    same = {"seen": journals.c.seen}
    mine = mine.on_conflict_do_update(index_elements=[journals.c.station], set_=same)
    return connection.execute(mine.returning(*journals.c)).one()


def _refuse_strangers(row: AnyRow, presence: Presence) -> None:
    if presence.run == row.last_run and presence.run != row.run:
        raise Quarantined(f"Another machine works under the name {row.station}.", _WAY_OUT)
    had = max(row.upto, presence.sent)
    if presence.last < had:
        raise Quarantined(
            f"This bench remembers {presence.last} entries, the store was sent {had} of it:"
            " its disk was put back from an old image, or copied.",
            _WAY_OUT,
        )


def _epoch(connection: Connection, row: AnyRow, presence: Presence) -> int:
    """Return the store's epoch; it rises when a station was told more than the store remembers."""
    epoch = restoring.epoch_of(connection)
    if presence.store != restoring.store_id(connection):
        return epoch
    # One that has not heard of this epoch is behind because of what it began with.
    forgot = presence.sent > row.upto and row.epoch == epoch and presence.epoch in {0, epoch}
    # Known there and not here: it is the epoch of a memory that was lost in another restore.
    strange = presence.epoch == epoch > row.epoch and row.upto >= row.lost_upto
    if forgot or strange or presence.epoch > epoch:
        return restoring.rise(connection, presence.epoch, row)
    return epoch


def _owed(row: AnyRow, presence: Presence, epoch: int) -> int:
    """Return up to which entry a station's leases may be ones that the store has forgotten."""
    forgotten = presence.sent > row.upto or presence.epoch < epoch
    return presence.last if forgotten and presence.last > row.upto else 0


def _tell_renewed(connection: Connection, old: AnyRow, now: int) -> None:
    """Write down how far the old journal was known: a new one may be begun to hide what it said."""
    audit.append(
        connection,
        now,
        who=old.station,
        role="station",
        station=old.station,
        act="journal-renewed",
        data={"upto": old.upto, "head_seq": old.head_seq, "head_hash": old.head_hash},
    )


def _begin_anew(connection: Connection, row: AnyRow, presence: Presence) -> AnyRow:
    """Let a new journal take the place of the old one; one that was replaced may not come back."""
    known = select(journal_entries.c.seq).where(
        journal_entries.c.station == row.station, journal_entries.c.journal == presence.journal
    )
    if connection.execute(known.limit(1)).first() is not None:
        raise Quarantined(
            f"The journal of {row.station} was replaced by a newer one: this one is a copy.",
            _WAY_OUT,
        )
    anew = update(journals).where(journals.c.station == row.station)
    anew = anew.values(journal=presence.journal, upto=0, lost_upto=0, head_seq=0, head_hash="")
    return connection.execute(anew.returning(*journals.c)).one()


def _adopt(connection: Connection, row: AnyRow, journal: str) -> AnyRow:
    """Give a journal that is known without an id its id."""
    nameless = (journal_entries.c.station == row.station) & (journal_entries.c.journal == "")
    connection.execute(update(journal_entries).where(nameless).values(journal=journal))
    named = update(journals).where(journals.c.station == row.station).values(journal=journal)
    return connection.execute(named.returning(*journals.c)).one()


def lock(connection: Connection, station: str, journal: str, now: int) -> AnyRow:
    """Return the row of a station's journal under lock; refuse another journal than the known."""
    row = _row(connection, station, now)
    if not journal or journal == row.journal:
        return row
    if not row.journal:
        return _adopt(connection, row, journal)
    raise Quarantined(f"Another journal counts for {station} by now.", _WAY_OUT)


def advance(connection: Connection, row: AnyRow, upto: int, now: int) -> None:
    """Remember how far a journal is taken over, and that a restored store caught up with it."""
    values: dict[str, Any] = {"upto": upto, "seen": _later(now)}
    if row.upto < row.lost_upto <= upto:
        values["epoch"] = restoring.epoch_of(connection)
    connection.execute(update(journals).where(journals.c.station == row.station).values(values))


def another_story(station: str, seq: int) -> Quarantined:
    """Return the error for an entry that is not the one which the store has under its number."""
    return Quarantined(
        f"Entry {seq} of {station} is not the one the store has: its journal was replaced.",
        _WAY_OUT,
    )
