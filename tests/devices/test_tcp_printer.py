"""A network printer under every fault: what it is told to be, and what truly came out."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices.ports import Delivery
from station.devices.printer import Known, StatusUse, TcpPrinter
from station.devices.transport import Timeouts
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.errors import DeviceError

FAST = Timeouts(connect_s=1.0, send_s=0.3, receive_s=2.0)
IMPATIENT = Timeouts(connect_s=1.0, send_s=0.3, receive_s=0.05)
LABEL = b"^XA^FO50,50^FDone^FS^XZ"


@pytest.fixture
def fake() -> Iterator[FakePrinter]:
    """Give a printer that is switched off at the end."""
    with FakePrinter() as printer:
        yield printer


def to(fake: FakePrinter, status: StatusUse = "auto", deadline_s: float = 0.4) -> TcpPrinter:
    """Return a driver with little patience, where silence is to be expected with none."""
    mute = fake.silent or fake.silent_status or fake.mute_on_fault or fake.garbage or fake.stalled
    timeouts = IMPATIENT if mute else FAST
    return TcpPrinter(HOST, fake.port, status=status, deadline_s=deadline_s, timeouts=timeouts)


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("paper_out", "paper out"),
        ("head_open", "head open"),
        ("ribbon_out", "ribbon out"),
        ("paused", "paused"),
        ("buffer_full", "buffer full"),
    ],
)
def test_a_printer_that_needs_a_hand_gets_no_byte(fake: FakePrinter, flag: str, words: str) -> None:
    """A fault that ~HS tells is refused in its words before a byte of the label is sent."""
    setattr(fake, flag, True)
    with pytest.raises(DeviceRefused, match=words):
        to(fake).print("1", "label", LABEL)
    assert to(fake).health().words == words
    assert (fake.document_bytes, fake.labels) == (0, [])


def test_half_a_label_in_the_memory_is_refused() -> None:
    """After a label was cut no other label is sent behind its half."""
    with FakePrinter(keeps_half=True) as fake:
        fake.reset_after = 9
        with pytest.raises(DeviceDoubtful):
            to(fake).print("1", "label", LABEL)
        assert fake.wait_idle()
        before = fake.document_bytes
        with pytest.raises(DeviceRefused, match="half a label"):
            to(fake).print("2", "label", LABEL)
        assert fake.document_bytes == before


@pytest.mark.parametrize("flag", ["paper_out", "head_open", "ribbon_out", "paused"])
def test_a_fault_that_silences_host_status_is_still_told(fake: FakePrinter, flag: str) -> None:
    """A printer that leaves ~HS unanswered is asked for its errors, and refused in words."""
    fake.silent_status = True
    setattr(fake, flag, True)
    with pytest.raises(DeviceRefused, match=flag.replace("_", " ")):
        to(fake).print("1", "label", LABEL)
    assert fake.document_bytes == 0


def test_a_printer_that_only_tells_errors_prints(fake: FakePrinter) -> None:
    """An answer to ~HQES after the label proves that every byte of it was read."""
    fake.silent_status = True
    assert to(fake).print("1", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_garbage_is_refused(fake: FakePrinter) -> None:
    """An answer that nobody understands sends no label, and says what to set."""
    fake.garbage = True
    with pytest.raises(DeviceRefused, match="status=off"):
        to(fake).print("1", "label", LABEL)
    assert fake.document_bytes == 0
    assert not to(fake, "on").health().ok


def test_silence_depends_on_what_was_agreed(fake: FakePrinter) -> None:
    """Status “on” refuses a silent printer, and so does “auto” once it has answered."""
    fake.silent = True
    with pytest.raises(DeviceRefused, match="does not say"):
        to(fake, "on").print("1", "label", LABEL)
    auto = to(fake)
    fake.silent = False
    assert auto.health().ok
    fake.silent = True
    with pytest.raises(DeviceRefused, match="does not say"):
        auto.print("1", "label", LABEL)
    assert auto.health().words == "no answer"
    assert fake.document_bytes == 0


@pytest.mark.parametrize("kind", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n..."])
def test_a_zpl_printer_gets_no_pictures(fake: FakePrinter, kind: bytes) -> None:
    """A printer that speaks ZPL would print a PDF or PNG as rubbish: it is refused."""
    with pytest.raises(DeviceRefused, match="prints ZPL"):
        to(fake).print("1", "label", kind)
    assert fake.document_bytes == 0


def test_nothing_is_not_a_label(fake: FakePrinter) -> None:
    """An empty document is refused without a connection."""
    with pytest.raises(DeviceRefused, match="empty"):
        to(fake).print("1", "label", b"")
    assert fake.connections == 0


def test_a_printer_that_is_off_is_absent(fake: FakePrinter) -> None:
    """A refused connection and a name that does not exist are absence, with a remedy."""
    fake.refuse()
    with pytest.raises(DeviceAbsent, match="Switch it on"):
        to(fake).print("1", "label", LABEL)
    nowhere = TcpPrinter("x" * 70 + ".invalid", timeouts=FAST)
    with pytest.raises(DeviceAbsent):
        nowhere.print("1", "label", LABEL)
    assert nowhere.health().words == "not reachable"


def test_a_line_that_breaks_before_the_label_is_absence(fake: FakePrinter) -> None:
    """As long as no byte of the label has left, a broken connection is safe to try again."""
    fake.hangs_up = True
    with pytest.raises(DeviceAbsent, match="before the label was sent"):
        to(fake).print("1", "label", LABEL)
    assert (fake.struck["hung up"], fake.document_bytes) == (1, 0)


@pytest.mark.parametrize(
    ("status", "fault", "after", "outcome", "labels"),
    [
        ("auto", "reset_after", 0, DeviceDoubtful, 0),
        ("auto", "reset_after", 9, DeviceDoubtful, 0),
        ("auto", "reset_after", 23, DeviceDoubtful, 1),
        ("auto", "close_after", 9, DeviceDoubtful, 0),
        ("auto", "close_after", 23, DeviceDoubtful, 1),
        ("off", "reset_after", 0, DeviceDoubtful, 0),
        ("off", "reset_after", 9, DeviceDoubtful, 0),
        ("off", "reset_after", 23, DeviceDoubtful, 1),
        # A printer without status that closes properly has said nothing wrong: sent is not seen.
        ("off", "close_after", 9, None, 0),
        ("off", "close_after", 23, None, 1),
    ],
)
def test_a_cut_connection(
    fake: FakePrinter,
    status: StatusUse,
    fault: str,
    after: int,
    outcome: type[DeviceError] | None,
    labels: int,
) -> None:
    """Once a byte of the label has left, a cut is doubtful, whatever the truth is."""
    setattr(fake, fault, after)
    expected = pytest.raises(outcome) if outcome else contextlib.nullcontext()
    with expected:
        to(fake, status).print("1", "label", LABEL)
    assert fake.wait_idle()
    assert fake.struck[fault] == 1
    assert fake.count(LABEL) == len(fake.labels) == labels


def test_a_printer_that_falls_silent_is_doubtful(fake: FakePrinter) -> None:
    """One that told its status before the label must tell it after the label, too."""
    fake.mute_after_label = True
    impatient = TcpPrinter(HOST, fake.port, deadline_s=0.3, timeouts=IMPATIENT)
    with pytest.raises(DeviceDoubtful, match="did not say within"):
        impatient.print("1", "label", LABEL)
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_words_before_a_break_do_not_make_it_good() -> None:
    """A printer without status that says something and then breaks off is doubtful."""

    def talk_and_break(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.sendall(b"hello")
            time.sleep(0.05)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=talk_and_break, args=(listener,))
        thread.start()
        printer = TcpPrinter(HOST, listener.getsockname()[1], status="off", timeouts=FAST)
        with pytest.raises(DeviceDoubtful):
            printer.print("1", "label", LABEL)
        thread.join()


@pytest.mark.parametrize("status", ["auto", "off"])
def test_a_printer_that_never_reads_is_doubtful(fake: FakePrinter, status: StatusUse) -> None:
    """Bytes that the network took and the printer did not are no print."""
    fake.stalled = True
    with pytest.raises(DeviceDoubtful, match="Look at the printer"):
        to(fake, status).print("1", "label", LABEL)
    assert (fake.struck["stall"], fake.labels) == (1, [])


def test_a_printer_that_stops_reading_is_doubtful_with_numbers(fake: FakePrinter) -> None:
    """When the network's buffers are full the words say how much had left."""
    fake.stalled = True
    with pytest.raises(DeviceDoubtful, match=r"of 20000000 bytes of the label \(no answer in time"):
        to(fake, "off").print("1", "label", LABEL[:-3] + b"A" * (20_000_000 - 23) + b"^XZ")


