"""Two benches over a line that loses every fifth call: nothing twice, nothing lost."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from sync.far_bench import FarBench, confirmed, open_far, open_store, state
from sync.faulty_store import Line, Loss

from station.model import OrderState
from station.pack import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.store.sql import SqlOrderStore

LONG = bool(os.environ.get("STATION_LONG"))
MUG_CODE, A = "9520000000011", "111-1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with one order for one mug."""
    made = open_store(tmp_path, order(A))
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(10 if LONG else 1))
def test_two_benches_over_a_bad_line_confirm_each_order_once(tmp_path: Path, seed: int) -> None:
    """With every fifth call lost, 30 orders are confirmed once each and no number comes twice."""
    ids = [f"111-{n:02}" for n in range(30)]
    clock = [1000.0]
    store = open_store(
        tmp_path, *(order(i, (MUG, 1 + n % 2)) for n, i in enumerate(ids)), clock=clock
    )
    dice = random.Random(seed)
    benches = _two(tmp_path, store, seed)
    for _ in range(3000):
        clock[0] += 1
        bench = dice.choice(benches)
        _one_act(bench, dice)
        if all(state(store, i) == OrderState.SHIPPED for i in ids):
            break
    for bench in benches:
        bench.line.lost_requests = bench.line.lost_answers = 0
        bench.settle()
        bench.settle()

    assert {state(store, i) for i in ids} == {OrderState.SHIPPED}
    export = store.begin_export("file")
    assert export is not None
    assert sorted(line.order_id for line in export.lines) == ids
    assert len({line.tracking_id for line in export.lines}) == len(ids)
    printed = [slip.document for bench in benches for slip in bench.printer.came_out]
    assert len(set(printed)) == len(printed)
    for bench in benches:
        assert bench.journal.backlog() == 0
        assert bench.line.losses[Loss.REQUEST] > 0
        assert bench.line.losses[Loss.ANSWER] > 0
        bench.crash()
    store.close()


def _two(folder: Path, store: SqlOrderStore, seed: int) -> list[FarBench]:
    benches = []
    for n in (1, 2):
        line = Line(seed=seed * 10 + n, lost_requests=0.1, lost_answers=0.1)
        bench = open_far(folder, store, f"bench-{n}", line=line)
        bench.come(f"packer {bench.bench.station_id}")
        benches.append(bench)
    return benches


def _one_act(bench: FarBench, dice: random.Random) -> None:
    """Do what a packer would do next; now and then the link has its turn first."""
    if dice.random() < 0.5:
        bench.link.once()
    work = bench.work().work
    if work is None:
        bench.bench.claim_next()
    elif work.pack.stage in {Stage.STOPPED, Stage.GONE}:
        bench.bench.dismiss()
    elif work.pack.left:
        bench.bench.take_scan(MUG_CODE)
    elif work.pack.label is not None:
        bench.bench.take_scan("00" + work.pack.label.tracking_id)
    elif work.pack.wanted is None:
        bench.bench.ask_label()


def test_an_order_packed_at_both_benches_is_confirmed_once(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """What was packed away from the store and again elsewhere is told to the channel one time."""
    first = open_far(tmp_path, store, ahead=0).come()
    first.bench.claim_next()
    first.bench.take_scan(MUG_CODE)
    first.cut()
    first.work()
    first.bench.take_scan("00" + first.tracking())
    second = open_far(tmp_path, store, "bench-2", ahead=0).come()
    second.bench.open_order(A)
    second.scan(MUG_CODE)
    second.scan("00" + second.tracking())
    first.mend()

    assert len(first.printer.came_out) + len(second.printer.came_out) == 2
    assert len(confirmed(store, [A])[A]) == 1
    first.crash()
    second.crash()
