"""What stands between a station and the server, and can break the way at a chosen message."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count, product
from typing import TYPE_CHECKING, Literal, Self

from distributed.served import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

Where = Literal[
    "before the request",
    "within the request",
    "after the request",
    "within the answer",
    "after the answer",
]
WHERES: tuple[Where, ...] = (
    "before the request",
    "within the request",
    "after the request",
    "within the answer",
    "after the answer",
)
Mood = Literal["open", "black hole", "refuse", "html", "cut answers"]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 36\r\n\r\n"
    b"<html>Please sign in to Wi-Fi</html>"
)


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """One moment at which the connection ends."""

    message: int
    """Which request on this way, from 1."""
    where: Where

    def __str__(self) -> str:
        return f"{self.where} {self.message}"


def cuts(messages: int) -> list[Cut]:
    """Return every moment of so many requests and their answers."""
    return [Cut(number, where) for number, where in product(range(1, messages + 1), WHERES)]


class Proxy:
    """Passes HTTP/1.1 on, one whole message after the other; a context manager.

    Connections go to the ports in turn, as at a balancer.
    """

    def __init__(self, *ports: int) -> None:
        self._ports = ports
        self._turns = count()
        self._messages = count(1)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server((LOCAL, 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self.cut: Cut | None = None
        """Where the way breaks next; it breaks once."""
        self.mood: Mood = "open"
        """How every request fares meanwhile."""
        self.struck = 0
        """How many messages and connections met a mood."""
        self.cuts = 0
        """How often the way broke at a chosen moment."""
        self.passed = 0
        """How many messages came by since the last `begin`."""
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            _end(connection)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Where stations reach it."""
        return f"http://{LOCAL}:{self.port}"

    def begin(self, cut: Cut | None = None) -> None:
        """Count messages from 1 again, and break the way at one of them."""
        with self._lock:
            self._messages, self.cut, self.passed = count(1), cut, 0

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self.mood == "refuse":
            self._strike()
            _end(client)
            return
        with self._kept(client), suppress(OSError):
            port = self._ports[next(self._turns) % len(self._ports)]
            with closing(socket.create_connection((LOCAL, port), 10)) as server:
                server.settimeout(60)
                with self._kept(server):
                    self._pass(client, server)

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        ahead, back = _Messages(client), _Messages(server)
        while request := ahead.next():
            with self._lock:
                self.passed = number = next(self._messages)
            if not self._exchange(number, request, client, server, back):
                return

    def _exchange(
        self,
        number: int,
        request: bytes,
        client: socket.socket,
        server: socket.socket,
        back: _Messages,
    ) -> bool:
        """Pass one request and its answer on; return whether the connection stays."""
        if self.mood in {"black hole", "html", "refuse"}:
            self._strike()
            return self._moody(client)
        if not self._ask(number, request, server):
            return False
        answer = back.next()
        if not answer or self._is_cut(number, "after the request") or self._loses():
            return False
        if self._is_cut(number, "within the answer"):
            client.sendall(answer[: len(answer) // 2])
            return False
        client.sendall(answer)
        return not self._is_cut(number, "after the answer")

    def _ask(self, number: int, request: bytes, server: socket.socket) -> bool:
        """Pass a request on, or half of it, or nothing; return whether it went whole."""
        if self._is_cut(number, "before the request"):
            return False
        if self._is_cut(number, "within the request"):
            server.sendall(request[: len(request) // 2])
            return False
        server.sendall(request)
        return True

    def _loses(self) -> bool:
        if self.mood != "cut answers":
            return False
        self._strike()
        return True

    def _moody(self, client: socket.socket) -> bool:
        if self.mood == "html":
            client.sendall(_HTML)
            return True
        while self.mood == "black hole" and client.recv(65536):
            pass
        return False

    def _is_cut(self, number: int, where: Where) -> bool:
        with self._lock:
            if self.cut != Cut(number, where):
                return False
            self.cut = None
            self.cuts += 1
            return True

    def _strike(self) -> None:
        with self._lock:
            self.struck += 1

    def _kept(self, connection: socket.socket) -> _Kept:
        return _Kept(connection, self._open, self._lock)


class _Kept:
    """A connection that is ended when the proxy ends."""

    def __init__(
        self, connection: socket.socket, kept: set[socket.socket], lock: threading.Lock
    ) -> None:
        self._connection, self._kept, self._lock = connection, kept, lock

    def __enter__(self) -> None:
        with self._lock:
            self._kept.add(self._connection)

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._kept.discard(self._connection)
        _end(self._connection)


class _Messages:
    """The HTTP messages of one side; each has its length in its head."""

    def __init__(self, connection: socket.socket) -> None:
        self._parts = self._received(connection)
        self._held = b""

    def next(self) -> bytes:
        """Return the next whole message, empty at the end."""
        while b"\r\n\r\n" not in self._held:
            if not self._more():
                return b""
        head = self._held.index(b"\r\n\r\n") + 4
        found = _LENGTH.search(self._held[:head])
        whole = head + (int(found[1]) if found else 0)
        while len(self._held) < whole:
            if not self._more():
                return b""
        message, self._held = self._held[:whole], self._held[whole:]
        return message

    def _more(self) -> bool:
        part = next(self._parts, b"")
        self._held += part
        return bool(part)

    @staticmethod
    def _received(connection: socket.socket) -> Iterator[bytes]:
        while part := connection.recv(65536):
            yield part


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
