from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, select, text
from store.samples import NOON, Bench, Clock, item, order, put

from station.errors import ConfigError, StoreError, StoreRefused, StoreUnreachable
from station.store import database
from station.store.schema import counters
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@pytest.fixture
def path(sqlite_url: str) -> Path:
    """Return the file of the empty SQLite store."""
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlOrderStore]:
    """Return an empty SQLite store."""
    store = SqlOrderStore.open(sqlite_url)
    yield store
    store.close()


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_every_commit_is_durable(sqlite_store: SqlOrderStore) -> None:
    """The writer works in WAL with synchronous=FULL, foreign keys and secure deletion."""
    with sqlite_store._database.write() as connection:
        found = [
            _pragma(connection, name)
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert found == ["wal", 2, 1, 1]


def test_readers_cannot_write(sqlite_store: SqlOrderStore) -> None:
    """A write on a read connection is refused, and readers never checkpoint."""
    with sqlite_store._database.read() as connection:
        assert _pragma(connection, "query_only") == 1
        assert _pragma(connection, "wal_autocheckpoint") == 0
    with (
        pytest.raises(StoreRefused, match="is read-only"),
        sqlite_store._database.read() as connection,
    ):
        connection.execute(counters.insert().values(name="x"))


def test_a_file_that_would_not_be_durable_is_refused(tmp_path: Path) -> None:
    """Where SQLite cannot keep a WAL, the store does not start."""
    # This locking style has no shared memory, without which there is no WAL.
    connection = sqlite3.connect(f"file:{tmp_path}/x.db?vfs=unix-dotfile", uri=True)
    with pytest.raises(StoreError, match="would not be durable"):
        database._prepare_writer(connection, None)  # type: ignore[arg-type]
    connection.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A new store and its folder can be read by nobody else."""
    SqlOrderStore.open(f"sqlite:///{tmp_path}/new/deep/store.db").close()
    file = tmp_path / "new" / "deep" / "store.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_locked_file_is_unreachable(
    sqlite_url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the file a write may be tried again; reads go on."""
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    clock = Clock()
    store = SqlOrderStore.open(sqlite_url, clock=clock)
    put(store, order("111-0"))
    Bench(store).claim()
    clock.move(601)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnreachable, match="in use by another program"):
        put(store, order())
    assert store.queue(5) == ()
    other.execute("ROLLBACK")
    other.close()
    assert put(store, order()).new == 1
    store.close()


def test_a_full_disk_loses_nothing_and_heals(sqlite_store: SqlOrderStore) -> None:
    """A write that does not fit leaves no trace, and the next one works when there is room."""
    put(sqlite_store, order())
    with sqlite_store._database.write() as connection:
        pages = _pragma(connection, "page_count")
        _pragma(connection, f"max_page_count={pages}")
    big = [order(f"222-{n}", item(sku="S" * 500)) for n in range(400)]
    with pytest.raises(StoreUnreachable, match="the disk is full"):
        put(sqlite_store, *big)
    assert [row.order_id for row in sqlite_store.queue(9)] == ["111-1"]
    with sqlite_store._database.write() as connection:
        _pragma(connection, "max_page_count=1000000")
    assert put(sqlite_store, *big).new == 400


@pytest.mark.parametrize("content", [b"PK\x03\x04 no database at all" * 500, b"x" * 4096])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is told in words, and stays as it was."""
    file = tmp_path / "store.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="holds something else"):
        SqlOrderStore.open(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_damaged_file_is_told_in_words(sqlite_url: str, path: Path) -> None:
    """Damage inside the file is an error with a remedy, not a traceback."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="is damaged") as caught:
        SqlOrderStore.open(sqlite_url).queue(5)
    assert "backup" in caught.value.remedy


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that is a file, and a file that is a folder, are told in words."""
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "store.db", tmp_path):
        with pytest.raises(StoreRefused, match="cannot be written"):
            SqlOrderStore.open(f"sqlite:///{place}")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "store.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x.db?uri=true",
        "mysql://root:secret@host/db",
        "nonsense://host:port/db",
        "postgresql+nodriver://host/db",
    ],
)
def test_an_address_of_no_store_is_a_configuration_error(url: str) -> None:
    """An address that cannot be used is told with the shapes that can, without its password."""
    with pytest.raises(ConfigError) as caught:
        SqlOrderStore.open(url)
    assert "sqlite:///" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_away_is_unreachable(tmp_path: Path) -> None:
    """A PostgreSQL that does not answer may be tried again; its password is not told."""
    pytest.importorskip("psycopg")
    url = f"postgresql+psycopg://u:secret@/db?host={tmp_path}"
    with pytest.raises(StoreUnreachable) as caught:
        SqlOrderStore.open(url)
    assert "secret" not in str(caught.value)


def test_a_lost_connection_is_unreachable_and_heals(postgresql_url: str) -> None:
    """A connection cut in a transaction leaves no trace, and the next call has a new one."""
    store = SqlOrderStore.open(postgresql_url, clock=NOON.timestamp)
    put(store, order("111-1"))

    def write_and_lose() -> None:
        with store._database.write() as connection:
            connection.execute(counters.insert().values(name="lost"))
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnreachable):
        write_and_lose()
    assert Bench(store).claim().order.order_id == "111-1"
    with store._database.read() as connection:
        assert "lost" not in connection.execute(select(counters.c.name)).scalars().all()
    store.close()


def test_opening_a_current_store_imports_no_migrations(sqlite_url: str) -> None:
    """Alembic and the object mapper stay out of a start that has nothing to upgrade."""
    code = (
        "import sys; from station.store.sql import SqlOrderStore;"
        "store = SqlOrderStore.open(sys.argv[1]); store.queue(5); store.claim('b', 'p');"
        "print([name for name in sys.modules if name in ('alembic', 'sqlalchemy.orm')])"
    )
    root = str(Path(database.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code, sqlite_url],
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_closing_waits_for_the_write_that_is_under_way(sqlite_url: str) -> None:
    """The connection is not taken away from a thread that writes: it would crash the program."""
    store = SqlOrderStore.open(sqlite_url, clock=NOON.timestamp)
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        with store._database.write() as connection:
            writing.set()
            done.wait(30)
            connection.execute(counters.insert().values(name="written"))

    writer, closer = threading.Thread(target=write), threading.Thread(target=store.close)
    writer.start()
    assert writing.wait(30)
    closer.start()
    closer.join(0.2)
    assert closer.is_alive()
    done.set()
    writer.join(30)
    closer.join(30)
    with closing(SqlOrderStore.open(sqlite_url)) as again, again._database.read() as connection:
        assert "written" in connection.execute(select(counters.c.name)).scalars().all()
