"""SQLite the way a bench needs it: durable at each commit, one writer, refused when it is not.

WAL with synchronous=FULL loses nothing that was acknowledged when the power goes; both are read
back, because SQLite ignores what it cannot do. One connection writes and checkpoints a file:
before 3.51.3 two of them could damage it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from station.errors import StationError

_PREGROWN_BYTES = 1_000_000
"""A log that has its size already needs no new blocks at a commit: half the time of a scan."""


def connect(path: Path, steps: Sequence[str], error: type[StationError]) -> sqlite3.Connection:
    """Open a file for its only writer, creating it or bringing its tables up to date.

    Args:
        path: The file; its folder is made, readable by the owner alone.
        steps: Statements that lead from each schema version (`user_version`) to the next.
        error: What to raise, with words and a remedy, when the file cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        _prepare(db)
        _upgrade(db, path, steps, error)
    except sqlite3.Error as failure:
        raise translated(path, failure, error) from failure
    except OSError as failure:
        reason = failure.strerror or "unknown"
        raise error(f"{path.parent} cannot be used: {reason}.", _REMEDY) from failure
    return db


def reading(path: Path, version: int, error: type[StationError]) -> sqlite3.Connection:
    """Open a file that another process may be writing, to look at it only."""
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        found = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as failure:
        raise translated(path, failure, error) from failure
    _not_newer(path, found, version, error)
    return db


def raw(column: str) -> str:
    """Return SQL for what stands in a column, text as its bytes, whatever was done to the file."""
    text = f"WHEN 'text' THEN CAST({column} AS BLOB)"
    return f"CASE typeof({column}) {text} WHEN 'blob' THEN x'00ff' ELSE {column} END"


def _not_newer(path: Path, found: int, version: int, error: type[StationError]) -> None:
    if found > version:
        text = f"{path.name} was written by a newer version of station ({found} > {version})."
        raise error(text, "Install the newer version again; this one touches nothing.")


_REMEDY = "Free space or mend the folder's rights, then start again; nothing was lost."


def translated(path: Path, failure: sqlite3.Error, error: type[StationError]) -> StationError:
    """Return a failure of SQLite as our error, in words that name the file."""
    words = str(failure)
    remedy = {
        "database is locked": "Another station uses this data: close it first.",
        "file is not a database": "Move the file away and start again; keep it for support.",
        "database disk image is malformed": "Move the file away and restore the last backup.",
    }.get(words, _REMEDY)
    return error(f"{path.name} cannot be used: {words}.", remedy)


def _prepare(db: sqlite3.Connection) -> None:
    mode = db.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    db.execute("PRAGMA synchronous=FULL")
    full = db.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, full) not in {("wal", 2), ("memory", 2)}:
        raise sqlite3.OperationalError(f"journal_mode={mode}, synchronous={full}: not durable")
    db.execute("PRAGMA secure_delete=ON")


def _upgrade(
    db: sqlite3.Connection, path: Path, steps: Sequence[str], error: type[StationError]
) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    _not_newer(path, found, len(steps), error)
    for version, step in enumerate(steps[found:], found + 1):
        db.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version={version}; COMMIT;")
    if found == 0:
        _grow(db)


def _grow(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE growth(x BLOB)")
    db.execute("INSERT INTO growth VALUES(zeroblob(?))", (_PREGROWN_BYTES,))
    db.execute("DROP TABLE growth")
    db.execute("PRAGMA wal_checkpoint(RESTART)")
