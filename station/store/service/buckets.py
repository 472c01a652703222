"""Token buckets: how often each caller may come; memory is bounded, idle callers are forgotten."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST = 4096
"""Callers remembered at once; beyond it the one that was away longest is forgotten."""


class Buckets:
    """One bucket for each caller, full at first; for the thread of one event loop.

    Args:
        rate: Requests a second that flow back into a bucket.
        burst: Requests that a full bucket holds.
        clock: Seconds that only rise.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def wait_s(self, caller: Hashable) -> float:
        """Return the seconds until the caller may come again; 0 when he may now."""
        return max(0.0, (1.0 - self._level(caller, self._clock())) / self._rate)

    def take(self, caller: Hashable) -> float:
        """Take one request from the caller's bucket; return 0, or the seconds that it lacks."""
        now = self._clock()
        level = self._level(caller, now)
        allowed = level >= 1.0
        self._kept[caller] = (level - 1.0 if allowed else level), now
        self._kept.move_to_end(caller)
        self._forget(now)
        return 0.0 if allowed else (1.0 - level) / self._rate

    def _level(self, caller: Hashable, now: float) -> float:
        level, at = self._kept.get(caller, (self._burst, now))
        return min(self._burst, level + (now - at) * self._rate)

    def _forget(self, now: float) -> None:
        # Who was away this long has a full bucket: the same as one that nobody remembers.
        full = now - self._burst / self._rate
        while self._kept:
            _, at = next(iter(self._kept.values()))
            if at > full and len(self._kept) <= self._most:
                return
            self._kept.popitem(last=False)
