"""The journal's entries as a hash chain, and the store's audit heads that this bench was told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from station import sqlite, wire
from station.acts import Head
from station.chain import Clocks, Finding, Walk, as_text, digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from station.model import Entry

    Query = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]

COLUMNS = ("seq", "kind", "order_id", "fence", "packer", "at_ms", "state", "data")
"""What an entry's hash covers, in its order."""

STEP = """
ALTER TABLE entries ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE TABLE anchors(
  id INTEGER PRIMARY KEY, store TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
  hash TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE UNIQUE INDEX anchors_head ON anchors(store, seq, hash)
"""
CHAINED = "chained"
"""The mark that says up to which entry the chain was made at once, when it was first opened."""

KEPT = 1000
"""The newest anchors that are kept; of the older ones the newest of each day is."""
_DAY_MS = 86_400_000
_PAGE = 1000
_HASH = 64

_TOP = """SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name='entries'),0),
 coalesce((SELECT hash FROM entries ORDER BY seq DESC LIMIT 1),'')"""
_INSERT = (
    "INSERT INTO entries(seq,kind,order_id,fence,packer,at_ms,state,data,hash)"
    " VALUES(?,?,?,?,?,?,?,?,?)"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest line of the store's audit log, as it was at one time."""

    head: Head
    at: datetime
    """When this bench was told."""
    store: str = ""
    """The store's id; empty: this bench had not come to it yet."""
    epoch: int = 0
    """The store's epoch then."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a journal."""

    head: Head
    """The newest entry that is in its place and as it was written."""
    wrong: Finding | None = None
    back: tuple[tuple[int, int], ...] = ()
    """Entries that were written with the clock set back, and by how many seconds."""
    made_upto: int | None = None
    """Up to which entry the chain was made at once, when the program was upgraded; None: it was not
    made yet, by an older version."""
    asked: str = ""
    """The hash of the entry that was asked for; empty: it is not there."""


def add(db: sqlite3.Connection, e: Entry) -> int:
    """Write an entry below the newest, inside a transaction; return its number."""
    last, above = db.execute(_TOP).fetchone()
    at_ms = int(e.at.timestamp() * 1000)
    state = None if e.state is None else str(e.state)
    row = (last + 1, e.kind, e.order_id, e.fence, e.packer, at_ms, state, json.dumps(e.data))
    db.execute(_INSERT, (*row, digest(above, row)))
    return int(last) + 1


def head(query: Query) -> Head:
    """Return the newest entry's number and hash."""
    rows = query("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1", ())
    return Head(*rows[0]) if rows else Head()


def complete(db: sqlite3.Connection) -> int:
    """Chain the entries that an older version wrote, inside a transaction; return the last one."""
    walk, last = Walk("Entry"), 0
    for row in db.execute(f"SELECT {','.join(COLUMNS)} FROM entries ORDER BY seq").fetchall():  # noqa: S608 - our own words only
        last, walk.hash = row[0], digest(walk.hash, row)
        db.execute("UPDATE entries SET hash=? WHERE seq=?", (walk.hash, last))
    db.execute("INSERT INTO marks VALUES(?,?)", (CHAINED, str(last)))
    return int(last)


def look(query: Query, wanted: int = 0) -> Look:
    """Follow the whole chain; wanted: an entry whose hash is asked for."""
    given = query("SELECT seq FROM sqlite_sequence WHERE name='entries'", ())
    made = query("SELECT value FROM marks WHERE name=?", (CHAINED,))
    walk, clocks, asked = Walk("Entry"), Clocks(), ""
    for row, told in _rows(query, is_chained=bool(made)):
        if not _take(walk, row, told):
            break
        clocks.step(walk.count, row[5])
        asked = walk.hash if walk.count == wanted else asked
    walk.ends(int(given[0][0]) if given else 0)
    upto = int(made[0][0]) if made else None
    wrong = walk.wrong or _damage(query)
    return Look(Head(walk.count, walk.hash), wrong, tuple(clocks.back), upto, asked)


def _damage(query: Query) -> Finding | None:
    """Return what SQLite itself finds, where every entry is as it was written."""
    words = query("PRAGMA integrity_check(1)", ())
    good = not words or words[0][0] == "ok"
    return None if good else Finding(0, f"The file is damaged: {words[0][0]}.")


def _take(walk: Walk, row: Sequence[Any], told: object) -> bool:
    if row[0] == walk.count + 1:
        try:
            wire.entry_from_row(row)
        except (ValueError, TypeError, OverflowError, OSError) as failure:
            walk.unreadable(failure)
            return False
    return walk.step(row[0], row, told)


def _rows(query: Query, *, is_chained: bool) -> Iterator[tuple[list[Any], object]]:
    """Yield what stands in each entry, and its hash; None: it has none, by an older version."""
    columns = ",".join(map(sqlite.raw, COLUMNS))
    told = sqlite.raw("hash") if is_chained else "0"
    after: object = -(2**63)
    page = f"SELECT {columns},{told},seq FROM entries WHERE seq>? ORDER BY seq LIMIT {_PAGE}"  # noqa: S608 - our own words only
    while rows := query(page, (after,)):
        for row in rows:
            *values, hashed, after = map(as_text, row)
            yield values, (hashed or "") if is_chained else None


# — what the store said of its audit log —
def may_be(head: Head) -> bool:
    """Tell whether a head names a line: a store may be empty, or say nonsense."""
    return 0 < head.seq < 2**63 and len(head.hash) <= _HASH


def keep(db: sqlite3.Connection, anchor: Anchor) -> None:
    """Remember an anchor, inside a transaction, and forget the oldest that are too many."""
    at_ms = int(anchor.at.timestamp() * 1000)
    row = (anchor.store, anchor.epoch, anchor.head.seq, anchor.head.hash, at_ms)
    db.execute("INSERT OR IGNORE INTO anchors(store,epoch,seq,hash,at_ms) VALUES(?,?,?,?,?)", row)
    db.execute(
        "DELETE FROM anchors WHERE id<=(SELECT max(id) FROM anchors)-?"
        " AND id NOT IN (SELECT max(id) FROM anchors GROUP BY store, at_ms/?)",
        (KEPT, _DAY_MS),
    )


def newest(query: Query, store: str) -> Head:
    """Return the anchor that a store told last."""
    rows = query("SELECT seq,hash FROM anchors WHERE store=? ORDER BY id DESC LIMIT 1", (store,))
    return Head(*rows[0]) if rows else Head()


def anchors(query: Query, store: str) -> tuple[Anchor, ...]:
    """Return what a store told of its audit log, the oldest lines of it first.

    A journal that took another's place has not come to a store yet: then it is the one that told
    something last.
    """
    last = query("SELECT store FROM anchors ORDER BY id DESC LIMIT 1", ())
    whose = store or (last[0][0] if last else "")
    rows = query("SELECT seq,hash,at_ms,epoch FROM anchors WHERE store=? ORDER BY seq,id", (whose,))
    return tuple(
        Anchor(Head(seq, told), datetime.fromtimestamp(at_ms / 1000, UTC), whose, epoch)
        for seq, told, at_ms, epoch in rows
    )
