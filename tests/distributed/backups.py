"""Yesterday's backup of a store, and the store put back from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    from distributed.postgres import Postgres

    Backup = bytes


def taken(url: str, server: Postgres | None) -> Backup:
    """Return a backup of the database, taken while it is in use."""
    name = make_url(url).database or ""
    if server is not None:
        return server.dump(name)
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()


def put_back(url: str, server: Postgres | None, backup: Backup) -> None:
    """Put the database back as it was; nobody uses it meanwhile."""
    name = make_url(url).database or ""
    if server is not None:
        server.restore(name, backup)
        return
    for beside in ("-wal", "-shm"):
        Path(name + beside).unlink(missing_ok=True)
    Path(name).write_bytes(backup)
