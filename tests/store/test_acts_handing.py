"""An order is taken from its bench: back to the queue, or to another bench with the work so far."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from store.decisions import in_one, packed
from store.samples import Bench, item, moved, order, put, state_of
from store.seats import Keeper, Seat

from station.acts import ActKind
from station.errors import StoreRefused
from station.model import OrderState, StopKind

if TYPE_CHECKING:
    from store.decisions import Office
    from store.samples import Clock

    from station.store.port import OrderStore

RELEASE, REASSIGN = ActKind.RELEASE, ActKind.REASSIGN
WAITING, PACKING = OrderState.WAITING, OrderState.PACKING
HOME = "bench of 111-1"


def _come(store: OrderStore, *names: str) -> None:
    for name in names:
        Keeper(store, name).come()


def _hear(store: OrderStore, station: str) -> None:
    for stop in store.stops(station):
        Seat(store, station).answer(stop.stop_id)


# — back to the queue —
def test_another_bench_begins_a_released_order_anew(
    office: Office, store: OrderStore, bench: Bench, other: Bench
) -> None:
    """It is free at once, under a higher fence; what is in the box was not seen by who gets it."""
    put(store, order("111-1", item(quantity=3)))
    old = bench.claim()
    bench.tell(old, PACKING)
    office.do(RELEASE)
    assert state_of(store) is WAITING
    lease = other.claim()
    assert (lease.order.order_id, lease.entries) == ("111-1", ())
    assert lease.fence > old.fence
    assert other.ship(lease) == ()


@in_one
def test_the_bench_hears_who_took_it(office: Office, store: OrderStore, bench: Bench) -> None:
    """The stop stands until it is answered, whoever has the order by then."""
    put(store, order())
    bench.claim()
    office.do(RELEASE)
    Bench(store, "bench-2").claim()
    (stop,) = store.stops("bench-1")
    words = "Sue put this order back into the queue. Bring the box to the supervisor."
    assert (stop.order_id, stop.kind, stop.reason) == ("111-1", StopKind.RELEASED, words)
    _hear(store, "bench-1")
    assert store.stops("bench-1") == store.stops("bench-2") == ()


def test_a_bench_does_not_get_it_back_before_it_has_heard(
    office: Office, store: OrderStore, bench: Bench
) -> None:
    """Else the stop about the old lease would end the new one."""
    put(store, order("111-1", due_h=1), order("111-2", due_h=2))
    bench.claim()
    office.do(RELEASE)
    with pytest.raises(StoreRefused, match="was just put back"):
        bench.claim("111-1")
    assert bench.claim().order.order_id == "111-2"
    assert store.claim("bench-1", "Ana") is None
    _hear(store, "bench-1")
    assert bench.claim().order.order_id == "111-1"


def test_late_work_is_kept_and_not_applied(
    office: Office, store: OrderStore, bench: Bench, other: Bench
) -> None:
    """Scans and even a parcel of the old bench are conflicts; its goodbye is none."""
    put(store, order())
    old = bench.claim()
    sent = bench.entry(old, PACKING)
    bench.send(sent)
    office.do(RELEASE)
    late = bench.entry(old, None)
    assert bench.send(late, bench.shipped(old)).conflicts == (2, 3)
    goodbye = replace(bench.entry(old, None), kind="stopped")
    assert bench.send(goodbye).conflicts == ()
    assert state_of(store) is WAITING
    assert [entry.seq for _, entry in store.history("111-1")] == [1, 2, 3, 4]
    lease = other.claim()
    assert other.ship(lease) == ()
    assert bench.send(bench.shipped(old, "1Z2")).conflicts == (5,)


def test_the_next_holder_of_a_labelled_box_goes_on(
    office: Office, store: OrderStore, other: Bench, clock: Clock
) -> None:
    """The label stays the only one, the work counts, and no time gives the order away."""
    bench, old = packed(office, "111-1")
    scanned = store.history("111-1")[0][1]
    office.do(RELEASE)
    assert state_of(store) is WAITING
    lease = other.claim()
    assert (lease.entries, lease.fence > old.fence) == ((scanned,), True)
    assert state_of(store) is OrderState.PACKED
    label = Seat(store, "bench-2").label()
    assert label is not None
    assert label.key == "key of 111-1"
    with pytest.raises(StoreRefused, match="has a label already"):
        Seat(store, "bench-2").begin("another", lease.fence)
    clock.move(3600)
    assert store.claim("bench-3", "Cy") is None
    assert bench.ship(old, "1Z 111-1") == (2,)
    assert other.ship(lease, "1Z 111-1") == ()


@in_one
def test_a_labelled_box_is_gone_on_with_by_its_name_too(
    office: Office, store: OrderStore, other: Bench
) -> None:
    """Claimed by its number, after a hold in between, it is the same."""
    packed(office, "111-1")
    office.do(RELEASE)
    office.do(ActKind.HOLD)
    office.do(ActKind.UNHOLD)
    assert len(other.claim("111-1").entries) == 1
    assert state_of(store) is OrderState.PACKED


@in_one
def test_a_label_for_an_older_version_does_not_count(
    office: Office, store: OrderStore, other: Bench
) -> None:
    """When the order changed meanwhile it is begun anew, and the old label is in the way."""
    packed(office, "111-1")
    put(store, moved(order("111-1", item(quantity=3))))
    office.do(RELEASE)
    lease = other.claim()
    assert (lease.entries, lease.order.ship_to.city) == ((), "Shelbyville")
    with pytest.raises(StoreRefused, match="has a label already"):
        Seat(store, "bench-2").begin("another", lease.fence)


@in_one
def test_a_change_after_the_release_counts_as_well(
    office: Office, store: OrderStore, other: Bench
) -> None:
    """The box in the supervisor's hands is for the old address: the work is begun anew."""
    packed(office, "111-1")
    office.do(RELEASE)
    put(store, moved(order("111-1", item(quantity=3))))
    assert other.claim().entries == ()


