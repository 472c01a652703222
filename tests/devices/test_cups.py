"""A real CUPS in a private server root, a raw queue, and a printer at the other end of it."""

from __future__ import annotations

import random
import socket
import threading
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from devices.fake_printer import FakePrinter

from labels import render
from labels.layout import Box, Label
from station.devices import cups_printer
from station.devices.cups_printer import CupsPrinter
from station.devices.open import open_printer
from station.devices.ports import Delivery
from station.devices.spool import JobState, Spool
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from devices.private_cups import PrivateCups

LABEL = b"^XA^FO50,50^FDone^FS^XZ"
QUEUE = "zebra"


@pytest.fixture
def fake(cups: PrivateCups) -> Iterator[FakePrinter]:
    """Give a printer, and a queue that prints to it."""
    with FakePrinter() as printer:
        cups.queue(QUEUE, f"socket://127.0.0.1:{printer.port}")
        yield printer
        printer.mend()
        cups.run("cancel", "-a", QUEUE)


def to(cups: PrivateCups, queue: str = QUEUE, deadline_s: float = 5) -> CupsPrinter:
    """Return the driver, as the settings would open it."""
    printer = open_printer(cups.url(queue, f"?deadline={deadline_s}"))
    assert isinstance(printer, CupsPrinter)
    return printer


def test_a_label_arrives_byte_by_byte(cups: PrivateCups, fake: FakePrinter) -> None:
    """Every byte value goes through a raw queue unchanged, and once."""
    every = bytes(range(256)).replace(b"^", b"").replace(b"~", b"")
    label = b"^XA^FO1,1^GFA,1,1,1," + every + random.Random(5).randbytes(50_000) + b"^FS^XZ"
    label = label.replace(b"^XZ", b"", label.count(b"^XZ") - 1)
    assert to(cups).print("job-1", "label", label) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [label]


def test_a_label_goes_through_a_local_socket(
    cups: PrivateCups, fake: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a server in the address CUPS_SERVER counts, also where it is a path."""
    monkeypatch.setenv("CUPS_SERVER", str(cups.root / "cups.sock"))
    printer = open_printer(f"cups://{QUEUE}")
    assert printer.health().ok
    assert printer.print("job-1", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_health_names_the_policy_that_prints_twice(cups: PrivateCups, fake: FakePrinter) -> None:
    """A queue that tries a failed job again is well, with the line that mends it."""
    assert to(cups).health().words == "ok, tells no status"
    cups.queue(QUEUE, f"socket://127.0.0.1:{fake.port}", policy="retry-job")
    health = to(cups).health()
    assert health.ok
    assert health.words.endswith(f"sudo lpadmin -p {QUEUE} -o printer-error-policy=abort-job")


def test_a_pdf_goes_to_an_office_printer_as_pdf(cups: PrivateCups) -> None:
    """A queue with a driver gets a PDF as PDF, and a raw queue refuses it before it is queued."""
    got = bytearray()
    page = render.pdf([Label(210, 297, (Box(20, 20, 50, 10),))], 203)
    with FakePrinter() as fake, socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            line, _ = listener.accept()
            with line:
                while data := line.recv(65536):
                    got.extend(data)

        thread = threading.Thread(target=take)
        thread.start()
        cups.office_queue("office", f"socket://127.0.0.1:{listener.getsockname()[1]}")
        assert to(cups, "office").print("job-1", "slip", page) is Delivery.SENT
        thread.join(5)
        cups.queue(QUEUE, f"socket://127.0.0.1:{fake.port}")
        with pytest.raises(DeviceRefused, match=r"cannot print a PDF\. Set format to zpl"):
            to(cups).print("job-2", "slip", page)
        with pytest.raises(DeviceRefused, match=r"cannot print a PNG\. Set format to pdf"):
            to(cups, "office").print("job-3", "slip", b"\x89PNG\r\n\x1a\n...")
        assert fake.connections == 0
    assert got.startswith(b"%PDF-")
    with pypdfium2.PdfDocument(bytes(got)) as pdf:
        assert len(pdf) == 1


def test_a_stopped_queue_gets_nothing(cups: PrivateCups, fake: FakePrinter) -> None:
    """It would print the label whenever somebody starts it: refused, with the command."""
    cups.run("cupsdisable", QUEUE)
    with pytest.raises(DeviceRefused, match=f"stopped. Run: sudo cupsenable {QUEUE}"):
        to(cups).print("job-1", "label", LABEL)
    assert not to(cups).health().ok
    cups.run("cupsenable", QUEUE)
    assert to(cups).print("job-1", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_queue_that_stops_with_the_label_in_it_gives_it_back(
    cups: PrivateCups, fake: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that never began is taken back, so that nothing comes out later."""
    cups.run("cupsdisable", QUEUE)
    monkeypatch.setattr(CupsPrinter, "_trouble", lambda _printer, _queue: None)
    with pytest.raises(DeviceRefused, match="did not begin"):
        to(cups, deadline_s=0.3).print("job-1", "label", LABEL)
    cups.run("cupsenable", QUEUE)
    assert to(cups).print("job-2", "label", LABEL.replace(b"one", b"two")) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL.replace(b"one", b"two")]


