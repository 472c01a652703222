"""Guesses in any order, with time that passes and clocks that are set back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import integers, sampled_from
from store.conftest import _MEMORY
from store.samples import Clock
from store.test_people import other

from station.acts import Role
from station.errors import StoreRefused
from station.store import people, pins
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable


FREE, LOCKED = 5, 10
WAITS = {5: 30, 6: 60, 7: 120, 8: 240, 9: 480}
"""Seconds due after so many wrong PINs."""


class Guesses(RuleBasedStateMachine):
    """One person, somebody who knows his PIN, and somebody who does not."""

    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="guess-", dir=_MEMORY)
        self.clock = Clock()
        path = shutil.copy(self.empty, Path(self.folder.name) / "store.db")
        self.store = SqlOrderStore.open(f"sqlite:///{path}", clock=self.clock)
        self.true_s = 0
        """Seconds that have really passed."""
        self.wrong: list[int] = []
        """When each wrong PIN since the last right one was looked at."""

    @initialize()
    def begin(self) -> None:
        """Add the person."""
        person, self.pin = self.store.add_person("Olga", Role.OWNER)
        self.badge = person.badge

    def _try(self, pin: str) -> str:
        try:
            self.store.sign_in("bench-1", self.badge, pin)
        except StoreRefused as refusal:
            return str(refusal)
        return ""

    @rule(times=integers(1, 4))
    def guess(self, times: int) -> None:
        """Try wrong PINs."""
        for _ in range(times):
            words = self._try(other(self.pin))
            assert words
            if "is wrong" in words or (len(self.wrong) == LOCKED - 1 and "locked" in words):
                self.wrong.append(self.true_s)

    @rule()
    def know(self) -> None:
        """Try the right PIN: it lets in whenever it is looked at."""
        words = self._try(self.pin)
        assert not words or "Too many" in words or "locked" in words
        assert words or len(self.wrong) < LOCKED
        if not words:
            self._waited()
            self.wrong.clear()

    @rule()
    def wait(self) -> None:
        """Wait as long as the store says: then the next one is looked at."""
        assume(FREE <= len(self.wrong) < LOCKED)
        self._pass(WAITS[len(self.wrong)])
        words = self._try(self.pin)
        if "Too many" in words:
            # The clock had been set back before: the wait began anew with this try, once.
            self._pass(WAITS[len(self.wrong)])
            words = self._try(self.pin)
        assert not words
        self.wrong.clear()

    @rule(seconds=sampled_from([1, 29, 30, 60, 500]))
    def time_passes(self, seconds: int) -> None:
        """Let time pass."""
        self._pass(seconds)

    @rule(seconds=sampled_from([1, 45, 3600, 10**7]))
    def clock_is_set_back(self, seconds: int) -> None:
        """Set the store's clock back, while no time passes."""
        self.clock.move(-seconds)

    @rule()
    def unlock(self) -> None:
        """Let him try again, if he is locked or has to wait."""
        assume(len(self.wrong) >= FREE)
        self.store._database.change(lambda c: people.unlock(c, "olga"))
        self.wrong.clear()

    def _pass(self, seconds: int) -> None:
        self.true_s += seconds
        self.clock.move(seconds)

    def _waited(self) -> None:
        if len(self.wrong) >= FREE:
            assert self.true_s - self.wrong[-1] >= WAITS[len(self.wrong)]

    @invariant()
    def few_are_looked_at(self) -> None:
        """Never more than ten in a row, and between two of them as much time as is due."""
        assert len(self.wrong) <= LOCKED
        for number in range(FREE, len(self.wrong)):
            apart = self.wrong[number] - self.wrong[number - 1]
            assert apart >= WAITS[number]

    def teardown(self) -> None:
        """Close the store."""
        self.store.close()
        self.folder.cleanup()


@pytest.fixture
def machine(sqlite_template: Path, cheap_pins: None) -> Callable[..., None]:
    """Return what runs the machine on stores that are empty."""
    del cheap_pins
    Guesses.empty = sqlite_template

    def run(**more: Any) -> None:
        few = settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            **more,
        )
        run_state_machine_as_test(Guesses, settings=few)

    return run


def test_nothing_gets_around_the_count(machine: Callable[..., None]) -> None:
    """Whatever the order of guesses, waits and clocks: ten at most, spaced, and none for ever."""
    machine()


def test_a_wait_that_is_not_kept_is_noticed(
    machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody has to wait the machine finds two guesses too close to each other."""
    monkeypatch.setattr(pins, "wait_s", lambda _wrong: 0)
    with pytest.raises(AssertionError):
        machine(derandomize=True, phases=[Phase.generate])
