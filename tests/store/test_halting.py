"""Holding and cancelling by a person's word: at once, or as soon as no bench works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, label, moved, order, put, state_of

from station.errors import StoreRefused
from station.model import OrderState, StopKind

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.port import OrderStore

WAITING, HELD, CANCELLED = OrderState.WAITING, OrderState.HELD, OrderState.CANCELLED
SPAN = (NOON.replace(year=2025), NOON)
either = pytest.mark.parametrize("state", [HELD, CANCELLED])


def _why(store: OrderStore) -> str:
    found = store.order("111-1")
    assert found is not None
    return found[2]


@either
def test_a_free_order_is_halted_at_once(store: OrderStore, state: OrderState) -> None:
    """Nobody gets an order that was held or cancelled while it waited, and all see why."""
    put(store, order())
    assert store.halt("111-1", state, "The buyer\x1b[2J\n called") is False
    assert (state_of(store), _why(store)) == (state, "The buyer[2J called")
    assert store.claim("bench-1", "Ana") is None
    with pytest.raises(StoreRefused, match=rf"is {state}: The buyer\[2J called"):
        store.claim("bench-1", "Ana", order_id="111-1")
    counts = store.counts(NOON, MIDNIGHT)
    assert (counts.states[WAITING], counts.states[state], counts.today) == (0, 1, 0)


@either
def test_a_parked_order_is_halted_at_once(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """A problem may be held or cancelled, and what is held may be cancelled."""
    put(store, order())
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    assert store.halt("111-1", HELD, "") is False
    assert store.halt("111-1", state, "") is False
    assert (state_of(store), _why(store)) == (state, f"The order is {state}.")


@either
def test_an_order_on_a_bench_is_halted_when_the_bench_has_stopped(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """The bench is told; the order gets its new state when it comes back from there."""
    put(store, order())
    lease = bench.claim()
    bench.tell(lease, OrderState.PACKING)
    assert store.halt("111-1", state, "called") is True
    assert state_of(store) is OrderState.PACKING
    (stop,) = store.stops("bench-1")
    assert (stop.order_id, stop.reason, stop.kind) == ("111-1", "called", StopKind(str(state)))
    store.answer_stop(stop.stop_id)
    assert store.stops("bench-1") == ()
    assert bench.tell(lease, WAITING) == ()
    assert (state_of(store), _why(store)) == (state, "called")
    assert store.claim("bench-2", "Bo") is None


@either
def test_an_order_on_a_silent_bench_is_halted_when_the_lease_lapses(
    store: OrderStore, bench: Bench, clock: Clock, state: OrderState
) -> None:
    """A bench that never answers cannot keep an order out of its new state."""
    put(store, order())
    bench.tell(bench.claim(), OrderState.PACKING)
    assert store.halt("111-1", state, "called") is True
    clock.move(601)
    assert store.claim("bench-2", "Bo") is None
    assert (state_of(store), _why(store)) == (state, "called")
    (stop,) = store.stops("bench-1")
    assert stop.kind == StopKind(str(state))


def test_an_order_whose_lease_had_lapsed_is_halted_at_once(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """The bench that may still have it in hand is told all the same."""
    put(store, order())
    bench.claim()
    clock.move(601)
    assert len(store.queue(5)) == 1
    assert store.halt("111-1", HELD, "called") is False
    assert state_of(store) is HELD
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.HELD]


@pytest.mark.parametrize("silent_s", [0, 601])
def test_what_left_before_the_bench_heard_of_it_has_left(
    store: OrderStore, bench: Bench, clock: Clock, silent_s: int
) -> None:
    """A parcel that is gone counts as shipped, once, whatever was wanted meanwhile."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", HELD, "called")
    clock.move(silent_s)
    store.queue(5)
    assert bench.ship(lease) == ()
    assert state_of(store) is OrderState.SHIPPED
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 1
    with pytest.raises(StoreRefused, match="is shipped: it cannot be held any more"):
        store.halt("111-1", HELD, "called")


def test_a_cancelled_order_whose_lease_lapsed_is_not_shipped(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """Cancelled is final: a parcel that left all the same is a conflict for the supervisor."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", CANCELLED, "called")
    clock.move(601)
    store.queue(5)
    assert bench.ship(lease) == (1,)
    assert state_of(store) is CANCELLED
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 0


def test_a_hold_is_taken_back_before_the_bench_heard_of_it(store: OrderStore, bench: Bench) -> None:
    """Resolving a hold that is under way lets the packer go on, and he is never stopped."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", HELD, "called")
    store.resolve("111-1", WAITING)
    assert store.stops("bench-1") == ()
    assert store.begin_purchase("k1", "111-1", 1, lease.fence, "own").state == "begun"
    assert bench.tell(lease, WAITING) == ()
    assert (state_of(store), _why(store)) == (WAITING, "")


def test_a_hold_is_resolved_to_the_queue(store: OrderStore, bench: Bench) -> None:
    """What was held goes back to the queue under a higher fence, and no stop is left."""
    put(store, order())
    old = bench.claim()
    store.halt("111-1", HELD, "called")
    bench.tell(old, WAITING)
    store.resolve("111-1", WAITING)
    assert (state_of(store), _why(store)) == (WAITING, "")
    assert store.stops("bench-1") == ()
    assert bench.claim().fence > old.fence


