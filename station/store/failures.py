"""What a database says when it fails, as our errors in words with a remedy."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from station.errors import StoreError, StoreRefused, StoreUnreachable

_SQLITE: dict[int, tuple[type[StoreError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreUnreachable,
        "is in use by another program",
        "Close the other station or backup that uses it.",
    ),
    sqlite3.SQLITE_LOCKED: (
        StoreUnreachable,
        "is in use by another program",
        "Close the other station or backup that uses it.",
    ),
    sqlite3.SQLITE_FULL: (
        StoreUnreachable,
        "cannot grow: the disk is full",
        "Free space on the disk; nothing that was saved is lost.",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreUnreachable,
        "cannot be read or written: the disk reports an error",
        "Check the disk and its free space.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreRefused,
        "is read-only",
        "Give this user the right to write the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreRefused,
        "cannot be opened",
        "Check that the folder exists and that this user may write there.",
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreError,
        "is not a store: the file holds something else",
        "Name another file in station.toml, or restore a backup.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreError,
        "is damaged",
        "Keep the file, restore a backup, and send the stations' journals again.",
    ),
}


class Undone(StoreUnreachable):
    """The database undid a transaction so that another could go on: it may be run again."""


_RETRY = {"40001", "40P01", "55P03"}
"""PostgreSQL: serialization failure, deadlock, lock not available (its manual, appendix A)."""


_SAID = {
    "25P03": ("ended a transaction that nobody went on with", "It is tried again."),
    "25006": ("is a copy that cannot be written", "Name the main database server."),
    "53100": ("cannot grow: the disk is full", "Free space on the database server."),
    "53300": ("has no free connection", "Close other programs, or raise its max_connections."),
    "57014": ("took too long to answer", "It is tried again."),
    "58030": ("cannot be read or written: the disk reports an error", "Check the server's disk."),
}
"""PostgreSQL's states that pass, or that somebody else must mend (its manual, appendix A)."""


_NO_CONNECTION = "This connection is closed"
"""What SQLAlchemy's pool says when each connection that it tried was cut at once."""


def told(name: str, failure: Exception) -> StoreError:
    """Return a failure of SQLAlchemy or a driver as our error; `name` is the store's address."""
    if isinstance(failure, PoolTimeout):
        return StoreUnreachable(f"The order store {name} is busy.", "It is tried again.")
    if isinstance(failure, OverflowError):
        return StoreRefused("A number is too large to be stored.", "Mend the order it came from.")
    if isinstance(failure, InvalidRequestError) and str(failure) == _NO_CONNECTION:
        return Undone(f"The order store {name} does not answer.", "Check the database server.")
    if not isinstance(failure, DBAPIError):
        return StoreError(f"The order store {name} failed: {type(failure).__name__}.", "")
    if isinstance(failure.orig, sqlite3.Error):
        return _of_sqlite(name, failure.orig)
    return _of_server(name, failure)


def _of_sqlite(name: str, failure: sqlite3.Error) -> StoreError:
    # The low byte is the primary code: https://sqlite.org/rescode.html
    code = getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    kind, words, remedy = _SQLITE.get(code, (StoreError, f"failed: {failure}", ""))
    return kind(f"The order store {name} {words}.", remedy)


def _of_server(name: str, failure: DBAPIError) -> StoreError:
    code = str(getattr(failure.orig, "sqlstate", None) or "")
    # Without a state the server gave no answer; 08 and 57 are lost connections and shutdowns.
    if code in _RETRY:
        return Undone(f"The order store {name} is busy.", "It is tried again.")
    if code in _SAID:
        return StoreUnreachable(f"The order store {name} {_SAID[code][0]}.", _SAID[code][1])
    if not code or code[:2] in {"08", "53", "57"}:
        return StoreUnreachable(
            f"The order store {name} does not answer.", "Check the database server."
        )
    if isinstance(failure, IntegrityError) or code.startswith(("22", "42501")):
        return StoreRefused(f"The order store {name} refused the data ({code}).", "")
    return StoreError(f"The order store {name} failed ({code}).", "Ask for help with this code.")
