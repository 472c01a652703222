"""The scale, watched: what may be believed, what is another weight, what the packer reads."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import PtyScale, displayed, mt_sics
from hypothesis import given
from hypothesis import strategies as st

from station.devices.ports import Reading, ScaleState
from station.devices.scale_port import Line, Port
from station.devices.scale_protocols import DIALECTS
from station.devices.scale_serial import Patience, SerialScale
from station.devices.simulated_scale import SimulatedScale, showing
from station.devices.weighing import ScaleWatch, Settling, Weight, words
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Callable

ZERO, MOVING, FAULT = showing("0"), showing("moving"), showing("fault")


def load(grams: int) -> Reading:
    """Return a stable reading."""
    return Reading(ScaleState.STABLE, grams)


def heard(*readings: Reading) -> list[Weight | None]:
    """Return what may be believed after each of the readings."""
    settling = Settling()
    return [settling.hear(reading) for reading in readings]


def test_a_weight_is_believed_when_it_comes_twice() -> None:
    """One stable reading is not enough: a digit that noise changed does not come twice."""
    assert heard(ZERO, load(1000), load(1000)) == [None, None, Weight(1, 1000, 1)]


def test_a_number_that_noise_changed_is_not_believed() -> None:
    """One odd reading among equal ones makes no weight and no other number."""
    got = heard(load(1000), load(1000), load(3000), load(1000), load(1000))
    assert got[2:] == [None, None, Weight(1, 1000)]


def test_a_load_that_moved_is_another_weight_of_the_same_load() -> None:
    """Something was added on the scale: the number rises, the load stays."""
    got = heard(ZERO, load(300), load(300), MOVING, load(800), load(800))
    assert (got[2], got[-1]) == (Weight(1, 300, 1), Weight(2, 800, 1))


def test_a_jump_without_motion_is_another_weight() -> None:
    """More than a creep between two questions is another weight."""
    got = heard(load(300), load(300), load(306), load(306))
    assert (got[1], got[-1]) == (Weight(1, 300), Weight(2, 306))


def test_a_creep_is_the_same_weight() -> None:
    """Drift by a few grams changes the grams and not the number."""
    got = heard(load(300), load(300), load(301), load(301), load(303), load(303))
    assert [weight for weight in got if weight] == [
        Weight(1, 300),
        Weight(1, 301),
        Weight(1, 303),
    ]


def test_an_empty_scale_in_between_is_another_load() -> None:
    """Two parcels of the same weight, one after the other, are two loads."""
    got = heard(load(500), load(500), load(2), load(500), load(500))
    assert (got[1], got[-1]) == (Weight(1, 500), Weight(2, 500, 1))
    got = heard(load(500), load(500), MOVING, ZERO, ZERO, MOVING, load(500), load(500))
    assert got[-1] == Weight(2, 500, 1)


@pytest.mark.parametrize("way", [ZERO, showing("-5"), MOVING, showing("overload"), FAULT])
def test_nothing_but_a_stable_load_is_a_weight(way: Reading) -> None:
    """Empty, below zero, moving, too much, out of order: no weight, however often."""
    assert heard(way, way, way) == [None, None, None]


def test_a_fault_in_between_makes_no_other_weight() -> None:
    """A disturbed line says nothing about the load: the same grams are the same weight."""
    got = heard(load(500), load(500), FAULT, load(500), load(500))
    assert got[2:] == [None, None, Weight(1, 500)]


@given(st.lists(st.sampled_from([ZERO, MOVING, FAULT, load(500), load(900), load(4)])))
def test_a_number_never_falls_and_the_same_number_is_the_same_load(readings: list[Reading]) -> None:
    """Numbers and loads only rise, and one number belongs to one load and about one weight."""
    seen = [weight for weight in heard(*readings) if weight]
    for before, after in itertools.pairwise(seen):
        assert (after.number, after.load) >= (before.number, before.load)
        if after.number == before.number:
            assert abs(after.grams - before.grams) <= 5
            assert after.load == before.load


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (load(1250), "1,250 g"),
        (MOVING, "wait: it moves"),
        (ZERO, "nothing on it"),
        (showing("-5"), "below zero: press ZERO"),
        (showing("overload"), "too heavy"),
        (FAULT, "no weight: switch it off and on"),
    ],
)
def test_each_state_has_words(said: Reading, read: str) -> None:
    """The packer reads what the scale says, and what to do about it."""
    assert words(said) == read


class Changes:
    """Counts what a watch tells, and waits for it."""

    def __init__(self) -> None:
        self._told = threading.Condition()
        self.times = 0

    def __call__(self) -> None:
        """Count one."""
        with self._told:
            self.times += 1
            self._told.notify_all()

    def until(self, true: Callable[[], object]) -> None:
        """Wait until it is so; five seconds at most."""
        with self._told:
            assert self._told.wait_for(true, 5)


def test_a_watch_follows_the_scale() -> None:
    """The weight comes, is told, and is gone with the load."""
    scale, changes = SimulatedScale("bench", 1250), Changes()
    watch = ScaleWatch("bench", lambda: scale, changes, poll_s=0.001)
    assert (watch.trouble, watch.weight(), watch._heard) == ("not tried yet", None, None)
    watch.start()
    changes.until(lambda: watch.weight() == Weight(1, 1250))
    assert (watch.words(), watch.trouble, watch.latest) == ("1,250 g", "", load(1250))
    scale.show("0")
    changes.until(lambda: watch.weight() is None)
    scale.show("1250")
    changes.until(lambda: watch.weight() == Weight(2, 1250, 1))
    watch.stop()


def test_a_watch_tells_only_what_is_new() -> None:
    """A scale that shows the same all the time wakes nobody."""
    scale, changes = SimulatedScale("bench", 1250), Changes()
    watch = ScaleWatch("bench", lambda: scale, changes, poll_s=0)
    watch.start()
    changes.until(watch.weight)
    asked = watch._heard
    changes.until(lambda: True)
    while watch._heard is asked:
        pass
    watch.stop()
    assert changes.times == 2


def test_an_old_reading_is_none() -> None:
    """After two seconds without an answer nothing is shown and nothing is believed."""
    now = [100.0]
    scale, changes = SimulatedScale("bench", 1250), Changes()
    watch = ScaleWatch("bench", lambda: scale, changes, clock=lambda: now[0], poll_s=0)
    watch.start()
    changes.until(watch.weight)
    watch.stop()
    now[0] += 2.1
    assert (watch.weight(), watch.latest) == (None, FAULT)
    assert watch.trouble == "The scale does not answer."


def test_a_scale_that_is_away_says_why_and_what_to_do() -> None:
    """The words of the driver are the trouble and the remedy, told once."""
    changes = Changes()

    def away() -> SimulatedScale:
        raise DeviceAbsent("The scale is\x1b[2J unplugged.", "Plug it in.")

    watch = ScaleWatch("bench", away, changes)
    watch.start()
    changes.until(lambda: watch.remedy)
    watch.stop()
    assert (watch.trouble, watch.remedy) == ("The scale is[2J unplugged.", "Plug it in.")
    assert (watch.words(), watch.weight(), changes.times) == (watch.trouble, None, 1)


def test_noise_on_the_line_is_not_shown_but_never_weighed() -> None:
    """One or two faults leave the number on the screen, without a weight; three are shown."""
    watch = ScaleWatch("bench", lambda: SimulatedScale("bench"))
    for reading in (load(500), load(500), FAULT, FAULT):
        watch._hear(reading)
    assert (watch.latest, watch.weight()) == (load(500), None)
    watch._hear(FAULT)
    assert watch.latest == FAULT


def test_a_trouble_stands_until_something_better_is_heard() -> None:
    """A scale that is opened again and again, and never understood, does not flicker."""
    now, changes = [100.0], Changes()
    scale = SimulatedScale("bench")
    scale.show("fault")
    watch = ScaleWatch("bench", lambda: scale, changes, clock=lambda: now[0])
    watch._fail(DeviceAbsent("It answers what is not understood."))
    watch._hear(scale.read())
    assert watch.trouble == "It answers what is not understood."
    now[0] += 5.1
    watch._hear(scale.read())
    assert (watch.trouble, watch.words()) == ("", "no weight: switch it off and on")
    watch._fail(DeviceAbsent("It answers what is not understood."))
    scale.show("1250")
    watch._hear(scale.read())
    assert watch.trouble == ""


def test_a_scale_that_was_unplugged_comes_back_by_itself() -> None:
    """After unplugging there is no weight at once; plugged in again, it weighs again."""
    fakes = [PtyScale(mt_sics, displayed(1000))]
    patience = Patience(answer_s=5.0, quiet_s=0.005, quiet_at_most_s=0.05)

    def opened() -> SerialScale:
        port = Port(Line(fakes[-1].device))
        return SerialScale(port, DIALECTS["mt-sics"], patience=patience)

    changes = Changes()
    watch = ScaleWatch("bench", opened, changes, poll_s=0.001)
    watch.start()
    changes.until(watch.weight)
    fakes[0].unplug()
    changes.until(lambda: watch.trouble)
    assert watch.weight() is None
    fakes.append(PtyScale(mt_sics, displayed(2000)))
    changes.until(lambda: watch.weight() == Weight(2, 2000))
    watch.stop()
    fakes[1].unplug()
