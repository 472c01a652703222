"""Thousands of scans over pseudo terminals, most of them good, many hurt on their way."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import serial
from devices.scanner_plugs import PtyPlug

from station import barcodes
from station.devices.scan_line import Framing
from station.devices.serial_scanner import SerialScanner
from station.errors import DeviceAbsent
from station.gs1 import check_digit
from station.wedge import Read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

STX, GS = "\x02", "\x1d"
PAUSE_S = 0.3
ENDS = ("\r", "\n", "\r\n", "\t", "\x03")

FAULTS = (
    "garbage between",
    "garbage inside",
    "digit changed",
    "glued",
    "cut",
    "cut, the next at once",
    "begin lost",
    "unplugged inside",
    "endless",
    "split",
    "merged",
)


def gtin(number: int) -> str:
    """Return an EAN-13 of the range for examples."""
    digits = f"952{number:09d}"
    return digits + str(check_digit(digits))


def catalogue(kind: str) -> dict[str, str]:
    """Return what each code of one scanner's goods reads like, and the product it stands for."""
    eans = {gtin(number): f"g:0{gtin(number)}" for number in range(40)}
    if kind == "plain":
        return {**eans, **{f"X00{n:07d}": f"t:X00{n:07d}" for n in range(20)}}
    if kind == "prefix":  # each is the end of the next: a lost begin would be another product
        words = ["7", "B7", "AB7", "-AB7", "K-AB7"]
        return {
            **{STX + code: key for code, key in eans.items()},
            **{STX + word: f"t:{word}" for word in words},
        }
    gs1 = {f"]C101{gtin(n).zfill(14)}10L{n}{GS}21S{n}": f"g:0{gtin(n)}" for n in range(40)}
    return {**{f"]E0{code}": key for code, key in eans.items()}, **gs1}


