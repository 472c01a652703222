"""A label printer on port 9100: asked before a label is sent, and asked again after it.

A connection that took every byte proves nothing (a printer that never reads takes 2 MB without a
word), so that the printer's own status decides, and where there is none, its own closing of the
connection. A document is sent at most once in a call, whatever happens.
"""

from __future__ import annotations

import threading
import time
from enum import Enum
from typing import TYPE_CHECKING, Literal

from station.devices import zebra_status as zebra
from station.devices.file_printer import FilePrinter
from station.devices.kinds import kind_of
from station.devices.ports import Delivery, Health
from station.devices.transport import TcpStream, Timeouts
from station.errors import DeviceDoubtful, DeviceError, DeviceRefused

if TYPE_CHECKING:
    from station.devices.zebra_status import HostStatus, Trouble

__all__ = ["FilePrinter", "StatusUse", "TcpPrinter"]

StatusUse = Literal["auto", "on", "off"]
"""Whether the printer is asked: if it answers, always, never."""

POLL_S = 0.02
"""Between two questions after a label was sent."""

FIRST_FIX = (
    "Look at the printer, mend it and wait a moment: it may still print the label by itself."
    " Then say whether the label came out."
)

_HEALTH = Timeouts(connect_s=0.6, send_s=0.1, receive_s=0.45)
"""Together with three questions under the two seconds that the port allows."""


class _Tells(Enum):
    """Which question this printer answered before the label was sent."""

    HOST_STATUS = "~HS"
    ERRORS = "~HQES"
    NOTHING = ""


