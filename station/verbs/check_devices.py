"""What `station check` says of printers, scanners and the scale; with --print a label of each."""

from __future__ import annotations

import secrets
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from station import compose, equipment
from station.device_settings import USUAL_PRINTER
from station.devices.weighing import words
from station.errors import ConfigError, DeviceError, StationError
from station.verbs.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from station.devices.ports import Printer
    from station.place import Place

_BUSY = "the bench has it: look there, F7"
_READINGS = 3
"""Readings of a scale: the first may be the weight before."""


def findings(place: Place, *, prints: bool) -> Iterator[Finding]:
    """Look at every device; with prints each printer also makes a test label."""
    yield from _printers(place, prints=prints)
    if not (place.settings.scanner.ports or place.settings.scale.url):
        return
    is_busy = _bench_is_open(place)
    for name, look in (*_scanners(place), *_scale(place)):
        if is_busy:
            yield Finding(name, True, _BUSY)
        else:
            yield _looked(name, look)


def _printers(place: Place, *, prints: bool) -> Iterator[Finding]:
    wrong = _looked("papers", lambda: (True, ", ".join(place.rules)))
    if not wrong.ok:
        yield wrong
    names = list(place.printers)
    for name in names:
        called = "printer" if names == [USUAL_PRINTER] else f"printer {name}"
        yield _looked(called, partial(_printer, place, name, prints=prints))


def _printer(place: Place, name: str, *, prints: bool) -> tuple[bool, str]:
    printer = equipment.one_printer(place, name)
    health = printer.health()
    said = f"{place.printers[name].url}: {health.words}"
    if not (prints and health.ok):
        return health.ok, said
    return True, f"{said}; the test label is {_tested(place, name, printer)}"


def _tested(place: Place, name: str, printer: Printer) -> str:
    """Print a test label and tell what the printer says of it.

    Raises:
        DeviceError: It did not print, or nobody knows.
    """
    document = equipment.test_label(name, place.form_of(name))
    return str(printer.print(f"check/{secrets.token_hex(6)}", "test-label", document))


def _scanners(place: Place) -> Iterator[tuple[str, Callable[[], tuple[bool, str]]]]:
    from station.devices.open_scanner import scanner_port

    for url in place.settings.scanner.ports:

        def look(url: str = url) -> tuple[bool, str]:
            port = scanner_port(url, place.settings.scanner, place.home)
            with closing(port.open()):
                return True, f"{url}: ok; scan something at the bench, F7"

        yield "scanner", look


def _scale(place: Place) -> Iterator[tuple[str, Callable[[], tuple[bool, str]]]]:
    from station.devices.open_scale import open_scale

    url = place.settings.scale.url
    if not url:
        return

    def look() -> tuple[bool, str]:
        with closing(open_scale(url, base=place.home)()) as scale:
            last = [scale.read() for _ in range(_READINGS)][-1]
        said = f"{url}: {words(last)}"
        if not place.settings.boxes:
            return False, f"{said}; no box is known: write [boxes.CODE] with its tare_g"
        return True, said

    yield "scale", look


def _bench_is_open(place: Place) -> bool:
    """Tell whether a bench of this folder runs: it keeps scanners and the scale to itself."""
    try:
        compose.lock(place).close()
    except ConfigError:
        return True
    return False


def _looked(name: str, look: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        return Finding(name, *look())
    except DeviceError as error:
        return Finding(name, False, f"{error.message.removesuffix('.')}. {error.remedy}".strip())
    except StationError as error:
        return Finding(name, False, str(error))
