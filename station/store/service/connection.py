"""One connection of the server, with the deadlines and bounds that uvicorn does not have.

Uvicorn waits forever for a header, takes headers of any length, and waits forever for a client
that does not read its answer (measured with 0.54: 300 half-sent requests stayed). A connection
here is in one of two states: it waits for a request's head, or works on a request.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from station.store.service.refusals import BAD_HTTP, HEAD_TOO_LARGE, SAFE, Refusal

if TYPE_CHECKING:
    import asyncio

HEAD_BYTES = 32 * 1024
"""The longest head of a request."""

MESSAGE_BYTES = 8 * 2**20
"""The most that comes for one request, with chunk headers and trailers: twice the largest body."""

PIPELINED = 8
"""Requests sent ahead on one connection; a bench sends none."""


@dataclass(slots=True)
class Bounds:
    """What connections share: their deadlines, and how many there may be."""

    head_s: float = 10.0
    """Seconds until a whole head has come; also those of a TLS handshake."""
    end_s: float = 2.0
    """Seconds in which the other side must agree to an end of TLS; what it sends is dropped."""
    send_s: float = 30.0
    """Seconds for which an answer may wait for a client that does not read."""
    connections: int = 4096
    each: int = 256
    """Connections from one address; a proxy on this machine is not counted."""
    open: Counter[str] = field(default_factory=Counter)


class Connection(HttpToolsProtocol):
    """Uvicorn's connection, ended when it is too slow, too large, or one too many."""

    def __init__(self, *args: Any, bounds: Bounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds
        self._taken = 0
        self._host = ""
        self._slow_head: asyncio.TimerHandle | None = None
        self._slow_reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head, unless there are too many connections."""
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        opened = self._bounds.open
        opened[self._host] += 1
        crowded = opened[self._host] > self._bounds.each and not _near(self._host)
        if crowded or opened.total() > self._bounds.connections:
            transport.abort()
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._head_came()
        self._read_again()
        self._bounds.open -= Counter({self._host: 1})

    def data_received(self, data: bytes) -> None:
        """Take bytes, within the bounds of the state."""
        self._taken += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._waits:
            if self._taken > MESSAGE_BYTES or len(self.pipeline) > PIPELINED:
                self.transport.abort()
        elif self._taken > HEAD_BYTES:
            self._refuse(HEAD_TOO_LARGE)
        else:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Go from waiting to working."""
        self._head_came()
        self._taken = 0
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Go from working to waiting."""
        self._taken = 0
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        super().pause_writing()
        if self._slow_reader is None:
            wait_s = self._bounds.send_s
            self._slow_reader = self.loop.call_later(wait_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        self._read_again()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are its own
        """Answer what is no HTTP in our words."""
        self._refuse(BAD_HTTP)

    @property
    def _waits(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_head(self) -> None:
        # Not begun anew at each byte: one byte a second is no progress.
        if self._slow_head is None:
            wait_s = self._bounds.head_s
            self._slow_head = self.loop.call_later(wait_s, self.transport.abort)

    def _head_came(self) -> None:
        if self._slow_head is not None:
            self._slow_head.cancel()
            self._slow_head = None

    def _read_again(self) -> None:
        if self._slow_reader is not None:
            self._slow_reader.cancel()
            self._slow_reader = None

    def _refuse(self, refusal: Refusal) -> None:
        lines = b"".join(b"%s: %s\r\n" % header for header in (*refusal.headers(), *SAFE))
        self.transport.write(STATUS_LINE[refusal.status] + lines + b"\r\n" + refusal.body())
        self.transport.close()


def _near(host: str) -> bool:
    return host in {"127.0.0.1", "::1"}
