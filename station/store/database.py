"""Connections and transactions: one writer per SQLite file, a pool for PostgreSQL, errors in words.

SQLite in WAL with synchronous=FULL loses nothing acknowledged in a power cut; both are read back,
because SQLite ignores what it cannot do. Two connections that write may damage a file before
SQLite 3.51.3, so there is one, and it alone checkpoints. A deferred transaction fails at once
when it turns to writing; every write begins IMMEDIATE.
"""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from station.errors import ConfigError, StoreError, StoreRefused
from station.store.failures import Undone, told
from station.store.postgresql import open_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

T = TypeVar("T")

BUSY_S = 5.0
"""Seconds that a write waits for another process before it is told that the store is busy."""

TRIES = 3
"""How often a transaction is begun that the database undid, or lost before the commit."""

PAUSE_S = 0.02
"""Seconds before the second try on average; twice as many before the third."""

ENTERED = "entered"
"""Where a connection keeps that its transaction brought orders into the queue."""

READERS = 4
"""Read connections kept open to one SQLite file."""

_SHAPES = "Write sqlite:///folder/store.db, or postgresql+psycopg://user@host/name."


class Database:
    """One database, its writer and its readers; safe to use from several threads."""

    def __init__(self, url: str) -> None:
        address = _address(url)
        self.name = address.render_as_string(hide_password=True)
        """The address without the password, for messages."""
        with _words(self.name):
            if address.get_backend_name() == "sqlite":
                self._gate: AbstractContextManager[Any] = threading.Lock()
                self._writer, self._reader = _sqlite(address)
            else:
                self._gate = nullcontext()
                self._writer = open_server(address)
                self._reader = self._writer.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
        self.is_server = self._writer.dialect.name == "postgresql"
        """Whether several connections may write at once."""
        self._single = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        self.entered = 0
        """Rises when a transaction of this program has brought orders into the queue."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that may write; it is committed at the end, or leaves no trace."""
        with _words(self.name), self._gate, self._writer.connect() as connection:
            with connection.begin(), _undone(self.name):
                yield connection
            self.entered += connection.info.pop(ENTERED, False)

    @contextmanager
    def once(self) -> Iterator[Connection]:
        """Give a connection to a server on which each statement is a transaction by itself."""
        with _words(self.name), self._single.connect() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment of the store and cannot write."""
        with _words(self.name), _undone(self.name), self._reader.begin() as connection:
            yield connection

    def change(self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction that may write, and again when the database undid it.

        An answer that was lost in the commit is `StoreUnreachable`: it may have been done.
        """

        def once() -> T:
            with self.write() as connection:
                return work(connection)

        return _again(once)

    def look(self, work: Callable[[Connection], T]) -> T:
        """Run work that only reads, and again when the connection was lost."""

        def once() -> T:
            with self.read() as connection:
                return work(connection)

        return _again(once)

    def close(self) -> None:
        """Close all connections; a write that is under way is finished first."""
        self._reader.dispose()
        with self._gate:  # SQLite's library crashes when a connection is closed under its user
            self._writer.dispose()


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT; both databases spell it alike."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _again(once: Callable[[], T]) -> T:
    for number in range(1, TRIES):
        with suppress(Undone):
            return once()
        # Those who were in each other's way do not come back at the same moment.
        time.sleep(random.uniform(0, PAUSE_S * 2**number))
    return once()


@contextmanager
def _undone(name: str) -> Iterator[None]:
    """Tell a connection that was lost before the commit: nothing of its transaction is left."""
    try:
        yield
    except DBAPIError as failure:
        if failure.connection_invalidated:
            words = told(name, failure)
            raise Undone(words.message, words.remedy) from failure
        raise


@contextmanager
def _words(name: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OverflowError) as failure:
        raise told(name, failure) from failure


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        address.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as failure:
        raise ConfigError("The store's address cannot be understood.", _SHAPES) from failure
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigError(f"The store cannot be in {address.get_backend_name()}.", _SHAPES)
    return address


def _sqlite(address: URL) -> tuple[Engine, Engine]:
    name = address.database or ""
    if name in {"", ":memory:"} or name.startswith("file:"):
        raise ConfigError("The store needs a file.", _SHAPES)
    _create_file(Path(name))
    how: dict[str, Any] = {
        "connect_args": {
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_S,
        }
    }
    writer = create_engine(address, poolclass=StaticPool, **how)
    reader = create_engine(address, pool_size=READERS, **how)
    event.listen(writer, "connect", _prepare_writer)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(reader, "begin", _begin)
    return writer, reader


def _create_file(path: Path) -> None:
    # Readable by the owner alone from its first moment: it holds addresses.
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as failure:
        raise StoreRefused(
            f"The order store {path} cannot be written: {failure.strerror}.",
            "Give this user the right to write there, or name another place in station.toml.",
        ) from failure


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _pragma(connection: DBAPIConnection, words: str) -> object:
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA {words}")
        row = cursor.fetchone()
    finally:
        cursor.close()
    return row[0] if row else None


def _prepare_writer(connection: DBAPIConnection, _record: object) -> None:
    mode = _pragma(connection, "journal_mode=WAL")
    _pragma(connection, "synchronous=FULL")
    _pragma(connection, "foreign_keys=ON")
    _pragma(connection, "secure_delete=ON")
    full = _pragma(connection, "synchronous")
    if (mode, full) != ("wal", 2):
        raise StoreError(
            f"The order store would not be durable: journal_mode={mode}, synchronous={full}.",
            "Put its file on a local disk.",
        )


def _prepare_reader(connection: DBAPIConnection, _record: object) -> None:
    _pragma(connection, "query_only=ON")
    _pragma(connection, "wal_autocheckpoint=0")
