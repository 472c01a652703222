"""A scanner with a port of its own from what the owner wrote in his settings: one URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from station.devices.addresses import Address, address
from station.devices.scan_line import PORT_ENDS, USUAL_PAUSE_S, Framing
from station.errors import ConfigError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.device_settings import ScannerSettings
    from station.devices.ports import Scanner

EXAMPLES = (
    "Examples: serial:///dev/ttyACM0?baud=9600, evdev:///dev/input/by-id/NAME, simulated://NAME."
)
_SUFFIXES = ("enter", "none")
_MOST_NAME = 24


@dataclass(frozen=True, slots=True)
class ScannerPort:
    """A scanner that can be opened, again and again."""

    name: str
    url: str
    open: Callable[[], Scanner]
    """Raises DeviceAbsent while it is not there."""


def scanner_port(url: str, settings: ScannerSettings, base: Path) -> ScannerPort:
    """Return the scanner that a URL stands for; nothing is opened yet.

    Args:
        url: `serial:///dev/ttyACM0` (options baud, parity=none|even|odd, bits=8|7),
            `evdev:///dev/input/by-id/…` or `simulated://NAME`; each with the options name, prefix,
            suffix=enter|none and pause in seconds.
        settings: What holds for every scanner.
        base: The folder of the data, where simulated scanners have their files.

    Raises:
        ConfigError: An unknown scheme, option or value, with the nearest known one.
    """
    where = address(url, "scanner", _OPENERS, EXAMPLES)
    opener, options = _OPENERS[where.scheme]
    where.known("name", "prefix", "suffix", "pause", *options)
    name = plain(where.options.get("name") or _short(where), _MOST_NAME)
    return ScannerPort(name, url, opener(where, name, _framing(where, settings), base))


def _framing(where: Address, settings: ScannerSettings) -> Framing:
    suffix = where.choice("suffix", settings.suffix, _SUFFIXES)
    usual = settings.pause_ms / 1000 if settings.pause_ms > 0 else USUAL_PAUSE_S
    prefix = usable(where.options.get("prefix", settings.prefix))
    return Framing(suffix == "none", where.seconds("pause", usual), prefix)


def usable(prefix: str) -> str:
    """Return a prefix that can show where a code begins.

    Raises:
        ConfigError: It ends a code, or stands in codes, whose tail would be taken for a whole one.
    """
    if any(end in prefix for end in PORT_ENDS):
        raise ConfigError(
            "scanner.prefix holds what ends a code.", "Choose another sign, such as ~."
        )
    if prefix.isalnum():
        raise ConfigError(
            "scanner.prefix is of letters and digits, which stand in codes too.",
            "Choose another sign, such as ~, here and at the scanner.",
        )
    return prefix


def _short(where: Address) -> str:
    """Return the end of a path as the packer may call it: ttyACM0, Honeywell_1900."""
    name = PurePosixPath(where.path).name or where.host
    return re.sub(r"^usb-|(-if\d+)?(-port\d+)?(-event-kbd)?$", "", name)


def _serial(where: Address, name: str, framing: Framing, _base: Path) -> Callable[[], Scanner]:
    from station.devices.serial_scanner import BAUDS, PARITIES, Line, SerialScanner

    line = Line(
        int(where.choice("baud", "9600", BAUDS)),
        where.choice("parity", "none", PARITIES),
        where.number("bits", 8, range(7, 9)),
    )
    path = _path(where)
    return lambda: SerialScanner(path, name, framing, line)


def _evdev(where: Address, name: str, framing: Framing, _base: Path) -> Callable[[], Scanner]:
    path = _path(where)

    def opened() -> Scanner:
        from station.devices.evdev_scanner import EvdevScanner

        return EvdevScanner(path, name, framing)

    return opened


def _simulated(where: Address, name: str, framing: Framing, base: Path) -> Callable[[], Scanner]:
    from station.devices.simulated_scanner import SimulatedScanner

    word = unquote(where.host)
    if where.path not in {"", "/"} or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,23}", word):
        raise where.wrong("has no name in it")
    return lambda: SimulatedScanner(base / "simulated" / f"{word}.scans", name, framing)


def _path(where: Address) -> str:
    if where.host or not where.path.startswith("/dev/"):
        raise where.wrong("names no device: it has three slashes and begins with /dev/")
    return where.path


_Opener = tuple["Callable[[Address, str, Framing, Path], Callable[[], Scanner]]", tuple[str, ...]]
_OPENERS: dict[str, _Opener] = {
    "serial": (_serial, ("baud", "parity", "bits")),
    "evdev": (_evdev, ()),
    "simulated": (_simulated, ()),
}
