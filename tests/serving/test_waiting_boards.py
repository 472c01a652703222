"""Boards that wait at a running server, and what becomes of them when it ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from serving.live import LOCAL, until
from serving.live import running as served
from store.samples import NOON, Clock

from station.overview import Board, digest
from station.store.service import tokens
from station.store.service.server import Plan, serviced
from station.store.sql import SqlOrderStore
from station.wire import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = {"now": NOON.isoformat(), "day_end": NOON.isoformat()}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store whose clock stands still."""
    made = SqlOrderStore.open(f"sqlite:///{tmp_path / 'store.db'}", clock=Clock())
    yield made
    made.close()


def _client(store: SqlOrderStore, port: int, role: str) -> httpx.Client:
    token = tokens.new()
    store.enrol(role, role, tokens.digest(token))
    headers = {"Authorization": f"Bearer {token}"}
    base = f"http://{LOCAL}:{port}"
    return httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=60)


class Waiting:
    """Boards that know the floor, and wait in threads of their own."""

    def __init__(self, client: httpx.Client, boards: int) -> None:
        board = from_json(Board, client.get("/v1/board", params=DAY).json()["board"])
        self._asked = {**DAY, "known": digest(board)}
        self._client = client
        self.answers: list[httpx.Response] = []
        self.threads = [threading.Thread(target=self._wait) for _ in range(boards)]
        for thread in self.threads:
            thread.start()

    def _wait(self) -> None:
        self.answers.append(self._client.get("/v1/board", params=self._asked))

    def join(self) -> list[httpx.Response]:
        """Return the answers of all."""
        for thread in self.threads:
            thread.join()
        return self.answers


def test_the_server_ends_while_boards_wait(store: SqlOrderStore) -> None:
    """A board that waits hears that nothing changed, and is not cut off."""
    with served(serviced(store, Plan(LOCAL, 0), "1")) as live:
        client = _client(store, live.port, "board")
        waiting = Waiting(client, 3)
        until(lambda: live.open_connections() > 2)
    assert [answer.json() for answer in waiting.join()] == [{"board": None}] * 3
    client.close()


def test_a_bench_is_served_while_boards_wait(store: SqlOrderStore) -> None:
    """With room for two requests, ten boards that wait leave it to the benches."""
    plan = Plan(LOCAL, 0, at_once=2)
    with served(serviced(store, plan, "1")) as live:
        board, bench = (_client(store, live.port, role) for role in ("viewer", "station"))
        waiting = Waiting(board, 10)
        until(lambda: live.open_connections() > 9)
        assert bench.get("/v1/stops").json() == {"stops": []}
    assert [answer.status_code for answer in waiting.join()] == [200] * 10
    board.close()
    bench.close()
