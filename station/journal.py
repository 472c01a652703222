"""The station's durable log, and what it needs to go on after a crash.

An entry is on the disk before anybody hears of it. What has been leased is kept beside the
entries until the package is over, then it is overwritten: entries never hold a name or an
address.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from station import journal_chain, sqlite, wire
from station.errors import JournalError
from station.journal_chain import Anchor
from station.model import Entry, Lease, OrderState, Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from station.acts import Head
    from station.journal_chain import Look
    from station.model import Welcome

T = TypeVar("T")

MIN_FREE_BYTES = 64 * 2**20
"""Room for the order in hand: below this no new one is opened."""

_BEGAN = """
CREATE TABLE entries(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, order_id TEXT NOT NULL,
  fence INTEGER NOT NULL, packer TEXT NOT NULL, at_ms INTEGER NOT NULL, state TEXT,
  data TEXT NOT NULL);
CREATE INDEX entries_by_order ON entries(order_id);
CREATE TABLE leases(
  order_id TEXT PRIMARY KEY, opened INTEGER NOT NULL, snapshot TEXT NOT NULL);
CREATE TABLE marks(name TEXT PRIMARY KEY, value TEXT NOT NULL)
"""
_MANY_STATIONS = """
CREATE TABLE serials(serial INTEGER PRIMARY KEY, key TEXT UNIQUE);
INSERT INTO marks VALUES('journal', lower(hex(randomblob(16))))
"""
_STEPS = (_BEGAN, _MANY_STATIONS, journal_chain.STEP)


@dataclass(frozen=True, slots=True)
class Open:
    """An order that was on the bench when the journal was last written."""

    lease: Lease
    entries: tuple[Entry, ...]
    """Everything since it was opened under this lease, oldest first."""


class Journal:
    """One station's log in one SQLite file; safe to call from several threads."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] | None = None,
        read_only: bool = False,
    ) -> None:
        self._path = path
        self._clock = clock or (lambda: datetime.now(UTC))
        self._lock = threading.Lock()
        if read_only:
            self._db = sqlite.reading(path, len(_STEPS), JournalError)
        else:
            self._db = sqlite.connect(path, _STEPS, JournalError)
            if not self._mark(journal_chain.CHAINED):
                self._commit(lambda: journal_chain.complete(self._db))

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self._path.parent

    def open(self, lease: Lease, packer: str) -> Entry:
        """Remember a lease and the fact that its order was opened, in one commit."""
        entry = self._entry("opened", lease.order.order_id, lease.fence, packer, None, {})
        snapshot = json.dumps(wire.to_json(lease))

        def write() -> Entry:
            kept = self._insert(entry)
            self._db.execute(
                "INSERT OR REPLACE INTO leases VALUES(?,?,?)", (entry.order_id, kept.seq, snapshot)
            )
            return kept

        return self._commit(write)

    # — orders kept ready: leased, not opened yet —
    def keep_ready(self, lease: Lease) -> None:
        """Remember a lease that nobody has opened yet."""
        row = (lease.order.order_id, 0, json.dumps(wire.to_json(lease)))
        self._commit(lambda: self._db.execute("INSERT OR REPLACE INTO leases VALUES(?,?,?)", row))

    def ready(self) -> tuple[Lease, ...]:
        """Return the leases that were kept ready, in the order they came."""
        rows = self._query("SELECT snapshot FROM leases WHERE opened=0 ORDER BY rowid")
        return tuple(wire.from_json(Lease, json.loads(row[0])) for row in rows)

    def need_room(self) -> None:
        """Raise JournalError when the disk is so full that an order might not be finished."""
        free = shutil.disk_usage(self._path.parent).free
        if free < MIN_FREE_BYTES:
            raise JournalError(
                f"Only {free // 2**20} MiB are free on the disk.",
                "Free 64 MiB or more before the next order.",
            )

    def append(
        self,
        kind: str,
        order_id: str,
        fence: int,
        packer: str,
        state: OrderState | None = None,
        data: dict[str, object] | None = None,
        *,
        over: bool = False,
    ) -> Entry:
        """Store one fact and return it with its number; with over, forget the order's lease.

        Raises:
            JournalError: It was not stored; nobody may act on it.
        """
        entry = self._entry(kind, order_id, fence, packer, state, data or {})

        def write() -> Entry:
            if over:
                self._db.execute("DELETE FROM leases WHERE order_id=?", (order_id,))
            return self._insert(entry)

        return self._commit(write)

    def go_on_from(self, entries: Iterable[Entry], anchors: Iterable[Anchor] = ()) -> int:
        """Take in entries and anchors of a journal that this one replaces; count the entries."""
        kept = list(entries)

        def write() -> None:
            for entry in kept:
                self._insert(entry)
            for anchor in anchors:
                journal_chain.keep(self._db, anchor)

        self._commit(write)
        return len(kept)

    def forget(self, order_id: str) -> None:
        """Drop the lease of an order that is over."""
        self._commit(lambda: self._db.execute("DELETE FROM leases WHERE order_id=?", (order_id,)))

    def open_orders(self) -> tuple[Open, ...]:
        """Return what was on the bench, in the order it was opened."""
        rows = self._query(
            "SELECT order_id, opened, snapshot FROM leases WHERE opened>0 ORDER BY opened"
        )
        return tuple(
            Open(
                wire.from_json(Lease, json.loads(snapshot)),
                tuple(self._entries("order_id=? AND seq>=?", (order_id, opened))),
            )
            for order_id, opened, snapshot in rows
        )

    def about(self, order_id: str) -> tuple[Entry, ...]:
        """Return every entry about an order, oldest first."""
        return tuple(self._entries("order_id=?", (order_id,)))

    def pending(self, limit: int = 200) -> tuple[Entry, ...]:
        """Return entries that the store does not have yet, oldest first; limit -1: all of them."""
        return tuple(self._entries("seq>? ORDER BY seq LIMIT ?", (self.sent_upto, limit)))

    def is_told(self, order_id: str) -> bool:
        """Tell whether the store has every entry about an order."""
        last = "SELECT coalesce(max(seq),0) FROM entries WHERE order_id=?"
        return int(self._query(last, (order_id,))[0][0]) <= self.sent_upto

    @property
    def sent_upto(self) -> int:
        """The highest seq that the store has taken over."""
        return int(self._mark("sent") or 0)

    def sent(self, upto: int) -> None:
        """Remember how far the store is."""
        self._set_marks({"sent": str(upto)})

    # — what the store must know of this memory, and said of itself —
    @property
    def id(self) -> str:
        """This journal's own id, given when its file was made."""
        return self._mark("journal")

    def presence(self, run: str) -> Presence:
        """Return how this station names itself to the store."""
        last = self._query("SELECT coalesce(max(seq),0) FROM entries")[0][0]
        epoch = int(self._mark("epoch") or 0)
        return Presence(self.id, run, int(last), self.sent_upto, self._mark("store"), epoch)

    def welcomed(self, welcome: Welcome) -> bool:
        """Remember the store's answer; return whether it has forgotten entries that it had."""
        forgot = welcome.upto < self.sent_upto
        marks = {"store": welcome.store, "epoch": str(welcome.epoch)}
        if forgot:
            marks["sent"] = str(welcome.upto)
        self._set_marks(marks)
        return forgot

    @property
    def quarantined(self) -> str:
        """Why the store refused this memory when it was asked last; empty when it did not."""
        return self._mark("quarantined")

    def quarantine(self, words: str) -> None:
        """Remember that the store refused this memory, or with '' that it does not any more."""
        if words != self.quarantined:
            self._set_marks({"quarantined": words})

    @property
    def badges(self) -> bool | None:
        """Whether people sign in with badge and PIN, as the store said last; None: it never did."""
        return {"yes": True, "no": False}.get(self._mark("badges"))

    def keep_badges(self, *, badges: bool) -> None:
        """Remember whether people sign in with badge and PIN."""
        self._set_marks({"badges": "yes" if badges else "no"})

    def _mark(self, name: str) -> str:
        rows = self._query("SELECT value FROM marks WHERE name=?", (name,))
        return str(rows[0][0]) if rows else ""

    def _set_marks(self, marks: dict[str, str]) -> None:
        rows = list(marks.items())
        if any(self._mark(name) != value for name, value in rows):
            write = "INSERT OR REPLACE INTO marks VALUES(?,?)"
            self._commit(lambda: self._db.executemany(write, rows))

    # — numbers for labels that are made while the store is away —
    def stock_serials(self, first: int, count: int) -> None:
        """Keep numbers that the store reserved for this station."""
        rows = [(serial,) for serial in range(first, first + count)]
        add = "INSERT OR IGNORE INTO serials(serial) VALUES(?)"
        self._commit(lambda: self._db.executemany(add, rows))

    @property
    def serials_left(self) -> int:
        """How many reserved numbers are free."""
        return int(self._query("SELECT count(*) FROM serials WHERE key IS NULL")[0][0])

    def serial_of(self, key: str) -> int | None:
        """Return the number that a purchase was given before, None if none was."""
        rows = self._query("SELECT serial FROM serials WHERE key=?", (key,))
        return int(rows[0][0]) if rows else None

    def give_serial(self, key: str) -> int | None:
        """Give a purchase a reserved number, the same one at each call; None when all are used."""

        def write() -> int | None:
            free = "SELECT min(serial) FROM serials WHERE key IS NULL"
            self._db.execute(
                f"UPDATE OR IGNORE serials SET key=? WHERE serial=({free})",  # noqa: S608 - our own words only
                (key,),
            )
            row = self._db.execute("SELECT serial FROM serials WHERE key=?", (key,)).fetchone()
            return int(row[0]) if row else None

        return self._commit(write)

    def oldest_pending(self) -> datetime | None:
        """Return when the oldest entry was made that the store does not have; None without any."""
        entries = self.pending(1)
        return entries[0].at if entries else None

    def backlog(self) -> int:
        """Count the entries that the store does not have yet."""
        rows = self._query("SELECT count(*) FROM entries WHERE seq>?", (self.sent_upto,))
        return int(rows[0][0])

    # — the chain, and what the store said of its own —
    @property
    def head(self) -> Head:
        """The newest entry, for others to remember."""
        return journal_chain.head(self._query)

    def keep_anchor(self, head: Head) -> None:
        """Remember the newest line of the store's audit log, as the store told it."""
        store = self._mark("store")
        if journal_chain.may_be(head) and head != journal_chain.newest(self._query, store):
            anchor = Anchor(head, self._clock(), store, int(self._mark("epoch") or 0))
            self._commit(lambda: journal_chain.keep(self._db, anchor))

    def anchors(self) -> tuple[Anchor, ...]:
        """Return what the store that told last said of its audit log, its oldest lines first."""
        is_old = not self._mark(journal_chain.CHAINED)
        return () if is_old else journal_chain.anchors(self._query, self._mark("store"))

    def look(self, wanted: int = 0) -> Look:
        """Follow the whole chain; wanted: an entry whose hash is asked for."""
        return journal_chain.look(self._query, wanted)

    def verify(self) -> tuple[int, str]:
        """Return how many entries there are and the first thing wrong with them, '' if nothing."""
        found = self.look()
        return (found.wrong.seq, found.wrong.words) if found.wrong else (found.head.seq, "")

    def close(self) -> None:
        """Close the file; nothing depends on it being called."""
        with self._lock:
            self._db.close()

    def _entry(
        self,
        kind: str,
        order_id: str,
        fence: int,
        packer: str,
        state: OrderState | None,
        data: dict[str, object],
    ) -> Entry:
        return Entry(0, kind, order_id, fence, packer, self._clock(), state, data)

    def _insert(self, entry: Entry) -> Entry:
        return replace(entry, seq=journal_chain.add(self._db, entry))

    def _commit(self, write: Callable[[], T]) -> T:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                result = write()
                self._db.execute("COMMIT")
            except sqlite3.Error as failure:
                raise sqlite.translated(self._path, failure, JournalError) from failure
            finally:
                if self._db.in_transaction:  # whatever went wrong, the next one must begin
                    self._db.execute("ROLLBACK")
            return result

    def _query(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as failure:
                raise sqlite.translated(self._path, failure, JournalError) from failure

    def _entries(self, where: str, values: tuple[object, ...]) -> Iterator[Entry]:
        columns = "seq,kind,order_id,fence,packer,at_ms,state,data"
        order = "" if "ORDER BY" in where else " ORDER BY seq"
        for row in self._query(f"SELECT {columns} FROM entries WHERE {where}{order}", values):  # noqa: S608 - our own words only
            yield wire.entry_from_row(row)
