"""The station itself in a pseudo-terminal, and the way to its screens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks import shop
from benchmarks.pty_app import PtyApp

if TYPE_CHECKING:
    from pathlib import Path

FIRST_FRAME = re.compile(rb"Who packs here")
READY = re.compile(rb"Ready\.")
QUEUE_HEAD = re.compile(rb"FIRST ITEM")
COUNTED = re.compile(rb", (\d+) of %d" % shop.UNITS)
"""The verdict's own words, and in them how many units are counted."""

CALM_S = 0.3
"""Seconds for what a screen still does after its first frame; longer than the tail of a scan."""


def start(home: Path) -> PtyApp:
    """Return the station on the data of a folder, just started."""
    return PtyApp(["-m", "station"], {"STATION_HOME": str(home)})


def sign_in(app: PtyApp) -> None:
    """Wait until the store is open, and type a name without its Enter."""
    app.wait(READY)
    app.rest(CALM_S)
    app.write(b"Ana")
    app.rest(CALM_S)


def packing(home: Path) -> PtyApp:
    """Return the station on its pack screen, with the order of 2,000 units in hand."""
    app = start(home)
    sign_in(app)
    app.write(b"\r")
    app.wait(QUEUE_HEAD)
    app.rest(CALM_S)
    app.write(b"\r")
    app.wait(re.compile(rb"0/%d" % shop.UNITS))
    app.rest(2 * CALM_S)
    return app
