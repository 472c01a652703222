"""Orders that must not be packed on here, and work that goes on from another bench; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import MUG, NOON, lease

from station import events, packing
from station.events import Bought, Parked, Scanned, Stopped, Undone, Voided
from station.model import Entry, OrderState, ProblemKind, StopKind
from station.pack import HALTED, Due, Pack, Rules, Stage, Word, due, order_state

if TYPE_CHECKING:
    from station.events import Event

STOPS = list(StopKind)
MUG_SCAN = Scanned("9520000000011")
OURS = Bought("Other", "Own delivery", "095212340000000013", "Standard")
SHORT = Parked(ProblemKind.SHORT)


def run(pack: Pack, *happened: Event) -> tuple[Pack, Word]:
    """Return the state and the last word after some events."""
    word = Word.NOTE
    for event in happened:
        outcome = packing.apply(pack, event, Rules())
        pack, word = outcome.pack, outcome.verdict.word
    return pack, word


def mugs(count: int) -> Pack:
    """Return an order for so many blue mugs."""
    return packing.start(lease((MUG, count)))


def entry(seq: int, event: Event) -> Entry:
    """Return what the journal of another bench says about an event."""
    kind, data = events.to_data(event)
    return Entry(seq, kind, "111-0000001-0000001", 1, "Ana", NOON, None, data)


@pytest.mark.parametrize("kind", STOPS)
def test_a_stop_ends_the_work_whatever_is_in_hand(kind: StopKind) -> None:
    """In every stage a stop halts the order with its reason; nothing counts or closes after it."""
    packed, _ = run(mugs(1), MUG_SCAN)
    labelled, _ = run(packed, OURS)
    for pack in (mugs(2), packed, labelled):
        stopped, word = run(pack, Stopped("Why.", kind))

        assert (stopped.stage in HALTED, word) == (True, Word.REFUSED)
        assert stopped.stop == Stopped("Why.", kind)
        for event in (MUG_SCAN, Scanned("00" + OURS.tracking_id), Undone(), SHORT):
            assert run(stopped, event) == (stopped, Word.REFUSED)


@pytest.mark.parametrize("kind", [StopKind.LOST, StopKind.TAKEN_OVER, StopKind.RELEASED])
def test_what_another_bench_has_is_left_alone(kind: StopKind) -> None:
    """An order that is elsewhere now has no state from here, and its label is not made void."""
    gone, _ = run(mugs(1), MUG_SCAN, OURS, Stopped("Elsewhere.", kind))

    assert (gone.stage, due(gone), order_state(gone)) == (Stage.GONE, None, None)
    assert gone.label == OURS
    late, _ = run(replace(gone, label=None), OURS)
    assert due(late) is None


@pytest.mark.parametrize("kind", [StopKind.HELD, StopKind.CANCELLED, StopKind.CHANGED])
def test_what_is_halted_here_is_made_void(kind: StopKind) -> None:
    """An order that stays with us goes back to the store, and its label is made void once."""
    halted, _ = run(mugs(1), MUG_SCAN, OURS, Stopped("Halted.", kind))
    assert (due(halted), order_state(halted)) == (Due.VOID, OrderState.WAITING)

    void, _ = run(halted, Voided())

    assert (due(void), void.label, void.stage) == (None, None, Stage.STOPPED)


def test_work_goes_on_where_it_was() -> None:
    """A lease with entries gives the pack as it was at the other bench, label and codes too."""
    wrong = Scanned("9520000000028", "MUG-500-BL", "Big mug")
    happened: list[Event] = [MUG_SCAN, wrong, Undone(), MUG_SCAN, OURS]
    there, _ = run(mugs(1), *happened)
    entries = tuple(entry(number, event) for number, event in enumerate(happened, 1))

    here = packing.start(replace(lease((MUG, 1)), fence=2, entries=entries))

    assert here == replace(there, fence=2)


def test_entries_of_a_finished_package_do_not_count_for_the_next() -> None:
    """What came after the end of a package, such as a void, changes nothing at the next bench."""
    later = replace(entry(4, MUG_SCAN), kind="a kind of a later version")
    entries = (entry(1, MUG_SCAN), later, entry(2, SHORT), entry(3, MUG_SCAN))

    pack = packing.start(replace(lease((MUG, 2)), entries=entries))

    assert (pack.stage, pack.left) == (Stage.PARKED, 1)


@pytest.mark.parametrize("kind", STOPS)
def test_stops_survive_the_journal(kind: StopKind) -> None:
    """A stop comes back with its kind; one without a kind, of an older version, is a change."""
    word, data = events.to_data(Stopped("Why.", kind))

    assert events.from_data(word, data) == Stopped("Why.", kind)
    assert events.from_data(word, {"reason": "Why."}) == Stopped("Why.")
