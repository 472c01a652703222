"""A printer from what the owner wrote in his settings: one URL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from station.devices.addresses import address, unknown
from station.devices.kinds import KINDS
from station.devices.other_languages import QUESTIONS
from station.devices.ports import Delivery
from station.devices.printer import FilePrinter, Known, StatusUse, TcpPrinter
from station.devices.transport import Timeouts
from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.addresses import Address
    from station.devices.ports import Printer

EXAMPLES = (
    "Examples: file:labels, file:///srv/labels, tcp://192.168.1.50:9100?status=auto,"
    " cups://zebra, usb:///dev/usb/lp0, simulated://paper."
)
_STREAM = ("status", "language", "deadline", "send", "receive", "dpi", "length", "count")
_QUEUE = re.compile(r"[^-\s/\\#?\x00-\x1f\x7f][^\s/\\#?\x00-\x1f\x7f]{0,126}")


def open_printer(
    url: str,
    *,
    base: Path | None = None,
    name: str = "",
    language: str = "",
    dpi: int | None = None,
    length_mm: float | None = None,
) -> Printer:
    """Return the printer that a URL stands for; nothing is connected or written yet.

    Args:
        url: `file:relative`, `file:///absolute` (option formats=zpl,png,pdf,prn),
            `tcp://host:9100` or `usb:///dev/usb/lp0` (options status=auto|on|off,
            language=zpl|epl2|tspl|escpos, count=auto|off, deadline, connect, send and receive in
            seconds, dpi, length in millimetres), `cups://queue` or `cups://host:631/queue`
            (option deadline), `simulated://name` (options folder, fault, delivery=sent|seen).
        base: Where a relative folder stands; the working folder if not given.
        name: What the packer calls the printer.
        language: What papers for it are written in, where the URL does not say; pdf and png are no
            language of a printer.
        dpi: What papers for it are made for, where the URL does not say.
        length_mm: The length of its labels, where the URL does not say; None: not checked.

    Raises:
        ConfigError: an unknown scheme, option or value, with the nearest known one.
    """
    asked = address(url, "printer", tuple(_OPENERS), EXAMPLES)
    usual = Known(
        language=language if language in QUESTIONS else "zpl", dpi=dpi, length_mm=length_mm
    )
    return _OPENERS[asked.scheme](asked, base or Path.cwd(), name, usual)


def _file(asked: Address, base: Path, name: str, _usual: Known) -> Printer:
    asked.known("formats")
    if asked.host not in {"", "localhost"} or asked.port is not None:
        raise ConfigError(
            f"“{asked.host}” would be another machine.",
            f"Write file:{asked.host}{asked.path} for a folder beside the settings,"
            " or three slashes for an absolute one.",
        )
    if not asked.path:
        raise ConfigError("The printer's folder is missing.", EXAMPLES)
    formats = tuple(filter(None, asked.options.get("formats", "").split(",")))
    for kind in formats:
        if kind not in KINDS:
            raise unknown("format for a printer", kind, KINDS)
    return FilePrinter(base / asked.path, formats=formats, name=name)


def _tcp(asked: Address, _base: Path, name: str, usual: Known) -> Printer:
    asked.known(*_STREAM, "connect")
    if not asked.host or asked.path not in {"", "/"}:
        raise asked.wrong("is not host:port")
    if asked.port == 0:
        raise asked.wrong("has the port 0, which cannot be")
    return TcpPrinter(
        asked.host,
        asked.port or 9100,
        known=_known(asked, usual),
        timeouts=_timeouts(asked),
        name=name,
    )


def _usb(asked: Address, _base: Path, name: str, usual: Known) -> Printer:
    from station.devices.usb_printer import UsbPrinter

    asked.known(*_STREAM)
    if asked.host or asked.port is not None or not asked.path.startswith("/"):
        raise asked.wrong("is not the path of a device with three slashes before it")
    return UsbPrinter(
        Path(asked.path), known=_known(asked, usual), timeouts=_timeouts(asked), name=name
    )


def _cups(asked: Address, _base: Path, name: str, _usual: Known) -> Printer:
    from station.devices.cups_ipp import CupsServer
    from station.devices.cups_printer import CupsPrinter

    asked.known("deadline")
    path = asked.path.removeprefix("/").removeprefix("printers/")
    queue, host = (path, asked.host) if path else (asked.host, "")
    if not _QUEUE.fullmatch(queue) or (not path and asked.port is not None):
        raise asked.wrong("names no print queue, or one that cannot be")
    return CupsPrinter(
        queue,
        CupsServer(host, asked.port or 631),
        deadline_s=asked.seconds("deadline", 30.0),
        name=name,
    )


def _simulated(asked: Address, base: Path, name: str, _usual: Known) -> Printer:
    from station.devices.simulated import FAULTS, SimulatedPrinter

    asked.known("folder", "fault", "delivery")
    if not asked.host or asked.path not in {"", "/"}:
        raise asked.wrong("has no name")
    folder = asked.options.get("folder", "")
    if "\0" in folder:
        raise asked.wrong("has a folder that cannot be")
    return SimulatedPrinter(
        name or asked.host,
        delivery=Delivery(asked.choice("delivery", "sent", tuple(Delivery))),
        folder=base / folder if folder else None,
        fault=asked.choice("fault", "", ("", *FAULTS)),
    )


_OPENERS: dict[str, Callable[[Address, Path, str, Known], Printer]] = {
    "file": _file,
    "tcp": _tcp,
    "cups": _cups,
    "usb": _usb,
    "simulated": _simulated,
}


def _known(asked: Address, usual: Known) -> Known:
    length = asked.number("length", 0, range(10, 1000)) or usual.length_mm
    return Known(
        language=asked.choice("language", usual.language, tuple(QUESTIONS)),
        status=cast("StatusUse", asked.choice("status", "auto", ("auto", "on", "off"))),
        deadline_s=asked.seconds("deadline", 10.0),
        dpi=_dpi(asked) or usual.dpi,
        length_mm=length,
        counts=asked.choice("count", "auto", ("auto", "off")) == "auto",
    )


def _timeouts(asked: Address) -> Timeouts:
    usual = Timeouts()
    return Timeouts(
        asked.seconds("connect", usual.connect_s),
        asked.seconds("send", usual.send_s),
        asked.seconds("receive", usual.receive_s),
    )


def _dpi(asked: Address) -> int | None:
    text = asked.options.get("dpi")
    if text is None:
        return None
    if text not in {"152", "203", "300", "600"}:
        raise ConfigError(f"The printer's dpi “{text}” is unknown.", "Write 203, 300 or 600.")
    return int(text)
