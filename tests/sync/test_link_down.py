"""What the link brings down to a bench: stops, leases kept or lost, and numbers for labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from sync.far_bench import FarBench, open_far, open_store
from sync.faulty_store import Loss

from station.model import OrderState, StopKind
from station.pack import Stage
from station.sync.link import SERIALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE = "9520000000011"
A, B, C = "111-1", "111-2", "111-3"


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


def kinds(store: SqlOrderStore, order_id: str) -> list[str]:
    """Return what the store was told about an order."""
    return [entry.kind for _station, entry in store.history(order_id)]


@pytest.mark.parametrize("loss", list(Loss))
def test_stops_arrive_whatever_is_lost(bench: FarBench, store: SqlOrderStore, loss: Loss) -> None:
    """A stop reaches the bench and is answered, when the stop or the answer to it gets lost."""
    bench.bench.claim_next()
    bench.settle()
    store.halt(A, OrderState.CANCELLED, "The buyer cancelled.")
    bench.line.plan("stops", loss)
    bench.line.plan("answer_stop", loss)
    for _ in range(4):
        bench.settle()

    work = bench.bench.view.work
    assert work is not None
    assert (work.pack.stage, store.stops("bench-1")) == (Stage.STOPPED, ())
    found = store.order(A)
    assert found is not None
    assert found[1] == OrderState.CANCELLED
    assert kinds(store, A).count("stopped") == 1


def test_a_lease_lost_while_away_leaves_the_bench(tmp_path: Path) -> None:
    """An order that another bench got meanwhile is GONE here, and nothing of it is made void."""
    clock = [1000.0]
    store = open_store(tmp_path, order(A, (MUG, 2)), clock=clock)
    bench = open_far(tmp_path, store, ahead=0).come()
    other = open_far(tmp_path, store, "bench-2", ahead=0).come("Ben")
    bench.bench.claim_next()
    bench.bench.take_scan(MUG_CODE)
    bench.settle()
    bench.cut()
    clock[0] += 700
    other.bench.claim_next()
    other.bench.take_scan(MUG_CODE)
    other.bench.take_scan(MUG_CODE)
    other.settle()
    bench.bench.take_scan(MUG_CODE)
    bench.work()
    bench.mend()

    work = bench.bench.view.work
    assert work is not None
    assert work.pack.stage == Stage.GONE
    assert work.pack.stop is not None
    assert work.pack.stop.kind == StopKind.LOST
    label = store.label(A)
    assert label is not None
    assert label.label is not None
    assert label.label.tracking_id == other.tracking()
    bench.settle()
    assert bench.journal.backlog() == 0
    assert bench.bench.dismiss().work is None
    assert bench.journal.open_orders() == ()
    bench.crash()
    other.crash()
    store.close()


def test_a_lost_lease_is_told_at_the_first_word_after_a_restart(tmp_path: Path) -> None:
    """A station that was off for an hour learns with its first hello what it lost."""
    clock = [1000.0]
    store = open_store(tmp_path, order(A, (MUG, 2)), clock=clock)
    before = open_far(tmp_path, store, ahead=0).come()
    before.bench.claim_next()
    before.crash()
    clock[0] += 3600
    store.claim("bench-2", "Ben")
    bench = open_far(tmp_path, store, ahead=0)

    bench.link.once()

    assert bench.bench.leased() == {}
    work = bench.bench.view.work
    assert work is not None
    assert work.pack.stage == Stage.GONE
    bench.crash()
    store.close()


def test_leases_are_kept_alive(tmp_path: Path) -> None:
    """An order in hand and one kept ready stay this bench's when nothing else happens for long."""
    clock = [1000.0]
    store = open_store(tmp_path, order(A, (MUG, 2)), order(B), clock=clock)
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.settle()
    assert set(bench.bench.leased()) == {A, B}
    for _ in range(5):
        clock[0] += 400
        bench.link._renewed -= 61
        bench.link.once()

    assert store.claim("bench-2", "Ben") is None
    assert set(bench.bench.leased()) == {A, B}
    bench.crash()
    store.close()


def test_an_order_that_left_meanwhile_is_not_called_lost(
    bench: FarBench, store: SqlOrderStore
) -> None:
    """What was given back while the renewal was on its way is no loss."""
    del store
    bench.bench.claim_next()
    bench.settle()
    bench.line.before = lambda name: bench.bench.give_back() if name == "renew" else None

    bench.link.renew()

    assert bench.bench.view.work is None


def test_numbers_are_fetched_before_they_are_needed(bench: FarBench) -> None:
    """A far bench has numbers for its labels from the first hello on, and gets more in time."""
    assert bench.journal.serials_left == SERIALS
    for number in range(SERIALS // 2 + 1):
        bench.journal.give_serial(f"{number}/1/0")
    bench.link.once()

    assert bench.journal.serials_left == SERIALS + SERIALS // 2 - 1


def test_numbers_that_got_lost_are_given_to_nobody(tmp_path: Path, store: SqlOrderStore) -> None:
    """When the answer with the numbers is lost, others are fetched and no number comes twice."""
    first = open_far(tmp_path, store, ahead=0)
    first.line.plan("serials", Loss.ANSWER)
    second = open_far(tmp_path, store, "bench-2", ahead=0)
    for bench in (first, second, first):
        bench.link.once()

    given = [b.journal.give_serial(f"{n}") for n in range(SERIALS) for b in (first, second)]
    assert None not in given
    assert len(set(given)) == 2 * SERIALS
    first.crash()
    second.crash()
