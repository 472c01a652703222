"""Bytes to and from a device over TCP; every failure says whether the document had begun to leave.

Until the first byte of the document is handed to the network a failure is `DeviceAbsent` and may
be repeated. From then on it is `DeviceDoubtful`: a printer may hold the label, or half of it.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from station.errors import DeviceAbsent, DeviceDoubtful

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

LOOK = "Look at the printer, then say whether the label came out."
"""What a person does about every doubtful label."""

MAX_ANSWER = 4096
"""Bytes of one answer; a device that says more to a short question talks nonsense."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a step may take, in seconds."""

    connect_s: float = 2.0
    """Name look-up and connection together."""
    send_s: float = 10.0
    """Without the device taking a single byte."""
    receive_s: float = 1.0
    """For one whole answer."""


class TcpStream:
    """One connection to a device, for one document at most."""

    def __init__(self, connected: socket.socket, peer: str, timeouts: Timeouts) -> None:
        self._socket = connected
        self._timeouts = timeouts
        self._total = 0
        self.peer = peer
        """The device as the owner wrote it: host and port."""
        self.left = 0
        """Bytes of the document that were handed to the network."""

    @classmethod
    def open(cls, host: str, port: int, timeouts: Timeouts) -> Self:
        """Connect, or raise DeviceAbsent."""
        peer = f"{host}:{port}"
        end = time.monotonic() + timeouts.connect_s
        try:
            connected = _connect(_addresses(host, port, timeouts.connect_s), end)
        except OSError as error:
            raise DeviceAbsent(
                f"The printer at {peer} is not reachable ({_reason(error)}).",
                "Switch it on and check its cable and address.",
            ) from error
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connected, peer, timeouts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self, query: bytes, enough: Callable[[bytes], bool], seconds: float) -> bytes:
        """Return what the device says until it is enough or the time is over; empty: silence.

        Raises:
            DeviceAbsent: the connection broke, and no byte of a document had left.
            DeviceDoubtful: it broke after the document had begun to leave.
        """
        end = time.monotonic() + seconds
        answer = b""
        self._send_query(query)
        while not enough(answer) and len(answer) < MAX_ANSWER:
            got = self._receive(end - time.monotonic())
            if got is None:
                break
            if not got:
                raise self._lost("closed by the printer")
            answer += got
        return answer

    def send_document(self, document: bytes) -> None:
        """Hand over the document, once.

        Raises:
            DeviceAbsent: not one byte left.
            DeviceDoubtful: some bytes left and the rest did not.
        """
        self._total = len(document)
        rest = memoryview(document)
        self._socket.settimeout(self._timeouts.send_s)
        while self.left < self._total:
            try:
                self.left += self._socket.send(rest[self.left :])
            except OSError as error:
                raise self._lost(_reason(error)) from error

    def finish(self, seconds: float) -> None:
        """Say that no more will come, and wait until the device closes the connection itself.

        Raises:
            DeviceDoubtful: it broke the connection, or kept it open for longer.
        """
        end = time.monotonic() + seconds
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise self._lost(_reason(error)) from error
        while got := self._receive(end - time.monotonic()):
            del got  # a late answer to a question that nobody asks any more
        if got is None:
            raise DeviceDoubtful(
                f"The printer at {self.peer} did not close the connection within {seconds:g} s.",
                LOOK,
            )

    def _send_query(self, query: bytes) -> None:
        self._socket.settimeout(self._timeouts.send_s)
        try:
            self._socket.sendall(query)
        except OSError as error:
            raise self._lost(_reason(error)) from error

    def _receive(self, seconds: float) -> bytes | None:
        """Return bytes, b"" when the device closed, None when it stayed silent."""
        if seconds <= 0:
            return None
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(MAX_ANSWER)
        except TimeoutError:
            return None
        except OSError as error:
            raise self._lost(_reason(error)) from error

    def _lost(self, reason: str) -> DeviceAbsent | DeviceDoubtful:
        if not self.left:
            return DeviceAbsent(
                f"The printer at {self.peer} broke off before the label was sent ({reason}).",
                "Nothing was sent; it is tried again by itself.",
            )
        return DeviceDoubtful(
            f"The connection to the printer at {self.peer} failed after"
            f" {self.left} of {self._total} bytes of the label ({reason}).",
            LOOK,
        )


def _addresses(host: str, port: int, seconds: float) -> list[tuple[Any, ...]]:
    """Look a name up in a thread of its own, because the resolver knows no time limit."""
    answers: queue.SimpleQueue[list[tuple[Any, ...]] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a name that IDNA cannot express
            answers.put(socket.gaierror("no such name"))

    threading.Thread(target=look_up, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("its name cannot be looked up") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _connect(addresses: list[tuple[Any, ...]], end: float) -> socket.socket:
    failure: OSError = OSError("no address")
    for family, kind, protocol, _name, address in addresses:
        candidate = socket.socket(family, kind, protocol)
        try:
            candidate.settimeout(max(0.05, end - time.monotonic()))
            candidate.connect(address)
        except OSError as error:
            candidate.close()
            failure = error
        else:
            return candidate
    raise failure


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or str(error) or type(error).__name__).lower()
