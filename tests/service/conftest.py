"""A service over a small store on SQLite, and callers with a token each."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from service.shop import ADDRESS, TOKENS, shop, who
from store.samples import Clock

from station.store.service.api import make_app
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fastapi import FastAPI


_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where the disk of the machine that runs the tests is not in the way."""


@pytest.fixture
def clock() -> Clock:
    """Return the store's clock, at noon."""
    return Clock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a shop; a copy is made faster than another shop."""
    path = tmp_path_factory.mktemp("shop") / "store.db"
    made = SqlOrderStore.open(f"sqlite:///{path}", clock=Clock())
    shop(made)
    made.close()
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder for files that need not outlive a power cut."""
    with tempfile.TemporaryDirectory(prefix="service-", dir=_MEMORY) as name:
        yield Path(name)


@pytest.fixture
def store(template: Path, folder: Path, clock: Clock) -> Iterator[SqlOrderStore]:
    """Return a store with orders in several states."""
    made = SqlOrderStore.open(
        f"sqlite:///{shutil.copy(template, folder / 'store.db')}", clock=clock
    )
    yield made
    made.close()


@pytest.fixture(scope="session")
def service(template: Path) -> Iterator[FastAPI]:
    """Return the service; its routes are made once."""
    first = SqlOrderStore.open(f"sqlite:///{template}", clock=Clock())
    yield make_app(first, who=who, ca_pem=b"PEM", version="0", metrics=lambda: b"up 1\n")
    first.close()


@pytest.fixture
def app(service: FastAPI, store: SqlOrderStore) -> FastAPI:
    """Return the service over the store of this test."""
    service.state.store = store
    return service


def client(app: FastAPI, token: str = "") -> httpx.AsyncClient:
    """Return a client that asks the app with a token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=headers)


@pytest.fixture
async def bench(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the token of bench-1."""
    async with client(app, TOKENS["bench-1"]) as made:
        yield made


@pytest.fixture
async def other(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the token of bench-2."""
    async with client(app, TOKENS["bench-2"]) as made:
        yield made


@pytest.fixture
async def office(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the token of an office."""
    async with client(app, TOKENS["office"]) as made:
        yield made


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client without a token."""
    async with client(app) as made:
        yield made