@in_one
def test_an_order_that_was_to_be_held_is_held_then(
    office: Office, store: OrderStore, bench: Bench
) -> None:
    """Taking it from the bench does not free it for others."""
    put(store, order())
    bench.claim()
    office.do(ActKind.HOLD)
    office.do(RELEASE)
    assert state_of(store) is OrderState.HELD
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.RELEASED]


@in_one
def test_only_what_a_bench_has_is_released(office: Office, store: OrderStore) -> None:
    """A waiting order is refused, and nothing is written down."""
    put(store, order())
    seq = len(office.lines())
    with pytest.raises(StoreRefused, match="cannot be put back"):
        office.do(RELEASE)
    assert len(office.lines()) == seq


# — to another bench —
def test_a_waiting_order_is_given_to_a_bench(
    office: Office, store: OrderStore, bench: Bench, other: Bench
) -> None:
    """It is that bench's alone; who opens it is its packer then."""
    put(store, order("111-1", due_h=1), order("111-2", due_h=2))
    _come(store, "bench-2")
    office.do(REASSIGN, "111-2", station="bench-2")
    assert store.claimed("bench-2") == ("111-2",)
    assert [bench.claim().order.order_id, store.claim("bench-1", "Ana")] == ["111-1", None]
    assert _holder(store, "111-2") == "bench-2"
    lease = other.claim("111-2")
    assert _holder(store, "111-2") == "bench-2 · Bo"
    assert other.ship(lease) == ()


def _holder(store: OrderStore, order_id: str = "111-1") -> str:
    found = store.order(order_id)
    assert found is not None
    return found[2]


def test_the_work_goes_with_a_reassigned_order(
    office: Office, store: OrderStore, bench: Bench, other: Bench
) -> None:
    """The new bench goes on at the same unit; the old one hears where the box goes."""
    put(store, order("111-1", item(quantity=3)))
    _come(store, "bench-2")
    old = bench.claim()
    done = bench.entry(old, PACKING)
    bench.send(done)
    office.do(REASSIGN, station="bench-2")
    (stop,) = store.stops("bench-1")
    assert stop.kind is StopKind.RELEASED
    assert stop.reason == "Sue gave this order to bench-2. Bring the box there."
    assert bench.tell(old, None) == (2,)
    assert store.claimed("bench-2") == ("111-1",)
    lease = other.claim("111-1")
    assert (lease.entries, lease.fence > old.fence) == ((done,), True)
    assert other.ship(lease) == ()


