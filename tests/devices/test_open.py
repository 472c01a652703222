"""Printers from the URL in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.open import open_printer
from station.devices.printer import FilePrinter, TcpPrinter
from station.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


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
    assert (printer.host, printer.port, printer.status) == ("zebra.lan", 9100, "on")
    assert (printer.deadline_s, printer.dpi, printer.name) == (7.5, 300, "Bench")


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
        ("usb://x", "usb"),
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
        ("tcp://host:70000", "port"),
        ("tcp://host:0", "port"),
        ("tcp://:9100", "host:port"),
        ("tcp://host/path", "host:port"),
        ("tcp://me@host", "host:port"),
        ("tcp://[::1", "cannot be read"),
        ("file:", "folder"),
        ("file://labels/today", "file:labels/today"),
        ("file:x?formats=zlp", "“zpl”"),
        ("file:x?format=zpl", "“formats”"),
        ("file:%00", "folder"),
    ],
)
def test_a_mistake_is_told_with_the_nearest_right_word(url: str, words: str) -> None:
    """Whatever is wrong in a URL, the error names what was meant or what is known."""
    with pytest.raises(ConfigError) as caught:
        open_printer(url)
    assert words in str(caught.value)
    assert caught.value.remedy


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text() | st.from_regex(r"(tcp|file)://?.*\?.*=.*"))
def test_any_text_is_a_printer_or_a_mistake(url: str) -> None:
    """No text in the settings ends in anything but a printer or a ConfigError."""
    try:
        open_printer(url)
    except ConfigError as error:
        assert error.message  # noqa: PT017 - either outcome is right
