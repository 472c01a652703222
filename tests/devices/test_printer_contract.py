"""One suite for every printer: what the port promises, by every driver over its real line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter
from devices.usb_cable import UsbCable

from station.devices.open import open_printer
from station.devices.ports import Delivery
from station.devices.printer import FilePrinter, Known, TcpPrinter
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.transport import Timeouts
from station.devices.usb_printer import UsbPrinter
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceError, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from devices.private_cups import PrivateCups

    from station.devices.ports import Printer

LINES = ("auto", "on", "counting", "off", "silent", "usb", "usb counting", "usb off", "cups")
"""Every driver that reaches a printer over a line, by what is special about it."""

UNASKED = {"off", "silent", "usb off", "cups"}
"""Those that are not told by the printer what became of the label: what they say is SENT."""

LABEL = b"^XA^FO1,1^FDone^FS^XZ"


@dataclass(frozen=True)
class Case:
    """A printer, a way to see what came out of it, and ways to break and to mend it."""

    printer: Printer
    labels: Callable[[], list[bytes]]
    stop: Callable[[], object]
    mend: Callable[[], object]


def simulated() -> Case:
    """Return the printer without paper."""
    printer = SimulatedPrinter()
    return Case(
        printer,
        lambda: [slip.document for slip in printer.came_out],
        lambda: setattr(printer, "standing", Fault.REFUSED),
        lambda: setattr(printer, "standing", None),
    )


def folder(path: Path) -> Case:
    """Return the folder; a file in its place stops it."""
    printer = FilePrinter(path / "labels")
    return Case(
        printer,
        lambda: [file.read_bytes() for file in sorted(printer.folder.glob("*"))],
        lambda: printer.folder.write_bytes(b""),
        printer.folder.unlink,
    )


class Counted(UsbPrinter):
    """Knows how many documents the system took, which may be ahead of the printer."""

    taken = 0

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Count what did not fail."""
        delivery = super().print(job, title, document)
        self.taken += 1
        return delivery


@contextmanager
def line(
    fake: FakePrinter, kind: str, path: Path, request: pytest.FixtureRequest
) -> Iterator[Case]:
    """Give a driver that prints to the fake, of which the fake tells the truth."""

    def labels() -> list[bytes]:
        assert fake.wait_idle()
        return fake.labels

    fake.silent = kind == "silent"
    fake.odometer = 41237 if "counting" in kind else None
    # Silence takes its whole time, an answer does not.
    patience = Timeouts(receive_s=0.05 if fake.silent else 2.0)
    words = {"on": "on", "off": "off", "usb off": "off"}
    known = Known(status=words.get(kind, "auto"), deadline_s=5)  # type: ignore[arg-type]
    if kind == "cups":
        cups: PrivateCups = request.getfixturevalue("cups")
        cups.queue("contract", f"socket://{HOST}:{fake.port}")
        yield Case(
            open_printer(cups.url("contract", "?deadline=5")),
            labels,
            lambda: cups.run("cupsdisable", "contract"),
            lambda: cups.run("cupsenable", "contract"),
        )
    elif kind.startswith("usb"):
        with UsbCable(fake, path / "lp0") as cable:
            usb = Counted(cable.path, known=known, timeouts=patience)

            def settled() -> list[bytes]:
                assert fake.wait_for(lambda: len(fake.labels) >= usb.taken or fake.struck)
                return labels()

            yield Case(usb, settled, cable.unplug, cable.plug)
    else:
        tcp = TcpPrinter(HOST, fake.port, known=known, timeouts=patience)
        yield Case(tcp, labels, fake.refuse, fake.mend)


@pytest.fixture(params=["simulated", "folder", *LINES])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    """Give each printer in turn."""
    if request.param == "simulated":
        yield simulated()
    elif request.param == "folder":
        yield folder(tmp_path)
    else:
        with FakePrinter() as fake, line(fake, request.param, tmp_path, request) as made:
            yield made


def zpl(text: str) -> bytes:
    """Return a small label."""
    return b"^XA^CI28^FO50,50^A0N,40^FD" + text.encode() + b"^FS^XZ"


def test_a_document_comes_out_once(case: Case) -> None:
    """A good print is told as sent or seen, and its very bytes came out one time."""
    assert case.printer.print("job-1", "label", zpl("one")) in {Delivery.SENT, Delivery.SEEN}
    assert case.labels() == [zpl("one")]


def test_documents_come_out_in_order(case: Case) -> None:
    """Every document of several comes out, none twice."""
    documents = [zpl(str(number)) for number in range(4)]
    for number, document in enumerate(documents):
        case.printer.print(f"job-{number}", "label", document)
    assert case.labels() == documents


def test_a_big_document_stays_whole(case: Case) -> None:
    """A label of 200 kB arrives byte by byte."""
    document = zpl("A1" * 100_000)
    case.printer.print("job-1", "label", document)
    assert case.labels() == [document]


@pytest.mark.parametrize(
    "word", ["../../etc/passwd", "a\0b\x1b]0;x\x07\n", "ﷺ" * 300, "\ud800", "", "-x"]
)
def test_hostile_titles_and_keys_are_only_words(case: Case, word: str) -> None:
    """Whatever stands in a title or a key, the label comes out and nothing else happens."""
    case.printer.print(word, word, zpl("one"))
    assert case.labels() == [zpl("one")]


def test_a_printer_that_is_not_ready_takes_nothing(case: Case) -> None:
    """Absent or refused: nothing came out, words say why, and the same call works later."""
    case.stop()
    with pytest.raises((DeviceAbsent, DeviceRefused)) as caught:
        case.printer.print("job-1", "label", zpl("one"))
    assert caught.value.message
    assert caught.value.remedy
    assert not case.printer.health().ok
    case.mend()
    case.printer.print("job-1", "label", zpl("one"))
    assert case.labels() == [zpl("one")]


def test_health_is_words(case: Case) -> None:
    """A printer that is well says so, and has a name."""
    health = case.printer.health()
    assert health.ok
    assert health.words.startswith("ok")
    assert case.printer.name


def cuts(kind: str) -> range:
    """Return after how many bytes of the label the line breaks; all of them where that is quick."""
    is_slow = kind in {"cups", "silent"}
    step = 7 if is_slow and not os.environ.get("STATION_LONG") else 1
    return range(0, len(LABEL) + 1, step)


@pytest.mark.parametrize("fault", ["reset_after", "close_after"])
@pytest.mark.parametrize("kind", LINES)
def test_a_printer_that_goes_at_any_byte(
    kind: str, fault: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Nothing is seen that did not come out, nothing is sent twice, and only the unasked say sent.

    A document is only called not sent when no byte of it left.
    """
    for after in cuts(kind):
        path = tmp_path / str(after)
        path.mkdir()
        with FakePrinter() as fake, line(fake, kind, path, request) as made:
            setattr(fake, fault, after)
            outcome = said(made.printer)
            fake.wait_for(lambda fake=fake: fake.struck[fault])  # type: ignore[misc]
            came_out = made.labels()
            assert fake.struck[fault] == 1
            assert len(came_out) == (after == len(LABEL)), (after, outcome)
            assert fake.documents == 1, after
            allowed = {DeviceDoubtful} | ({Delivery.SENT} if kind in UNASKED else set())
            assert outcome in allowed, after


def said(printer: Printer) -> object:
    """Return what a printer says of the label, or the kind of its error."""
    try:
        return printer.print("job-1", "label", LABEL)
    except DeviceError as error:
        return type(error)
