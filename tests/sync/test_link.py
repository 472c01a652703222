"""The way between a bench and a store on another machine, with everything lost on it once."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from sync.far_bench import FarBench, open_far, open_store
from sync.faulty_store import Line, Loss, over

from station.errors import JournalError, Quarantined, StoreRefused, StoreUnreachable
from station.journal import Journal
from station.model import OrderState, Stop, Welcome
from station.pack import Stage
from station.reach import Reach
from station.sync.link import SERIALS, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE = "9520000000011"
A, B, C = "111-1", "111-2", "111-3"
COPIED = Quarantined("Another machine works under the name bench-1.", "Work on nothing here.")


class Quiet:
    """A bench without any order."""

    def leased(self) -> dict[str, int]:
        """Return no order."""
        return {}

    def take_stop(self, stop: Stop) -> None:
        """Refuse what cannot come."""
        raise AssertionError(stop)

    def keep_ready(self, wanted: int) -> None:
        """Keep nothing ready."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with three orders for two mugs each."""
    made = open_store(tmp_path, *(order(i, (MUG, 2)) for i in (A, B, C)))
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path, store: SqlOrderStore) -> Iterator[FarBench]:
    """Return a bench of that store, at work, that keeps no order ready."""
    made = open_far(tmp_path, store, ahead=0).come()
    yield made
    made.crash()


def link_of(
    store: SqlOrderStore,
    line: Line,
    journal: Journal,
    changed: Callable[[], object] = lambda: None,
) -> tuple[Link, Reach]:
    """Return a link without a bench, and what it says about the way."""
    reach = Reach()
    return Link("bench-9", journal, over(store, line), Quiet(), reach, changed), reach


def kinds(store: SqlOrderStore, order_id: str) -> list[str]:
    """Return what the store was told about an order."""
    return [entry.kind for _station, entry in store.history(order_id)]


# — the journal, up —
@pytest.mark.parametrize("loss", list(Loss))
def test_a_lost_call_doubles_and_drops_nothing(
    bench: FarBench, store: SqlOrderStore, loss: Loss
) -> None:
    """Entries whose delivery or whose answer was lost are in the store once, in their order."""
    bench.bench.claim_next()
    bench.bench.take_scan(MUG_CODE)
    bench.line.plan("apply", loss, loss)
    for _ in range(3):
        bench.link.once()

    assert bench.line.losses[loss] == 2
    assert kinds(store, A) == ["opened", "scanned"]
    assert bench.journal.backlog() == 0


def test_it_says_hello_again_after_it_was_away(bench: FarBench) -> None:
    """Nothing is handed over to a store that comes back before the hello."""
    bench.cut()
    bench.line.calls.clear()
    bench.bench.claim_next()
    bench.mend()

    assert next(name for name in bench.line.calls if name in {"hello", "apply"}) == "hello"
    assert not bench.reach.trouble


def test_a_restored_store_gets_everything_again(bench: FarBench, store: SqlOrderStore) -> None:
    """A store that forgot half of the journal is told it once more, from there on."""
    bench.bench.claim_next()
    bench.bench.take_scan(MUG_CODE)
    bench.settle()
    journal, sent = bench.journal, bench.journal.sent_upto
    assert sent > 2

    assert journal.welcomed(Welcome(1, "another", 2, journal.about(A)[0].at))

    assert [entry.seq for entry in journal.pending()] == list(range(2, sent + 1))
    bench.settle()
    assert (journal.sent_upto, kinds(store, A)) == (sent, ["opened", "scanned"])


def test_a_store_that_lacks_entries_is_told_them(tmp_path: Path, store: SqlOrderStore) -> None:
    """A database put back from a backup while the station ran gets what came since, unasked."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.settle()
    before = bench.journal.sent_upto
    with store._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM journal_entries WHERE seq > 1")
        connection.exec_driver_sql("UPDATE journals SET upto = 1")
    bench.bench.take_scan(MUG_CODE)
    bench.settle()
    bench.settle()

    assert bench.journal.sent_upto > before
    assert kinds(store, A) == ["opened", "scanned"]
    assert not bench.reach.trouble
    bench.crash()


def test_what_waits_is_told(bench: FarBench) -> None:
    """While the store is away the reach knows since when, how many wait, and how old they are."""
    bench.bench.claim_next()
    bench.cut()
    since = bench.reach.since
    bench.bench.take_scan(MUG_CODE)
    bench.link.once()

    assert since is not None
    assert bench.reach.since == since
    assert bench.reach.waiting == bench.journal.backlog() > 0
    assert bench.reach.oldest == bench.journal.oldest_pending()
    bench.mend()
    assert bench.reach == Reach()


# — how long it waits —
def test_pauses_grow_are_never_the_same_and_end_at_once(bench: FarBench) -> None:
    """Each failure makes the pause longer up to a quarter minute; one success ends all of it."""
    bench.line.away = True
    longest: list[float] = []
    for _ in range(12):
        bench.link.once()
        pauses = {bench.link._pause() for _ in range(20)}
        assert len(pauses) > 1
        longest.append(max(pauses))
    assert longest[0] <= 1 < longest[3] < longest[11] <= 15

    bench.line.away = False
    bench.link.once()

    assert bench.link._pause() <= 6


def test_each_run_has_a_name_of_its_own(tmp_path: Path, store: SqlOrderStore) -> None:
    """A station that starts again is another run, which takes the place of the one before."""
    first = open_far(tmp_path, store).come()
    first.crash()
    second = open_far(tmp_path, store)

    second.link.once()

    assert first.link._run_id != second.link._run_id
    assert not second.reach.trouble
    second.crash()


# — faults —
@pytest.mark.parametrize("fault", [ValueError("odd"), KeyError("upto"), RecursionError()])
def test_a_fault_never_ends_it(bench: FarBench, fault: Exception) -> None:
    """Whatever one call raises, the bench is told in words and the next call is made."""
    bench.line.plan("hello", fault)
    bench.link._known = False

    bench.link.once()

    assert "fault of the program" in bench.reach.trouble
    bench.link.once()
    assert not bench.reach.trouble


def test_a_journal_that_cannot_be_read_never_ends_it(
    bench: FarBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when nobody can say what waits, the link tries again and is well afterwards."""

    def broken() -> int:
        raise JournalError("The disk is broken.", "Replace it.")

    bench.line.away = True
    with monkeypatch.context() as patch:
        patch.setattr(bench.journal, "backlog", broken)
        bench.link.once()
    assert bench.reach.trouble
    bench.mend()
    assert not bench.reach.trouble


