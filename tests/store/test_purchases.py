from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, label, moved, order, put, state_of

from station.errors import StoreRefused
from station.model import OrderState

if TYPE_CHECKING:
    from store.samples import Clock

    from station.model import Lease
    from station.store.port import OrderStore


@pytest.fixture
def lease(store: OrderStore, bench: Bench) -> Lease:
    """Return the lease of the order 111-1; 111-2 waits."""
    put(store, order(), order("111-2", due_h=9))
    return bench.claim("111-1")


def test_a_label_is_bought_once_for_a_package(store: OrderStore, lease: Lease) -> None:
    """The same key returns what is known; another key for the package is refused."""
    begun = store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    assert (begun.state, begun.label) == ("begun", None)
    assert store.begin_purchase("k1", "111-1", 1, lease.fence, "own") == begun
    with pytest.raises(StoreRefused, match="has a label already"):
        store.begin_purchase("k2", "111-1", 1, lease.fence, "own")
    bought = store.finish_purchase("k1", label())
    assert (bought.state, bought.label, bought.serial) == ("bought", label(), begun.serial)
    assert store.finish_purchase("k1", label()) == bought
    assert store.begin_purchase("k1", "111-1", 1, lease.fence, "own") == bought
    assert store.label("111-1") == bought
    assert store.label("111-1", 2) is None
    assert store.tracking_used("1Z1") == "111-1"
    with pytest.raises(StoreRefused, match=r"\(1Z1\)"):
        store.begin_purchase("k2", "111-1", 1, lease.fence, "own")


def test_buying_makes_the_order_packed(store: OrderStore, lease: Lease) -> None:
    """A begun purchase shows that the order is being packed, a bought label that it is."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    assert state_of(store) is OrderState.PACKING
    store.finish_purchase("k1", label())
    assert state_of(store) is OrderState.PACKED


def test_another_label_for_a_bought_purchase_is_refused(store: OrderStore, lease: Lease) -> None:
    """A purchase that has a tracking id takes no other."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.finish_purchase("k1", label("1Z1"))
    with pytest.raises(StoreRefused, match="1Z2 cannot be its label"):
        store.finish_purchase("k1", label("1Z2"))
    assert store.tracking_used("1Z2") is None


def test_a_tracking_id_is_on_one_live_label(store: OrderStore, bench: Bench, lease: Lease) -> None:
    """A tracking id that another order uses is refused, until that label is void."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.finish_purchase("k1", label("1Z1"))
    second = bench.claim("111-2")
    store.begin_purchase("k2", "111-2", 1, second.fence, "own")
    with pytest.raises(StoreRefused, match="used by order 111-1"):
        store.finish_purchase("k2", label("1Z1", "111-2"))
    store.void_purchase("k1", "wrong box")
    assert store.finish_purchase("k2", label("1Z1", "111-2")).state == "bought"


@pytest.mark.parametrize(
    "wrong", [label(order_id="111-2"), label(package=2), replace(label(), tracking_id="")]
)
def test_a_label_of_something_else_is_refused(
    store: OrderStore, lease: Lease, wrong: object
) -> None:
    """A label must be for the order and package it was bought for, and have a tracking id."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    with pytest.raises(StoreRefused, match="is not for package 1"):
        store.finish_purchase("k1", wrong)  # type: ignore[arg-type]
    live = store.label("111-1")
    assert live is not None
    assert live.state == "begun"


def test_a_void_label_frees_the_package(store: OrderStore, lease: Lease) -> None:
    """After a void the package may have another label, with another serial."""
    first = store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.finish_purchase("k1", label())
    store.void_purchase("k1", "torn")
    store.void_purchase("k1", "torn")
    assert store.label("111-1") is None
    assert store.tracking_used("1Z1") is None
    second = store.begin_purchase("k2", "111-1", 1, lease.fence, "own")
    assert second.serial > first.serial
    assert store.begin_purchase("k1", "111-1", 1, lease.fence, "own").state == "void"
    with pytest.raises(StoreRefused, match="is void"):
        store.finish_purchase("k1", label("1Z9"))


def test_the_label_of_a_shipped_package_stays(
    store: OrderStore, bench: Bench, lease: Lease
) -> None:
    """What has left the house cannot be made void, nor bought again."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.finish_purchase("k1", label())
    bench.ship(lease)
    with pytest.raises(StoreRefused, match="has left"):
        store.void_purchase("k1", "fraud")
    with pytest.raises(StoreRefused, match="no longer on this bench"):
        store.begin_purchase("k2", "111-1", 2, lease.fence, "own")


def test_nothing_is_bought_under_an_old_fence(
    store: OrderStore, bench: Bench, other: Bench, lease: Lease
) -> None:
    """Who lost the order, or never had it, buys nothing."""
    bench.tell(lease, OrderState.WAITING)
    with pytest.raises(StoreRefused, match="no longer on this bench"):
        store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    new = other.claim("111-1")
    with pytest.raises(StoreRefused, match="no longer on this bench"):
        store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    with pytest.raises(StoreRefused, match="not known"):
        store.begin_purchase("k1", "999", 1, 0, "own")
    assert store.begin_purchase("k1", "111-1", 1, new.fence, "own").state == "begun"


def test_nothing_is_bought_while_a_stop_is_unanswered(
    store: OrderStore, bench: Bench, lease: Lease
) -> None:
    """The label purchase is the last gate for a change or a cancellation."""
    put(store, moved(order()))
    with pytest.raises(StoreRefused, match="the address changed"):
        store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    (stop,) = store.stops(bench.station)
    store.answer_stop(stop.stop_id)
    assert store.begin_purchase("k1", "111-1", 1, lease.fence, "own").state == "begun"


def test_a_key_belongs_to_one_package(store: OrderStore, lease: Lease) -> None:
    """A key that is used for another package is refused."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    with pytest.raises(StoreRefused, match="belongs to order 111-1"):
        store.begin_purchase("k1", "111-1", 2, lease.fence, "own")
    with pytest.raises(StoreRefused, match="not known"):
        store.finish_purchase("k9", label())
    with pytest.raises(StoreRefused, match="not known"):
        store.void_purchase("k9", "")


def test_another_package_has_its_own_label_and_serial(store: OrderStore, lease: Lease) -> None:
    """Packages of one order have labels of their own, and serials are never given twice."""
    serials = [
        store.begin_purchase(f"k{n}", "111-1", n, lease.fence, "own").serial for n in range(1, 6)
    ]
    assert len(set(serials)) == 5
    assert serials == sorted(serials)


def test_a_purchase_takes_a_lapsed_order_back(
    store: OrderStore, bench: Bench, clock: Clock, lease: Lease
) -> None:
    """Beginning a purchase under a fence that holds keeps others away while the carrier answers."""
    clock.move(601)
    assert len(store.queue(9)) == 2
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    assert store.counts(NOON, MIDNIGHT).states[OrderState.WAITING] == 1
    assert bench.ship(lease) == ()


def test_a_late_answer_is_kept_whoever_has_the_order(
    store: OrderStore, other: Bench, clock: Clock, lease: Lease
) -> None:
    """A label that arrives after the order changed hands is stored and printed by its holder."""
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    clock.move(601)
    new = other.claim("111-1")
    bought = store.finish_purchase("k1", label())
    assert state_of(store) is OrderState.CLAIMED
    assert store.label("111-1") == bought
    with pytest.raises(StoreRefused, match="1Z1"):
        store.begin_purchase("k2", "111-1", 1, new.fence, "own")
    assert other.ship(new) == ()
