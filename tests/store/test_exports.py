from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, item, order, put, state_of

from station.errors import StoreRefused
from station.model import OrderState

if TYPE_CHECKING:
    from station.store.port import Export, OrderStore


@pytest.fixture(autouse=True)
def shipped(store: OrderStore, bench: Bench) -> None:
    """Ship two orders of one and two items."""
    put(
        store,
        order("111-1", item("i1", 2), item("i2", 1, "SPOON"), due_h=9),
        order("111-2", due_h=2),
    )
    bench.ship(bench.claim("111-1"), "1Z1")
    bench.ship(bench.claim("111-2"), "1Z2")


def _begin(store: OrderStore, path: str = "a.txt", again: int | None = None) -> Export:
    export = store.begin_export(path, again=again)
    assert export is not None
    return export


def _counts(store: OrderStore) -> dict[str, int]:
    counts = store.counts(NOON, MIDNIGHT).confirmations
    return {name: n for name, n in counts.items() if n}


def test_each_line_is_in_exactly_one_export(store: OrderStore, bench: Bench) -> None:
    """Pending lines are gathered once, in the order of their deadlines."""
    first = _begin(store)
    assert [(line.order_id, line.item_id) for line in first.lines] == [
        ("111-2", "i1"),
        ("111-1", "i1"),
        ("111-1", "i2"),
    ]
    assert store.begin_export("b.txt") is None
    put(store, order("111-3"))
    bench.ship(bench.claim("111-3"), "1Z3")
    second = _begin(store, "b.txt")
    assert [line.order_id for line in second.lines] == ["111-3"]
    assert first.export_id != second.export_id


def test_a_finished_export_confirms_its_orders(store: OrderStore) -> None:
    """Finishing makes lines exported and orders confirmed; finishing again changes nothing."""
    export = _begin(store)
    assert _counts(store) == {"pending": 3}
    store.seal_export(export.export_id, "ab" * 32)
    store.finish_export(export.export_id)
    store.finish_export(export.export_id)
    assert _counts(store) == {"exported": 3}
    assert state_of(store) is OrderState.CONFIRMED
    assert store.open_exports() == ()
    assert store.begin_export("b.txt") is None
    assert store.counts(NOON, MIDNIGHT).oldest_pending_s is None


def test_a_dropped_export_gives_its_lines_back(store: OrderStore) -> None:
    """Lines of an export that was never written go into the next one."""
    export = _begin(store)
    store.drop_export(export.export_id)
    store.drop_export(export.export_id)
    again = _begin(store, "b.txt")
    assert again.lines == export.lines
    with pytest.raises(StoreRefused, match="is dropped"):
        store.finish_export(export.export_id)
    store.finish_export(again.export_id)
    with pytest.raises(StoreRefused, match="is written"):
        store.drop_export(again.export_id)


def test_an_open_export_is_known_after_a_crash(store: OrderStore) -> None:
    """What was begun and not ended is there with its lines, path and digest."""
    export = _begin(store, "out/a\u00e9.txt")
    store.seal_export(export.export_id, "12" * 32)
    (found,) = store.open_exports()
    assert (found.path, found.sha256, found.lines) == ("out/a\u00e9.txt", "12" * 32, export.lines)


def test_an_order_with_a_pending_package_is_not_confirmed(store: OrderStore, bench: Bench) -> None:
    """An order is confirmed when none of its lines is pending any more."""
    put(store, order("111-4"))
    lease = bench.claim("111-4")
    bench.ship(lease, "1Z4")
    first = _begin(store)
    bench.ship(lease, "1Z5", package=2)
    store.finish_export(first.export_id)
    assert state_of(store, "111-4") is OrderState.SHIPPED
    assert state_of(store, "111-1") is OrderState.CONFIRMED
    store.finish_export(_begin(store).export_id)
    assert state_of(store, "111-4") is OrderState.CONFIRMED


def test_an_export_can_be_written_again(store: OrderStore) -> None:
    """The lines of a written export come once more, and their states stay as they are."""
    first = _begin(store)
    with pytest.raises(StoreRefused, match="never written"):
        store.begin_export("b.txt", again=first.export_id)
    store.finish_export(first.export_id)
    second = _begin(store, "b.txt", again=first.export_id)
    assert second.lines == first.lines
    assert store.open_exports() == (second,)
    store.finish_export(second.export_id)
    third = _begin(store, "c.txt", again=second.export_id)
    assert third.lines == first.lines
    store.drop_export(third.export_id)
    assert _counts(store) == {"exported": 3}
    with pytest.raises(StoreRefused, match="not known"):
        store.begin_export("d.txt", again=99)
    with pytest.raises(StoreRefused, match="not known"):
        store.seal_export(99, "0" * 64)
