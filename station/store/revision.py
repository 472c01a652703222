"""The store's schema brought to this program's revision, or refused in words when it is newer.

Alembic is imported only when there is something to do; the revision is read by hand first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import column, func, inspect, select, table, text

from station.errors import StoreError
from station.store.columns import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.database import Database

REVISIONS = ("0001", "0002", "0003", "0004")
"""All revisions that this program knows, oldest first."""

HEAD = REVISIONS[-1]
"""The revision that this program works with."""

_ALONE = 0x73746174696F6E
"""PostgreSQL's advisory lock of an upgrade: “station”."""

_VERSION = table("alembic_version", column("version_num"))


def ensure_current(database: Database) -> None:
    """Upgrade an older store in one transaction; a newer or an unknown one is not touched."""
    found = database.look(revision_of)
    _refuse_newer(database.name, found)
    if found != HEAD:
        database.change(lambda connection: _bring_up(database.name, connection))


def _bring_up(name: str, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        _alone(connection)
    # Another process may have done it while this one waited for the lock.
    found = revision_of(connection)
    _refuse_newer(name, found)
    if found is None:
        _refuse_foreign(name, connection)
    if found != HEAD:
        _upgrade(connection)


def _alone(connection: Connection) -> None:
    """Keep other first starts out until the commit; an upgrade may take its time."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(select(func.pg_advisory_xact_lock(_ALONE)))


def revision_of(connection: Connection) -> str | None:
    """Return the revision a store is at; None for one without tables."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar()


def _refuse_newer(name: str, found: str | None) -> None:
    if found is not None and found not in REVISIONS:
        raise StoreError(
            f"The order store {name} was written by a newer station (revision {found}).",
            "Install that version of station on this machine; nothing was changed.",
        )


def _refuse_foreign(name: str, connection: Connection) -> None:
    if metadata.tables.keys() & set(inspect(connection).get_table_names()):
        raise StoreError(
            f"{name} holds the tables of another program.",
            "Name a place of its own for the order store in station.toml; nothing was changed.",
        )


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "station.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