def test_a_screen_that_fails_never_ends_it(tmp_path: Path, store: SqlOrderStore) -> None:
    """What the link tells may raise in the hearer; the link goes on."""
    told: list[str] = []

    def hear() -> None:
        told.append("changed")
        raise RuntimeError("no screen any more")

    line = Line(away=True)
    journal = Journal(tmp_path / "other.db")
    link, reach = link_of(store, line, journal, hear)
    link.once()
    line.away = False
    link.once()
    link.once()

    assert told
    assert not reach.trouble
    journal.close()


def test_its_thread_lives_through_faults(tmp_path: Path, store: SqlOrderStore) -> None:
    """In its own thread too: after any fault the journal still arrives."""
    line, journal = Line(), Journal(tmp_path / "other.db")
    journal.append("signed-in", "", 0, "Ana")
    arrived = threading.Event()

    def changed() -> None:
        if not journal.backlog():
            arrived.set()
        raise RuntimeError("no screen")

    line.plan("hello", ValueError("odd"), Loss.ANSWER)
    link, _reach = link_of(store, line, journal, changed)
    link.start()
    for _ in range(100):
        link.wake(urgent=True)
        if arrived.wait(0.1):
            break

    assert arrived.is_set()
    link.stop()
    assert not link._thread.is_alive()
    journal.close()


# — two memories under one name —
def test_quarantine_is_told_and_ends_when_a_person_decided(bench: FarBench) -> None:
    """The words of the store stay until a hello is answered again, also over a cut between."""
    bench.line.plan("hello", COPIED)
    bench.link._known = False
    bench.link.once()
    assert bench.reach.quarantined == str(COPIED)
    bench.cut()
    assert bench.reach.quarantined == str(COPIED)

    bench.mend()

    assert bench.reach == Reach()


def test_a_copied_disk_is_quarantined(tmp_path: Path, store: SqlOrderStore) -> None:
    """Of two machines with one journal, the one that the other replaced may not work on."""
    first = open_far(tmp_path, store).come()
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(copy / "bench-1.journal.db")) as twin_file:
        first.journal._db.backup(twin_file)
    twin = open_far(copy, store)
    twin.link.once()
    first.line.away = True
    first.link.once()
    first.line.away = False

    first.link.once()

    assert first.reach.quarantined
    assert not twin.reach.quarantined
    first.crash()
    twin.crash()


def test_a_stop_is_heard_right_after_a_quarantine(bench: FarBench, store: SqlOrderStore) -> None:
    """A stop that waits when the quarantine ends is not lost: the order is halted."""
    bench.bench.claim_next()
    bench.settle()
    bench.line.plan("hello", COPIED)
    bench.link._known = False
    bench.link.once()
    store.halt(A, OrderState.HELD, "Call the buyer.")

    bench.link.once()

    work = bench.bench.view.work
    assert work is not None
    assert work.pack.stage == Stage.STOPPED
    assert store.stops("bench-1") == ()


def test_a_direct_drain_tells_that_nobody_answers(bench: FarBench) -> None:
    """Who wants the journal handed over now is told why it was not."""
    bench.line.away = True

    with pytest.raises(StoreUnreachable):
        bench.link.drain()


def test_a_store_that_gives_out_no_order_is_not_away(tmp_path: Path, store: SqlOrderStore) -> None:
    """A store that waits for another bench after a restore still takes the journal and voids."""
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.line.plan("claim", *[StoreRefused("The store waits for bench-2.", "Start it.")] * 3)

    bench.link.once()

    assert bench.reach == Reach()
    assert bench.journal.backlog() == 0
    assert bench.journal.serials_left == SERIALS
    bench.crash()
