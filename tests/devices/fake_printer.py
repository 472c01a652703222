"""A ZPL printer on a loopback socket: an engine with paper, ~HS ~HQES ~HI, and faults on demand.

`labels` is the truth: the bytes of each label that came out. Every fault that really struck is
counted in `struck`.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections import Counter, deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

HOST = "127.0.0.1"
_COMMAND = re.compile(rb'~HS|~HQES|~HI|~JA|! U1 getvar "odometer.total_label_count"\r\n')
_LABEL = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)


class FakePrinter:
    """A printer that listens as soon as it exists; a context manager that switches it off."""

    paper_left: int | None = None
    """Labels on the roll; when it ends inside a label that label is printed again later."""
    paper_out = False
    head_open = False
    ribbon_out = False
    paused = False
    buffer_full = False
    silent = False
    """Answers nothing at all."""
    silent_status = False
    """Leaves ~HS unanswered but not ~HQES."""
    mute_on_fault = False
    """The same, but only while it has a fault, as real printers may."""
    mute_after_label = False
    """The same, but only once it has received something of a label."""
    hangs_up = False
    """Breaks the connection off instead of answering."""
    garbage = False
    """Answers what is no status."""
    stalled = False
    """Accepts and never reads."""
    keeps_open = False
    """Does not close its end when the other has finished."""
    one_line = False
    """Reads one connection at a time, and the others when that one has ended."""
    reset_after: int | None = None
    """Break the next connection off after so many bytes of a document; strikes once."""
    close_after: int | None = None
    """The same with a proper close."""
    distort: Callable[[bytes], bytes] | None = None
    """Changes each answer on its way."""
    loses_labels = False
    """Takes labels and prints none of them, and all is well."""
    print_s = 0.0
    """Seconds that the engine needs for a label."""
    warnings = 0
    """The warning bits of ~HQES."""
    too_hot = too_cold = memory_corrupt = not_taken = False
    length_dots = 1218
    dots_per_mm = 8
    odometer: int | None = None
    """Labels printed in its life; None: it does not count them, and says so with “?”."""
    count_answer: bytes | None = None
    """What it says instead of its count."""
    miscounts = 0
    """Added to the count for each label besides itself."""
    document_bytes = 0
    documents = 0
    """Connections that brought something of a label."""
    connections = 0
    at_once = 0
    """The most connections that were open at the same time."""
    port = 0

    def __init__(self, *, keeps_half: bool = False, counts_printing: bool = True) -> None:
        self.keeps_half = keeps_half
        """Whether half a label stays in the memory when the connection ends."""
        self.counts_printing = counts_printing
        """Whether ~HS counts the label that the engine is at; a printer may not."""
        self.labels: list[bytes] = []
        self.heard = bytearray()
        """Every byte that was read, questions included."""
        self.struck: Counter[str] = Counter()
        self._open: dict[socket.socket, int] = {}
        self._held: list[socket.socket] = []
        self._line = threading.Lock()
        self._queue: deque[bytes] = deque()
        self._half = b""
        self._off = False
        self._changed = threading.Condition()
        self._listener: socket.socket | None = None
        self.listen()
        threading.Thread(target=self._engine, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """What the owner would write in his settings."""
        return f"tcp://{HOST}:{self.port}"

    def count(self, document: bytes) -> int:
        """Return how many labels with exactly this content came out."""
        return self.labels.count(document)

    def listen(self) -> None:
        """Be reachable, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind((HOST, self.port))
        listener.listen(16)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def refuse(self) -> None:
        """Be switched off for newcomers: a connection is refused."""
        if self._listener:
            self.struck["refuse"] += 1
            with_end = self._listener
            self._listener = None
            with_end.shutdown(socket.SHUT_RDWR)
            with_end.close()

    def mend(self) -> None:
        """Do what a person does: load paper, close the lid, clear half a label, switch it on."""
        with self._changed:
            self.paper_out = self.head_open = self.ribbon_out = self.paused = False
            self.buffer_full = self.silent = self.silent_status = self.garbage = False
            self.stalled = self.keeps_open = False
            self.paper_left = self.reset_after = self.close_after = None
            self._half = b""
            held, self._held = self._held, []
            self._changed.notify_all()
        for connection in held:
            connection.close()
        if self._listener is None:
            self.listen()

    def power_cycle(self) -> None:
        """Lose every label that has not come out."""
        with self._changed:
            self.struck["power cycle"] += len(self._queue)
            self._queue.clear()
            self._half = b""

    def wait_idle(self, timeout_s: float = 5.0) -> bool:
        """Wait until nobody is connected and the engine has nothing to do."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._queue and not self._open, timeout=timeout_s
            )

    def wait_for(self, condition: Callable[[], object], timeout_s: float = 10.0) -> bool:
        """Wait until something is true of the printer, whoever makes it true."""
        end = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        return True

    def close(self) -> None:
        """End all of it."""
        self.refuse()
        with self._changed:
            self._off = True
            ends = [*self._open, *self._held]
            self._held = []
            self._changed.notify_all()
        for connection in ends:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for connection in ends:
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._changed:
                self.connections += 1
                if self.stalled:
                    self.struck["stall"] += 1
                    self._held.append(connection)
                    continue
                self._open[connection] = 0
                self.at_once = max(self.at_once, len(self._open))
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._line if self.one_line else nullcontext():
            self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        rest = self._half
        with connection:
            try:
                while data := connection.recv(65536):
                    self.heard += data
                    data, cut = self._cut(connection, data)
                    rest = self._take(connection, rest + data)
                    if cut:
                        break
                self.struck["line kept open"] += self.keeps_open
                while self.keeps_open and not self._off:
                    time.sleep(0.01)
            except OSError:  # the other side has gone, or close() was called
                pass
            finally:
                with self._changed:
                    self._half = rest if self.keeps_half and rest.startswith(b"^XA") else b""
                    del self._open[connection]
                    self._changed.notify_all()

    def _cut(self, connection: socket.socket, data: bytes) -> tuple[bytes, bool]:
        """Return what is taken of the data, and whether the connection ends here."""
        before = self._open[connection]
        start = 0 if before else data.find(b"^XA")
        if start < 0:
            return data, False
        self.documents += not before
        self._open[connection] += len(data) - start
        self.document_bytes += len(data) - start
        for name in ("reset_after", "close_after"):
            after = getattr(self, name)
            if after is not None and self._open[connection] >= after:
                setattr(self, name, None)
                self.struck[name] += 1
                if name == "reset_after":
                    connection.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                    )
                return data[: start + after - before], True
        return data, False

    def _take(self, connection: socket.socket, data: bytes) -> bytes:
        """Answer questions, queue whole labels, return what is left."""
        while found := _COMMAND.search(data):
            before = data[: found.start()]
            data = self._labels(before) + data[found.end() :]
            if not self.silent:
                self._half = data if data.startswith(b"^XA") else b""
                answer = self._answer(found[0])
                connection.sendall(self.distort(answer) if self.distort else answer)
        return self._labels(data)

    def _labels(self, data: bytes) -> bytes:
        while found := _LABEL.search(data):
            with self._changed:
                self._queue.append(found[0])
                self._changed.notify_all()
            data = data[found.end() :]
        return data

    def _answer(self, command: bytes) -> bytes:
        if self.hangs_up:
            self.struck["hung up"] += 1
            raise ConnectionAbortedError
        if self.garbage:
            self.struck["garbage"] += 1
            return b"\x02\xff\x00,,,\x03\r\nHTTP/1.1 400 Bad Request\r\n\x02a\x03\x02b\x03"
        if command == b"~HI":
            return b"\x02ZD421-203dpi,V93.21.26Z,%d,8192KB\x03\r\n" % self.dots_per_mm
        if command == b"~HQES":
            return self._errors()
        if command.startswith(b"!"):
            return self._count()
        mute = self.silent_status or (self.mute_on_fault and self._stuck)
        mute = mute or (self.mute_after_label and self.document_bytes > 0)
        if command == b"~HS" and not mute:
            return self._status()
        return b""

    def _count(self) -> bytes:
        if self.count_answer is not None:
            self.struck["strange count"] += 1
            return self.count_answer
        return b'"?"' if self.odometer is None else b'"%d"\r\n' % self.odometer

    def _errors(self) -> bytes:
        bits = self.paper_out | self.ribbon_out << 1 | self.head_open << 2 | self.paused << 16
        return (
            b"\x02\r\n\r\nPRINTER STATUS            \r\n"
            b"   ERRORS:          %d 00000000 %08X  \r\n"
            b"   WARNINGS:        %d 00000000 %08X   \r\n\x03"
        ) % (bool(bits), bits, bool(self.warnings), self.warnings)

    def _status(self) -> bytes:
        waiting = max(0, len(self._queue) - (0 if self.counts_printing else 1))
        full, half = self.buffer_full, bool(self._half)
        memory, cold, hot = self.memory_corrupt, self.too_cold, self.too_hot
        lines = (
            (
                f"030,{self.paper_out:d},{self.paused:d},{self.length_dots:04d},{waiting:03d},"
                f"{full:d},0,{half:d},000,{memory:d},{cold:d},{hot:d}"
            ),
            f"001,0,{self.head_open:d},{self.ribbon_out:d},1,2,6,{self.not_taken:d},00000000,1,000",
            "1234,0",
        )
        return b"".join(b"\x02" + line.encode() + b"\x03\r\n" for line in lines)

    @property
    def _stuck(self) -> bool:
        return self.paper_out or self.head_open or self.ribbon_out or self.paused

    def _engine(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._off or (self._queue and not self._stuck))
                if self._off:
                    return
                if self.paper_left == 0:
                    self.paper_out = True
                    self.struck["paper out inside a label"] += 1
                    continue
                self._changed.wait_for(lambda: self._off, timeout=self.print_s)
                if not self._queue:
                    continue  # lost in a power cycle
                label = self._queue.popleft()
                if self.loses_labels:
                    self.struck["lost"] += 1
                    self._changed.notify_all()
                    continue
                self.labels.append(label)
                if self.odometer is not None:
                    self.odometer += 1 + self.miscounts
                if self.paper_left:
                    self.paper_left -= 1
                self._changed.notify_all()
