"""Connections that are slow, endless or too many, while a good client is served."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from serving.live import LOCAL, PATIENCE_S, Live, all_of, refused, running, until

from station.store.service.connection import MESSAGE_BYTES, PIPELINED, Bounds, Connection
from station.store.service.server import tls

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from station.store.service.server import Plan

FAST = Bounds(head_s=0.5, send_s=0.5)
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
LARGE = 16 * 2**20

HALVES = (
    b"",
    b"G",
    b"GET / HTTP/1.1\r\n",
    b"GET / HTTP/1.1\r\nhost: x\r\nx: ",
    b"\r\n\r\n",
    GET + b"GET /half",
)
"""What a client may send and then stop."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Take a body whole, then answer; /large with more than the buffers on the way hold."""
    while (await receive()).get("more_body"):
        pass
    body = b"1" * (LARGE if scope["path"] == "/large" else 2)
    length = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": body})


def good(live: Live, scheme: str = "http", verify: ssl.SSLContext | bool = True) -> bool:
    """Return whether a client that behaves is answered."""
    url = f"{scheme}://{LOCAL}:{live.port}/"
    return httpx.get(url, verify=verify, trust_env=False).text == "11"


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_half_sent_heads_are_ended_while_others_are_served(loop: str) -> None:
    """Of 300 clients that stop in the middle of a head none is left, and one more is answered."""
    with running(app, bounds=Bounds(head_s=2.0), loop=loop) as live, ExitStack() as stack:
        halves = [stack.enter_context(closing(live.connect())) for _ in range(300)]
        for number, half in enumerate(halves):
            half.sendall(HALVES[number % 5])
        until(lambda: live.open_connections() == 300)
        assert good(live)
        assert [all_of(half) for half in halves] == [b""] * 300
        until(lambda: live.open_connections() == 0)
        assert good(live)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_half_made_handshakes_are_ended(plan: Plan, folder: Path, loop: str) -> None:
    """Clients that never finish, or never begin, their TLS handshake are ended."""
    trusted = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    with running(app, tls(plan), FAST, loop) as live, ExitStack() as stack:
        halves = [stack.enter_context(closing(live.connect())) for _ in range(50)]
        for half in halves[::2]:
            half.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        assert good(live, "https", trusted)
        for half in halves:
            assert b"HTTP" not in all_of(half)


def test_one_byte_now_and_then_is_no_progress() -> None:
    """A head that trickles in is ended as well, on a new connection and on a used one."""
    with running(app, bounds=FAST) as live:
        for before in (b"", GET):
            with closing(live.connect()) as connection, suppress(OSError):
                connection.sendall(before)
                while live.open_connections():
                    connection.sendall(b"G" if before else b"\r\n")
                    time.sleep(0.05)
            until(lambda: live.open_connections() == 0)


def test_a_client_that_does_not_read_is_ended() -> None:
    """An answer that nobody reads is dropped after a while, and its connection."""
    with running(app, bounds=FAST) as live, closing(live.connect()) as connection:
        connection.sendall(GET.replace(b"/ ", b"/large "))
        until(lambda: live.open_connections() == 1)
        until(lambda: live.open_connections() == 0)
        assert len(all_of(connection)) < LARGE
        assert good(live)


def test_a_client_that_reads_slowly_gets_its_answer() -> None:
    """Reading on begins the time anew."""
    with running(app, bounds=FAST) as live, closing(live.connect()) as connection:
        connection.sendall(
            GET.replace(b"/ ", b"/large ").replace(b"x\r\n\r", b"x\r\nconnection: close\r\n\r")
        )
        taken = 0
        while part := connection.recv(2**20):
            taken += len(part)
            time.sleep(0.01)
        assert taken > LARGE


def test_an_idle_connection_is_kept_between_requests() -> None:
    """A connection that was used stays beyond the time for a head."""
    with running(app, bounds=FAST) as live, closing(live.connect()) as connection:
        for _ in range(2):
            connection.sendall(GET)
            assert connection.recv(65536).endswith(b"11")
            time.sleep(2 * FAST.head_s)


