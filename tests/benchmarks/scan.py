"""From a scanner's last byte to the verdict's: the station against bare apps, and against a floor.

Everything runs at once and is scanned in turn. The station's verdict comes after its durable
commit; only one of the others commits anything.
"""

from __future__ import annotations

import random
import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import shop, station_app
from benchmarks.pty_app import BARE_APP, RAW_LOOP, PtyApp
from benchmarks.report import Ratio, Result, Series

if TYPE_CHECKING:
    from pathlib import Path

READY = re.compile(rb"READY")
ECHOED = re.compile(rb"ACK(\d{7})")
PAUSE_S = 0.07
"""Between two scans of one program: Textual has repainted, and the disk is idle again."""

TIMEOUT_S = 1.0
"""A program that is silent, or only blinks, for so long will not count this scan any more."""

BURST = 20


@dataclass
class Lane:
    """One program under the scanner."""

    name: str
    app: PtyApp
    counted: re.Pattern[bytes]
    """Finds the number of scans that it says it has counted."""
    sent: int = 0
    seen: int = 0
    values: list[float] = field(default_factory=list)
    """Milliseconds."""
    bursts: list[float] = field(default_factory=list)
    """Milliseconds for each scan of a burst."""
    last: float = 0.0

    def scan(self, times: int = 1) -> float | None:
        """Write scans in one write; return the ms until all are counted, None when they are not."""
        self.calm(self.last + PAUSE_S - perf_counter())
        target, self.sent = self.seen + times, self.sent + times
        began = self.app.write(shop.SCAN * times)
        at: float | None = began
        while at is not None and self.seen < target:
            at = self.app.read(began + TIMEOUT_S)
            self._look()
        self.last = perf_counter()
        return (at - began) * 1000 if at is not None else None

    def calm(self, seconds: float) -> None:
        """Take what is still painted for so long, and a scan that was late."""
        until = perf_counter() + max(seconds, 0.001)
        while self.app.read(until) is not None:
            pass
        self._look()
        self.app.output.clear()

    def _look(self) -> None:
        for number in self.counted.findall(self.app.output):
            self.seen = max(self.seen, int(number))

    def series(self, values: list[float]) -> Series:
        """Return samples with the scans of this lane that were lost."""
        return Series(self.name, values, self.sent - self.seen)


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Scan everything in turn, single codes first, then twenty in one write."""
    with ExitStack() as stack:
        lanes = _lanes(folder, stack)
        _scan_all(lanes, 20 if quick else 250)
        singles = [lane.series(lane.values) for lane in lanes]
        _burst_all(lanes, 2 if quick else 10)
        bursts = [lane.series(lane.bursts) for lane in lanes]
    return _single(*singles), _bursts(*bursts)


def _lanes(folder: Path, stack: ExitStack) -> list[Lane]:
    station = stack.enter_context(station_app.packing(shop.long_order(folder / "long-order")))
    commands = {
        "bare Textual app, on_key": [str(BARE_APP)],
        "bare Textual app, Input": [str(BARE_APP), "input"],
        "raw tty loop": [str(RAW_LOOP)],
        "raw tty loop + sqlite3 commit": [str(RAW_LOOP), str(folder / "raw-loop.db")],
    }
    lanes = [Lane("station, stored before shown", station, station_app.COUNTED)]
    for name, command in commands.items():
        app = stack.enter_context(PtyApp(command))
        app.wait(READY)
        lanes.append(Lane(name, app, ECHOED))
    return lanes


def _scan_all(lanes: list[Lane], rounds: int) -> None:
    order = list(lanes)
    for number in range(rounds + 3):
        random.shuffle(order)
        for lane in order:
            took = lane.scan()
            if took is not None and number >= 3:  # the first scans import and compile
                lane.values.append(took)


def _burst_all(lanes: list[Lane], rounds: int) -> None:
    for _ in range(rounds):
        for lane in random.sample(lanes, len(lanes)):
            took = lane.scan(BURST)
            if took is not None:
                lane.bursts.append(took / BURST)


def _single(station: Series, key: Series, text: Series, raw: Series, commit: Series) -> Result:
    return Result(
        "Scan → verdict: 13 digits and CR in one write → its bytes on the pty",
        "ms",
        (station, key, text, raw, commit),
        (
            Ratio(station, key, "What rules, journal and a whole screen add to a bare on_key."),
            Ratio(station, text, "Below 1: quicker than the Input that tutorials recommend."),
            Ratio(station, raw, "How far the station is above what a tty in Python costs."),
            Ratio(station, commit, "The same, where the floor stores the scan durably too."),
        ),
    )


def _bursts(station: Series, key: Series, text: Series, raw: Series, commit: Series) -> Result:
    return Result(
        f"{BURST} scans in one write → the last one counted, for each scan",
        "ms",
        (station, key, text, raw, commit),
        (
            Ratio(station, key, "How fast the station works off what came while it was busy."),
            Ratio(station, commit, "The same against a tty loop that stores each scan."),
        ),
        (
            "n is the number of bursts that were counted whole.",
            "lost counts every scan of the program: gone, cut, or run together with the next.",
        ),
    )