@pytest.mark.parametrize("mute", [False, True])
def test_paper_that_ends_inside_a_label_is_doubtful(fake: FakePrinter, mute: bool) -> None:
    """The words tell to mend first, because the printer prints that label by itself then."""
    fake.paper_left = 0
    fake.mute_on_fault = mute
    with pytest.raises(DeviceDoubtful, match=r"paper out, after .* may still print"):
        to(fake).print("1", "label", LABEL)
    assert fake.labels == []
    fake.mend()
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_pause_after_the_label_is_doubtful(fake: FakePrinter) -> None:
    """A label that is held back by PAUSE has not come out, and may come later."""
    fake.print_s = 0.2
    timer = threading.Timer(0.05, lambda: setattr(fake, "paused", True))
    timer.start()
    with pytest.raises(DeviceDoubtful, match="paused"):
        to(fake, deadline_s=2).print("1", "label", LABEL)
    timer.join()


def test_a_slow_printer_is_waited_for(fake: FakePrinter) -> None:
    """A label is sent when the printer says that nothing is left, not when the bytes are gone."""
    fake.print_s = 0.3
    assert to(fake, deadline_s=3).print("1", "label", LABEL) is Delivery.SENT
    assert fake.labels == [LABEL]


def test_a_printer_that_is_too_slow_is_doubtful(fake: FakePrinter) -> None:
    """After the deadline nobody knows, and the label still comes out."""
    fake.print_s = 0.6
    with pytest.raises(DeviceDoubtful, match="did not say within"):
        to(fake).print("1", "label", LABEL)
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_sent_is_not_seen() -> None:
    """A printer that does not count the label in its engine says “done” too early: only sent."""
    with FakePrinter(counts_printing=False) as fake:
        fake.print_s = 0.2
        assert to(fake).print("1", "label", LABEL) is Delivery.SENT
        fake.power_cycle()
        assert fake.wait_idle()
        assert (fake.struck["power cycle"], fake.labels) == (1, [])