def test_requests_sent_far_ahead_end_the_connection() -> None:
    """A few requests ahead are answered in order, hundreds are not kept in memory."""
    with running(app) as live:
        ahead = GET * 3 + GET.replace(b"x\r\n\r", b"x\r\nconnection: close\r\n\r")
        assert live.sent(ahead).count(b"200 OK") == 4
        assert live.sent(GET * 500).count(b"200 OK") <= PIPELINED
        assert good(live)


@pytest.mark.parametrize(
    "endless",
    [b"1;" + b"x" * 65536, b"0\r\n" + b"a: b\r\n" * 10_000, b"0\r\na: " + b"b" * 65536],
    ids=["chunk extension", "trailers", "trailer"],
)
def test_what_is_no_body_is_bounded_too(endless: bytes) -> None:
    """Chunk extensions and trailers that do not end, end the connection."""
    head = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    tail = endless[endless.rindex(b"\n") + 1 :] if endless.endswith(b"\r\n") else b"x" * 65536
    more = tail or b"a: b\r\n" * 10_000
    with running(app) as live, closing(live.connect()) as connection:
        sent = 0
        with suppress(OSError):
            connection.sendall(head + endless)
            while sent < 4 * MESSAGE_BYTES:
                connection.sendall(more)
                sent += len(more)
        assert sent < 4 * MESSAGE_BYTES
        assert good(live)


def test_connections_are_bounded() -> None:
    """Beyond the bound a new connection is ended at once, and there is room when one ends."""
    bounds = Bounds(connections=10)
    with running(app, bounds=bounds) as live, ExitStack() as stack:
        held = [stack.enter_context(closing(live.connect())) for _ in range(10)]
        until(lambda: live.open_connections() == 10)
        with closing(live.connect()) as more:
            assert all_of(more) == b""
        held[0].close()
        until(lambda: live.open_connections() == 9)
        assert good(live)
    assert bounds.open.total() == 0


def test_one_address_has_its_share_but_a_proxy_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections from one address are counted, those of this machine's proxy are not."""
    with running(app, bounds=Bounds(each=3)) as live, ExitStack() as stack:
        held = [stack.enter_context(closing(live.connect())) for _ in range(5)]
        until(lambda: live.open_connections() == 5)
        monkeypatch.setattr("station.store.service.connection._near", lambda _: False)
        with closing(live.connect()) as more:
            assert all_of(more) == b""
        assert len(held) == 5


def test_broken_requests_are_told_in_our_words() -> None:
    """What is no HTTP gets a problem, never uvicorn's own text."""
    with running(app) as live:
        for noise in (
            b"nonsense\r\n\r\n",
            b"\x16\x03\x01\0\0",
            b"GET / HTTP/9.9\r\n\r\n",
            b"CONNECT x:1 HTTP/1.1\r\n\r\n",
        ):
            assert refused(live.sent(noise), 400, "invalid"), noise
        assert good(live)


def test_an_upgrade_is_not_followed() -> None:
    """Asking for a websocket gets the plain answer."""
    ask = GET.replace(b"x\r\n\r", b"x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r")
    with running(app, bounds=FAST) as live, closing(live.connect()) as connection:
        connection.sendall(ask)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_the_class_of_uvicorn_is_what_we_think() -> None:
    """What we override exists in the installed uvicorn; else the bounds would be silently gone."""
    (base,) = Connection.__bases__
    for name in vars(Connection):
        if not name.startswith("_"):
            assert hasattr(base, name), name
    for name in ("cycle", "pipeline", "client", "transport", "loop"):
        assert f"self.{name}" in _source(base)


def _source(kind: type) -> str:
    import inspect

    return inspect.getsource(kind)


def test_sockets_close_when_the_server_ends() -> None:
    """After the end the port is free, and nobody is served."""
    with running(app) as live:
        assert good(live)
    with closing(socket.socket()) as probe:
        assert probe.connect_ex((LOCAL, live.port)) != 0


def test_work_in_hand_is_finished_when_the_server_ends() -> None:
    """A request that came before the end gets its answer, and a new one finds nobody."""
    began, leave = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        began.set()
        await asyncio.to_thread(leave.wait, PATIENCE_S)
        await app(scope, receive, send)

    with running(slow) as live, closing(live.connect()) as connection:
        connection.sendall(GET)
        assert began.wait(PATIENCE_S)
        live.server.should_exit = True
        until(lambda: not live.server.servers[0].is_serving())
        leave.set()
        assert all_of(connection).endswith(b"11")
