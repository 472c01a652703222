"""What one durable fact costs in the journal, above the disk and above SQLite itself."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import shop
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn

from station.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FRAME_BYTES = 4120
"""One page in a write-ahead log: 4096 bytes and their header (SQLite file format, §4.1)."""

ROOM_BYTES = 8 << 20
BATCH = 25
FACT = {"text": shop.SCAN[:-1].decode(), "verdict": "RIGHT"}


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Commit in turn to the journal, to a bare SQLite table, and to a file of its full size."""
    with ExitStack() as stack:
        journal = Journal(folder / "bench.journal.db")
        stack.callback(journal.close)
        table = stack.enter_context(closing(_table(folder / "bare.db")))
        grown = stack.enter_context(closing(_table(folder / "grown.db")))
        _grow(grown)
        room = _room(folder / "raw")
        stack.callback(os.close, room)
        sources = {
            "Journal.append": _timed(lambda: _append(journal)),
            "sqlite3 autocommit, WAL, FULL": _timed(lambda: _insert(table)),
            "the same, its log grown beforehand": _timed(lambda: _insert(grown)),
            f"raw overwrite of {FRAME_BYTES} B + fdatasync": _timed(_overwriting(room)),
        }
        in_turn(2, sources)
        samples = in_turn(4 if quick else 60, sources)
    return (_result(*(Series(name, values) for name, values in samples.items())),)


def _result(ours: Series, bare: Series, grown: Series, raw: Series) -> Result:
    return Result(
        "Journal: one fact stored durably",
        "µs",
        (ours, bare, grown, raw),
        (
            Ratio(ours, bare, "Below 1: growing the log once saves more than the journal adds."),
            Ratio(ours, grown, "What numbers, the index and the checks add to a bare table."),
            Ratio(ours, raw, "How far a commit is above the fastest that this disk can store."),
        ),
    )


def _timed(commit: Callable[[], object]) -> Callable[[], list[float]]:
    def batch() -> list[float]:
        values = []
        for _ in range(BATCH):
            began = perf_counter()
            commit()
            values.append((perf_counter() - began) * 1e6)
        return values

    return batch


def _append(journal: Journal) -> None:
    journal.append("scanned", shop.LONG_ORDER, 1, "Ana", None, dict(FACT))


def _table(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE entries(seq INTEGER PRIMARY KEY, kind, order_id, fence, packer, at_ms, data)"
    )
    return database


def _grow(database: sqlite3.Connection) -> None:
    """Give the log its size at once, as the journal does."""
    database.execute("CREATE TABLE growth(x)")
    database.execute("INSERT INTO growth VALUES(zeroblob(1000000))")
    database.execute("DROP TABLE growth")
    database.execute("PRAGMA wal_checkpoint(RESTART)")


def _insert(database: sqlite3.Connection) -> None:
    database.execute(
        "INSERT INTO entries(kind,order_id,fence,packer,at_ms,data) VALUES(?,?,?,?,?,?)",
        ("scanned", shop.LONG_ORDER, 1, "Ana", 1_795_435_200_000, str(FACT)),
    )


def _room(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.pwrite(file, bytes(ROOM_BYTES), 0)
    os.fsync(file)
    return file


def _overwriting(file: int) -> Callable[[], None]:
    page, place = os.urandom(FRAME_BYTES), 0

    def overwrite() -> None:
        nonlocal place
        os.pwrite(file, page, place)
        os.fdatasync(file)
        place = (place + FRAME_BYTES) % (ROOM_BYTES - FRAME_BYTES)

    return overwrite
