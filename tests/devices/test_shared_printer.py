"""A printer that several programs use: it reads one line at a time, and the others wait."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices.ports import Delivery
from station.devices.printer import TcpPrinter
from station.devices.transport import Timeouts
from station.errors import DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL, SECOND = b"^XA^FO50,50^FDone^FS^XZ", b"^XA^FO50,50^FDtwo^FS^XZ"


@pytest.fixture
def fake() -> Iterator[FakePrinter]:
    """Give a printer that reads one line at a time."""
    with FakePrinter() as printer:
        printer.one_line = True
        yield printer


def hasty(fake: FakePrinter, deadline_s: float) -> TcpPrinter:
    """Return a driver that has not heard the printer yet, and does not wait long for answers."""
    timeouts = Timeouts(connect_s=1.0, send_s=0.3, receive_s=0.05)
    return TcpPrinter(HOST, fake.port, deadline_s=deadline_s, timeouts=timeouts)


def test_a_printer_that_another_program_holds_is_waited_for(fake: FakePrinter) -> None:
    """A second line to it gets no answer: that is told as such, and no byte of a label leaves.

    Printers read one connection at a time. It is trouble and never doubt, and the label comes out
    once when the other program is done.
    """
    printer = TcpPrinter(HOST, fake.port, timeouts=Timeouts(receive_s=0.2))
    assert printer.health().ok
    assert fake.wait_idle()
    with socket.create_connection((HOST, fake.port)):
        assert fake.wait_for(lambda: fake.at_once)
        assert printer.health().words == "no answer"
        with pytest.raises(DeviceRefused, match=r"does not say how it is\..*another program"):
            printer.print("1", "label", LABEL)
    assert fake.wait_idle()
    assert fake.document_bytes == 0
    printer.print("1", "label", LABEL)
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_who_never_heard_the_printer_waits_behind_the_other_program(fake: FakePrinter) -> None:
    """A program that has just begun sends blindly: in its turn the label comes out once, sent.

    When the other program does not end in time it is unsure, and never printed a second time.
    """
    with socket.create_connection((HOST, fake.port)) as other:
        assert fake.wait_for(lambda: fake.at_once)
        with pytest.raises(DeviceDoubtful, match="did not close the connection"):
            hasty(fake, 0.1).print("1", "label", LABEL)
        threading.Timer(0.3, other.close).start()
        assert hasty(fake, 5).print("2", "label", SECOND) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels.count(SECOND) == 1
    assert fake.labels.count(LABEL) <= 1
