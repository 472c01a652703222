"""A packer goes on with his order at another station, and the old one must stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import Bench, moved, order, put, state_of
from store.seats import Keeper, Seat

from station.errors import StoreRefused
from station.model import OrderState, StopKind

if TYPE_CHECKING:
    from store.samples import Clock

    from station.model import Entry
    from station.store.port import OrderStore


@pytest.fixture
def new(store: OrderStore) -> Bench:
    """Return the station where Ana is now; she was at bench-1 before."""
    return Bench(store, "bench-2", "Ana")


def test_the_work_moves_with_its_packer(store: OrderStore, bench: Bench, new: Bench) -> None:
    """The lease at the new station has a higher fence, and everything that was done before."""
    put(store, order())
    old = bench.claim()
    opened, first, second = (bench.entry(old, None) for _ in range(3))
    bench.send(opened, first, second)
    lease = new.claim("111-1")
    assert lease.fence > old.fence
    assert lease.entries == (opened, first, second)
    assert (lease.order, lease.package) == (old.order, 1)
    third = new.entry(lease, OrderState.PACKING)
    assert new.send(third).conflicts == ()
    assert new.claim("111-1").entries == (opened, first, second, third)
    assert store.renew("bench-1", ["111-1"]) == {}
    assert store.renew("bench-2", ["111-1"]) == {"111-1": lease.fence}
    assert new.ship(lease) == ()


def test_the_fact_that_it_was_opened_is_no_work(store: OrderStore, new: Bench) -> None:
    """A lease brings what was done to the goods; each station opens the order by itself."""
    put(store, order())
    keeper = Keeper(store)
    old = keeper.claim()
    keeper.entry(old, None, kind="opened")
    scanned = keeper.entry(old, None)
    keeper.deliver()
    assert new.claim("111-1").entries == (scanned,)


def test_only_the_same_packer_takes_an_order_over(store: OrderStore, bench: Bench) -> None:
    """Nobody else gets it, however he calls himself."""
    put(store, order())
    lease = bench.claim()
    for packer in ("Bo", "", "ana", "Ana "):
        with pytest.raises(StoreRefused, match="with bench-1 · Ana"):
            store.claim("bench-2", packer, order_id="111-1")
    assert store.stops("bench-1") == ()
    assert store.renew("bench-1", ["111-1"]) == {"111-1": lease.fence}


def test_nobody_without_a_name_takes_over(store: OrderStore) -> None:
    """A station where nobody signed in does not take the order of another such station."""
    put(store, order())
    store.claim("bench-1", "")
    with pytest.raises(StoreRefused, match="with bench-1"):
        store.claim("bench-2", "", order_id="111-1")


def test_an_order_is_taken_over_by_its_name_only(
    store: OrderStore, bench: Bench, new: Bench, clock: Clock
) -> None:
    """The next order for the same packer elsewhere is never the one he has in hand."""
    put(store, order())
    old = bench.claim()
    bench.tell(old, OrderState.PACKING)
    assert store.claim("bench-2", "Ana") is None
    clock.move(601)
    lease = new.claim()
    assert (lease.fence, lease.entries) == (old.fence + 1, ())
    assert store.stops("bench-1") == ()


def test_the_old_station_is_told_when_it_comes(store: OrderStore, bench: Bench, new: Bench) -> None:
    """The stop waits for it, also when the order has left meanwhile, and goes when answered."""
    put(store, order())
    bench.claim()
    new.ship(new.claim("111-1"))
    (stop,) = store.stops("bench-1")
    assert (stop.order_id, stop.kind) == ("111-1", StopKind.TAKEN_OVER)
    assert stop.reason == "Ana goes on with this order at bench-2. Bring the box there."
    assert store.stops("bench-2") == ()
    store.answer_stop(stop.stop_id)
    assert store.stops("bench-1") == ()


def test_the_old_station_s_goodbye_is_no_conflict(store: OrderStore, new: Bench) -> None:
    """That it stopped is what the store wanted; whatever else it did later has no effect."""
    put(store, order())
    keeper = Keeper(store)
    old = keeper.claim()
    lease = new.claim("111-1")
    keeper.entry(old, None, kind="stopped")
    keeper.entry(old, None)
    keeper.entry(old, OrderState.WAITING, kind="stopped")
    keeper.shipped(old)
    assert keeper.deliver().conflicts == (2, 3, 4)
    assert state_of(store) is OrderState.CLAIMED
    assert new.claim("111-1").entries == ()
    assert new.ship(lease) == ()


def test_the_work_so_far_has_no_conflicts_and_nothing_released(
    store: OrderStore, bench: Bench, new: Bench
) -> None:
    """What was undone by giving the order back, or done under an old fence, is not gone on from."""
    put(store, order())
    lapsed = bench.claim()
    bench.tell(lapsed, OrderState.PACKING)
    bench.tell(lapsed, OrderState.WAITING)
    again = bench.claim()
    mine = bench.entry(again, OrderState.PACKING)
    late = bench.entry(lapsed, None)
    assert bench.send(mine, late).conflicts == (4,)
    assert new.claim("111-1").entries == (mine,)


def test_work_that_arrives_after_the_takeover_is_not_lost(
    store: OrderStore, bench: Bench, new: Bench
) -> None:
    """What the old station had not sent is kept as a conflict: it must be scanned again."""
    put(store, order())
    old = bench.claim()
    sent, unsent = bench.entry(old, None), bench.entry(old, None)
    bench.send(sent)
    assert new.claim("111-1").entries == (sent,)
    assert bench.send(unsent).conflicts == (2,)
    assert ("bench-1", unsent) in store.history("111-1")
    assert new.claim("111-1").entries == (sent,)


def test_a_third_station_goes_on_from_all_of_it(store: OrderStore) -> None:
    """Work of several stations comes in the order in which it was done, without the goodbyes."""
    put(store, order())
    done: list[Entry] = []
    for name in ("bench-3", "bench-1", "bench-2"):
        keeper = Keeper(store, name)
        lease = keeper.claim("111-1")
        assert lease.entries == tuple(done)
        done += [keeper.entry(lease, None), keeper.entry(lease, OrderState.PACKING)]
        keeper.deliver()
        keeper.entry(lease, None, kind="stopped")
        if name != "bench-2":
            Keeper(store, "bench-9").claim("111-1")
            assert keeper.deliver().conflicts == ()
    assert store.renew("bench-2", ["111-1"]) != {}


def test_a_packer_who_walks_back_is_not_stopped_there(
    store: OrderStore, bench: Bench, new: Bench
) -> None:
    """At the first station again, its stop about the first time is over."""
    put(store, order())
    first = bench.claim()
    second = new.claim("111-1")
    third = bench.claim("111-1")
    assert first.fence < second.fence < third.fence
    assert store.stops("bench-1") == ()
    assert [stop.kind for stop in store.stops("bench-2")] == [StopKind.TAKEN_OVER]
    assert store.begin_purchase("k1", "111-1", 1, third.fence, "own").state == "begun"
    assert bench.ship(third) == ()


def test_a_packed_order_is_taken_over(store: OrderStore, bench: Bench, new: Bench) -> None:
    """With its label: it is not bought again, and the order stays packed."""
    put(store, order())
    old = bench.claim()
    Seat(store, "bench-1").begin("k1", old.fence)
    bought = Seat(store, "bench-1").finish("k1")
    lease = new.claim("111-1")
    assert state_of(store) is OrderState.PACKED
    assert Seat(store, "bench-2").label() == bought
    assert Seat(store, "bench-2").begin("k1", lease.fence) == bought
    with pytest.raises(StoreRefused, match="has a label already"):
        Seat(store, "bench-2").begin("k2", lease.fence)
    assert new.ship(lease) == ()


def test_a_lapsed_order_is_taken_over(
    store: OrderStore, bench: Bench, new: Bench, clock: Clock
) -> None:
    """The packer's work is gone on from also when his old station was silent for long."""
    put(store, order())
    old = bench.claim()
    scanned = bench.entry(old, OrderState.PACKING)
    bench.send(scanned)
    clock.move(601)
    assert len(store.queue(5)) == 1
    lease = new.claim("111-1")
    assert (lease.fence, lease.entries) == (old.fence + 1, (scanned,))
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.TAKEN_OVER]
    assert bench.ship(old) == (2,)
    assert new.ship(lease) == ()


