"""Printers from the URL in the settings."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.cups_printer import CupsPrinter
from station.devices.open import open_printer
from station.devices.ports import Delivery
from station.devices.printer import FilePrinter, Known, TcpPrinter
from station.devices.simulated import FAULTS, SimulatedPrinter
from station.devices.usb_printer import UsbPrinter
from station.errors import ConfigError, DeviceAbsent, DeviceDoubtful, DeviceRefused


def test_a_folder_is_relative_to_the_base(tmp_path: Path) -> None:
    """A relative folder stands under the base, an absolute one where it says."""
    relative = open_printer("file:our%20labels", base=tmp_path)
    assert isinstance(relative, FilePrinter)
    assert relative.folder == tmp_path / "our labels"
    absolute = open_printer("file:///srv/labels?formats=zpl,pdf", base=tmp_path)
    assert isinstance(absolute, FilePrinter)
    assert str(absolute.folder) == "/srv/labels"
    assert absolute.formats == ("zpl", "pdf")


def test_a_network_printer_takes_its_options() -> None:
    """Host, port, status, deadline, patience and dpi come from the URL."""
    printer = open_printer("tcp://zebra.lan?status=on&deadline=7.5&dpi=300&receive=2", name="Bench")
    assert isinstance(printer, TcpPrinter)
    assert (printer.host, printer.port, printer.name) == ("zebra.lan", 9100, "Bench")
    assert printer.known == Known(status="on", deadline_s=7.5, dpi=300)


def test_what_the_settings_say_holds_where_the_address_is_silent() -> None:
    """Language, dpi and length of the settings are used unless the address has its own."""
    said = {"language": "tspl", "dpi": 300, "length_mm": 152.4}
    printer = open_printer("tcp://host", language="tspl", dpi=300, length_mm=152.4)
    assert isinstance(printer, TcpPrinter)
    assert printer.known == Known(**said)  # type: ignore[arg-type]
    printer = open_printer(
        "tcp://host?language=zpl&dpi=203&length=203&count=off",
        language="tspl",
        dpi=300,
        length_mm=152.4,
    )
    assert isinstance(printer, TcpPrinter)
    assert printer.known == Known(language="zpl", dpi=203, length_mm=203, counts=False)


@pytest.mark.parametrize("language", ["png", "pdf", ""])
def test_a_file_format_is_no_language(language: str) -> None:
    """A printer of which no language is known is taken for one that speaks ZPL."""
    printer = open_printer("tcp://host", language=language)
    assert isinstance(printer, TcpPrinter)
    assert printer.known.language == "zpl"


def test_a_usb_printer_is_a_device() -> None:
    """Three slashes, the path, and the options of a network printer except connect."""
    printer = open_printer("usb:///dev/usb/lp0?language=escpos&deadline=20")
    assert isinstance(printer, UsbPrinter)
    assert (printer.path, printer.name) == (Path("/dev/usb/lp0"), "/dev/usb/lp0")
    assert printer.known == Known(language="escpos", deadline_s=20)


@pytest.mark.parametrize(
    ("url", "queue", "host", "port"),
    [
        ("cups://localhost/zebra", "zebra", "localhost", 631),
        ("cups://print.lan:8631/Zebra-2", "Zebra-2", "print.lan", 8631),
        ("cups://print.lan/printers/Zebra", "Zebra", "print.lan", 631),
        ("cups://[::1]/z", "z", "::1", 631),
    ],
)
def test_a_queue_has_a_server(url: str, queue: str, host: str, port: int) -> None:
    """A queue of a server is its address and the queue's name."""
    printer = open_printer(url)
    assert isinstance(printer, CupsPrinter)
    assert (printer.queue, printer.server.host, printer.server.port) == (queue, host, port)


@pytest.mark.parametrize(
    ("variable", "host", "port"),
    [
        ("", None, 631),
        ("print.lan", "print.lan", 631),
        ("print.lan:8631", "print.lan", 8631),
        ("print.lan:8631/version=1.1", "print.lan", 8631),
        ("[::1]:632", "::1", 632),
        ("/run/other.sock", "/run/other.sock", 631),
    ],
)
def test_a_queue_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, variable: str, host: str | None, port: int
) -> None:
    """Without a server it is the one that CUPS_SERVER names, or this machine's own."""
    monkeypatch.setenv("CUPS_SERVER", variable)
    printer = open_printer("cups://zebra_4x6?deadline=5")
    assert isinstance(printer, CupsPrinter)
    assert (printer.queue, printer.deadline_s, printer.server.port) == ("zebra_4x6", 5, port)
    assert printer.server.host == host or (host is None and printer.server.host)


