"""Printers of TSPL, ESC/POS and EPL2: what they answer, and what they are never asked or given."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import other_languages as others
from station.devices.ports import Delivery
from station.devices.printer import Known, TcpPrinter
from station.devices.transport import Timeouts
from station.devices.troubles import in_words
from station.errors import DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
FAST = Timeouts(connect_s=1, send_s=1, receive_s=0.1)
WELL = {"tspl": b"\x02@@@@\x03\r\n", "escpos": b"\x12\x12\x12\x12"}
LABELS = {"tspl": b"SIZE 4,6\r\nPRINT 1\r\n", "escpos": b"\x1b@label\n", "epl2": b"\nN\nP1\n"}


class Peer:
    """A printer that knows fixed answers to fixed questions and keeps everything else."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self.answers = answers
        """The answer is what stands here when the question comes."""
        self.after: dict[bytes, bytes] = {}
        """Other answers, once something of a label has come."""
        self.printed = b""
        self.port = 0

    def serve(self, listener: socket.socket) -> None:
        """Take one connection after the other until the listener is closed."""
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                while data := line.recv(65536):
                    self._take(line, data)

    def _take(self, line: socket.socket, data: bytes) -> None:
        for question, answer in self.answers.items():
            while question in data:
                before, _, data = data.partition(question)
                self.printed += before
                line.sendall(self.after.get(question, answer) if self.printed else answer)
        self.printed += data


@contextmanager
def peer(answers: dict[bytes, bytes]) -> Iterator[Peer]:
    """Give a printer that listens."""
    with socket.create_server((HOST, 0)) as listener:
        made = Peer(answers)
        made.port = listener.getsockname()[1]
        thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def to(printer: Peer, language: str) -> TcpPrinter:
    """Return the driver."""
    known = Known(language=language, deadline_s=0.5)
    return TcpPrinter(HOST, printer.port, known=known, timeouts=FAST)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"@@@@", ""),
        (b"`@@@", "paused"),
        (b"E@A@", "too hot"),
        (b"E@H@", "cutter jammed"),
        (b"E@P@", "memory corrupt"),
        (b"E@@A", "paper out"),
        (b"E@@B", "paper jam"),
        (b"E@@D", "ribbon out"),
        (b"E@@`", "head open"),
        (b"E@@E", "paper out, ribbon out"),
        (b"E@@@", "it reports a fault"),
        (b"L@@@", "label waiting to be taken"),
        (b"@H@@", "buffer full"),
        (b"P@@@", ""),
    ],
)
def test_tspl_status_in_words(answer: bytes, words: str) -> None:
    """Each of the four bytes has its troubles."""
    condition = others.tspl_status(b"\x02" + answer + b"\x03\r\n")
    assert condition is not None
    assert in_words(condition.before) == words


@pytest.mark.parametrize(
    ("answer", "is_done"),
    [(b"@@@@", True), (b"L@@@", True), (b"P@@@", False), (b"W@@@", False), (b"@H@@", False)],
)
def test_tspl_tells_when_it_is_done(answer: bytes, is_done: bool) -> None:
    """Printing, drawing and a full buffer are not done; a label that waits to be taken is."""
    condition = others.tspl_status(b"\x02" + answer + b"\x03\r\n")
    assert condition is not None
    assert condition.is_done is is_done


@pytest.mark.parametrize(
    ("answer", "words", "is_done"),
    [
        (0x00, "", True),
        (0x20, "", False),
        (0x01, "head open", True),
        (0x05, "head open, paper out", True),
        (0x0A, "paper jam, ribbon out", True),
        (0x10, "paused", True),
        (0x80, "it reports a fault", True),
    ],
)
def test_the_short_tspl_status_in_words(answer: int, words: str, is_done: bool) -> None:
    """The one byte of older printers has the same troubles."""
    condition = others.tspl_byte(bytes([answer]))
    assert condition is not None
    assert (in_words(condition.before), condition.is_done) == (words, is_done)


