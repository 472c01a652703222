"""How often each caller may come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station.store.service.buckets import Buckets


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


def test_a_rested_caller_may_come_in_a_burst() -> None:
    """A full bucket gives its burst at once, then its rate; the wait that is told is true."""
    clock = Clock()
    buckets = Buckets(2.0, 5.0, clock=clock)
    assert [buckets.take("a") for _ in range(5)] == [0.0] * 5
    assert buckets.take("a") == buckets.wait_s("a") == 0.5
    clock.now += 0.5
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0


def test_callers_do_not_pay_for_each_other() -> None:
    """An empty bucket of one caller leaves that of another full."""
    buckets = Buckets(1.0, 1.0, clock=Clock())
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    assert buckets.take("b") == 0.0


def test_idle_callers_are_forgotten() -> None:
    """A caller whose bucket is full again takes no memory."""
    clock = Clock()
    buckets = Buckets(1.0, 10.0, clock=clock)
    for caller in range(100):
        buckets.take(caller)
    clock.now += 10
    buckets.take("last")
    assert len(buckets) == 1


def test_memory_is_bounded() -> None:
    """However many callers come, only so many are remembered."""
    buckets = Buckets(1.0, 10.0, most=50, clock=Clock())
    for caller in range(1000):
        buckets.take(caller)
    assert len(buckets) == 50


@given(st.lists(st.floats(0.0, 3.0), max_size=60))
def test_nobody_gets_more_than_rate_and_burst(pauses: list[float]) -> None:
    """Over any span a caller gets at most the burst and what flowed in since."""
    clock = Clock()
    buckets = Buckets(1.5, 4.0, clock=clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take("a") == 0.0
    assert taken <= 4.0 + 1.5 * sum(pauses) + 1e-6
