from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.forecast import misses, rate, will_miss
from station.overview import Hour

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
RATES = st.one_of(st.none(), st.floats(0, 1e6))


def at(minutes: float) -> datetime:
    """Return a moment so many minutes from now."""
    return NOW + timedelta(minutes=minutes)


def hours_of(drawn: list[tuple[int, int]]) -> tuple[Hour, ...]:
    """Return hours whose first deadlines lie so many minutes after the one before."""
    deadlines = accumulate(after for after, _n in drawn)
    return tuple(
        Hour(at(minutes), n, at(minutes))
        for minutes, (_after, n) in zip(deadlines, drawn, strict=True)
    )


HOURS = st.lists(st.tuples(st.integers(-5, 90), st.integers(0, 500)), max_size=24).map(hours_of)
OVERDUE = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        ([], None),
        ([(-30, 2)], None),
        ([(-150, 50)], None),
        ([(-119, 3)], 0.0),
        ([(-20, 10)], 30.0),
        ([(-60, 20), (-30, 40)], 60.0),
        ([(-110, 6), (-40, 30), (-10, 30)], 60.0),
        ([(-110, 6), (-65, 12), (-10, 30)], 36.0),
        ([(0, 4)], 24.0),
        ([(10, 50), (-20, 10)], 30.0),
    ],
)
def test_the_rate_is_that_of_the_last_hour(
    done: list[tuple[int, int]], wanted: float | None
) -> None:
    """Orders an hour as of the last one, or since the first left; None while fewer than 3 left."""
    found = rate([(at(minutes), n) for minutes, n in done], NOW)
    assert found == (None if wanted is None else pytest.approx(wanted))


def test_a_busy_hour_ahead_is_told_by_its_first_deadline() -> None:
    """At 20 an hour with 5 overdue, 10 orders due in 30 min miss by 5, and the later ones by 10."""
    hours = (Hour(at(0), 10, at(30)), Hour(at(60), 20, at(75)))
    assert misses(5, hours, 20, NOW) == (5, 10)
    assert will_miss(5, hours, 20, NOW) == 20
    assert will_miss(5, hours, None, NOW) == 5


@given(OVERDUE, HOURS, RATES)
def test_no_more_miss_than_wait(overdue: int, hours: tuple[Hour, ...], found: float | None) -> None:
    """Of each hour between none and all miss."""
    missed = misses(overdue, hours, found, NOW)
    assert len(missed) == len(hours)
    assert all(0 <= n <= hour.waiting for n, hour in zip(missed, hours, strict=True))


@given(OVERDUE, HOURS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_higher_rate_never_misses_more(
    overdue: int, hours: tuple[Hour, ...], some: float, more: float
) -> None:
    """Whoever packs faster misses no more of any hour."""
    slow, fast = (misses(overdue, hours, some + extra, NOW) for extra in (0, more))
    assert all(a >= b for a, b in zip(slow, fast, strict=True))


@given(OVERDUE, HOURS)
def test_with_endless_hands_only_what_is_past_misses(overdue: int, hours: tuple[Hour, ...]) -> None:
    """At an endless rate nothing misses but what is overdue, or due this moment."""
    missed = misses(overdue, hours, float("inf"), NOW)
    assert missed == tuple(0 if hour.deadline > NOW else hour.waiting for hour in hours)


@given(st.lists(st.tuples(st.integers(-2000, 100), st.integers(0, 300)), max_size=150))
def test_a_rate_is_a_number_of_orders(done: list[tuple[int, int]]) -> None:
    """Whatever was counted, the rate is none, or a number from 0 on."""
    found = rate([(at(minutes), n) for minutes, n in done], NOW)
    assert found is None or found >= 0
