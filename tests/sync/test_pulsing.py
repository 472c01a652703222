from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from sync.far_bench import open_far, open_store
from sync.faulty_store import Line, Loss, over

from station.acts import Role
from station.errors import JournalError, StoreRefused
from station.journal import Journal
from station.model import OrderState
from station.overview import Pulse
from station.reach import Reach
from station.sync.link import Link
from station.sync.pulsing import Pulsing
from station.vitals import Vitals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.far_bench import FarBench

    from station.store.sql import SqlOrderStore

MUG_CODE = "9520000000011"
A, B = "111-1", "111-2"


class Way:
    """A bench's pulses over a line, with a clock that is moved by hand."""

    def __init__(self, folder: Path, store: SqlOrderStore) -> None:
        self.line = Line()
        self.now = 100.0
        self.pulse = Pulse("Ana")
        self.reach = Reach()
        self.journal = Journal(folder / "bench-9.journal.db")
        self.pulsing = Pulsing(
            "bench-9",
            over(store, self.line),
            self.journal,
            self.reach,
            lambda: self.pulse,
            lambda: self.now,
        )

    def after(self, seconds: float) -> int:
        """Let time pass, give it its turn, and count the pulses so far."""
        self.now += seconds
        self.pulsing.once()
        return self.line.calls.count("pulse")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with two orders for two mugs each."""
    made = open_store(tmp_path, *(order(i, (MUG, 2)) for i in (A, B)))
    yield made
    made.close()


@pytest.fixture
def way(tmp_path: Path, store: SqlOrderStore) -> Iterator[Way]:
    """Return a way for pulses to that store."""
    made = Way(tmp_path, store)
    yield made
    made.journal.close()


def test_a_pulse_goes_when_something_changed(way: Way) -> None:
    """At once when it is news, no more than one a second, and each half minute when nothing is."""
    assert way.after(0) == 1
    assert way.after(5) == 1
    way.pulse = replace(way.pulse, done=1)
    assert way.after(1) == 2
    way.pulse = replace(way.pulse, done=2)
    assert way.after(0.5) == 2
    assert way.pulsing.is_owed
    assert way.after(0.5) == 3
    assert not way.pulsing.is_owed
    assert way.after(29) == 3
    assert way.after(1) == 4


@pytest.mark.parametrize("fault", [Loss.REQUEST, Loss.ANSWER, StoreRefused("No such thing.")])
def test_a_lost_pulse_is_no_trouble(way: Way, fault: Loss | Exception) -> None:
    """It is sent again a second later, and nobody is told that the store is away."""
    way.line.plan("pulse", fault)
    assert way.after(0) == 1
    assert (way.reach.trouble, way.reach.badges) == ("", None)
    assert way.after(1) == 2
    assert way.reach.badges is False


@pytest.mark.usefixtures("cheap_pins")
def test_the_answer_is_kept(way: Way, store: SqlOrderStore) -> None:
    """Badges, the packer's welcome and the audit's head: also for a start without the network."""
    assert way.pulsing.once()
    assert (way.reach.badges, way.journal.badges, way.journal.anchors()) == (False, False, ())
    store.add_person("Olga", Role.OWNER)
    store.add_person("Ana", Role.PACKER)
    way.now += 30
    assert way.pulsing.once()
    assert (way.reach.badges, way.journal.badges, way.reach.unwelcome) == (True, True, "")
    assert way.journal.anchors()[-1].head.seq == store.audit()[-1].seq
    store.disable_person("Ana")
    way.now += 30
    assert way.pulsing.once()
    assert way.reach.unwelcome == "Ana"
    way.pulse = Pulse()
    way.now += 30
    assert way.pulsing.once()
    assert way.reach.unwelcome == ""


def test_the_same_answer_is_no_news(way: Way) -> None:
    """A screen is only told when something is others than before."""
    assert way.pulsing.once()
    way.now += 30
    assert not way.pulsing.once()


def test_a_journal_that_keeps_nothing_is_no_trouble_of_the_link(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the answer cannot be written down the link goes on; the bench says what is wrong."""

    def full(_journal: Journal, *, badges: bool) -> None:
        raise JournalError(f"The disk is full: {badges}.")

    monkeypatch.setattr(Journal, "keep_badges", full)
    assert not way.pulsing.once()
    assert not way.reach.trouble


class Words:
    """How printing goes, and how often that was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> str:
        """Return the words."""
        self.asked += 1
        return "ok"


def beating(bench: FarBench, words: Words) -> tuple[Link, Vitals]:
    """Return a link of the bench that sends pulses, and where they come from."""
    vitals = Vitals(bench.bench, bench.journal, words)
    far = over(bench.store, bench.line)
    link = Link(
        "bench-1", bench.journal, far, bench.bench, bench.reach, is_far=True, pulse=vitals.pulse
    )
    return link, vitals


def test_a_bench_tells_what_it_does(tmp_path: Path, store: SqlOrderStore) -> None:
    """Packer, order, units, backlog, the last scan and the journal's newest line."""
    bench = open_far(tmp_path, store, ahead=0).come()
    words = Words()
    _link, vitals = beating(bench, words)
    idle = vitals.pulse()
    assert (idle.packer, idle.order_id, idle.units, idle.scanned) == ("Ana", "", 0, None)
    bench.bench.claim_next()
    bench.bench.take_scan(MUG_CODE)
    told = vitals.pulse()
    assert (told.order_id, told.done, told.units, told.printer) == (A, 1, 2, "ok")
    assert told.backlog == bench.journal.backlog() > 0
    assert told.scanned is not None
    assert told.journal == bench.journal.head != idle.journal
    assert words.asked == 1
    vitals.changed()
    vitals.pulse()
    assert words.asked == 2
    bench.crash()


def test_pulses_come_after_the_journal(tmp_path: Path, store: SqlOrderStore) -> None:
    """Each round hands over entries and stops first; a slow or lost pulse keeps none of it back."""
    bench = open_far(tmp_path, store, ahead=0).come()
    link, _vitals = beating(bench, Words())
    bench.bench.claim_next()
    bench.line.calls.clear()
    bench.line.plan("pulse", Loss.REQUEST)
    link.once()
    assert bench.line.calls[-1] == "pulse"
    assert {"apply", "stops"} <= set(bench.line.calls)
    assert bench.journal.backlog() == 0
    assert not bench.reach.trouble
    found = store.order(A)
    assert found is not None
    assert found[1] == OrderState.CLAIMED
    bench.crash()


def test_no_pulse_goes_to_a_store_that_is_away(tmp_path: Path, store: SqlOrderStore) -> None:
    """While the way is cut only the journal tries."""
    bench = open_far(tmp_path, store, ahead=0).come()
    link, _vitals = beating(bench, Words())
    bench.line.away = True
    bench.line.calls.clear()
    link.once()
    assert "pulse" not in bench.line.calls
    assert bench.reach.trouble
    bench.crash()
