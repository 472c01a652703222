"""How long the station takes to its first frame, and to the rows of a short and a long queue."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import shop, station_app
from benchmarks.pty_app import BARE_APP, PtyApp
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FEW, MANY = 1_000, 100_000
BARE_FRAME = re.compile(rb"BARE READY")
END, HOME = b"\x1b[F", b"\x1b[H"
BARE = "bare Textual app"

Moments = tuple[float, ...]
"""Milliseconds: first frame, then for a station queue, End, Home."""


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Start a station with a short queue, one with a long queue and a bare app in turn."""
    sizes = (100, FEW) if quick else (FEW, MANY)
    few, many = (f"station, {size:,} waiting" for size in sizes)
    sources: dict[str, Callable[[], list[Moments]]] = {
        few: partial(_station, shop.waiting(folder, sizes[0]), sizes[0]),
        many: partial(_station, shop.waiting(folder, sizes[1]), sizes[1]),
        BARE: _bare,
    }
    in_turn(1, sources)  # the files come from the disk once
    samples = in_turn(2 if quick else 9, sources)
    starts = _series(samples, (BARE, few, many), 0)
    return (_cold_start(starts), *_queues(samples, few, many))


def _cold_start(starts: tuple[Series, ...]) -> Result:
    bare, few, many = starts
    return Result(
        "Cold start: exec → first frame, in a pty of 80×24",
        "ms",
        starts,
        (
            Ratio(many, bare, "What the program adds to Textual before it can be read."),
            Ratio(many, few, "1.0 says that the first frame does not wait for the store."),
        ),
    )


def _queues(samples: dict[str, list[Moments]], few: str, many: str) -> list[Result]:
    titles = (
        "Queue: Enter at the sign-in → first rows painted",
        "Queue: End key → last rows painted",
        "Queue: Home key → first rows painted",
    )
    means = "1.0 says that the queue costs what is visible, however long it is."
    results = []
    for place, title in enumerate(titles, 1):
        short, long = _series(samples, (few, many), place)
        results.append(Result(title, "ms", (short, long), (Ratio(long, short, means),)))
    return results


def _series(
    samples: dict[str, list[Moments]], names: Sequence[str], place: int
) -> tuple[Series, ...]:
    return tuple(Series(name, [moments[place] for moments in samples[name]]) for name in names)


def _bare() -> list[Moments]:
    with PtyApp([str(BARE_APP)]) as app:
        return [(_ms(app.began, app.wait(BARE_FRAME)),)]


def _station(home: Path, orders: int) -> list[Moments]:
    first, last = (re.compile(shop.order_id(n).encode()) for n in (0, orders - 1))
    with station_app.start(home) as app:
        frame = _ms(app.began, app.wait(station_app.FIRST_FRAME))
        station_app.sign_in(app)
        steps = ((b"\r", first), (END, last), (HOME, first))
        return [(frame, *(_shown(app, key, row) for key, row in steps))]


def _shown(app: PtyApp, key: bytes, row: re.Pattern[bytes]) -> float:
    app.rest(station_app.CALM_S)
    return _ms(app.write(key), app.wait(row))


def _ms(began: float, ended: float) -> float:
    return (ended - began) * 1000
