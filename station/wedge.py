"""Typed characters and their times to whole scans; pure.

A keyboard-wedge scanner types: 1 to 16 ms a character, then CR, LF, CRLF or TAB, or nothing. A
person types too, slowly. Nothing here knows a terminal or a clock; the caller gives the times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ENDS = "\r\n\t"
"""What scanners send after a code."""

MAX_BUFFER = 4096
"""Characters kept of an endless scan; it is refused as a whole in any case."""

_SAME_END_S = 0.08
"""A second end this soon after the first belongs to it: CRLF, CR CR, TAB CR."""

_FAST_S = 0.035
"""Mean seconds between characters below which only a machine types."""

_AIM = re.compile(r"\][A-IK-UXZdeghjz][0-9A-Fa-m]")
"""A symbology identifier (ISO/IEC 15424): it stands before a code, never inside one."""


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
        prefix: What the scanner sends before each code. It is taken off; what a machine sent
            without it has lost its begin, and a second one means that the run before it was cut.
        ends: What ends a code.
        typed: Whether a person may type here as well; a port of the scanner's own has none, so
            that every pause ends a run.
    """

    def __init__(
        self,
        *,
        ends_on_pause: bool = False,
        pause_s: float = 0.3,
        prefix: str = "",
        ends: str = ENDS,
        typed: bool = True,
    ) -> None:
        self._ends_on_pause = ends_on_pause
        self._pause_s = pause_s
        self._prefix = prefix
        self._ends = ends
        self._is_typed = typed
        self._chars: list[str] = []
        self._count = 0
        self._begin = ""
        self._first = self._last = 0.0
        self._ended = float("-inf")
        self._marked = self._spoilt = False

    @property
    def pending(self) -> str:
        """What was typed since the last end, without the prefix."""
        return "".join(self._chars)

    @property
    def is_waiting(self) -> bool:
        """Whether a run has begun that a pause may end."""
        return bool(self._count or self._marked)

    def feed(self, char: str, at: float) -> tuple[Read, ...]:
        """Take one character typed at a monotonic time in seconds; return what became whole."""
        cut = self.tick(at)
        if char in self._ends:
            return cut + self._end(at)
        if not self._count:
            self._first = at
        self._count += 1
        self._last = at
        if self._count <= MAX_BUFFER:
            self._chars.append(char)
        if self._prefix:
            self._begin = (self._begin + char)[-len(self._prefix) :]
            if self._begin == self._prefix:
                return cut + self._begin_again()
        return cut

    def tick(self, at: float) -> tuple[Read, ...]:
        """Return the run that a pause has ended, if one has."""
        if not self._pause_s or at - self._last <= self._pause_s or not self._is_fast():
            return ()
        if not self._count:
            self.clear()
            return ()
        return (self._take(whole=self._ends_on_pause and self._has_begin(self._last)),)

    def is_tail(self, at: float) -> bool:
        """Tell whether an end at this time is only the rest of the scan before it."""
        return not self._count and at - self._ended <= _SAME_END_S

    def paste(self, text: str, at: float) -> tuple[Read, ...]:
        """Take pasted text: each of its lines is a scan, the last one too."""
        before = (self._take(whole=False),) if self._is_fast() and self._count else ()
        prefix, self._prefix = self._prefix, ""  # a person pastes
        reads = [read for char in text for read in self.feed(char, at)]
        if self._count:
            reads += self._end(at)
        self._prefix = prefix
        return (*before, *reads)

    def erase(self) -> None:
        """Take back the last character, for a person who types."""
        self._begin = ""
        if self._chars:
            self._chars.pop()
            self._count -= 1

    def spoil(self) -> None:
        """Make the run unusable: something was typed in the middle of it that no code holds."""
        self._spoilt = True

    def clear(self) -> None:
        """Forget what was typed."""
        self._spoilt = self._marked = False
        self._begin = ""
        self._chars.clear()
        self._count = 0

    def _is_fast(self) -> bool:
        """Tell whether a machine sent the run, so that a pause ends it."""
        if self._marked or not self._is_typed:
            return self.is_waiting
        if self._count < 4:
            return False
        return (self._last - self._first) / (self._count - 1) < _FAST_S

    def _has_begin(self, at: float) -> bool:
        """Tell whether nothing is missing before the run: its prefix came, or a person types."""
        if self._marked or not self._prefix:
            return True
        return self._is_typed and (at - self._first) / max(1, self._count) >= _FAST_S

    def _begin_again(self) -> tuple[Read, ...]:
        """Take the prefix off; what stood before it was cut short, or only ends here."""
        size, whole = len(self._prefix), self._ends_on_pause and self._marked
        over = self._count > MAX_BUFFER
        if not over:
            del self._chars[-size:]
        self._count -= size
        before = (self._take(whole=whole and not over),) if self._count else ()
        self.clear()
        self._marked = True
        return before

    def _end(self, at: float) -> tuple[Read, ...]:
        if not self._count:
            self.clear()
            return ()
        self._ended = at
        return (self._take(whole=self._count <= MAX_BUFFER and self._has_begin(at)),)

    def _take(self, *, whole: bool) -> Read:
        text = self.pending
        read = Read(text, whole and not self._spoilt and not ran_together(text))
        self.clear()
        return read


def ran_together(text: str) -> bool:
    """Tell whether two codes with symbology identifiers came without an end between them.

    >>> ran_together("]E09520000000011]E09520000000011"), ran_together("]E09520000000011")
    (True, False)
    """
    return bool(_AIM.match(text) and _AIM.search(text, 3))
