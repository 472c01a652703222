from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import Bench, item, label, order, put, state_of

from station.errors import StoreRefused
from station.model import Barcode, OrderState, Product

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.port import OrderStore


def test_a_lease_has_all_that_is_needed_offline(store: OrderStore) -> None:
    """A lease brings the order, its known products with barcodes, a fence and its time."""
    mug = Product("MUG-350", "Mug", barcodes=(Barcode("4006381333931"), Barcode("X001ABC", 6)))
    store.put_products([mug, Product("OTHER")])
    whole = order("111-1", item("i1", 2), item("i2", 1, "UNKNOWN"))
    put(store, whole)
    lease = store.claim("bench-1", "Ana")
    assert lease is not None
    assert lease.order == whole
    assert lease.products == (mug,)
    assert (lease.fence, lease.expires_in_s, lease.package) == (1, 600, 1)
    assert store.claim("bench-1", "Ana") is None


def test_the_most_urgent_that_is_not_skipped_is_leased(store: OrderStore) -> None:
    """Claims go down the queue and pass what they are told to skip."""
    put(store, *(order(f"111-{n}", due_h=n) for n in range(4)))
    claimed = []
    for skip in ((), ("111-1", "unknown"), ()):
        lease = store.claim("bench-1", "Ana", skip=skip)
        assert lease is not None
        claimed.append(lease.order.order_id)
    assert claimed == ["111-0", "111-2", "111-1"]


def test_claiming_again_renews_under_the_same_fence(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """The holder's own claim extends his lease."""
    put(store, order())
    first = bench.claim("111-1")
    clock.move(500)
    assert bench.claim("111-1").fence == first.fence
    clock.move(500)
    assert store.claim("bench-2", "Bo") is None


def test_a_named_order_that_cannot_be_leased_says_why(
    store: OrderStore, bench: Bench, other: Bench
) -> None:
    """Unknown, taken, parked and shipped orders are refused in words."""
    put(store, order("111-1"), order("111-2"), order("111-3"))
    lease = bench.claim("111-1")
    bench.tell(bench.claim("111-2"), OrderState.PROBLEM, problem="short", note="[/b]\x1b one")
    bench.ship(bench.claim("111-3"))
    for order_id, words in (
        ("111-9", "not known"),
        ("111-1", "with bench-1 · Ana"),
        ("111-2", r"problem: short: \[/b\] one"),
        ("111-3", "is shipped"),
    ):
        with pytest.raises(StoreRefused, match=words):
            other.claim(order_id)
    bench.tell(lease, OrderState.PACKED)
    with pytest.raises(StoreRefused, match="with bench-1"):
        other.claim("111-1")


def test_a_lapsed_lease_is_anybodys_under_a_higher_fence(
    store: OrderStore, bench: Bench, other: Bench, clock: Clock
) -> None:
    """When the time is over another station gets the order, and the old work is a conflict."""
    put(store, order())
    old = bench.claim()
    bench.tell(old, OrderState.PACKING)
    clock.move(599)
    assert store.claim("bench-2", "Bo") is None
    clock.move(2)
    new = other.claim()
    assert new.fence == old.fence + 1
    assert bench.ship(old) == (2,)
    assert store.renew("bench-1", ["111-1"]) == {}
    assert other.ship(new) == ()
    assert [(station, entry.state) for station, entry in store.history("111-1")] == [
        ("bench-1", OrderState.PACKING),
        ("bench-2", OrderState.SHIPPED),
        ("bench-1", OrderState.SHIPPED),
    ]


def test_a_lapsed_order_is_shown_as_waiting(store: OrderStore, bench: Bench, clock: Clock) -> None:
    """The queue shows a lapsed order although nobody claims."""
    put(store, order())
    bench.claim()
    assert store.queue(5) == ()
    clock.move(601)
    (row,) = store.queue(5)
    assert (row.state, row.holder) == (OrderState.WAITING, "")


def test_the_same_station_goes_on_under_its_fence(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """A single machine that was away goes on where it was, whether it claims, renews or tells."""
    put(store, order())
    lease = bench.claim()
    clock.move(601)
    assert bench.claim().fence == lease.fence
    clock.move(601)
    assert len(store.queue(5)) == 1
    assert store.renew("bench-1", ["111-1", "unknown"]) == {"111-1": lease.fence}
    assert state_of(store) is OrderState.CLAIMED
    clock.move(601)
    assert len(store.queue(5)) == 1
    assert bench.tell(lease, OrderState.PACKING) == ()
    assert state_of(store) is OrderState.PACKING
    assert bench.ship(lease) == ()


def test_an_order_with_a_label_is_not_handed_on(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """A packed order stays with its station however long that is silent."""
    put(store, order())
    lease = bench.claim()
    bench.tell(lease, OrderState.PACKED)
    clock.move(100_000)
    assert store.claim("bench-2", "Bo") is None
    assert store.renew("bench-1", ["111-1"]) == {"111-1": lease.fence}


def test_a_bought_label_keeps_its_order_before_the_journal_says_so(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """Once a label is paid for, a lapse does not hand the order to another station."""
    put(store, order())
    lease = bench.claim()
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.finish_purchase("k1", label())
    clock.move(100_000)
    assert store.claim("bench-2", "Bo") is None
    assert bench.ship(lease) == ()


def test_work_renews_the_lease(store: OrderStore, bench: Bench, clock: Clock) -> None:
    """Every fact about a leased order shows that its packer is alive."""
    put(store, order())
    lease = bench.claim()
    for _ in range(3):
        clock.move(400)
        bench.tell(lease, None)
    assert store.claim("bench-2", "Bo") is None


def test_a_clock_that_goes_back_takes_no_lease_away(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """A store's clock set back lengthens leases; the fence still decides."""
    put(store, order())
    bench.claim()
    clock.move(-100_000)
    assert store.claim("bench-2", "Bo") is None
    assert store.renew("bench-1", ["111-1"]) == {"111-1": 1}
    clock.move(601)
    assert store.claim("bench-2", "Bo") is not None


def test_only_the_holder_renews(store: OrderStore, bench: Bench) -> None:
    """A station extends no lease of another."""
    put(store, order())
    bench.claim()
    assert store.renew("bench-2", ["111-1"]) == {}
    assert store.renew("bench-1", []) == {}


@pytest.mark.parametrize("state", [OrderState.WAITING, OrderState.CANCELLED])
def test_a_parked_order_is_resolved_by_a_word(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """A problem goes back to the queue or is cancelled; anything else is refused."""
    put(store, order())
    lease = bench.claim("111-1")
    with pytest.raises(StoreRefused):
        store.resolve("111-1", state)
    bench.tell(lease, OrderState.PROBLEM, problem="short")

    store.resolve("111-1", state)

    assert state_of(store) == state
    assert (store.claim("bench-1", "Ana") is not None) == (state == OrderState.WAITING)