@pytest.mark.parametrize(
    ("answer", "words", "warnings"),
    [
        (b"\x12\x12\x12\x12", "", ""),
        (b"\x1a\x16\x12\x12", "head open", ""),
        (b"\x1a\x32\x12\x72", "paper out", ""),
        (b"\x12\x12\x12\x1e", "", "labels nearly out"),
        (b"\x1a\x52\x1a\x12", "cutter jammed", ""),
        (b"\x1a\x52\x32\x12", "it reports a fault", ""),
        (b"\x1a\x52\x52\x12", "too hot", ""),
        (b"\x1a\x12\x12\x12", "offline", ""),
        (b"\x12\x52\x12\x12", "it reports a fault", ""),
        (b"\x16\x12\x12\x12", "", ""),  # the cash drawer
    ],
)
def test_escpos_status_in_words(answer: bytes, words: str, warnings: str) -> None:
    """Four bytes tell of the line, the cover, errors and the roll."""
    condition = others.escpos_status(answer)
    assert condition is not None
    assert (in_words(condition.before), in_words(condition.warnings)) == (words, warnings)


@given(st.binary(max_size=12))
def test_any_bytes_are_survived(said: bytes) -> None:
    """Whatever comes, it is an answer or none, and half an answer is none."""
    for questions in others.QUESTIONS.values():
        for question in questions:
            question.read(said)
    assert others.tspl_status(b"\x02" + said[:3]) is None
    assert others.escpos_status(b"\x12\x12\x12") is None


@pytest.mark.parametrize("language", ["tspl", "escpos", "epl2"])
def test_a_label_comes_out_whole(language: str) -> None:
    """Between the questions the label's bytes are unbroken, and no ZPL question is among them."""
    asked = others.QUESTIONS[language]
    with peer({question.asked: WELL[language] for question in asked[:1]}) as printer:
        assert to(printer, language).health().ok
        assert to(printer, language).print("1", "label", LABELS[language]) is Delivery.SENT
    assert printer.printed == LABELS[language]


def test_a_tspl_printer_that_only_knows_the_short_question() -> None:
    """It is asked the long one, then the short one, and the short one after the label."""
    with peer({b"\x1b!S": b"", b"\x1b!?": b"\x00"}) as printer:
        assert to(printer, "tspl").print("1", "label", LABELS["tspl"]) is Delivery.SENT
        printer.printed, printer.after = b"", {b"\x1b!?": b"\x04"}
        with pytest.raises(DeviceDoubtful, match="paper out, after the label was sent"):
            to(printer, "tspl").print("1", "label", LABELS["tspl"])


@pytest.mark.parametrize(
    ("language", "question", "answer", "words"),
    [
        ("tspl", b"\x1b!S", b"\x02E@@A\x03\r\n", "paper out"),
        ("escpos", others.QUESTIONS["escpos"][0].asked, b"\x1a\x16\x12\x12", "head open"),
    ],
)
def test_a_fault_is_refused_before_and_doubtful_after(
    language: str, question: bytes, answer: bytes, words: str
) -> None:
    """Faults stop a label that was not sent, and make one unsure that was."""
    with peer({question: answer}) as printer:
        with pytest.raises(DeviceRefused, match=words):
            to(printer, language).print("1", "label", LABELS[language])
        assert printer.printed == b""
        assert to(printer, language).health().words == words
        printer.answers = {question: WELL[language]}
        printer.after = {question: answer}
        with pytest.raises(DeviceDoubtful, match=f"{words}, after the label"):
            to(printer, language).print("1", "label", LABELS[language])


@pytest.mark.parametrize("document", [b"^XA^FDx^FS^XZ", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_another_language_is_not_printed_as_rubbish(document: bytes) -> None:
    """A label in ZPL, a PDF or a picture is refused, also by a printer that is not asked."""
    with peer({b"\x1b!S": WELL["tspl"]}) as printer:
        for language in ("tspl", "epl2"):
            with pytest.raises(DeviceRefused, match=f"prints {language.upper()}, and this is a"):
                to(printer, language).print("1", "label", document)
        assert printer.printed == b""