def test_a_simulated_printer_prints_into_a_folder(tmp_path: Path) -> None:
    """Its labels are files in the folder, and what it says of them is an option."""
    printer = open_printer("simulated://paper?folder=out&delivery=seen", base=tmp_path)
    assert isinstance(printer, SimulatedPrinter)
    assert printer.print("job-1", "label", b"^XA^XZ") is Delivery.SEEN
    assert [file.read_bytes() for file in (tmp_path / "out").iterdir()] == [b"^XA^XZ"]
    assert printer.name == "paper"


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_simulated_printer_has_a_standing_fault(fault: str) -> None:
    """Every fault that can be written does to a label what its name says."""
    printer = open_printer(f"simulated://paper?fault={fault}")
    assert isinstance(printer, SimulatedPrinter)
    with contextlib.suppress(DeviceDoubtful, DeviceRefused, DeviceAbsent):
        printer.print("job-1", "label", b"^XA^XZ")
    assert printer.labels("job-1") == (fault == "printed")
    stops = fault not in {"lost", "printed", "silent"}
    assert printer.health().ok is not stops
    assert printer.health().words == (fault.replace("-", " ") if stops else "ok")


def test_an_ipv6_address_is_an_address() -> None:
    """Brackets hold an IPv6 address, as in every URL."""
    printer = open_printer("tcp://[fe80::1]:6101")
    assert isinstance(printer, TcpPrinter)
    assert (printer.host, printer.port) == ("fe80::1", 6101)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("tpc://host", "“tcp”"),
        ("fil:labels", "“file”"),
        ("usb://x", "three slashes"),
        ("usb:///dev/usb/lp0?connect=1", "option"),
        ("tcp://host?language=zlp", "“zpl”"),
        ("tcp://host?length=5", "number from 10"),
        ("cups://", "no print queue"),
        ("cups:///", "no print queue"),
        ("cups://host/a/b", "no print queue"),
        ("cups://host/-x", "no print queue"),
        ("cups://queue:631", "no print queue"),
        ("cups://host/a%20b", "no print queue"),
        ("cups://queue?deadlin=1", "“deadline”"),
        ("simulated:", "no name"),
        ("simulated://x?fault=paper", "“paper-out”"),
        ("simulated://x?delivery=lost", "sent"),
        ("", "printer"),
        ("labels", "Examples"),
        ("tcp://host?stat=on", "“status”"),
        ("tcp://host?status=of", "“off”"),
        ("tcp://host?deadline=soon", "seconds"),
        ("tcp://host?deadline=0", "seconds"),
        ("tcp://host?deadline=nan", "seconds"),
        ("tcp://host?status", "cannot be read"),
        ("tcp://host?dpi=204", "203"),
        ("tcp://host:port", "port"),
        ("tcp://host:70000", "cannot be read"),
        ("tcp://host:0", "port"),
        ("tcp://:9100", "host:port"),
        ("tcp://host/path", "host:port"),
        ("tcp://me@host", "user"),
        ("tcp://[::1", "cannot be read"),
        ("file:", "folder"),
        ("file://labels/today", "file:labels/today"),
        ("file:x?formats=zlp", "“zpl”"),
        ("file:x?format=zpl", "“formats”"),
        ("file:%00", "cannot be read"),
    ],
)
def test_a_mistake_is_told_with_the_nearest_right_word(url: str, words: str) -> None:
    """Whatever is wrong in a URL, the error names what was meant or what is known."""
    with pytest.raises(ConfigError) as caught:
        open_printer(url)
    assert words in str(caught.value)
    assert caught.value.remedy


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text() | st.from_regex(r"(tcp|file|cups|usb|simulated)://?.*\?.*=.*"))
def test_any_text_is_a_printer_or_a_mistake(url: str) -> None:
    """No text in the settings ends in anything but a printer or a ConfigError."""
    try:
        open_printer(url)
    except ConfigError as error:
        assert error.message  # noqa: PT017 - either outcome is right