def test_a_printer_that_keeps_the_line_open_is_doubtful(fake: FakePrinter) -> None:
    """Without status only the printer's own closing says that it read everything."""
    fake.keeps_open = True
    with pytest.raises(DeviceDoubtful, match="did not close"):
        to(fake, "off").print("1", "label", LABEL)
    fake.keeps_open = False
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_printing_printer_is_left_alone(fake: FakePrinter) -> None:
    """Health opens no second connection while a label is on its way."""
    fake.print_s = 0.3
    printer = to(fake, deadline_s=3)
    thread = threading.Thread(target=printer.print, args=("1", "label", LABEL))
    thread.start()
    assert fake.wait_for(lambda: fake.document_bytes)
    assert printer.health().words == "printing"
    thread.join()
    assert fake.at_once == 1


@pytest.mark.parametrize(("dpi", "ok"), [(None, True), (203, True), (300, False)])
def test_labels_for_another_head_are_noticed(fake: FakePrinter, dpi: int | None, ok: bool) -> None:
    """A printer with other dots per mm than the labels are made for is not well."""
    printer = TcpPrinter(HOST, fake.port, dpi=dpi, timeouts=FAST)
    assert printer.health().ok is ok


@pytest.mark.parametrize(
    ("warnings", "words"),
    [
        (0x0, "ok"),
        (0x8, "ok, labels nearly out"),
        (0x6, "ok, print head wants cleaning, print head is worn"),
    ],
)
def test_warnings_are_told_and_stop_nothing(fake: FakePrinter, warnings: int, words: str) -> None:
    """A printer that warns is well, says what is coming, and prints."""
    fake.warnings = warnings
    health = to(fake).health()
    assert (health.ok, health.words) == (True, words)
    assert to(fake).print("1", "label", LABEL) is Delivery.SENT


@pytest.mark.parametrize(
    ("dots", "ok"), [(1218, True), (1225, True), (1160, True), (203, False), (1624, False)]
)
def test_labels_of_another_length_are_noticed(fake: FakePrinter, dots: int, ok: bool) -> None:
    """Health tells a wrong roll; a twentieth more or less is none, and printing is not refused."""
    fake.length_dots = dots
    known = Known(dpi=203, length_mm=152.4)
    health = TcpPrinter(HOST, fake.port, known=known, timeouts=FAST).health()
    assert health.ok is ok
    assert ("wrong label size" in health.words) is not ok


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("too_hot", "too hot"),
        ("too_cold", "too cold"),
        ("memory_corrupt", "memory corrupt"),
        ("not_taken", "label waiting to be taken"),
    ],
)
def test_every_flag_is_refused_in_its_words(fake: FakePrinter, flag: str, words: str) -> None:
    """Heat, cold, a lost memory and a label in the peeler stop the next label."""
    setattr(fake, flag, True)
    with pytest.raises(DeviceRefused, match=words):
        to(fake).print("1", "label", LABEL)
    assert fake.documents == 0


def test_a_label_that_waits_to_be_taken_came_out(fake: FakePrinter) -> None:
    """A peeler that holds the label out says nothing against it."""
    fake.print_s = 0.1
    timer = threading.Timer(0.03, lambda: setattr(fake, "not_taken", True))
    timer.start()
    assert to(fake, deadline_s=2).print("1", "label", LABEL) is Delivery.SENT
    timer.join()
