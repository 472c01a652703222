"""Certificates, a store and a running service for the tests of serving."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from cli.conftest import _logs, station  # noqa: F401 - the command, in a folder of its own
from serving.live import LOCAL, Live, running

from station.store.service import certificates, tokens
from station.store.service.door import Door
from station.store.service.guard import SafeHeaders
from station.store.service.metrics import Counted
from station.store.service.server import Plan, serviced, tls
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Shop:
    """A service over TLS with one bench and one office enrolled."""

    live: Live
    store: SqlOrderStore
    bench: str
    """The bench's token."""
    office: str
    trusted: ssl.SSLContext
    """What a bench trusts that has joined."""
    app: ASGIApp
    door: Door

    def forgive(self) -> None:
        """Forget the wrong tokens that came from this machine."""
        self.door._wrong._kept.clear()

    def client(self, token: str = "", context: ssl.SSLContext | None = None) -> httpx.Client:
        """Return a client that comes with a token."""
        return httpx.Client(
            base_url=f"https://{LOCAL}:{self.live.port}",
            headers={"authorization": f"Bearer {token}"} if token else {},
            verify=context or self.trusted,
            trust_env=False,
        )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with certificates for this machine."""
    made = tmp_path_factory.mktemp("tls")
    certificates.make(made, ["localhost", LOCAL])
    return made


@pytest.fixture(scope="session")
def plan(folder: Path) -> Plan:
    """Return how the service is served."""
    return Plan(LOCAL, 8443, folder / "server.pem", folder / "server.key", rate=1000)


@pytest.fixture
def shop(_shop: Shop) -> Shop:
    """Return the running service, with no wrong tokens in its memory."""
    _shop.forgive()
    return _shop


@pytest.fixture(scope="session")
def _shop(plan: Plan, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a running service, one for all tests."""
    store = SqlOrderStore.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    bench, office = tokens.new(), tokens.new()
    store.enrol("bench-1", "station", tokens.digest(bench))
    store.enrol("desk", "office", tokens.digest(office))
    ca = (folder / "ca.pem").read_bytes()
    trusted = ssl.create_default_context(cadata=ca.decode("ascii"))
    app = serviced(store, plan, "1.0", ca)
    assert isinstance(app, Counted)
    assert isinstance(app._app, SafeHeaders)
    assert isinstance(app._app._app, Door)
    app._app._app._slow_s = 0.0
    with running(app, tls(plan)) as live:
        yield Shop(live, store, bench, office, trusted, app, app._app._app)
    store.close()