class HandClock:
    """Seconds that only pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class CountingScanner(SerialScanner):
    """The driver itself, which also says how many bytes have arrived."""

    taken = 0

    def _receive(self, timeout_s: float) -> bytes:
        data = super()._receive(timeout_s)
        self.taken += len(data)
        return data


@dataclass
class Wire:
    """One scanner with its goods, its pseudo terminal, and what the bench would take from it."""

    kind: str
    plug: PtyPlug
    dice: random.Random
    clock: HandClock
    hurt: Callable[[CountingScanner], object] = lambda _scanner: None
    """Puts something into the driver's place, for the negative control."""
    good: list[str] = field(default_factory=list)
    """The products of all scans that arrived whole and alone, in order."""
    accepted: list[str] = field(default_factory=list)
    """The products that a bench would have counted."""
    done: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    def __post_init__(self) -> None:
        self.goods = catalogue(self.kind)
        self.codes = list(self.goods)
        self.known = set(self.goods.values())
        self._open()

    def _open(self) -> None:
        self.plug.plug_in()
        framing = Framing(pause_s=PAUSE_S, prefix=STX if self.kind == "prefix" else "")
        self.scanner = CountingScanner(str(self.plug.path), self.kind, framing, clock=self.clock)
        self.hurt(self.scanner)
        self.sent = 0
        self.clock.now += 1

    # — one step each —
    def step(self, fault: str) -> None:
        """Scan one or a few codes, well or with a fault."""
        self.done[fault or "good"] += 1
        getattr(self, f"_{fault.replace(', ', '_').replace(' ', '_') or 'well'}")()

    def _code(self) -> str:
        return self.dice.choice(self.codes)

    def _end(self) -> str:
        return self.dice.choice(ENDS)

    def _send_good(self, *codes: str) -> None:
        self.good += [self.goods[code] for code in codes]
        self._send("".join(code + self._end() for code in codes))

    def _well(self) -> None:
        self._send_good(self._code())

    def _split(self) -> None:
        code = self._code()
        whole = code + self._end()
        cuts = sorted(self.dice.sample(range(1, len(whole)), min(2, len(whole) - 1)))
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            self._send(whole[begin:end])
            self.clock.now += PAUSE_S / 4
        self.good.append(self.goods[code])

    def _merged(self) -> None:
        self._send_good(*(self._code() for _ in range(self.dice.randint(2, 6))))

    def _garbage_between(self) -> None:
        self._send_bytes(bytes(self.dice.randrange(256) for _ in range(self.dice.randint(1, 40))))
        self._pause()

    def _garbage_inside(self) -> None:
        code = self._code().encode()
        at = self.dice.randrange(1, len(code) + 1)
        noise = bytes(self.dice.choice(range(0x80, 0x100)) for _ in range(self.dice.randint(1, 3)))
        self._send_bytes(code[:at] + noise + code[at:] + b"\r")

    def _digit_changed(self) -> None:
        code = self.dice.choice([code for code in self.codes if code[-13:].isdecimal()])
        at = len(code) - 1 - self.dice.randrange(13)
        other = self.dice.choice([digit for digit in "0123456789" if digit != code[at]])
        self._send(code[:at] + other + code[at + 1 :] + "\r")

    def _glued(self) -> None:
        one, other = self._code(), self._code()
        if self.kind == "prefix":  # the second begin shows, and only the first is lost
            self._send(one)
            self._send_good(other)
        else:
            self._send(one + other + "\r")

    def _cut(self) -> None:
        self._send(self._part())
        self._pause()

    def _cut_the_next_at_once(self) -> None:
        self._send(self._part())
        if self.kind == "prefix":
            self._well()
        else:
            self._send(self._code() + "\r")

    def _begin_lost(self) -> None:
        code = self._code()
        # Losing no more than the identifier would leave the code itself whole.
        first = 4 if self.kind == "aim" else 2 if self.kind == "plain" else 1
        if len(code) - first >= 1:
            self._send(code[self.dice.randrange(first, len(code)) :] + "\r")

    def _unplugged_inside(self) -> None:
        self._send(self._part())
        self.plug.unplug()
        try:
            for _ in range(100):
                self._take(self.scanner.read(0.2))
        except DeviceAbsent:
            self.scanner.close()
            self._open()
            return
        raise AssertionError("nobody noticed that it was unplugged")

    def _endless(self) -> None:
        for _ in range(5):
            self._send("9" * 1000)
        self._send("\r")

    def _part(self) -> str:
        code = self._code()
        return code[: self.dice.randrange(1, len(code) + 1)]

    # — the wire —
    def _pause(self) -> None:
        self.clock.now += 2 * PAUSE_S
        self._take(self.scanner.read(0))

    def _send(self, text: str) -> None:
        self._send_bytes(text.encode())

    def _send_bytes(self, data: bytes) -> None:
        self.plug.write(data)
        self.sent += len(data)
        while self.scanner.taken < self.sent:
            self._take(self.scanner.read(5))

    def _take(self, reads: Iterable[Read]) -> None:
        for read in reads:
            code = barcodes.read(read.text)
            if not read.whole or code.kind == barcodes.Kind.BAD or barcodes.glued(code.text):
                continue
            self.accepted += [key for key in code.keys if key in self.known]

    def close(self) -> None:
        """Pull everything out."""
        self.scanner.close()
        self.plug.unplug()


class NaiveLine:
    """What many programs do: whatever comes before a pause is a code. It must fail."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._data = b""
        self._last = 0.0

    def wait_s(self, timeout_s: float) -> float:
        """Wait as long as allowed."""
        return timeout_s

    def take(self, data: bytes) -> tuple[Read, ...]:
        """Split on pauses alone."""
        at, done = self._clock(), b""
        if self._data and at - self._last > PAUSE_S:
            done, self._data = self._data, b""
        self._data, self._last = self._data + data, at
        return (Read(done.decode("latin-1").strip()),) if done else ()


def storm(
    folder: Path,
    count: int,
    seed: int,
    hurt: Callable[[HandClock], Callable[[CountingScanner], object]] | None = None,
) -> list[Wire]:
    """Scan so often over three scanners at once, and return them."""
    dice, clock = random.Random(seed), HandClock()
    wires = []
    for kind in ("plain", "prefix", "aim"):
        (folder / kind).mkdir()
        hurting = hurt(clock) if hurt else lambda _scanner: None
        wires.append(Wire(kind, PtyPlug(folder / kind), dice, clock, hurting))
    for number in range(count):
        clock.now += dice.choice((0.0, 0.01, 0.5))
        fault = dice.choice(FAULTS) if dice.random() < 0.5 else ""
        if fault == "endless" and number % 10:
            fault = ""
        dice.choice(wires).step(fault)
    for wire in wires:
        wire._pause()
        wire.close()
    return wires


def port_is_real(wire: Wire) -> bool:
    """Tell whether the driver reads a port, not something in its place."""
    return isinstance(wire.scanner._port, serial.Serial)