def test_a_reassigned_box_with_its_label_is_found(
    office: Office, store: OrderStore, other: Bench, clock: Clock
) -> None:
    """It stays packed, the new bench is told of it until it says something, and ships it."""
    packed(office, "111-1")
    _come(store, "bench-2")
    office.do(REASSIGN, station="bench-2")
    assert (state_of(store), store.claimed("bench-2")) == (OrderState.PACKED, ("111-1",))
    clock.move(3600)
    lease = other.claim("111-1")
    other.tell(lease, None)
    assert store.claimed("bench-2") == store.claimed(HOME) == ()
    assert other.ship(lease, "1Z 111-1") == ()


@in_one
def test_a_reassigned_order_goes_back_to_the_queue_when_nobody_takes_it(
    office: Office, store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """A bench that is switched off keeps it no longer than any lease."""
    put(store, order())
    _come(store, "bench-2")
    office.do(REASSIGN, station="bench-2")
    clock.move(601)
    assert bench.claim().order.order_id == "111-1"


@in_one
def test_an_order_goes_there_and_back(office: Office, store: OrderStore) -> None:
    """The first bench hears that it was taken before it finds it again."""
    put(store, order())
    first, second = Keeper(store), Keeper(store, "bench-2", "Bo")
    for keeper in (first, second):
        keeper.come()
    first.claim()
    office.do(REASSIGN, station="bench-2")
    office.do(REASSIGN, station="bench-1")
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.RELEASED]
    assert [stop.kind for stop in store.stops("bench-2")] == [StopKind.RELEASED]
    assert (store.claimed("bench-1"), store.claimed("bench-2")) == (("111-1",), ())
    _hear(store, "bench-1")
    assert first.ship(first.claim("111-1")) == ()


@in_one
def test_a_bench_that_never_came_gets_nothing(office: Office, store: OrderStore) -> None:
    """A name that was mistyped would hide the order for ten minutes."""
    put(store, order())
    with pytest.raises(StoreRefused, match="No station called bench-9 works here"):
        office.do(REASSIGN, station="bench-9")
    assert state_of(store) is WAITING


@in_one
def test_a_bench_whose_key_was_ended_gets_nothing(office: Office, store: OrderStore) -> None:
    """It could not fetch the order any more."""
    put(store, order())
    _come(store, "bench-2")
    office.sql.enrol("bench-2", "station", "hash")
    office.sql.revoke("bench-2")
    with pytest.raises(StoreRefused, match="No station called bench-2 works here"):
        office.do(REASSIGN, station="bench-2")


@in_one
def test_what_is_to_be_stopped_is_not_carried_past_the_stop(
    office: Office, store: OrderStore, bench: Bench
) -> None:
    """A hold under way, a bench that has the order already, and a problem are refused."""
    put(store, order("111-1", due_h=1), order("111-2", due_h=2), order("111-3", due_h=3))
    _come(store, "bench-1", "bench-2")
    bench.claim()
    with pytest.raises(StoreRefused, match="is at bench-1 already"):
        office.do(REASSIGN, station="bench-1")
    office.do(ActKind.HOLD)
    with pytest.raises(StoreRefused, match="is to be stopped: Because I say so"):
        office.do(REASSIGN, station="bench-2")
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    with pytest.raises(StoreRefused, match="cannot be given to a bench"):
        office.do(REASSIGN, "111-2", station="bench-2")


@in_one
def test_a_changed_order_tells_its_new_bench(
    office: Office, store: OrderStore, bench: Bench
) -> None:
    """The stop that the old one had not answered goes along."""
    put(store, order())
    _come(store, "bench-2")
    bench.claim()
    put(store, moved(order()))
    office.do(REASSIGN, station="bench-2")
    assert [stop.kind for stop in store.stops("bench-2")] == [StopKind.CHANGED]
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.RELEASED]
