"""A station's journal taken over: each entry once, in order, with effect while its fence holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update

from station.errors import StoreRefused
from station.model import OrderState
from station.store import journals, learning, restoring, teaching, weights
from station.store.port import Applied
from station.store.reading import chunks, entry_from
from station.store.schema import journal_entries
from station.store.standing import adopt, save, standings, take
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from station.model import Entry
    from station.store.records import AnyRow
    from station.store.standing import Standing


def apply(
    connection: Connection, station: str, entries: Sequence[Entry], journal: str, now: int
) -> Applied:
    """Take over the entries that are not known yet, and tell which ones had no effect."""
    row = journals.lock(connection, station, journal, now)
    upto = row.upto
    by_seq = {entry.seq: entry for entry in sorted(entries, key=lambda entry: entry.seq)}
    fresh = [entry for seq, entry in by_seq.items() if seq > upto]
    for wanted, entry in enumerate(fresh, upto + 1):
        if entry.seq != wanted:
            raise StoreRefused(
                f"The journal of {station} has a gap: entry {wanted} is needed next.",
                "Send the journal again from there.",
            )
    again = [entry for seq, entry in by_seq.items() if seq <= upto]
    conflicts = _known_conflicts(connection, row, again)
    if fresh:
        conflicts += _take_over(connection, row, fresh, now)
        upto = fresh[-1].seq
        journals.advance(connection, row, upto, now)
    return Applied(upto, tuple(conflicts))


def replay(connection: Connection, order_ids: Sequence[str], now: int) -> None:
    """Do what stations said about orders before these came in, or came back after a restore."""
    rows = connection.execute(
        select(journal_entries)
        .where(journal_entries.c.order_id.in_(order_ids))
        .order_by(journal_entries.c.fence, journal_entries.c.station, journal_entries.c.seq)
    ).all()
    if not rows:
        return
    known = standings(connection, sorted({row.order_id for row in rows}))
    # The store gave none of them out yet: of two stations the one with the higher fence is right.
    end = restoring.fences_of_epoch(connection).stop
    ours = range(end, end)
    moves = Moves()
    done = [
        row
        for row in rows
        if _do(connection, known, row.station, entry_from(row), moves, now, ours)
    ]
    for row in done:
        connection.execute(update(journal_entries).where(*_same(row)).values(conflict=False))
    save(connection, known.values(), moves, now)
    moves.save(connection)


def _same(row: AnyRow) -> tuple[ColumnElement[bool], ...]:
    return tuple(journal_entries.c[n] == getattr(row, n) for n in ("station", "journal", "seq"))


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
    return tuple((row.station, entry_from(row)) for _, row in when)


def _known_conflicts(connection: Connection, mine: AnyRow, again: Sequence[Entry]) -> list[int]:
    conflicts: list[int] = []
    for part in chunks(again):
        stored = select(journal_entries).where(
            journal_entries.c.station == mine.station,
            journal_entries.c.journal == mine.journal,
            journal_entries.c.seq.between(part[0].seq, part[-1].seq),
        )
        rows = {row.seq: row for row in connection.execute(stored)}
        for entry in part:
            row = rows.get(entry.seq)
            if row is None or _told(row) != (_ms(entry), entry.fence, entry.kind, entry.order_id):
                raise journals.another_story(mine.station, entry.seq)
            if row.conflict:
                conflicts.append(entry.seq)
    return conflicts


def _told(row: AnyRow) -> tuple[int, int, str, str]:
    return row.at_ms, row.fence, row.kind, row.order_id


def _ms(entry: Entry) -> int:
    return round(entry.at.timestamp() * 1000)


def _take_over(connection: Connection, mine: AnyRow, fresh: Sequence[Entry], now: int) -> list[int]:
    known = standings(connection, sorted({entry.order_id for entry in fresh if entry.order_id}))
    ours = restoring.fences_of_epoch(connection) if mine.lost_upto > mine.upto else None
    moves, rows, closed = Moves(), [], []
    for entry in fresh:
        lost = ours if entry.seq <= mine.lost_upto else None
        good = not entry.order_id or _do(connection, known, mine.station, entry, moves, now, lost)
        if good and entry.kind == "proposed":
            teaching.propose(connection, mine.station, entry, now)
        if good and entry.state is OrderState.SHIPPED and "net_g" in entry.data:
            closed.append(entry)
        rows.append(_row(mine, entry, conflict=not good))
    connection.execute(plain_insert(journal_entries), rows)
    weights.learn(connection, closed, now)
    save(connection, known.values(), moves, now)
    moves.save(connection)
    return [row["seq"] for row in rows if row["conflict"]]


def _do(
    connection: Connection,
    known: dict[str, Standing],
    station: str,
    entry: Entry,
    moves: Moves,
    now: int,
    ours: range | None,
) -> bool:
    """Do what an entry says; ours: the store gave these fences since it forgot what led to it."""
    standing = known.get(entry.order_id)
    if ours is not None and standing is not None:
        adopt(standing, station, entry, ours)
    good = take(connection, standing, station, entry, moves)
    if good and entry.kind in {"bought", "voided"}:
        learning.learn(connection, station, entry, now)
    return good


def _row(mine: AnyRow, entry: Entry, *, conflict: bool) -> dict[str, Any]:
    return {
        "station": mine.station,
        "journal": mine.journal,
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
