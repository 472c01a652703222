"""Bytes to and from a printer, and the line over TCP.

Every failure says whether the document had begun to leave.

Until the first byte of the document is handed to the network a failure is `DeviceAbsent` and may
be repeated. From then on it is `DeviceDoubtful`: a printer may hold the label, or half of it.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from abc import ABC, abstractmethod
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


class Stream(ABC):
    """One line to a printer, for one document at most; a context manager that closes it."""

    def __init__(self, peer: str, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._total = 0
        self.peer = peer
        """The device as the owner wrote it: host and port, or the path of a device."""
        self.left = 0
        """Bytes of the document that were handed to the system."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let the line go; never raises."""

    @abstractmethod
    def _send(self, data: memoryview) -> int:
        """Hand over some of the data within the time for sending, or raise OSError."""

    @abstractmethod
    def _receive(self, seconds: float) -> bytes | None:
        """Return bytes, b"" when the device is gone for good, None when it stayed silent."""

    @abstractmethod
    def _end(self, seconds: float) -> None:
        """Say that no more will come and wait for the device; DeviceDoubtful if it does not."""

    def ask(self, query: bytes, enough: Callable[[bytes], bool], seconds: float) -> bytes:
        """Return what the device says until it is enough or the time is over; empty: silence.

        What it had said before it was asked is no answer, and is thrown away.

        Raises:
            DeviceAbsent: the connection broke, and no byte of a document had left.
            DeviceDoubtful: it broke after the document had begun to leave.
        """
        self._forget_late_answers()
        end = time.monotonic() + seconds
        answer = b""
        self._send_all(memoryview(query))
        while not enough(answer) and len(answer) < MAX_ANSWER:
            if (left := end - time.monotonic()) <= 0:
                break
            got = self._heard(left)
            if got is None:
                break
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
        while self.left < self._total:
            try:
                self.left += self._send(rest[self.left :])
            except OSError as error:
                raise self._lost(reason(error)) from error

    def finish(self, seconds: float) -> None:
        """Say that no more will come, and wait until the device has taken all of it.

        Raises:
            DeviceDoubtful: it broke the connection, or did not say so for longer.
        """
        try:
            self._end(seconds)
        except OSError as error:
            raise self._lost(reason(error)) from error

    def _forget_late_answers(self) -> None:
        for _ in range(16):
            if not self._heard(0):
                return

    def _heard(self, seconds: float) -> bytes | None:
        try:
            got = self._receive(seconds)
        except OSError as error:
            raise self._lost(reason(error)) from error
        if got == b"":
            raise self._lost("closed by the printer")
        return got

    def _send_all(self, data: memoryview) -> None:
        try:
            while data:
                data = data[self._send(data) :]
        except OSError as error:
            raise self._lost(reason(error)) from error

    def _lost(self, why: str) -> DeviceAbsent | DeviceDoubtful:
        if not self.left:
            return DeviceAbsent(
                f"The printer at {self.peer} broke off before the label was sent ({why}).",
                "Nothing was sent; it is tried again by itself.",
            )
        return DeviceDoubtful(
            f"The connection to the printer at {self.peer} failed after"
            f" {self.left} of {self._total} bytes of the label ({why}).",
            LOOK,
        )


class TcpStream(Stream):
    """One connection over the network."""

    def __init__(self, connected: socket.socket, peer: str, timeouts: Timeouts) -> None:
        super().__init__(peer, timeouts)
        self._socket = connected

    @classmethod
    def open(cls, host: str, port: int, timeouts: Timeouts) -> Self:
        """Connect, or raise DeviceAbsent."""
        peer = f"{host}:{port}"
        end = time.monotonic() + timeouts.connect_s
        try:
            connected = _connect(_addresses(host, port, timeouts.connect_s), end)
        except OSError as error:
            raise DeviceAbsent(
                f"The printer at {peer} is not reachable ({reason(error)}).",
                "Switch it on and check its cable and address.",
            ) from error
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connected, peer, timeouts)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, data: memoryview) -> int:
        self._socket.settimeout(self._timeouts.send_s)
        return self._socket.send(data)

    def _receive(self, seconds: float) -> bytes | None:
        self._socket.settimeout(max(0.0, seconds))
        try:
            return self._socket.recv(MAX_ANSWER)
        except (TimeoutError, BlockingIOError):
            return None

    def _end(self, seconds: float) -> None:
        """Close our end; the printer's own closing says that it read everything."""
        end = time.monotonic() + seconds
        self._socket.shutdown(socket.SHUT_WR)
        while (left := end - time.monotonic()) > 0 and (got := self._receive(left)) is not None:
            if not got:
                return  # what came before is a late answer to a question that nobody asks any more
        raise DeviceDoubtful(
            f"The printer at {self.peer} did not close the connection within {seconds:g} s.", LOOK
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


def reason(error: OSError) -> str:
    """Return a system's error in a few words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or str(error) or type(error).__name__).lower()
