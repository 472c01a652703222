"""The board over HTTPS's own messages: a store on another machine, with a token for a board."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from screens.supervisor import Supervisor

from station import __version__, boarding
from station.acts import Role
from station.model import OrderState
from station.overview import Pulse
from station.store.service import server, tokens
from station.store.sql import SqlOrderStore
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.board_watch import Watch

ONE = "111-0000001-0000001"

WATCHES: list[Watch] = []
"""What looks at the store from another machine; each closes its connections when it has ended."""


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqlOrderStore, str]]:
    """Serve a store with an order, a bench and a supervisor on a loopback port."""
    store = SqlOrderStore.open(f"sqlite:///{tmp_path_factory.mktemp('far') / 'store.db'}")
    store.put_products([MUG])
    store.put_orders([order(ONE)], channel="amazon")
    store.pulse("bench-1", Pulse("Ana", "", 0, 0))
    with _serving(store) as url:
        yield store, url
    for watch in WATCHES:
        watch._thread.join(30)
    store.close()


@contextmanager
def _serving(store: SqlOrderStore) -> Iterator[str]:
    listening = server.listen(server.Plan("127.0.0.1", 0))
    plan = server.Plan("127.0.0.1", listening.getsockname()[1])
    made = server.Server(server.serviced(store, plan, __version__), listening)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield f"http://localhost:{plan.port}"
    finally:
        made.should_exit = True
        thread.join(30)


def _app(store: SqlOrderStore, url: str, role: str) -> boarding.BoardApp:
    token = tokens.new()
    store.enrol(f"{role}-1", role, tokens.digest(token))
    app = boarding.BoardApp(
        lambda: HttpOrderStore(url, token), title="BOARD", day_ends="18:00",
        read_badge=lambda _text: None,
    )  # fmt: skip
    WATCHES.append(app.watch_floor)
    return app


async def test_supervisor_acts_from_another_machine(far: tuple[SqlOrderStore, str]) -> None:
    """A board's token looks and finds, and acts with a name and a PIN; the floor changes soon."""
    store, url = far
    _, pin = store.add_person("Olga", Role.OWNER)
    app = _app(store, url, "board")
    async with app.run_test(size=(80, 24)) as pilot:
        olga = Supervisor(app, pilot, None)  # type: ignore[arg-type]  # the store is a real one
        await olga.sees("bench-1", "1 waiting", "store ok")
        await olga.press("f6")
        await olga.type_in(ONE)
        await olga.sees("put first", "hold")
        await olga.press("f4")
        await olga.sign(who="olga", pin=pin)
        await olga.sees("✓ ", "HELD")
        assert app.watch_floor._trouble == ""
        app.watch_floor.stop()
    found = store.order(ONE)
    assert found
    assert found[1] == OrderState.HELD


async def test_viewer_only_looks(far: tuple[SqlOrderStore, str]) -> None:
    """A viewer's token shows the floor without names, and no key leads to a decision."""
    store, url = far
    app = _app(store, url, "viewer")
    async with app.run_test(size=(80, 24)) as pilot:
        guest = Supervisor(app, pilot, None)  # type: ignore[arg-type]  # the store is a real one
        await guest.sees("bench-1", "LOOK ONLY")
        assert "Ana" not in guest.text
        await guest.press("f6", "f8", "home", "enter")
        assert len(app.screen_stack) == 2
        app.watch_floor.stop()


async def test_revoked_board_says_so(far: tuple[SqlOrderStore, str]) -> None:
    """When the token is ended the last floor stays in grey and the reason is told."""
    store, url = far
    app = _app(store, url, "board")
    store.revoke("board-1")
    async with app.run_test(size=(80, 24)) as pilot:
        olga = Supervisor(app, pilot, None)  # type: ignore[arg-type]  # the store is a real one
        await olga.until(lambda: app._away is not None, "the refusal")
        await olga.sees("store AWAY since")
        olga.fits()
        app.watch_floor.stop()