def test_a_queue_that_rejects_gets_nothing(cups: PrivateCups, fake: FakePrinter) -> None:
    """A queue that takes no jobs is refused, with the command that opens it."""
    cups.run("cupsreject", QUEUE)
    with pytest.raises(DeviceRefused, match=f"sudo cupsaccept {QUEUE}"):
        to(cups).print("job-1", "label", LABEL)
    with pytest.raises(DeviceRefused, match=f"sudo cupsaccept {QUEUE}"):
        to(cups)._lp().hand_over("label", LABEL, ())
    cups.run("cupsaccept", QUEUE)
    assert fake.connections == 0


def test_an_unknown_queue_is_told_with_the_nearest(cups: PrivateCups, fake: FakePrinter) -> None:
    """A wrong name is absent before anything is queued, by IPP and by lp."""
    with pytest.raises(DeviceAbsent, match=r"no print queue zebro. Did you mean “zebra”"):
        to(cups, "zebro").print("job-1", "label", LABEL)
    with pytest.raises(DeviceAbsent, match="no print queue zebro"):
        to(cups, "zebro")._lp().hand_over("label", LABEL, ())
    assert "zebro" in to(cups, "zebro").health().words
    assert fake.connections == 0


def test_cups_that_does_not_run_is_absent(fake: FakePrinter) -> None:
    """Without a CUPS nothing is queued, and the words say how to start it."""
    fake.refuse()
    nowhere = open_printer(f"cups://127.0.0.1:{fake.port}/{QUEUE}")
    assert isinstance(nowhere, CupsPrinter)
    with pytest.raises(DeviceAbsent, match="systemctl start cups"):
        nowhere.print("job-1", "label", LABEL)
    with pytest.raises(DeviceAbsent, match="it has just stopped"):
        nowhere._lp().hand_over("label", LABEL, ())
    assert not nowhere.health().ok


def test_a_printer_that_is_off_is_absent_and_stays_so(
    cups: PrivateCups, fake: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job is taken back: switched on again, the printer gets nothing from the queue."""
    monkeypatch.setattr(cups_printer, "UNREACHABLE_S", 0.2)
    fake.refuse()
    with pytest.raises(DeviceAbsent, match="cannot reach the printer"):
        to(cups).print("job-1", "label", LABEL)
    fake.mend()
    assert to(cups).print("job-2", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_queue_that_tries_again_is_never_sure_of_nothing(
    cups: PrivateCups, fake: FakePrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under retry-job an unreachable printer may have had the label on an earlier try."""
    monkeypatch.setattr(cups_printer, "UNREACHABLE_S", 0.1)
    cups.queue(QUEUE, f"socket://127.0.0.1:{fake.port}", policy="retry-job")
    fake.refuse()
    with pytest.raises(DeviceDoubtful, match="was canceled"):
        to(cups).print("job-1", "label", LABEL)


def test_a_connection_that_breaks_is_doubtful_and_over(
    cups: PrivateCups, fake: FakePrinter
) -> None:
    """Under abort-job CUPS says that it failed, and never sends it again."""
    long = LABEL.replace(b"one", b"A" * 3_000_000)
    fake.reset_after = 5
    with pytest.raises(DeviceDoubtful, match="failed in the queue"):
        to(cups).print("job-1", "label", long)
    assert fake.struck["reset_after"] == 1
    assert to(cups).print("job-2", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_job_that_does_not_end_is_doubtful_and_taken_back(
    cups: PrivateCups, fake: FakePrinter
) -> None:
    """A printer that never reads is unsure at the deadline, and CUPS holds no job of it."""
    fake.stalled = True
    with pytest.raises(DeviceDoubtful, match="was canceled"):
        to(cups, deadline_s=0.4).print("job-1", "label", LABEL)
    assert cups.run("lpstat", "-o", QUEUE) == ""


@pytest.mark.parametrize("fault", ["drops a short label", "never reads"])
def test_completed_is_not_printed(
    cups: PrivateCups, fake: FakePrinter, tmp_path: Path, fault: str
) -> None:
    """What CUPS calls completed and never came out is sent, not seen: the closing scan decides."""
    if fault == "drops a short label":
        fake.reset_after = 5
    else:
        cups.queue(QUEUE, f"socket://127.0.0.1:{fake.port}/?waiteof=false")
        fake.stalled = True
    spool = Spool(tmp_path / "spool.db", to(cups))
    spool.put("job-1", "label", LABEL, order_id="order-1")
    spool.start()
    try:
        assert fake.wait_for(lambda: not spool.jobs((JobState.QUEUED, JobState.SENDING)))
        assert "9" in str(cups.server.job(_newest(cups)).first("job-state"))
        assert [job.state for job in spool.jobs()] == [JobState.SENT]
        assert fake.labels == []
        spool.seen("job-1")
        assert [job.state for job in spool.jobs()] == [JobState.SEEN]
    finally:
        spool.stop()
        spool.close()


def _newest(cups: PrivateCups) -> int:
    lines = cups.run("lpstat", "-W", "completed", "-o", QUEUE).splitlines()
    return max(int(line.split()[0].rpartition("-")[2]) for line in lines)
