"""What comes out of a scanner's own port, character by character, to whole codes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station.wedge import ENDS, Read, Wedge

if TYPE_CHECKING:
    from collections.abc import Callable

LOST = "\ufffd"
"""Stands for a character that came and cannot be read; no code with it is used."""

PORT_ENDS = ENDS + "\x03"
"""A port has no Ctrl+C: ETX ends a code there."""

USUAL_PAUSE_S = 0.3
_SETTLE_S = 0.05
"""Silence after which what comes is the begin of a code, and not the rest of one."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How the codes of one scanner begin and end."""

    ends_on_pause: bool = False
    """Whether the scanner sends no suffix."""
    pause_s: float = USUAL_PAUSE_S
    """Seconds of silence after which a code is over; there is no port without one."""
    prefix: str = ""


class ScanLine:
    """Collects the characters of one scanner; each scanner has its own, so none are mixed.

    A code that was already on its way when the port was opened is thrown away.
    """

    def __init__(self, framing: Framing, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = framing.pause_s
        self._wedge = Wedge(
            ends_on_pause=framing.ends_on_pause,
            pause_s=framing.pause_s,
            prefix=framing.prefix,
            ends=PORT_ENDS,
            typed=False,
        )
        self._clock = clock
        self._heard = clock()
        self._is_late = not framing.prefix

    def wait_s(self, timeout_s: float) -> float:
        """Return how long to wait for more, so that a pause is noticed when it is due."""
        return min(timeout_s, self._pause_s * 1.05) if self._wedge.is_waiting else timeout_s

    def take(self, text: str) -> tuple[Read, ...]:
        """Take what has come, perhaps nothing; return what became whole, or broke off."""
        at = self._clock()
        if self._is_late:
            text = self._begun(text, at)
        reads = [*self._wedge.tick(at)]
        for char in text:
            reads += self._wedge.feed(char, at)
        return tuple(Read(read.text, read.whole and LOST not in read.text) for read in reads)

    def _begun(self, text: str, at: float) -> str:
        """Leave out the rest of a code whose begin was not seen."""
        quiet, self._heard = at - self._heard > _SETTLE_S, at if text else self._heard
        if quiet or not text:
            self._is_late = not quiet
            return text
        rest = next((i for i, char in enumerate(text) if char in PORT_ENDS), None)
        self._is_late = rest is None
        return "" if rest is None else text[rest + 1 :]


class ByteLine:
    """A `ScanLine` for a port that gives bytes: UTF-8, of which ASCII is a part."""

    def __init__(self, framing: Framing, clock: Callable[[], float] = time.monotonic) -> None:
        prefix = framing.prefix.encode().decode("latin-1")
        self._line = ScanLine(replace(framing, prefix=prefix), clock)
        self.wait_s = self._line.wait_s

    def take(self, data: bytes) -> tuple[Read, ...]:
        """Take what has come; bytes that are no UTF-8 make no code."""
        # Byte for byte first: an end is an end, whatever stands before it.
        return tuple(map(_decoded, self._line.take(data.decode("latin-1"))))


def _decoded(read: Read) -> Read:
    text = read.text.encode("latin-1").decode("utf-8", "replace")
    return Read(text, read.whole and LOST not in text)
