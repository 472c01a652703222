"""How many bytes the station sends to a terminal, which a slow SSH line has to carry."""

from __future__ import annotations

import re
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import shop, station_app
from benchmarks.pty_app import BARE_APP, RAW_LOOP, PtyApp
from benchmarks.report import Ratio, Result, Series

if TYPE_CHECKING:
    from pathlib import Path

READY = re.compile(rb"READY")
AFTER_SCAN_S = 0.15
"""Until this long after a scan its repaints are over."""

STATION, KEY, RAW = "station, pack screen", "bare Textual app, on_key", "raw tty loop"


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Scan and then wait, with the station, a bare Textual app and a tty loop at once."""
    with ExitStack() as stack:
        apps = {
            STATION: stack.enter_context(station_app.packing(shop.long_order(folder / "bytes"))),
            KEY: stack.enter_context(PtyApp([str(BARE_APP)])),
            RAW: stack.enter_context(PtyApp([str(RAW_LOOP)])),
        }
        apps[KEY].wait(READY)
        apps[RAW].wait(READY)
        scans = {name: _scans(app, 5 if quick else 25) for name, app in apps.items()}
        idle = _idle(apps, 2 if quick else 20)
    return _per_scan(scans), _per_second(idle)


def _scans(app: PtyApp, number: int) -> list[float]:
    app.rest(AFTER_SCAN_S)
    sizes = []
    for _ in range(number):
        app.write(shop.SCAN)
        sizes.append(float(app.rest(AFTER_SCAN_S)))
    return sizes


def _idle(apps: dict[str, PtyApp], seconds: int) -> dict[str, list[float]]:
    """Return the bytes of each second, read from all at once, seconds after the last scan."""
    for app in apps.values():
        app.rest(AFTER_SCAN_S)
    sizes: dict[str, list[float]] = {name: [] for name in apps}
    began = perf_counter()
    for second in range(1, seconds + 1):
        for place, (name, app) in enumerate(apps.items()):
            share = (second - 1 + (place + 1) / len(apps)) - (perf_counter() - began)
            sizes[name].append(float(app.rest(share)))
    return sizes


def _per_scan(scans: dict[str, list[float]]) -> Result:
    station, key, raw = (Series(name, values) for name, values in scans.items())
    return Result(
        "Bytes written to the terminal for one scan",
        "bytes",
        (station, key, raw),
        (
            Ratio(station, key, "What a whole screen of facts costs over one line of Textual."),
            Ratio(station, raw, "What it costs over the shortest line that a program could send."),
        ),
    )


def _per_second(idle: dict[str, list[float]]) -> Result:
    station, key, raw = (Series(name, values) for name, values in idle.items())
    total = f"{sum(station.values):,.0f} bytes from the station in {len(station.values)} s"
    return Result(
        "Bytes written to the terminal in a second while nobody does anything",
        "bytes",
        (station, key, raw),
        (),
        (f"{total}; 0 is the floor, so there is no ratio.",),
    )
