"""What is special about a printer on USB: opening the device, silence, and being unplugged."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import FakePrinter
from devices.usb_cable import UsbCable

from station.devices.ports import Delivery
from station.devices.printer import Known
from station.devices.transport import Timeouts
from station.devices.usb_printer import DeviceStream, UsbPrinter
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from pathlib import Path

FAST = Timeouts(send_s=0.2, receive_s=0.1)
LABEL = b"^XA^FO50,50^FDone^FS^XZ"


def test_a_device_that_is_not_there_is_absent(tmp_path: Path) -> None:
    """An unplugged printer is absent, and its health says so."""
    printer = UsbPrinter(tmp_path / "lp0")
    with pytest.raises(DeviceAbsent, match="is not there"):
        printer.print("1", "label", LABEL)
    assert printer.health().words == "not reachable"


def test_what_is_no_device_is_never_written(tmp_path: Path) -> None:
    """A file or a folder under that name is refused and left as it is."""
    file = tmp_path / "lp0"
    file.write_bytes(b"precious")
    for path in (file, tmp_path, file / "x"):
        with pytest.raises(DeviceRefused, match="is no device"):
            UsbPrinter(path).print("1", "label", LABEL)
    assert file.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (PermissionError(13, "Permission denied"), DeviceRefused, "usermod -aG lp"),
        (OSError(16, "Device or resource busy"), DeviceAbsent, "another program"),
        (OSError(19, "No such device"), DeviceAbsent, "no such device"),
    ],
)
def test_a_device_that_may_not_be_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    kind: type[Exception],
    words: str,
) -> None:
    """Rights, another program, and a driver without its printer each have their words."""

    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(kind, match=words):
        UsbPrinter(tmp_path / "lp0").print("1", "label", LABEL)


def test_a_printer_that_stops_reading_is_doubtful(tmp_path: Path) -> None:
    """When the device takes no more bytes the label is unsure, with numbers."""
    with FakePrinter() as fake, UsbCable(fake, tmp_path / "lp0") as cable:
        fake.stalled = True
        known = Known(status="off", deadline_s=0.2)
        printer = UsbPrinter(cable.path, known=known, timeouts=FAST)
        with pytest.raises(DeviceDoubtful, match="of 30000000 bytes of the label"):
            printer.print("1", "label", b"A" * 30_000_000)
        fake.mend()


def test_an_unplugged_printer_is_doubtful_after_the_first_byte() -> None:
    """Before the first byte it is absent, after it the label is unsure."""
    ours, theirs = socket.socketpair()
    with DeviceStream(ours.detach(), "lp0", FAST) as stream:
        theirs.close()
        with pytest.raises(DeviceAbsent, match="broke off before"):
            stream.ask(b"~HS", bool, 0.1)
    ours, theirs = socket.socketpair()
    with theirs, DeviceStream(ours.detach(), "lp0", FAST) as stream:
        stream.send_document(LABEL)
        assert theirs.recv(100) == LABEL
        theirs.shutdown(socket.SHUT_RDWR)
        with pytest.raises(DeviceDoubtful, match="23 of 23 bytes"):
            stream.ask(b"~HS", bool, 0.1)


def test_what_was_said_before_the_question_is_no_answer() -> None:
    """A late answer to an earlier question is thrown away."""
    ours, theirs = socket.socketpair()
    with theirs, DeviceStream(ours.detach(), "lp0", FAST) as stream:
        theirs.sendall(b"late")

        def answer() -> None:
            theirs.recv(3)
            theirs.sendall(b"now")

        thread = threading.Thread(target=answer)
        thread.start()
        assert stream.ask(b"~HS", lambda said: len(said) >= 3, 5) == b"now"
        thread.join()


def test_a_printer_that_talks_without_end_is_no_answer() -> None:
    """Chatter ends with the size of an answer, not with the memory of the station."""
    ours, theirs = socket.socketpair()
    with theirs, DeviceStream(ours.detach(), "lp0", FAST) as stream:
        theirs.setblocking(False)
        sent = theirs.send(b"x" * 200_000)
        said = stream.ask(b"~HS", lambda _: False, 0.1)
        assert len(said) < sent


def test_an_empty_transfer_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """USB printers answer nothing with a transfer of length 0; it is not taken for a break."""
    with FakePrinter() as fake, UsbCable(fake, tmp_path / "lp0") as cable:
        real, empty = os.read, [b"", b""]
        monkeypatch.setattr(
            os,
            "read",
            lambda handle, most: empty.pop() if empty else real(handle, most),
        )
        printer = UsbPrinter(cable.path, timeouts=Timeouts(receive_s=2))
        assert printer.print("1", "label", LABEL) is Delivery.SENT
        assert fake.wait_for(lambda: fake.labels == [LABEL])
        assert not empty
