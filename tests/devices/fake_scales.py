"""Scales that answer over a real pty or FIFO, well or badly, as they are told."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
import threading
import tty
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from station.devices.ports import ScaleState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FACTORS = {
    "mg": Fraction(1, 1000),
    "g": Fraction(1),
    "kg": Fraction(1000),
    "oz": Fraction("28.349523125"),
    "lb": Fraction("453.59237"),
}
"""Grams in a unit, apart from the program's own table."""


@dataclass
class Shown:
    """What the display of a scale shows; the truth that a driver must tell."""

    state: ScaleState = ScaleState.ZERO
    number: str = "0.000"
    """As displayed; its point is where the scale puts it."""
    unit: str = "kg"

    @property
    def grams(self) -> int:
        """The number in grams, half to even."""
        return round(Fraction(self.number) * FACTORS[self.unit])


def displayed(grams: int, unit: str = "kg") -> Shown:
    """Return what a scale with that unit shows for a load."""
    places = {"mg": 0, "g": 0, "kg": 3, "oz": 1, "lb": 3}[unit]
    exact = Fraction(grams) / FACTORS[unit]
    number = f"{float(exact):.{places}f}"
    state = ScaleState.STABLE if Fraction(number) > 0 else ScaleState.ZERO
    return Shown(ScaleState.NEGATIVE if grams < 0 else state, number, unit)


def mt_sics(shown: Shown) -> bytes:
    """Answer SI as the MT-SICS manual says: the number right-aligned in ten characters."""
    states = {
        ScaleState.OVERLOAD: b"S +\r\n",
        ScaleState.NEGATIVE: b"S -\r\n",
        ScaleState.FAULT: b"S I\r\n",
    }
    letter = "D" if shown.state is ScaleState.MOVING else "S"
    return states.get(shown.state) or f"S {letter} {shown.number:>10} {shown.unit}\r\n".encode()


def emulated_sics(shown: Shown) -> bytes:
    """Answer SI as a common emulator does, with the command in front."""
    return mt_sics(shown).replace(b"S ", b"SI ", 1)


def nci(shown: Shown) -> bytes:
    """Answer W as the table of SCP-01 says."""
    state = shown.state
    first = 0x30 | (state is ScaleState.MOVING) | (state is ScaleState.ZERO) << 1
    first |= (state is ScaleState.FAULT) << 2
    second = 0x30 | (state is ScaleState.NEGATIVE) | (state is ScaleState.OVERLOAD) << 1
    marks = {ScaleState.OVERLOAD: "^^^^^^", ScaleState.NEGATIVE: "______"}
    weight = marks.get(state) or f"{shown.number:0>6}{shown.unit.upper()}"
    return f"\n{weight}\r\n".encode() + bytes([first, second]) + b"\r\x03"


def toledo_8217(shown: Shown) -> bytes:
    """Answer W as the 8217 table says: a stable number, or a status."""
    bits = {
        ScaleState.MOVING: 0x41,
        ScaleState.OVERLOAD: 0x42,
        ScaleState.NEGATIVE: 0x44,
        ScaleState.FAULT: 0x48,
    }
    status = bits.get(shown.state)
    return f"\x02{shown.number:0>6}\r".encode() if status is None else bytes([2, 63, status, 13])


QUESTIONS: dict[Callable[[Shown], bytes], bytes] = {
    mt_sics: b"SI\r\n",
    emulated_sics: b"SI\r\n",
    nci: b"W\r",
    toledo_8217: b"W",
}


def honest(answer: bytes) -> bytes:
    """Send the answer as it is."""
    return answer


@dataclass
class PtyScale:
    """A serial scale: a thread that answers questions over a pty."""

    speak: Callable[[Shown], bytes]
    shown: Shown = field(default_factory=Shown)
    spoil: Callable[[bytes], bytes] = honest
    """What becomes of each answer on its way; nothing, when it is mute."""
    before_answer: Callable[[], object] = lambda: None
    """Called before each answer is made: it may wait, or change what is shown."""
    asked: int = 0

    def __post_init__(self) -> None:
        self._end, self._line = os.openpty()
        tty.setraw(self._line)
        self.device = os.ttyname(self._line)
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def say(self, words: bytes) -> None:
        """Send something that nobody asked for."""
        os.write(self._end, words)

    def unplug(self) -> None:
        """Vanish; again is harmless."""
        if self._thread.is_alive():
            os.write(self._waker, b".")
            self._thread.join()
            for end in (self._end, self._line, self._wake, self._waker):
                os.close(end)

    def _answer(self) -> None:
        question, heard = QUESTIONS[self.speak], b""
        while self._wake not in select.select([self._end, self._wake], [], [])[0]:
            heard += os.read(self._end, 64)
            while question in heard:
                heard = heard.split(question, 1)[1]
                self.asked += 1
                self.before_answer()
                os.write(self._end, self.spoil(self.speak(self.shown)))


def hid_report(shown: Shown, report_id: int = 3) -> bytes:
    """Return six bytes as a HID scale sends them."""
    units = {"mg": 1, "g": 2, "kg": 3, "oz": 11, "lb": 12}
    states = {
        ScaleState.FAULT: 1,
        ScaleState.ZERO: 2,
        ScaleState.MOVING: 3,
        ScaleState.STABLE: 4,
        ScaleState.NEGATIVE: 5,
        ScaleState.OVERLOAD: 6,
    }
    digits = shown.number.lstrip("-")
    exponent = -len(digits.partition(".")[2])
    number = int(digits.replace(".", ""))
    head = bytes([report_id, states[shown.state], units[shown.unit]])
    return head + struct.pack("<bH", exponent, number)


class FifoScale:
    """A HID scale: whole reports through a FIFO, as hidraw hands them out one by one."""

    PACKETS: ClassVar[int] = getattr(os, "O_DIRECT", 0)

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        # Both ways, so that the FIFO may be opened before anybody reads it.
        self._end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        # Packet mode (pipe(7), Linux 4.5): a read returns one write, as hidraw does.
        fcntl.fcntl(self._end, fcntl.F_SETFL, os.O_NONBLOCK | self.PACKETS)

    def send(self, *reports: bytes) -> None:
        """Send reports; as hidraw does, forget them when nobody fetches them."""
        for report in reports:
            with contextlib.suppress(BlockingIOError):
                os.write(self._end, report)

    def unplug(self) -> None:
        """Vanish."""
        os.close(self._end)
        self.path.unlink()


Tally = Counter[str]
"""How often each kind of noise was really injected."""
