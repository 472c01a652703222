"""The spool's own SQLite file: jobs, documents and attempts, each change durable when it returns.

WAL with synchronous=FULL loses no acknowledged commit in a power cut (measured); one connection in
exclusive mode keeps a second station out, and out of reach of SQLite's WAL-reset defect (versions
before 3.51.3, two connections).
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from station.devices.jobs import CLOSED, Attempt, Job, JobState
from station.errors import InputError, JournalError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

VERSION = 2
"""Of the tables, in user_version."""

APPLICATION_ID = 0x53504F4C
"""“SPOL”: tells the spool from the station's other files."""

_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  order_id TEXT NOT NULL,
  title TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  document BLOB,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  words TEXT NOT NULL DEFAULT '',
  doomed INTEGER NOT NULL DEFAULT 0,
  changed_ms INTEGER NOT NULL
);
CREATE INDEX jobs_state ON jobs (state, seq);
CREATE INDEX jobs_order ON jobs (order_id);
CREATE TABLE attempts (
  key TEXT NOT NULL REFERENCES jobs (key),
  number INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  printer TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (key, number)
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
COMMIT;
"""
_TO_2 = """
BEGIN IMMEDIATE;
ALTER TABLE attempts ADD COLUMN printer TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 2;
COMMIT;
"""
_COLUMNS = "key, order_id, title, state, attempts, words, changed_ms, document IS NULL"
_PRINTER = (
    "UPDATE attempts SET printer = ?1 WHERE key = ?2"
    " AND number = (SELECT attempts FROM jobs WHERE key = ?2)"
)
_FORGET = (
    "UPDATE jobs SET document = NULL WHERE doomed AND document IS NOT NULL"  # noqa: S608
    f" AND state IN ({', '.join('?' for _ in CLOSED)})"
)

_WHY = {
    "SQLITE_FULL": ("the disk is full", "Free some space."),
    "SQLITE_READONLY": ("it may not be written to", "Give this user the right to write there."),
    "SQLITE_CANTOPEN": ("it cannot be opened", "Check the data folder and its rights."),
    "SQLITE_BUSY": ("another station on this machine uses it", "Close the other station."),
    "SQLITE_NOTADB": ("it is no spool file", "Move it away and start again."),
    "SQLITE_CORRUPT": ("it is damaged", "Move it away and start again; check the disk."),
    "SQLITE_IOERR": ("the disk does not work, or is full", "Check the disk."),
}


class SpoolFile:
    """The table of jobs; every method is one transaction and raises JournalError in words."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with _in_words(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)  # documents hold addresses; SQLite's own files follow its mode
            self._db = sqlite3.connect(
                path, timeout=0.5, isolation_level=None, check_same_thread=False
            )
        try:
            with _in_words(path):
                self._prepare()
        except JournalError:
            self._db.close()
            raise

    def close(self) -> None:
        """Let the file go; nothing depends on this being called."""
        with self._lock:
            self._db.close()

    def insert(self, job: Job, document: bytes) -> bool:
        """Add a job with its first attempt; False when that very job is there already.

        Raises:
            InputError: the key stands for another order or other content.
        """
        digest = hashlib.sha256(document).hexdigest()
        with self._writing() as db:
            known = db.execute(
                "SELECT order_id, sha256 FROM jobs WHERE key = ?", (job.key,)
            ).fetchone()
            if known is not None:
                if known != (job.order_id, digest):
                    raise InputError(
                        f"The print job {job.key} is there already with other content.",
                        "Use a new key for a new document.",
                    )
                return False
            moment = _milliseconds(job.changed)
            db.execute(
                "INSERT INTO jobs (key, order_id, title, sha256, document, state, changed_ms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (job.key, job.order_id, job.title, digest, document, job.state, moment),
            )
            db.execute(
                "INSERT INTO attempts (key, number, at_ms, reason) VALUES (?, 1, ?, 'first')",
                (job.key, moment),
            )
        return True

    def job(self, key: str) -> Job | None:
        """Return a job, or None."""
        rows = self._jobs("key = ?", (key,))
        return rows[0] if rows else None

    def jobs(self, states: Collection[JobState]) -> tuple[Job, ...]:
        """Return the jobs in these states, oldest first."""
        marks = ", ".join("?" for _ in states)
        return self._jobs(f"state IN ({marks})", tuple(states))

    def queued(self) -> tuple[tuple[str, str], ...]:
        """Return the keys and titles of all jobs that wait, oldest first."""
        with self._reading() as db:
            rows = db.execute("SELECT key, title FROM jobs WHERE state = 'queued' ORDER BY seq")
            return tuple((key, title) for key, title in rows)

    def digest(self, key: str) -> str:
        """Return the SHA-256 of a job's bytes in hexadecimal digits; empty for no such job."""
        with self._reading() as db:
            row = db.execute("SELECT sha256 FROM jobs WHERE key = ?", (key,)).fetchone()
            return "" if row is None else str(row[0])

    def document(self, key: str) -> bytes | None:
        """Return the bytes of a job, or None once they are forgotten."""
        with self._reading() as db:
            row = db.execute("SELECT document FROM jobs WHERE key = ?", (key,)).fetchone()
            return None if row is None else row[0]

    def attempts(self, key: str) -> tuple[Attempt, ...]:
        """Return every leave to print a job, first to last."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT number, at_ms, reason, printer FROM attempts WHERE key = ? ORDER BY number",
                (key,),
            )
            return tuple(
                Attempt(number, _moment(at), reason, printer)
                for number, at, reason, printer in rows
            )

    def move(
        self,
        key: str,
        origins: Collection[JobState],
        state: JobState,
        words: str,
        at: datetime,
        printer: str | None = None,
    ) -> bool:
        """Change the state if it is one of the origins; False when it is another by now.

        A printer's name that is given is kept with the attempt.
        """
        marks = ", ".join("?" for _ in origins)
        with self._writing() as db:
            moved = db.execute(
                "UPDATE jobs SET state = ?, words = ?, changed_ms = ?"  # noqa: S608 - marks only
                f" WHERE key = ? AND state IN ({marks})",
                (state, words, _milliseconds(at), key, *origins),
            )
            if moved.rowcount and printer is not None:
                db.execute(_PRINTER, (printer, key))
            gone = db.execute(_FORGET + " AND key = ?", (*CLOSED, key)).rowcount
        if gone:
            self._cut_log()
        return moved.rowcount == 1

    def again(self, key: str, origins: Collection[JobState], reason: str, at: datetime) -> bool:
        """Queue a job once more under the next attempt's number; False when it may not be."""
        marks = ", ".join("?" for _ in origins)
        with self._writing() as db:
            moved = db.execute(
                "UPDATE jobs SET state = 'queued', words = '', changed_ms = ?,"  # noqa: S608
                " attempts = attempts + 1 WHERE key = ? AND document IS NOT NULL"
                f" AND state IN ({marks})",
                (_milliseconds(at), key, *origins),
            )
            if moved.rowcount != 1:
                return False
            db.execute(
                "INSERT INTO attempts (key, number, at_ms, reason)"
                " SELECT key, attempts, ?, ? FROM jobs WHERE key = ?",
                (_milliseconds(at), reason, key),
            )
            return True

    def forget(self, order_id: str) -> int:
        """Delete an order's documents from the disk, the open ones once they are closed.

        Returns:
            How many were deleted now.
        """
        with self._writing() as db:
            db.execute("UPDATE jobs SET doomed = 1 WHERE order_id = ?", (order_id,))
            gone = db.execute(_FORGET + " AND order_id = ?", (*CLOSED, order_id)).rowcount
        if gone:
            self._cut_log()
        return gone

    def _cut_log(self) -> None:
        with self._reading() as db:  # the log still holds the deleted bytes until it is cut
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _prepare(self) -> None:
        db = self._db
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        version = self._pragma("user_version")
        if version > VERSION:
            raise JournalError(
                f"The print spool {self.path} was written by a newer version of the program.",
                "Install that version again; nothing was changed.",
            )
        empty = not self._pragma("schema_version")
        if not empty and self._pragma("application_id") != APPLICATION_ID:
            raise JournalError(f"{self.path} is no print spool.", "Move it away and start again.")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA wal_autocheckpoint = 500")
        db.execute("PRAGMA foreign_keys = ON")
        if (self._pragma("journal_mode"), self._pragma("synchronous")) != ("wal", 2):
            raise JournalError(
                f"The print spool {self.path} cannot be kept safe on this disk.",
                "Put the data folder on a local disk.",
            )
        if empty:
            db.executescript(_TABLES)
        elif version < VERSION:
            db.executescript(_TO_2)

    def _pragma(self, name: str) -> Any:
        return self._db.execute(f"PRAGMA {name}").fetchone()[0]

    def _jobs(self, where: str, values: tuple[str, ...]) -> tuple[Job, ...]:
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM jobs WHERE {where} ORDER BY seq",  # noqa: S608 - ours
                values,
            )
            return tuple(_job(*row) for row in rows)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _in_words(self.path):
            yield self._db

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        code = getattr(error, "sqlite_errorname", "") or ""
        why, remedy = next(
            (told for name, told in _WHY.items() if code.startswith(name)),
            (str(error), "Check the data folder and its disk."),
        )
        raise JournalError(f"The print spool {path} does not work: {why}.", remedy) from error


def _job(
    key: str,
    order_id: str,
    title: str,
    state: str,
    attempts: int,
    words: str,
    changed_ms: int,
    forgotten: int,
) -> Job:
    return Job(
        key,
        order_id,
        title,
        JobState(state),
        attempts,
        words,
        _moment(changed_ms),
        bool(forgotten),
    )


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
