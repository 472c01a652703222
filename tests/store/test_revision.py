from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url
from store.samples import order, put

from station.errors import StoreError
from station.store.columns import metadata
from station.store.revision import HEAD, REVISIONS, revision_of
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _predicates(connection: Connection, dialect: str) -> dict[str, str]:
    """Return the conditions of partial indexes, which Alembic does not compare."""
    found = {}
    for table in metadata.tables:
        for index in inspect(connection).get_indexes(table):
            where = index.get("dialect_options", {}).get(f"{dialect}_where")
            found[str(index["name"])] = "" if where is None else str(where)
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_upgrading_from_nothing_makes_the_schema(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The revisions lead to the very tables and indexes that the program uses."""
    store = SqlOrderStore.open(request.getfixturevalue(f"{kind}_url"))
    with store._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert revision_of(connection) == HEAD
        migrated = _predicates(connection, kind)
    partial = {name for name, where in migrated.items() if where}
    declared = {
        str(index.name)
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert partial == declared
    store.close()
    if kind == "sqlite":
        assert migrated == _declared_predicates(tmp_path)


def _declared_predicates(folder: Path) -> dict[str, str]:
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{folder}/declared.db")
    metadata.create_all(engine)
    with engine.connect() as connection:
        found = _predicates(connection, "sqlite")
    engine.dispose()
    return found


def test_the_program_knows_every_revision() -> None:
    """The list in the program is the list of the migrations."""
    config = Config()
    config.set_main_option("script_location", "station.store:migrations")
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert tuple(r.revision for r in script.walk_revisions())[::-1] == REVISIONS
    assert script.get_heads() == [HEAD]


def test_a_store_of_a_newer_program_is_not_touched(sqlite_url: str) -> None:
    """A newer revision is refused with a remedy, and every byte stays."""
    path = Path(str(make_url(sqlite_url).database))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num='9999'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer station") as caught:
        SqlOrderStore.open(sqlite_url)
    assert "Install that version" in caught.value.remedy
    assert path.read_bytes() == before


def test_the_tables_of_another_program_are_not_mixed_with_ours(tmp_path: Path) -> None:
    """A database that has an orders table of its own is refused and left alone."""
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE orders (id INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="tables of another program"):
        SqlOrderStore.open(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert names == [("orders",)]


def test_an_upgrade_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All revisions come in one transaction: the old schema or the new one, nothing between."""
    from alembic import op

    url, made = f"sqlite:///{tmp_path}/store.db", []
    create = op.create_table

    def breaking(name: str, *columns: object, **options: object) -> object:
        made.append(name)
        if len(made) > 5:
            raise KeyboardInterrupt
        return create(name, *columns, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", breaking)
    with pytest.raises(KeyboardInterrupt):
        SqlOrderStore.open(url)
    monkeypatch.undo()
    connection = sqlite3.connect(tmp_path / "store.db")
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    store = SqlOrderStore.open(url)
    assert put(store, order()).new == 1
    store.close()


def test_two_that_start_at_once_make_one_store(tmp_path: Path) -> None:
    """Two programs that open a new file together both find it made, once."""
    url, opened = f"sqlite:///{tmp_path}/store.db", []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        opened.append(SqlOrderStore.open(url))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 2
    assert put(opened[0], order()).new == 1
    assert len(opened[1].queue(5)) == 1
    for store in opened:
        store.close()