class TcpPrinter:
    """A printer that reads raw bytes from port 9100; a Zebra, or one that behaves like it.

    With status “auto” a printer that answers nothing is printed to all the same, once it is sure
    that it never answered before. A printer of another language may print the questions as text:
    give it status “off”.
    """

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        status: StatusUse = "auto",
        deadline_s: float = 10.0,
        dpi: int | None = None,
        timeouts: Timeouts | None = None,
        name: str = "",
    ) -> None:
        self.host = host
        self.port = port
        self.status = status
        self.deadline_s = deadline_s
        """Seconds for the printer to finish a label that it has taken."""
        self.dpi = dpi
        """What labels are made for; None: not checked."""
        self.name = name or f"{host}:{port}"
        self._timeouts = timeouts or Timeouts()
        self._question_s = min(_HEALTH.receive_s, self._timeouts.receive_s)
        self._answered = False
        self._one_at_a_time = threading.Lock()

    def print(self, job: str, title: str, document: bytes) -> Delivery:  # noqa: ARG002 - the port's
        """Send the document once and learn what the printer says about it; see the port."""
        if not document:
            raise DeviceRefused("The label is empty.", "Make it again from the order.")
        with (
            self._one_at_a_time,
            TcpStream.open(self.host, self.port, self._timeouts) as stream,
        ):
            tells = _Tells.NOTHING if self.status == "off" else self._ready(stream)
            if tells is not _Tells.NOTHING and kind_of(document) in {"png", "pdf"}:
                raise DeviceRefused(
                    f"The printer {self.name} prints ZPL, and this is a"
                    f" {kind_of(document).upper()}.",
                    "Ask the carrier for ZPL, or choose another printer.",
                )
            stream.send_document(document)
            if tells is _Tells.NOTHING:
                stream.finish(self.deadline_s)
            else:
                self._wait_until_done(stream, tells)
            return Delivery.SENT

    def health(self) -> Health:
        """Ask the printer; while a label is on its way it is left alone."""
        if not self._one_at_a_time.acquire(blocking=False):
            return Health(ok=True, words="printing")
        try:
            with TcpStream.open(self.host, self.port, _HEALTH) as stream:
                return self._health(stream)
        except DeviceRefused as error:
            return Health(ok=False, words=error.message)
        except DeviceError:
            return Health(ok=False, words="not reachable")
        finally:
            self._one_at_a_time.release()

    def _health(self, stream: TcpStream) -> Health:
        if self.status == "off":
            return Health(ok=True, words="ok, tells no status")
        status, _ = self._host_status(stream, self._question_s)
        troubles = status.before_sending if status else self._errors(stream, self._question_s)[0]
        if troubles is None:
            ok = self.status == "auto" and not self._answered
            return Health(ok, "ok, tells no status" if ok else "no answer")
        return self._resolution(stream) if not troubles else Health(False, zebra.in_words(troubles))

    def _resolution(self, stream: TcpStream) -> Health:
        """A label made for another head comes out at the wrong size and cannot be scanned."""
        if self.dpi is None:
            return Health(ok=True, words="ok")
        answer = stream.ask(
            zebra.ASK_IDENTITY, lambda said: zebra.dots_per_mm(said) is not None, self._question_s
        )
        dots = zebra.dots_per_mm(answer)
        if dots is None or dots == round(self.dpi / 25.4):
            return Health(ok=True, words="ok")
        return Health(
            ok=False,
            words=f"prints {dots} dots per mm, labels are made for {round(self.dpi / 25.4)}",
        )

    def _ready(self, stream: TcpStream) -> _Tells:
        """Learn how the printer can be asked; raise DeviceRefused for whatever needs a hand."""
        status, said = self._host_status(stream, self._timeouts.receive_s)
        if status is not None:
            self._refuse(status.before_sending)
            return _Tells.HOST_STATUS
        troubles, more = self._errors(stream, self._timeouts.receive_s)
        if troubles is not None:
            self._refuse(troubles)
            return _Tells.ERRORS
        self._refuse_silence(said + more)
        return _Tells.NOTHING

    def _refuse(self, troubles: tuple[Trouble, ...]) -> None:
        if troubles:
            raise DeviceRefused(
                f"Printer {self.name}: {zebra.in_words(troubles)}.", zebra.remedies(troubles)
            )

    def _refuse_silence(self, said: bytes) -> None:
        if said:
            raise DeviceRefused(
                f"The printer {self.name} answers what is not understood.",
                "Switch it off and on. If it is no Zebra, set status=off for it.",
            )
        if self.status == "on" or self._answered:
            raise DeviceRefused(
                f"The printer {self.name} does not say how it is.",
                "Switch it off and on. If it never answers, set status=off for it.",
            )

    def _host_status(self, stream: TcpStream, seconds: float) -> tuple[HostStatus | None, bytes]:
        said = stream.ask(
            zebra.ASK_HOST_STATUS, lambda said: zebra.host_status(said) is not None, seconds
        )
        status = zebra.host_status(said)
        self._answered = self._answered or status is not None
        return status, said

    def _errors(
        self, stream: TcpStream, seconds: float
    ) -> tuple[tuple[Trouble, ...] | None, bytes]:
        said = stream.ask(
            zebra.ASK_ERRORS, lambda said: zebra.printer_errors(said) is not None, seconds
        )
        troubles = zebra.printer_errors(said)
        self._answered = self._answered or troubles is not None
        return troubles, said

    def _wait_until_done(self, stream: TcpStream, tells: _Tells) -> None:
        """Ask until nothing is left in the printer; DeviceDoubtful for everything else."""
        end = time.monotonic() + self.deadline_s
        while (left := end - time.monotonic()) > 0:
            if self._done(stream, tells, min(left, self._timeouts.receive_s)):
                return
            time.sleep(POLL_S)
        raise DeviceDoubtful(
            f"The printer {self.name} took the label but did not say within"
            f" {self.deadline_s:g} s that it is done.",
            FIRST_FIX,
        )

    def _done(self, stream: TcpStream, tells: _Tells, seconds: float) -> bool:
        status = None
        if tells is _Tells.HOST_STATUS:
            status, _ = self._host_status(stream, seconds)
        # An answer to a question that was asked after the label proves that all of it was read.
        troubles = status.troubles if status else self._errors(stream, seconds)[0]
        if troubles:
            raise DeviceDoubtful(
                f"Printer {self.name}: {zebra.in_words(troubles)}, after the label was sent.",
                f"{zebra.remedies(troubles)} {FIRST_FIX}",
            )
        if status is not None:
            return status.idle
        return tells is _Tells.ERRORS and troubles is not None
