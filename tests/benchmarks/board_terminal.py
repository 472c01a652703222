"""What the board costs an SSH line: bytes when nothing happens, for a change, and at the start."""

from __future__ import annotations

import re
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import shop
from benchmarks.pty_app import BARE_APP, PtyApp
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn

from station.overview import Pulse
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BENCHES = 10
FEW, MANY = 1_000, 100_000
WHOLE = re.compile(rb"NEEDS YOU")
BARE_FRAME = re.compile(rb"BARE READY")
QUIET_S = 60
CHANGE_S = 2.5
"""Seconds in which a change is seen: the board looks once a second."""
BARE = "bare Textual app"


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Let a board stand, change one bench after the other, and start it over many orders."""
    home = shop.waiting(folder, 100 if quick else FEW)
    with _open(home) as store:
        _pulses(store, 0)
        with _start(home) as app:
            app.wait(WHOLE)
            app.rest(5)
            idle = _recorded(app, 5 if quick else QUIET_S)
            changes = _changes(app, store, 3 if quick else 15)
    return (_per_second(idle), _per_change(changes), _starts(folder, quick=quick))


def _open(home: Path) -> closing[SqlOrderStore]:
    return closing(SqlOrderStore.open(f"sqlite:///{home / 'store.db'}"))


def _start(home: Path) -> PtyApp:
    return PtyApp(["-m", "station", "board"], {"STATION_HOME": str(home)})


def _pulses(store: SqlOrderStore, done: int) -> None:
    # Scanned an hour ago: ages that grow by the second are not what is measured.
    scanned = datetime.now(UTC) - timedelta(hours=1)
    for number in range(BENCHES):
        pulse = Pulse(f"P{number}", shop.order_id(number), done, 99, scanned, 0, "ok")
        store.pulse(f"bench-{number}", pulse)


def _recorded(app: PtyApp, seconds: int) -> list[bytes]:
    """Return what is written in each second."""
    pieces = []
    for _ in range(seconds):
        until = perf_counter() + 1
        while app.read(until) is not None:
            pass
        pieces.append(bytes(app.output))
        app.output.clear()
    return pieces


def _changes(app: PtyApp, store: SqlOrderStore, number: int) -> list[float]:
    """Return the bytes of each time that one bench has one more unit."""
    scanned, sizes = datetime.now(UTC) - timedelta(hours=1), []
    for done in range(1, number + 1):
        store.pulse("bench-0", Pulse("P0", shop.order_id(0), done, 99, scanned, 0, "ok"))
        sizes.append(float(app.rest(CHANGE_S)))
    return sizes


def _per_second(pieces: list[bytes]) -> Result:
    squeeze = zlib.compressobj(6)
    packed = [len(squeeze.compress(piece) + squeeze.flush(zlib.Z_SYNC_FLUSH)) for piece in pieces]
    # An empty flush has five bytes, which ssh does not send when there is nothing to send.
    sent = [float(size if piece else 0) for size, piece in zip(packed, pieces, strict=True)]
    plain = [float(len(piece)) for piece in pieces]
    means = [f"{sum(values) / len(values):.1f} bytes/s {name}" for values, name in (
        (plain, "plain"), (sent, "compressed as by ssh -C"),
    )]  # fmt: skip
    return Result(
        f"Bytes of an idle board in a second, {BENCHES} benches",
        "bytes",
        (Series("plain", plain), Series("compressed as by ssh -C", sent)),
        (),
        (f"{' and '.join(means)} on average; 0 is the floor, so there is no ratio.",),
    )


def _per_change(sizes: list[float]) -> Result:
    return Result(
        "Bytes of a board on which one bench has one more unit",
        "bytes",
        (Series("one row", sizes),),
        (),
        (f"a screen of 80×24 has {80 * 24} cells.",),
    )


def _starts(folder: Path, *, quick: bool) -> Result:
    sizes = (100, FEW) if quick else (FEW, MANY)
    few, many = (f"board, {size:,} waiting" for size in sizes)
    sources: dict[str, Callable[[], list[float]]] = {
        few: partial(_board, shop.waiting(folder, sizes[0])),
        many: partial(_board, shop.waiting(folder, sizes[1])),
        BARE: _bare,
    }
    in_turn(1, sources)  # the files come from the disk once
    samples = in_turn(2 if quick else 7, sources)
    short, long, bare = (Series(name, samples[name]) for name in (few, many, BARE))
    return Result(
        "Board: exec → the whole floor painted, in a pty of 80×24",
        "ms",
        (bare, short, long),
        (
            Ratio(long, bare, "What the floor adds to a Textual program that shows one line."),
            Ratio(long, short, "1.0 says that it does not cost more with more orders."),
        ),
    )


def _bare() -> list[float]:
    with PtyApp([str(BARE_APP)]) as app:
        return [(app.wait(BARE_FRAME) - app.began) * 1000]


def _board(home: Path) -> list[float]:
    with _start(home) as app:
        return [(app.wait(WHOLE) - app.began) * 1000]
