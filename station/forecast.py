"""What will miss its deadline at the rate at which orders leave now; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from station.overview import Hour

STEP = timedelta(minutes=10)
"""Orders that left are counted in steps of this length."""
HOUR = timedelta(hours=1)
FEWEST = 3
"""Orders in two hours below which no rate is told."""


def rate(done: Sequence[tuple[datetime, int]], now: datetime) -> float | None:
    """Return how many orders an hour leave, as over the last hour; None: too few to tell.

    Where the first one left less than an hour ago, only the time since then counts.

    Args:
        done: Orders that left, by the start of each ten minutes.
        now: The present moment.
    """
    lately = [(start, n) for start, n in done if now - 2 * HOUR <= start <= now and n > 0]
    if sum(n for _start, n in lately) < FEWEST:
        return None
    begin = max(min(start for start, _n in lately), now - HOUR)
    left = sum(
        n * min(1.0, (start + STEP - begin) / STEP) for start, n in lately if start + STEP > begin
    )
    return left / (max(now - begin, STEP) / HOUR)


def misses(
    overdue: int, hours: Sequence[Hour], rate: float | None, now: datetime
) -> tuple[int, ...]:
    """Return how many orders of each hour will miss: the overdue ones go first, then by deadline.

    An hour's orders are taken to be due when its first one is. Without a rate none is foretold.
    """
    if rate is None:
        return (0,) * len(hours)
    missed, before = [], overdue
    for hour in hours:
        until = before + hour.waiting
        made = _made(rate, hour.deadline - now, until)
        missed.append(until - max(before, made))
        before = until
    return tuple(missed)


def _made(rate: float, left: timedelta, most: int) -> int:
    """Return how many orders leave in a time, no more than most."""
    if left <= timedelta(0):
        return 0
    return int(min(rate * (left / HOUR), most))


def will_miss(overdue: int, hours: Sequence[Hour], rate: float | None, now: datetime) -> int:
    """Return how many orders leave too late, with those that are late already."""
    return overdue + sum(misses(overdue, hours, rate, now))
