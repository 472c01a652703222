"""Ten thousand weights over ptys and a FIFO, with noise: the last stable one wins.

`make test` runs a slice; STATION_LONG=1 runs all of them. What is not injected, because no driver
can notice it: the same digit changed in the same way in two answers, one after the other, on a line
without parity.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import (
    FACTORS,
    FifoScale,
    PtyScale,
    Shown,
    displayed,
    hid_report,
    mt_sics,
    nci,
    toledo_8217,
)

from station.devices.ports import Reading, ScaleState
from station.devices.scale_hid import HidScale
from station.devices.scale_port import Line, Port
from station.devices.scale_protocols import DIALECTS
from station.devices.scale_serial import Patience, SerialScale
from station.devices.weighing import ScaleWatch, Weight

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faults.conftest import Say

    from station.devices.ports import Scale

WEIGHTS = 10_000 if os.environ.get("STATION_LONG") else 320
"""In all; a quarter for each way to connect a scale."""
PATIENCE = Patience(answer_s=0.015, quiet_s=0.001, quiet_at_most_s=0.015)
MOVES = 3
"""Answers during which a load swings before it lies."""


class Load:
    """What truly lies on the scale, and what the display makes of it, answer by answer."""

    def __init__(self, seed: int, units: tuple[str, ...]) -> None:
        self.dice = random.Random(seed)
        self.units = units
        self.lock = threading.Lock()
        self.swings = 0
        self.lies = Shown()
        self.allowed = {0}
        """Grams that may be told now: of this load, and of the one before until it is lifted."""
        self.noise: Counter[str] = Counter()

    def put(self, grams: int) -> int:
        """Put another load on it, perhaps in another unit; return its grams as displayed."""
        with self.lock:
            before, unit = self.lies, self.dice.choice(self.units)
            self.noise["unit changed"] += unit != before.unit
            self.lies, self.swings = displayed(grams, unit), MOVES
            self.allowed = {before.grams, self.lies.grams}
            return self.lies.grams

    def creep(self) -> int:
        """Drift by one division of a kilogram scale; return the grams now."""
        with self.lock:
            self.noise["drift"] += 1
            self.lies = displayed(self.lies.grams + 1, "kg")
            self.allowed.add(self.lies.grams)
            return self.lies.grams

    def show(self) -> Shown:
        """Return the display for one answer."""
        with self.lock:
            if not self.swings:
                return self.lies
            self.swings -= 1
            self.noise["motion"] += 1
            swing = displayed(self.dice.randrange(10, 29_000), self.lies.unit)
            return Shown(ScaleState.MOVING, swing.number, swing.unit)


class NoisyLine:
    """Spoils one answer in seven on its way; never flips the same bit twice in a row."""

    def __init__(self, load: Load, *, parity: bool) -> None:
        self.load = load
        self.parity = parity
        self.flipped: bytes | None = None

    def __call__(self, answer: bytes) -> bytes:
        """Return what arrives."""
        dice = self.load.dice
        before, self.flipped = self.flipped, None
        if dice.random() > 1 / 7:
            return answer
        kind = dice.choice(("flip", "cut", "lost byte", "glued", "garbage", "mute"))
        spoilt = self._spoilt(kind, answer)
        if kind == "flip":
            if spoilt == before:
                return answer
            self.flipped = spoilt
        self.load.noise[kind] += 1
        return spoilt

    def _spoilt(self, kind: str, answer: bytes) -> bytes:
        dice = self.load.dice
        place = dice.randrange(len(answer))
        if kind == "flip":
            # A kernel that checks parity hands out NUL for a byte that was changed.
            byte = 0 if self.parity else answer[place] ^ 1 << dice.randrange(7)
            return answer[:place] + bytes([byte]) + answer[place + 1 :]
        if kind == "cut":
            return answer[:place] if dice.random() < 0.5 else answer[place + 1 :]
        if kind == "lost byte":
            return answer[:place] + answer[place + 1 :]
        if kind == "glued":
            return answer + answer
        return b"" if kind == "mute" else dice.randbytes(place + 1)


class NoisyHid(threading.Thread):
    """Streams reports, with reports of other devices, sizes and units among them."""

    def __init__(self, fifo: FifoScale, load: Load) -> None:
        super().__init__(daemon=True)
        self.fifo = fifo
        self.load = load
        self.ended = threading.Event()

    def run(self) -> None:
        """Send until told to end."""
        while not self.ended.wait(0.0004):
            report = hid_report(self.load.show())
            if self.load.dice.random() < 1 / 7:
                self.fifo.send(self._noise(report))
            self.fifo.send(report)

    def _noise(self, report: bytes) -> bytes:
        dice = self.load.dice
        kind = dice.choice(("cut", "glued", "garbage", "other report", "unknown unit"))
        self.load.noise[kind] += 1
        return {
            "cut": report[: dice.randrange(1, 6)],
            "glued": report + report,
            "garbage": bytes([0, *dice.randbytes(5)]),
            "other report": bytes([1, *report[1:]]),
            "unknown unit": report[:2] + bytes([dice.choice((0, 4, 5, 9, 255))]) + report[3:],
        }[kind]


@dataclass
class Judge:
    """Compares all that a watch believes with what lies on the scale."""

    load: Load
    right: int = 0
    wrong: list[tuple[object, object]] = field(default_factory=list)
    watch: ScaleWatch | None = None

    def __post_init__(self) -> None:
        self._told = threading.Condition()

    def changed(self) -> None:
        """Look at the weight that the watch believes now."""
        assert self.watch
        weight = self.watch.weight()
        with self._told:
            if weight and weight.grams not in self.load.allowed:
                self.wrong.append((weight, self.load.allowed))
            self._told.notify_all()

    def settle(self, grams: int, after: int) -> Weight:
        """Wait for a weight with a later number; it must be the load."""
        watch = self.watch
        assert watch

        def settled() -> Weight | None:
            weight = watch.weight()
            return weight if weight and weight.number > after else None

        with self._told:
            weight = self._told.wait_for(settled, 20)
        assert weight, f"{grams} g never settled: {watch.words()}"
        self.right += weight.grams == grams
        if weight.grams != grams:
            self.wrong.append((weight, grams))
        return weight

    def follow(self, grams: int) -> None:
        """Wait until the watch tells the load after a drift."""
        watch = self.watch
        assert watch
        with self._told:
            assert self._told.wait_for(
                lambda: (weight := watch.weight()) and weight.grams == grams, 20
            )


def another(dice: random.Random, grams: int) -> int:
    """Return a load that differs by more than a creep, by which two loads are told apart."""
    while abs((load := dice.randrange(20, 29_000)) - grams) < 50:
        pass
    return load


def weigh(judge: Judge, opened: Callable[[], Scale], weights: int) -> None:
    """Put so many loads on the scale, and wait for each to be told."""
    judge.watch = watch = ScaleWatch("bench", opened, judge.changed, poll_s=0)
    dice, number = random.Random(7), 0
    judge.load.put(500)
    watch.start()
    for turn in range(weights):
        grams = judge.load.put(another(dice, judge.load.lies.grams)) if turn else 500
        weight = judge.settle(grams, number)
        number = weight.number
        if turn % 4 == 3 and judge.load.lies.unit == "kg":
            judge.follow(judge.load.creep())
    watch.stop()


SERIAL = {
    "mt-sics": (mt_sics, ("g", "kg", "lb", "oz")),
    "nci": (nci, ("g", "kg", "lb", "oz")),
    "toledo-8217": (toledo_8217, ("kg",)),
}


@pytest.mark.parametrize("protocol", SERIAL)
def test_the_last_stable_weight_wins_over_a_noisy_line(protocol: str, say: Say) -> None:
    """Whatever the line does, each load is told, and nothing else ever is."""
    speak, units = SERIAL[protocol]
    dialect = DIALECTS[protocol]
    load = Load(len(protocol), units)
    fake = PtyScale(speak)
    fake.before_answer = lambda: setattr(fake, "shown", load.show())
    fake.spoil = NoisyLine(load, parity=dialect.parity != "N")
    line = Line(fake.device, 9600, dialect.bits, dialect.parity)
    judge = Judge(load)
    weigh(
        judge,
        lambda: SerialScale(Port(line), dialect, unit="kg", patience=PATIENCE),
        WEIGHTS // 4,
    )
    fake.unplug()
    report(say, protocol, judge, ("flip", "cut", "lost byte", "glued", "garbage", "mute"))


def test_the_last_stable_weight_wins_among_reports(tmp_path: Path, say: Say) -> None:
    """Whatever reports come between, each load is told, and nothing else ever is."""
    load = Load(3, ("g", "kg", "lb", "oz"))
    fifo = FifoScale(tmp_path / "hidraw0")
    stream, judge = NoisyHid(fifo, load), Judge(load)
    stream.start()
    weigh(judge, lambda: HidScale(str(fifo.path), "bench", 1.0), WEIGHTS // 4)
    stream.ended.set()
    stream.join()
    fifo.unplug()
    report(say, "hid", judge, ("cut", "glued", "garbage", "other report", "unknown unit"))


def report(say: Say, what: str, judge: Judge, kinds: tuple[str, ...]) -> None:
    """Say what was injected, and refuse a run without noise."""
    noise = judge.load.noise
    say(f"{what}: weights right / wrong", f"{judge.right} / {len(judge.wrong)}")
    say(f"{what}: noise", dict(sorted(noise.items())))
    assert not judge.wrong, judge.wrong[:3]
    assert judge.right == WEIGHTS // 4
    for kind in (*kinds, "motion", "drift"):
        assert noise[kind] > 0, kind


class NaiveScale:
    """The negative control: takes the first number that it finds for a stable weight."""

    name = "naive"

    def __init__(self, port: Port) -> None:
        self._port = port

    def read(self) -> Reading:
        """Ask, wait a moment, and look for a number and a unit."""
        self._port.write(b"SI\r\n")
        answer, end = b"", time.monotonic() + 0.02
        while b"\n" not in answer and time.monotonic() < end:
            answer += self._port.read()
        found = re.search(rb"(\d+\.?\d*)(?: (g|kg|oz|lb))?", answer)
        if not found:
            return Reading(ScaleState.FAULT)
        grams = float(found[1]) * float(FACTORS[(found[2] or b"kg").decode()])
        return Reading(ScaleState.STABLE, round(grams))

    def close(self) -> None:
        """Let the port go."""
        self._port.close()


def test_a_naive_reader_tells_wrong_weights() -> None:
    """The same noise over the same pty makes a reader that trusts any number tell wrong ones."""
    load = Load(7, ("g", "kg"))
    fake = PtyScale(mt_sics)
    fake.before_answer = lambda: setattr(fake, "shown", load.show())
    fake.spoil = NoisyLine(load, parity=False)
    scale = NaiveScale(Port(Line(fake.device)))
    wrong = 0
    for grams in range(1000, 1100):
        load.put(grams)
        wrong += sum(
            reading.state is ScaleState.STABLE and reading.grams not in load.allowed
            for reading in (scale.read() for _ in range(5))
        )
    scale.close()
    fake.unplug()
    assert wrong > 0
