"""A label printer behind a line of bytes: asked before a label is sent, and asked again after it.

A line that took every byte proves nothing (a printer that never reads takes 2 MB without a word),
so that the printer's own status decides, and where there is none, its own closing of the line. A
document is sent at most once in a call, whatever happens.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from station.devices import zebra_status as zebra
from station.devices.file_printer import FilePrinter
from station.devices.kinds import kind_of
from station.devices.other_languages import QUESTIONS
from station.devices.ports import Delivery, Health
from station.devices.transport import Stream, TcpStream, Timeouts
from station.devices.troubles import Question, in_words, remedies
from station.errors import DeviceDoubtful, DeviceError, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.troubles import Condition, Trouble

__all__ = ["FilePrinter", "Known", "StatusUse", "StreamPrinter", "TcpPrinter"]

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


@dataclass(frozen=True, slots=True)
class Known:
    """What the owner says of a printer."""

    language: str = "zpl"
    """zpl, epl2, tspl or escpos: decides what it is asked, and what it is not given."""
    status: StatusUse = "auto"
    deadline_s: float = 10.0
    """Seconds for the printer to finish a label that it has taken."""
    dpi: int | None = None
    """What labels are made for; None: not checked."""
    length_mm: float | None = None
    """The length of the labels that should be in it; None: not checked."""
    counts: bool = True
    """Whether a ZPL printer is asked for its count of labels, which can prove that one came out."""


class StreamPrinter:
    """A printer that reads raw bytes, and answers questions if it can.

    With status “auto” a printer that answers nothing is printed to all the same, once it is sure
    that it never answered before. A printer of another language may print the questions as text:
    give it its language, or status “off”.
    """

    def __init__(
        self,
        connect: Callable[[Timeouts], Stream],
        known: Known,
        name: str,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.known = known
        self.name = name
        self._connect = connect
        self._timeouts = timeouts or Timeouts()
        self._question_s = min(_HEALTH.receive_s, self._timeouts.receive_s)
        self._questions = QUESTIONS[known.language] if known.status != "off" else ()
        self._answered = False
        self._counts = known.counts and known.language == "zpl"
        self._one_at_a_time = threading.Lock()

    def print(self, job: str, title: str, document: bytes) -> Delivery:  # noqa: ARG002 - the port's
        """Send the document once and learn what the printer says about it; see the port."""
        if not document:
            raise DeviceRefused("The label is empty.", "Make it again from the order.")
        with self._one_at_a_time, self._connect(self._timeouts) as stream:
            asked = self._ready(stream)
            if asked or self.known.language != "zpl":  # unasked, “zpl” may stand for anything
                self._refuse_foreign(document)
            before = self._count(stream) if asked else None
            labels = zebra.labels_in(document) if before is not None else None
            due = None if before is None or labels is None else before + labels
            stream.send_document(document)
            if asked:
                return self._outcome(stream, asked, due)
            stream.finish(self.known.deadline_s)
            return Delivery.SENT

    def tune(self, commands: bytes) -> None:
        """Send commands that change how it prints; see the port."""
        with self._one_at_a_time, self._connect(self._timeouts) as stream:
            asked = self._ready(stream)
            self._refuse_foreign(commands)
            stream.send_document(commands)
            if asked:  # its answer says that it has read them; while it moves paper it may be mute
                self._ask(stream, asked, self._question_s)

    def health(self) -> Health:
        """Ask the printer; while a label is on its way it is left alone."""
        if not self._one_at_a_time.acquire(blocking=False):
            return Health(ok=True, words="printing")
        try:
            with self._connect(_HEALTH) as stream:
                return self._health(stream)
        except DeviceRefused as error:
            return Health(ok=False, words=error.message)
        except DeviceError:
            return Health(ok=False, words="not reachable")
        finally:
            self._one_at_a_time.release()

    def _health(self, stream: Stream) -> Health:
        if not self._questions:
            return Health(ok=True, words="ok, tells no status")
        asked, condition, _ = self._how_it_is(stream, self._question_s)
        if asked is None or condition is None:
            ok = self.known.status == "auto" and not self._answered
            return Health(ok, "ok, tells no status" if ok else "no answer")
        if condition.before:
            return Health(ok=False, words=in_words(condition.before))
        if self.known.language == "zpl":
            return self._zpl_health(stream, asked, condition)
        return _fine(condition.warnings)

    def _zpl_health(self, stream: Stream, asked: Question, condition: Condition) -> Health:
        """Add what another question tells, and what of it does not fit our labels."""
        unfit = self._wrong_head(stream) or self._wrong_label(condition)
        if unfit:
            return Health(ok=False, words=unfit)
        warnings = condition.warnings
        if asked is zebra.QUESTIONS[0]:
            more = self._ask(stream, zebra.QUESTIONS[1], self._question_s)[0]
            warnings = more.warnings if more else ()
        return _fine(warnings)

    def _wrong_head(self, stream: Stream) -> str:
        """A label made for another head comes out at the wrong size and cannot be scanned."""
        if self.known.dpi is None:
            return ""
        answer = stream.ask(
            zebra.ASK_IDENTITY, lambda said: zebra.dots_per_mm(said) is not None, self._question_s
        )
        dots, ours = zebra.dots_per_mm(answer), round(self.known.dpi / 25.4)
        if dots is None or dots == ours:
            return ""
        return f"prints {dots} dots per mm, labels are made for {ours}"

    def _wrong_label(self, condition: Condition) -> str:
        """Labels of another length come out cut, or across two of them."""
        dpi, ours, dots = self.known.dpi, self.known.length_mm, condition.length_dots
        if not (dpi and ours and dots):
            return ""
        inside = dots * 25.4 / dpi
        if abs(inside - ours) <= ours * zebra.LENGTH_TOLERANCE:
            return ""
        return f"wrong label size: {inside:.0f} mm long, labels are made for {ours:.0f}"

    def _ready(self, stream: Stream) -> Question | None:
        """Learn how the printer can be asked; raise DeviceRefused for whatever needs a hand."""
        asked, condition, said = self._how_it_is(stream, self._timeouts.receive_s)
        if condition is None:
            self._refuse_silence(said)
        elif condition.before:
            raise DeviceRefused(
                f"Printer {self.name}: {in_words(condition.before)}.", remedies(condition.before)
            )
        return asked

    def _refuse_foreign(self, document: bytes) -> None:
        kind, language = kind_of(document), self.known.language
        if kind in {"png", "pdf"} or (kind == "zpl" and language != "zpl"):
            raise DeviceRefused(
                f"The printer {self.name} prints {language.upper()}, and this is a {kind.upper()}.",
                f"Set format to {language} for it, or choose another printer.",
            )

    def _refuse_silence(self, said: bytes) -> None:
        if said:
            raise DeviceRefused(
                f"The printer {self.name} answers what is not understood.",
                "Switch it off and on. If it is no Zebra, set status=off for it.",
            )
        if self._questions and (self.known.status == "on" or self._answered):
            raise DeviceRefused(
                f"The printer {self.name} does not say how it is.",
                "Wait while another program prints on it; else switch it off and on."
                " If it never answers, set status=off for it.",
            )

    def _how_it_is(
        self, stream: Stream, seconds: float
    ) -> tuple[Question | None, Condition | None, bytes]:
        """Try the questions in turn; return the first that was answered, and all that was said."""
        said = b""
        for question in self._questions:
            condition, more = self._ask(stream, question, seconds)
            if condition is not None:
                return question, condition, more
            said += more
        return None, None, said

    def _ask(
        self, stream: Stream, question: Question, seconds: float
    ) -> tuple[Condition | None, bytes]:
        said = stream.ask(question.asked, lambda said: question.read(said) is not None, seconds)
        condition = question.read(said)
        self._answered = self._answered or condition is not None
        return condition, said

    def _count(self, stream: Stream) -> int | None:
        """Ask how many labels were printed so far; one that stays silent is not asked again."""
        if not self._counts:
            return None
        said = stream.ask(
            zebra.ASK_COUNT, lambda said: said.count(b'"') >= 2, self._timeouts.receive_s
        )
        self._counts = bool(said)
        return zebra.label_count(said)

    def _outcome(self, stream: Stream, asked: Question, due: int | None) -> Delivery:
        """Ask until nothing is left in the printer; DeviceDoubtful for everything else."""
        end = time.monotonic() + self.known.deadline_s
        is_done = False
        while (left := end - time.monotonic()) > 0:
            # The count before the status: a fault that came with the label is then told.
            count = self._count(stream) if due is not None else None
            is_done = self._done(stream, asked, min(left, self._timeouts.receive_s))
            if is_done and (due is None or count is None):
                return Delivery.SENT
            if is_done and due is not None and count is not None and count >= due:
                # More than ours: somebody fed or printed labels, and ours may not be among them.
                return Delivery.SEEN if count == due else Delivery.SENT
            time.sleep(POLL_S)
        raise self._not_told(is_done)

    def _not_told(self, is_done: bool) -> DeviceDoubtful:
        if is_done:
            return DeviceDoubtful(
                f"The printer {self.name} says that it is done, but it has not counted the label.",
                "Look at the printer, then say whether the label came out."
                " If it always did, set count=off for this printer.",
            )
        return DeviceDoubtful(
            f"The printer {self.name} took the label but did not say within"
            f" {self.known.deadline_s:g} s that it is done.",
            FIRST_FIX,
        )

    def _done(self, stream: Stream, asked: Question, seconds: float) -> bool:
        condition, _ = self._ask(stream, asked, seconds)
        is_done = condition is not None and condition.is_done
        if condition is None:  # on a fault it may answer another question only
            others = (each for each in self._questions if each is not asked)
            answers = (self._ask(stream, other, seconds)[0] for other in others)
            condition = next((each for each in answers if each), None)
        if condition is not None and condition.after:
            raise DeviceDoubtful(
                f"Printer {self.name}: {in_words(condition.after)}, after the label was sent.",
                f"{remedies(condition.after)} {FIRST_FIX}",
            )
        return is_done


class TcpPrinter(StreamPrinter):
    """A printer on the network, on port 9100 as a rule."""

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        status: StatusUse = "auto",
        deadline_s: float = 10.0,
        dpi: int | None = None,
        known: Known | None = None,
        timeouts: Timeouts | None = None,
        name: str = "",
    ) -> None:
        """Take what is known of it whole, or the three parts of it that matter most."""
        self.host = host
        self.port = port
        super().__init__(
            lambda patience: TcpStream.open(host, port, patience),
            known or Known(status=status, deadline_s=deadline_s, dpi=dpi),
            name or f"{host}:{port}",
            timeouts,
        )


def _fine(warnings: tuple[Trouble, ...]) -> Health:
    return Health(ok=True, words=f"ok, {in_words(warnings)}" if warnings else "ok")
