"""The same work at another bench: units, codes and the label go along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import CARD, LAMP, NOON, SPOON, order
from sync.far_bench import FarBench, confirmed, open_far, open_store
from sync.faulty_store import Loss

from station.errors import Quarantined

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE, SPOON_CODE, LAMP_CODE = "9520000000011", "9520000000035", "9520000000042"
UPS = "1Z999AA10123456784"
A, B = "111-1", "111-2"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with two orders for one mug each."""
    made = open_store(tmp_path, *(order(i) for i in (A, B)))
    yield made
    made.close()


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[tuple[FarBench, FarBench, SqlOrderStore]]:
    """Return the old bench and the new one of a packed order, label and captures included."""
    store = open_store(tmp_path, order(A, (SPOON, 2), (LAMP, 1), (CARD, 1)))
    old = open_far(tmp_path, store, ahead=0).come()
    old.bench.claim_next()
    old.scan(SPOON_CODE, LAMP_CODE, "AZ:" + "7" * 26, "SN-77", SPOON_CODE)
    old.bench.count_unscanned()
    old.settle()
    new = open_far(tmp_path, store, "bench-2", ahead=0).come()
    yield old, new, store
    old.crash()
    new.crash()
    store.close()


def test_captures_and_label_go_along(moved: tuple[FarBench, FarBench, SqlOrderStore]) -> None:
    """The new bench has every unit, every code and the label, and prints no second one."""
    old, new, store = moved
    before = old.bench.view.work
    assert before is not None
    new.bench.open_order(A)
    new.settle()

    after = new.bench.view.work
    assert after is not None
    assert (after.pack.lines, after.pack.captures) == (before.pack.lines, before.pack.captures)
    assert after.pack.label == before.pack.label
    assert new.printer.came_out == []
    new.scan("00" + new.tracking())
    assert set(confirmed(store, [A])[A]) == {before.pack.label and before.pack.label.tracking_id}


@pytest.mark.parametrize("away", [False, True])
def test_reprint_prints_at_the_new_bench(
    moved: tuple[FarBench, FarBench, SqlOrderStore], *, away: bool
) -> None:
    """On demand the very same label comes out at the new bench, with or without the store."""
    old, new, _store = moved
    new.bench.open_order(A)
    new.settle()
    if away:
        new.cut()
    new.bench.reprint()
    new.work()

    assert new.words() == "NOTE The label prints here. Destroy one from elsewhere."
    assert [slip.document for slip in new.printer.came_out] == [
        slip.document for slip in old.printer.came_out
    ]


def test_a_label_made_offline_prints_at_the_new_bench(tmp_path: Path, store: SqlOrderStore) -> None:
    """The picture of a label that the store only knows by its number is drawn where it is asked."""
    old = open_far(tmp_path, store, ahead=0).come()
    old.bench.claim_next()
    old.settle()
    old.line.plan("finish_purchase", Loss.ANSWER)
    old.scan(MUG_CODE)
    new = open_far(tmp_path, store, "bench-2", ahead=0).come()
    new.bench.open_order(A)
    new.settle()
    new.bench.reprint()
    new.work()

    (slip,) = new.printer.came_out
    assert slip.document == old.printer.came_out[0].document
    assert old.tracking().encode() in slip.document
    old.crash()
    new.crash()


def test_a_second_label_at_the_new_bench_is_printed(
    moved: tuple[FarBench, FarBench, SqlOrderStore],
) -> None:
    """Only the label that came along is left alone; one that is bought here comes out here."""
    _old, new, store = moved
    store.put_orders([order(B, ship_by=NOON)], channel="amazon")
    new.bench.open_order(B)
    new.bench.take_scan(MUG_CODE)
    new.bench.settle()
    new.bench.take_scan(UPS)
    new.work()
    new.bench.give_back()
    new.bench.answer(yes=True)
    new.settle()
    new.bench.open_order(A)
    new.settle()
    new.bench.take_scan(UPS)
    new.line.plan("finish_purchase", Quarantined("Used.", "No."))
    new.bench.answer(yes=True)
    new.settle()
    work = new.bench.view.work
    assert work is not None
    assert work.pack.label is None
    new.bench.ask_label()
    new.settle()

    work = new.bench.view.work
    assert work is not None
    assert work.pack.label is not None
    assert new.printer.labels(work.pack.purchase_key) == 1
