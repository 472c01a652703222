"""Typed characters and their times to whole scans; pure.

A keyboard-wedge scanner types: 1 to 16 ms a character, then CR, LF, CRLF or TAB, or nothing. A
person types too, slowly. Nothing here knows a terminal or a clock; the caller gives the times.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ENDS = "\r\n\t"
"""What scanners send after a code."""

MAX_BUFFER = 4096
"""Characters kept of an endless scan; it is refused as a whole in any case."""

_SAME_END_S = 0.08
"""A second end this soon after the first belongs to it: CRLF, CR CR, TAB CR."""

_FAST_S = 0.035
"""Mean seconds between characters below which only a machine types."""


@dataclass(frozen=True, slots=True)
class Read:
    """One run of characters between two ends."""

    text: str = field(repr=False)
    """It may be somebody's PIN: it stands in no trace of a crash."""
    whole: bool = True
    """False for a run that stopped in the middle: a cut scan, never to be used."""


class Wedge:
    """Collects characters until a scan is whole.

    Args:
        ends_on_pause: For scanners without a suffix: a pause ends the scan.
        pause_s: Seconds of silence after which a fast run is over: whole when ends_on_pause,
            else cut short. 0 switches the pause off.
    """

    def __init__(self, *, ends_on_pause: bool = False, pause_s: float = 0.3) -> None:
        self._ends_on_pause = ends_on_pause
        self._pause_s = pause_s
        self._chars: list[str] = []
        self._count = 0
        self._first = self._last = 0.0
        self._ended = float("-inf")
        self._spoilt = False

    @property
    def pending(self) -> str:
        """What was typed since the last end."""
        return "".join(self._chars)

    def feed(self, char: str, at: float) -> tuple[Read, ...]:
        """Take one character typed at a monotonic time in seconds; return what became whole."""
        cut = self.tick(at)
        if char in ENDS:
            return cut + self._end(at)
        if not self._count:
            self._first = at
        self._count += 1
        self._last = at
        if self._count <= MAX_BUFFER:
            self._chars.append(char)
        return cut

    def tick(self, at: float) -> tuple[Read, ...]:
        """Return the run that a pause has ended, if one has."""
        if not self._pause_s or at - self._last <= self._pause_s or not self._is_fast():
            return ()
        return (self._take(whole=self._ends_on_pause),)

    def is_tail(self, at: float) -> bool:
        """Tell whether an end at this time is only the rest of the scan before it."""
        return not self._count and at - self._ended <= _SAME_END_S

    def paste(self, text: str, at: float) -> tuple[Read, ...]:
        """Take pasted text: each of its lines is a scan, the last one too."""
        before = (self._take(whole=False),) if self._is_fast() else ()
        reads = [read for char in text for read in self.feed(char, at)]
        if self._count:
            reads += self._end(at)
        return (*before, *reads)

    def erase(self) -> None:
        """Take back the last character, for a person who types."""
        if self._chars:
            self._chars.pop()
            self._count -= 1

    def spoil(self) -> None:
        """Make the run unusable: something was typed in the middle of it that no code holds."""
        self._spoilt = True

    def clear(self) -> None:
        """Forget what was typed."""
        self._spoilt = False
        self._chars.clear()
        self._count = 0

    def _is_fast(self) -> bool:
        if self._count < 4:
            return False
        return (self._last - self._first) / (self._count - 1) < _FAST_S

    def _end(self, at: float) -> tuple[Read, ...]:
        if not self._count:
            return ()
        self._ended = at
        return (self._take(whole=self._count <= MAX_BUFFER),)

    def _take(self, *, whole: bool) -> Read:
        read = Read(self.pending, whole and not self._spoilt)
        self.clear()
        return read