def test_a_person_s_hold_outlives_every_report(store: OrderStore) -> None:
    """A report that lacks the order, and one that lists it again, do not free it."""
    put(store, order())
    store.check_missing("amazon", set(), *SPAN)
    assert state_of(store) is HELD
    store.halt("111-1", HELD, "called")
    put(store, order())
    store.check_missing("amazon", {"111-1"}, *SPAN)
    assert (state_of(store), _why(store)) == (HELD, "called")
    put(store, moved(order()))
    assert state_of(store) is HELD
    store.check_missing("amazon", set(), *SPAN)
    put(store, order())
    assert (state_of(store), _why(store)) == (HELD, "called")


@either
def test_a_report_does_not_take_back_what_a_bench_was_told(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """On the bench, too, a person's word goes before the report's."""
    put(store, order())
    lease = bench.claim()
    store.check_missing("amazon", set(), *SPAN)
    store.halt("111-1", state, "called")
    store.check_missing("amazon", {"111-1"}, *SPAN)
    put(store, order())
    assert StopKind(str(state)) in {stop.kind for stop in store.stops("bench-1")}
    bench.tell(lease, WAITING)
    assert (state_of(store), _why(store)) == (state, "called")


def test_a_cancelled_order_stays_cancelled(store: OrderStore) -> None:
    """No import, report, resolve or hold brings a cancelled order back."""
    put(store, order())
    store.halt("111-1", CANCELLED, "called")
    put(store, moved(order()))
    store.check_missing("amazon", {"111-1"}, *SPAN)
    for call in (
        lambda: store.resolve("111-1", WAITING),
        lambda: store.resolve("111-1", CANCELLED),
        lambda: store.halt("111-1", HELD, ""),
        lambda: store.halt("111-1", CANCELLED, ""),
    ):
        with pytest.raises(StoreRefused):
            call()
    assert (state_of(store), _why(store)) == (CANCELLED, "called")


def test_a_cancel_under_way_cannot_be_made_a_hold(store: OrderStore, bench: Bench) -> None:
    """A cancelled order that a bench still has is neither held nor taken back."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", CANCELLED, "called")
    for call in (
        lambda: store.halt("111-1", HELD, ""),
        lambda: store.resolve("111-1", WAITING),
    ):
        with pytest.raises(StoreRefused):
            call()
    bench.tell(lease, WAITING)
    assert state_of(store) is CANCELLED


@pytest.mark.parametrize("state", [OrderState.PROBLEM, HELD])
def test_a_cancelled_order_that_is_parked_is_cancelled(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """A packer who finds something wrong with it does not bring it back among the problems."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", CANCELLED, "called")
    assert bench.tell(lease, state, problem="short") == ()
    assert (state_of(store), _why(store)) == (CANCELLED, "called")


def test_a_hold_under_way_may_become_a_cancel(store: OrderStore, bench: Bench) -> None:
    """The last word about an order that is to be stopped counts, unless it was cancelled."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", HELD, "called")
    store.halt("111-1", CANCELLED, "called again")
    bench.tell(lease, WAITING)
    assert (state_of(store), _why(store)) == (CANCELLED, "called again")


def test_no_label_is_bought_while_a_stop_is_unanswered(store: OrderStore, bench: Bench) -> None:
    """The fourth gate: the purchase is refused with the stop's reason, and none is begun."""
    put(store, order())
    lease = bench.claim()
    store.halt("111-1", HELD, "The buyer called.")
    with pytest.raises(StoreRefused, match=r"The buyer called\. Answer the stop"):
        store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    assert store.label("111-1") is None
    with pytest.raises(StoreRefused, match="is not known"):
        store.void_purchase("k1", "")


def test_what_was_begun_before_the_stop_is_finished(store: OrderStore, bench: Bench) -> None:
    """A label that a carrier sold is kept, whatever came in between."""
    put(store, order())
    lease = bench.claim()
    store.begin_purchase("k1", "111-1", 1, lease.fence, "own")
    store.halt("111-1", HELD, "called")
    assert store.finish_purchase("k1", label()).state == "bought"
    assert state_of(store) is OrderState.PACKED
    bench.tell(lease, WAITING)
    assert state_of(store) is HELD


def test_a_halted_order_is_not_taken_over(store: OrderStore, bench: Bench) -> None:
    """Its own packer cannot carry it past the stop to another bench."""
    put(store, order())
    bench.claim()
    store.halt("111-1", HELD, "called")
    with pytest.raises(StoreRefused, match="with bench-1"):
        store.claim("bench-2", "Ana", order_id="111-1")


def test_an_order_is_halted_to_held_or_cancelled_alone(store: OrderStore) -> None:
    """Any other state, and an unknown order, is refused in words."""
    put(store, order())
    for state in set(OrderState) - {HELD, CANCELLED}:
        with pytest.raises(StoreRefused, match="held or cancelled"):
            store.halt("111-1", state, "")
    with pytest.raises(StoreRefused, match="999 is not known"):
        store.halt("999", HELD, "")
    assert state_of(store) is WAITING


def test_a_long_reason_is_cut(store: OrderStore) -> None:
    """Whatever somebody pasted, the reason fits on two lines of a screen."""
    put(store, order())
    store.halt("111-1", HELD, "x" * 900)
    assert len(_why(store)) == 200
