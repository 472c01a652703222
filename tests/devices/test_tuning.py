"""Settings on their way to a printer: they arrive whole, and print nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices import tuning
from station.devices.ports import Tunable
from station.devices.printer import Known, TcpPrinter
from station.devices.transport import Timeouts
from station.errors import DeviceAbsent, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

DARK = tuning.darkness("zpl", 17)


@pytest.fixture
def fake() -> Iterator[FakePrinter]:
    """Give a printer that is switched off at the end."""
    with FakePrinter() as printer:
        yield printer


def to(fake: FakePrinter, language: str = "zpl") -> TcpPrinter:
    """Return a driver for it."""
    receive_s = 0.05 if fake.silent else 2.0
    timeouts = Timeouts(connect_s=1.0, receive_s=receive_s)
    return TcpPrinter(HOST, fake.port, known=Known(language), timeouts=timeouts)


@pytest.mark.parametrize("is_silent", [False, True])
def test_settings_arrive(fake: FakePrinter, *, is_silent: bool) -> None:
    """A printer that answers is asked again, so that it has read them; a mute one is told too."""
    fake.silent = is_silent
    printer = to(fake)
    assert isinstance(printer, Tunable)
    printer.tune(DARK)
    assert is_silent or fake.heard.endswith(DARK + b"~HS")
    assert fake.wait_for(lambda: DARK in fake.heard)
    assert fake.wait_idle()
    assert not fake.labels


def test_a_printer_that_needs_a_hand_is_told_nothing(fake: FakePrinter) -> None:
    """What is wrong with it comes first."""
    fake.head_open = True
    with pytest.raises(DeviceRefused, match="head open"):
        to(fake).tune(DARK)
    assert DARK not in fake.heard


def test_a_printer_that_is_off_is_absent(fake: FakePrinter) -> None:
    """Nothing was sent, and the words say so."""
    fake.refuse()
    with pytest.raises(DeviceAbsent, match="not reachable"):
        to(fake).tune(DARK)


def test_settings_of_another_language_are_refused(fake: FakePrinter) -> None:
    """A printer whose address names another language than its papers gets no strange bytes."""
    fake.silent = True
    with pytest.raises(DeviceRefused, match="prints TSPL, and this is a ZPL"):
        to(fake, "tspl").tune(DARK)
    assert DARK not in fake.heard
