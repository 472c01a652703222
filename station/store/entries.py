"""A station's journal taken over: each entry once, in order, with effect while its fence holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update

from station.errors import StoreRefused
from station.model import Entry, OrderState
from station.store.database import insert
from station.store.port import Applied
from station.store.reading import chunks
from station.store.records import moment
from station.store.schema import journal_entries, journals
from station.store.standing import save, standings, take
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from station.store.records import AnyRow


def apply(connection: Connection, station: str, entries: Sequence[Entry], now: int) -> Applied:
    """Take over the entries that are not known yet, and tell which ones had no effect."""
    upto = _lock_journal(connection, station)
    by_seq = {entry.seq: entry for entry in sorted(entries, key=lambda entry: entry.seq)}
    fresh = [entry for seq, entry in by_seq.items() if seq > upto]
    for wanted, entry in enumerate(fresh, upto + 1):
        if entry.seq != wanted:
            raise StoreRefused(
                f"The journal of {station} has a gap: entry {wanted} is needed next.",
                "Send the journal again from there.",
            )
    again = [entry for seq, entry in by_seq.items() if seq <= upto]
    conflicts = _known_conflicts(connection, station, again)
    if fresh:
        conflicts += _take_over(connection, station, fresh, now)
        upto = fresh[-1].seq
        connection.execute(update(journals).where(journals.c.station == station).values(upto=upto))
    return Applied(upto, tuple(conflicts))


def history(connection: Connection, order_id: str) -> tuple[tuple[str, Entry], ...]:
    """Return all entries about an order, oldest first, each station's in its own order."""
    rows = connection.execute(
        select(journal_entries)
        .where(journal_entries.c.order_id == order_id)
        .order_by(journal_entries.c.station, journal_entries.c.seq)
    ).all()
    latest: dict[str, int] = {}
    when: list[tuple[int, AnyRow]] = []
    for row in rows:
        # A station's clock may have been set back; its entries stay in the order of their seq.
        latest[row.station] = max(latest.get(row.station, row.at_ms), row.at_ms)
        when.append((latest[row.station], row))
    when.sort(key=lambda pair: pair[0])
    return tuple((row.station, _entry(row)) for _, row in when)


def _entry(row: AnyRow) -> Entry:
    return Entry(
        seq=row.seq,
        kind=row.kind,
        order_id=row.order_id,
        fence=row.fence,
        packer=row.packer,
        at=moment(row.at_ms / 1000),
        state=OrderState(row.state) if row.state else None,
        data=json.loads(row.data),
    )


def _lock_journal(connection: Connection, station: str) -> int:
    mine = insert(connection, journals).values(station=station, upto=0)
    mine = mine.on_conflict_do_update(
        index_elements=[journals.c.station], set_={"upto": journals.c.upto}
    )
    return int(connection.execute(mine.returning(journals.c.upto)).scalar_one())


def _known_conflicts(connection: Connection, station: str, again: Sequence[Entry]) -> list[int]:
    conflicts: list[int] = []
    for part in chunks(again):
        stored = select(journal_entries).where(
            journal_entries.c.station == station,
            journal_entries.c.seq.between(part[0].seq, part[-1].seq),
        )
        rows = {row.seq: row for row in connection.execute(stored)}
        for entry in part:
            row = rows.get(entry.seq)
            if row is None or (row.at_ms, row.fence) != (_ms(entry), entry.fence):
                raise _another_journal(station, entry.seq)
            if row.conflict:
                conflicts.append(entry.seq)
    return conflicts


def _another_journal(station: str, seq: int) -> StoreRefused:
    # A new journal under an old name would be swallowed as long as its numbers are known.
    return StoreRefused(
        f"Entry {seq} of {station} is not the one the store has: its journal was replaced.",
        "Give this station a new name in station.toml.",
    )


def _ms(entry: Entry) -> int:
    return round(entry.at.timestamp() * 1000)


def _take_over(connection: Connection, station: str, fresh: Sequence[Entry], now: int) -> list[int]:
    known = standings(connection, sorted({entry.order_id for entry in fresh if entry.order_id}))
    moves, rows = Moves(), []
    for entry in fresh:
        good = not entry.order_id or take(
            connection, known.get(entry.order_id), station, entry, moves
        )
        rows.append(_row(station, entry, conflict=not good))
    connection.execute(plain_insert(journal_entries), rows)
    save(connection, known.values(), moves, now)
    moves.save(connection)
    return [row["seq"] for row in rows if row["conflict"]]


def _row(station: str, entry: Entry, *, conflict: bool) -> dict[str, Any]:
    return {
        "station": station,
        "seq": entry.seq,
        "kind": entry.kind,
        "order_id": entry.order_id,
        "fence": entry.fence,
        "packer": entry.packer,
        "at_ms": _ms(entry),
        "state": entry.state or "",
        "data": json.dumps(entry.data, default=str),
        "conflict": conflict,
    }
