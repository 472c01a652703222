"""Orders that a supervisor takes from a bench, or gives to one, as the benches come by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import MUG, NOON, order
from sync.far_bench import FarBench, open_far, open_store

from station import claiming
from station.acts import Act, ActKind
from station.model import OrderState, StopKind
from station.pack import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE = "9520000000011"
A, B, C = "111-1", "111-2", "111-3"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with three orders for two mugs each, in the order of their ids."""
    later: list[timedelta] = [NOON.replace(hour=12 + n) - NOON for n in range(3)]
    orders = [order(i, (MUG, 2), ship_by=NOON + by) for i, by in zip((A, B, C), later, strict=True)]
    made = open_store(tmp_path, *orders)
    yield made
    made.close()


def open_bench(tmp_path: Path, store: SqlOrderStore, ahead: int) -> FarBench:
    """Return a bench with the first order in hand, and as many kept ready."""
    made = open_far(tmp_path, store, ahead=ahead).come()
    made.bench.claim_next()
    made.settle()
    return made


def decide(store: SqlOrderStore, kind: ActKind, order_id: str, station: str = "") -> None:
    """Have it decided at the store's machine."""
    store.act_here(Act(kind, order_id, station=station), "root", "why not")


def in_hand(bench: FarBench) -> str:
    """Return the id of the order in hand, '' for none."""
    work = bench.bench.view.work
    return work.order.order_id if work else ""


@pytest.mark.parametrize("ahead", [0, 1])
def test_what_is_given_to_a_bench_is_the_next_that_it_takes(
    tmp_path: Path, store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    """Before the more urgent ones of the queue, and before one that is kept ready."""
    bench = open_bench(tmp_path, store, ahead)
    monkeypatch.setattr(claiming, "GIVEN_LOOK_S", 0)
    decide(store, ActKind.REASSIGN, C, "bench-1")
    bench.settle()
    bench.bench.give_back()

    bench.bench.claim_next()

    assert in_hand(bench) == C
    bench.settle()
    bench.bench.give_back()
    bench.bench.claim_next()
    assert in_hand(bench) == B
    bench.crash()


def test_what_was_given_waits_while_the_store_is_away(
    tmp_path: Path, store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one kept ready is taken meanwhile; it is the next when the store is back."""
    bench = open_bench(tmp_path, store, ahead=1)
    monkeypatch.setattr(claiming, "GIVEN_LOOK_S", 0)
    decide(store, ActKind.REASSIGN, C, "bench-1")
    bench.settle()
    bench.cut()
    bench.bench.give_back()
    bench.bench.claim_next()
    assert in_hand(bench) == B

    bench.line.away = False
    bench.settle()
    bench.bench.give_back()
    bench.bench.claim_next()

    assert in_hand(bench) == C
    bench.crash()


def test_a_released_order_stops_its_bench(tmp_path: Path, store: SqlOrderStore) -> None:
    """The packer reads who took it and what to do; the bench asks for no label to be void."""
    bench = open_bench(tmp_path, store, ahead=0)
    bench.scan(MUG_CODE)
    bench.settle()
    decide(store, ActKind.RELEASE, A)
    bench.settle()

    work = bench.bench.view.work

    assert work is not None
    assert (work.pack.stage, work.order.order_id) == (Stage.GONE, A)
    assert work.pack.stop is not None
    assert work.pack.stop.kind is StopKind.RELEASED
    assert "root put this order back into the queue" in bench.words()
    bench.settle()
    bench.bench.dismiss()
    found = store.order(A)
    assert found is not None
    assert found[1] is OrderState.WAITING
    bench.bench.claim_next()
    assert in_hand(bench) == A
    assert bench.bench.view.work is not None
    assert bench.bench.view.work.pack.left == 2
    bench.crash()


def test_a_released_order_that_is_kept_ready_is_forgotten(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """Nobody is told of it; another order is leased ahead in its place."""
    bench = open_bench(tmp_path, store, ahead=1)
    decide(store, ActKind.RELEASE, B)
    decide(store, ActKind.HOLD, B)
    bench.settle()
    bench.settle()

    assert set(bench.bench.leased()) == {A, C}
    bench.crash()


def test_work_goes_on_at_the_bench_that_an_order_was_given_to(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """At the same unit, under the name of who packs there."""
    bench = open_bench(tmp_path, store, ahead=0)
    bench.scan(MUG_CODE)
    bench.settle()
    other = open_far(tmp_path, store, "bench-2", ahead=0).come("Bo")
    decide(store, ActKind.REASSIGN, A, "bench-2")

    view = other.bench.claim_next()

    assert view.work is not None
    assert (view.work.order.order_id, view.work.pack.left) == (A, 1)
    assert other.words() == "NOTE Go on here: 1 of 2 are packed."
    bench.settle()
    assert bench.bench.view.work is not None
    assert bench.bench.view.work.pack.stage is Stage.GONE
    found = store.order(A)
    assert found is not None
    assert found[2] == "bench-2 · Bo"
    bench.crash()
    other.crash()
