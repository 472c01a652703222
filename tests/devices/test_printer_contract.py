"""One suite for every printer: what the port promises, by simulated, file and network printers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices.ports import Delivery
from station.devices.printer import FilePrinter, StatusUse, TcpPrinter
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.transport import Timeouts
from station.errors import DeviceAbsent, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from station.devices.ports import Printer


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


def network(fake: FakePrinter, status: StatusUse) -> Case:
    """Return a network printer of which the fake tells the truth."""

    def labels() -> list[bytes]:
        assert fake.wait_idle()
        return fake.labels

    # Silence takes its whole time, an answer does not.
    patience = Timeouts(receive_s=0.05 if fake.silent else 2.0)
    printer = TcpPrinter(HOST, fake.port, status=status, deadline_s=5, timeouts=patience)
    return Case(printer, labels, fake.refuse, fake.mend)


@pytest.fixture(params=["simulated", "folder", "auto", "on", "off", "silent"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    """Give each printer in turn."""
    if request.param == "simulated":
        yield simulated()
    elif request.param == "folder":
        yield folder(tmp_path)
    else:
        with FakePrinter() as fake:
            fake.silent = request.param == "silent"
            yield network(fake, "auto" if fake.silent else request.param)


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
    "word", ["../../etc/passwd", "a\0b\x1b]0;x\x07\n", "ﷺ" * 300, "\ud800", ""]
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