def test_a_lapsed_order_of_somebody_else_begins_anew(
    store: OrderStore, bench: Bench, other: Bench, clock: Clock
) -> None:
    """Another packer does not know what is in the box: his lease has no work."""
    put(store, order())
    bench.tell(bench.claim(), OrderState.PACKING)
    clock.move(601)
    lease = other.claim("111-1")
    assert lease.entries == ()
    third = Bench(store, "bench-3", "Bo")
    scanned = other.entry(lease, None)
    other.send(scanned)
    assert third.claim("111-1").entries == (scanned,)


@pytest.mark.parametrize("finisher", ["bench-1", "bench-2"])
def test_a_purchase_begun_before_is_finished_by_either(
    store: OrderStore, bench: Bench, new: Bench, finisher: str
) -> None:
    """The answer of the carrier may come to the old station or be asked for by the new one."""
    put(store, order())
    begun = Seat(store, "bench-1").begin("k1", bench.claim().fence)
    lease = new.claim("111-1")
    assert Seat(store, "bench-2").begin("k1", lease.fence) == begun
    bought = Seat(store, finisher).finish("k1")
    assert (bought.state, bought.serial) == ("bought", begun.serial)
    assert Seat(store, "bench-2").label() == bought
    assert new.ship(lease) == ()


def test_no_label_is_begun_at_the_old_station(store: OrderStore, bench: Bench, new: Bench) -> None:
    """Its fence and its name are both old: there is no second label for the package."""
    put(store, order())
    old = bench.claim()
    lease = new.claim("111-1")
    for fence in (old.fence, lease.fence):
        with pytest.raises(StoreRefused, match="no longer on this bench"):
            Seat(store, "bench-1").begin("k1", fence)
    with pytest.raises(StoreRefused, match="no longer on this bench"):
        Seat(store, "bench-2").begin("k1", old.fence)
    assert Seat(store, "bench-2").begin("k1", lease.fence).state == "begun"


def test_an_order_given_back_is_nobody_s_work(store: OrderStore, bench: Bench, new: Bench) -> None:
    """Once released, an order begins anew for the same packer too, and nobody is told to stop."""
    put(store, order())
    old = bench.claim()
    bench.tell(old, OrderState.PACKING)
    bench.tell(old, OrderState.WAITING)
    lease = new.claim("111-1")
    assert lease.entries == ()
    assert store.stops("bench-1") == ()


@pytest.mark.parametrize("shown", [False, True])
def test_a_change_stops_the_new_station_too(
    store: OrderStore, bench: Bench, new: Bench, shown: bool
) -> None:
    """A new address is not lost because the bench that was told, or was to be, is dead."""
    put(store, order())
    bench.claim()
    put(store, moved(order()))
    (stop,) = store.stops("bench-1")
    if shown:
        Seat(store, "bench-1").answer(stop.stop_id)
    lease = new.claim("111-1")
    assert StopKind.CHANGED in {stop.kind for stop in store.stops("bench-2")}
    with pytest.raises(StoreRefused, match="address changed"):
        Seat(store, "bench-2").begin("k1", lease.fence)
    assert new.tell(lease, OrderState.WAITING) == ()
    assert new.claim().order == moved(order())
