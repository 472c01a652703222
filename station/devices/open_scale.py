"""A scale from what the owner wrote in his settings: one URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from station.devices.addresses import Address, address
from station.devices.scale_hid import HidScale
from station.devices.scale_port import Line, Port
from station.devices.scale_protocols import DIALECTS
from station.devices.scale_serial import SerialScale
from station.devices.scale_units import GRAMS
from station.devices.simulated_scale import FileScale, SimulatedScale
from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.ports import Scale

EXAMPLES = (
    "Examples: hidraw://auto, hidraw:///dev/hidraw0, serial:///dev/ttyUSB0?protocol=mt-sics,"
    " serial:///dev/ttyUSB0?protocol=toledo-8217&unit=kg, simulated://bench?grams=1250."
)
BAUDS = ("300", "600", "1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200")
_PARITIES = {"none": "N", "even": "E", "odd": "O"}


def open_scale(url: str, *, base: Path | None = None, name: str = "scale") -> Callable[[], Scale]:
    """Return what opens the scale that a URL stands for; nothing is touched before it is called.

    Args:
        url: `hidraw://auto`, `hidraw:///dev/hidraw0`, `serial:///dev/ttyUSB0?protocol=` mt-sics,
            nci or toledo-8217 (options baud, bits=7|8, parity=none|even|odd, and unit, which
            toledo-8217 needs), `simulated://NAME?grams=1250`, or `simulated:FILE` for a file that
            holds what the scale shows.
        base: Where a relative file stands; the working folder if not given.
        name: What the packer calls the scale.

    Returns:
        A function that returns the open scale, or raises DeviceAbsent with what to do.

    Raises:
        ConfigError: an unknown scheme, option or value, with the nearest known one.
    """
    where = address(url, "scale", tuple(_OPENERS), EXAMPLES)
    return _OPENERS[where.scheme](where, base or Path.cwd(), name)


def _hidraw(where: Address, _base: Path, name: str) -> Callable[[], Scale]:
    where.known()
    if where.host == "auto" and where.path in {"", "/"}:
        return lambda: HidScale("auto", name)
    path = _device(where)
    return lambda: HidScale(path, name)


def _serial(where: Address, _base: Path, name: str) -> Callable[[], Scale]:
    where.known("protocol", "baud", "bits", "parity", "unit")
    if "protocol" not in where.options:
        raise ConfigError("The scale's protocol is missing.", EXAMPLES)
    dialect = DIALECTS[where.choice("protocol", "", tuple(DIALECTS))]
    unit = where.choice("unit", "", ("", *GRAMS))
    if dialect.needs_unit and not unit:
        raise ConfigError(
            "This protocol does not tell in which unit the scale weighs.",
            "Add &unit=kg or &unit=lb, as the scale is set.",
        )
    if unit and not dialect.needs_unit:
        raise ConfigError("This protocol tells the unit itself.", "Remove unit from the address.")
    parity = where.choice("parity", "", ("", *_PARITIES))
    line = Line(
        _device(where),
        int(where.choice("baud", "9600", BAUDS)),
        where.number("bits", dialect.bits, range(7, 9)),
        _PARITIES[parity] if parity else dialect.parity,
    )
    return lambda: SerialScale(Port(line), dialect, unit=unit, name=name)


def _simulated(where: Address, base: Path, name: str) -> Callable[[], Scale]:
    where.known("grams")
    if not where.path.strip("/"):
        grams = where.number("grams", 0, range(1_000_000))
        return lambda: SimulatedScale(where.host or name, grams)
    if where.host or where.options:
        raise where.wrong("is a name, or a file, not both")
    return lambda: FileScale(base / where.path, name)


def _device(where: Address) -> str:
    if where.host or not where.path.startswith("/dev/"):
        raise where.wrong("is no device")
    return where.path


_OPENERS: dict[str, Callable[[Address, Path, str], Callable[[], Scale]]] = {
    "hidraw": _hidraw,
    "serial": _serial,
    "simulated": _simulated,
}
