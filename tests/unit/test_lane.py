"""The lane: acts that ask a far store, one after the other, whatever one of them does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from station.lane import NOTICED_S, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PATIENCE_S = 10


def note(into: list[int], number: int) -> Callable[[], None]:
    """Return an act that writes down its number."""
    return lambda: into.append(number)


def finish(lane: Lane) -> None:
    """Wait until everything that was put into the lane before is done."""
    done = threading.Event()
    lane.put(done.set)
    assert done.wait(PATIENCE_S)


def test_acts_are_done_in_their_order() -> None:
    """However many come while one is being done, they follow in the order they came."""
    lane, gate = Lane(), threading.Event()
    done: list[int] = []

    def waiting() -> None:
        gate.wait(PATIENCE_S)

    lane.put(waiting)
    for number in range(100):
        lane.put(note(done, number))
    assert done == []

    gate.set()
    finish(lane)

    assert done == list(range(100))


def test_whoever_puts_an_act_in_does_not_wait() -> None:
    """An act that never ends holds nobody up who only puts another one behind it."""
    lane, gate, begun = Lane(), threading.Event(), threading.Event()

    def endless() -> None:
        begun.set()
        gate.wait(PATIENCE_S)

    lane.put(endless)
    assert begun.wait(PATIENCE_S)
    lane.put(lambda: None)

    assert lane.is_busy
    gate.set()
    finish(lane)


def test_a_fault_does_not_end_the_lane(caplog: pytest.LogCaptureFixture) -> None:
    """An act that raises is written to the log, and all acts behind it are done."""
    lane = Lane()
    done: list[int] = []

    def broken() -> None:
        raise ValueError("odd")

    for number in range(3):
        lane.put(broken)
        lane.put(note(done, number))
    finish(lane)

    assert done == [0, 1, 2]
    assert caplog.text.count("an act of the lane failed") == 3


def test_a_lane_is_busy_until_its_last_act_is_done() -> None:
    """Between two acts it is still busy, so that no scan can pass another one."""
    lane, busy = Lane(), []
    for _ in range(50):
        lane.put(lambda: busy.append(lane.is_busy))
    finish(lane)

    assert busy == [True] * 50
    assert not Lane().is_busy


def test_slow_is_what_a_person_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """An act is slow once it takes longer than a person waits without wondering."""
    now = [100.0]
    monkeypatch.setattr("station.lane.monotonic", lambda: now[0])
    lane, gate, begun = Lane(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        gate.wait(PATIENCE_S)

    assert not lane.is_slow
    lane.put(slow)
    assert begun.wait(PATIENCE_S)
    assert not lane.is_slow
    now[0] += NOTICED_S + 0.01

    assert lane.is_slow
    gate.set()
    finish(lane)


def test_its_thread_does_not_keep_the_program_alive() -> None:
    """An act that waits for a store which never answers does not stop the program from ending."""
    lane = Lane()
    finish(lane)

    assert lane._thread.daemon
