"""A server on a loopback socket of this process, and clients that behave badly."""

from __future__ import annotations

import resource
import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from station.store.service.server import Plan, Server, listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from station.store.service.connection import Bounds

PATIENCE_S = 30.0
"""Seconds after which a test gives up; none is about how long something takes."""

LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Live:
    """A running server."""

    server: Server
    port: int

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection((LOCAL, self.port), PATIENCE_S)

    def sent(self, request: bytes) -> bytes:
        """Send bytes and return everything that comes back until the end."""
        with closing(self.connect()) as connection:
            connection.sendall(request)
            return all_of(connection)

    def open_connections(self) -> int:
        """Return how many connections the server has."""
        return len(self.server.server_state.connections)


@contextmanager
def running(
    app: ASGIApp,
    context: ssl.SSLContext | None = None,
    bounds: Bounds | None = None,
    loop: str = "auto",
) -> Iterator[Live]:
    """Run an app on a free port until the end of the block."""
    listening = listen(Plan(LOCAL, 0))
    server = Server(app, listening, context, bounds)
    server.config.loop = loop
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        until(lambda: server.started)
        yield Live(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()
    assert not thread.is_alive()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.01)


def all_of(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends, in whatever way."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except (ConnectionError, ssl.SSLError):
        pass
    return b"".join(parts)


def refused(answer: bytes, status: int, kind: str) -> bool:
    """Return whether an answer is a problem of that status and kind."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return (
        head.startswith(b"HTTP/1.1 %d " % status)
        and b"content-type: application/problem+json" in head
        and b'"type": "%s"' % kind.encode() in body
    )


def resident() -> int:
    """Return the bytes of memory that this process has now (proc(5), statm)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()
