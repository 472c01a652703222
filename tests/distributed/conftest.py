"""Databases and floors for the trials over HTTP, and how they say what they really did."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from distributed.floor import Floor, lay
from distributed.postgres import MEMORY, Postgres, postgres
from faults.conftest import Say, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["LONG", "Say", "say"]

LONG = bool(os.environ.get("STATION_LONG"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder in memory: 200 journals, each synced for each scan, would share a disk."""
    with tempfile.TemporaryDirectory(prefix="floor-", dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """Return a PostgreSQL."""
    with postgres() as started:
        yield started


@pytest.fixture(scope="module")
def common() -> Iterator[Floor]:
    """Return a floor whose server runs, one for the trials that leave it as it was."""
    with tempfile.TemporaryDirectory(prefix="floor-", dir=MEMORY) as name:
        made = lay(Path(name), f"sqlite:///{name}/store.db")
        made.served.start()
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def floor(folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Floor]]:
    """Return what lays a floor over SQLite, or over PostgreSQL."""
    with ExitStack() as end:

        def laid(backend: str = "sqlite", *, tls: bool = False) -> Floor:
            if backend == "postgresql":
                made: Postgres = request.getfixturevalue("server")
                url = made.new()
            else:
                url = f"sqlite:///{folder / 'store.db'}"
            new = lay(folder, url, tls=tls)
            end.callback(new.close)
            return new

        yield laid
