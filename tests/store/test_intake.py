from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, item, moved, order, put, state_of

from station.errors import StoreRefused
from station.model import OrderState
from station.store.columns import storable
from station.store.port import ImportResult
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from store.samples import Clock

    from station.model import Order
    from station.store.port import OrderStore

SPAN = (NOON - timedelta(days=9), NOON)


def _in_force(store: OrderStore, order_id: str = "111-1") -> Order:
    found = store.order(order_id)
    assert found is not None
    return found[0]


def test_an_order_comes_back_as_it_was_put(store: OrderStore) -> None:
    """Every field of an order is stored."""
    whole = replace(
        order("111-1", item("i1", 2), item("i2", 1, "SPOON")),
        service_level="NextDay",
        is_business=True,
        purchase_order="PO 7",
    )
    put(store, whole)
    assert store.order("111-1") == (whole, OrderState.WAITING, "")
    assert store.order("111-2") is None


def test_the_same_orders_again_change_nothing(store: OrderStore) -> None:
    """An import that only repeats what is known counts as unchanged."""
    first = put(store, order("111-1"), order("111-2"))
    assert first == ImportResult(new=2)
    assert put(store, order("111-1"), order("111-2")) == ImportResult(unchanged=2)


def test_an_order_twice_in_one_import_is_one_order(store: OrderStore) -> None:
    """An order is never doubled, also not within one file."""
    assert put(store, order(), order()) == ImportResult(new=1, unchanged=1)
    assert len(store.queue(10)) == 1


def test_a_waiting_order_takes_over_what_changed(store: OrderStore) -> None:
    """A newer version of a waiting order is in force at once."""
    put(store, order())
    newer = moved(order("111-1", item("i1", 3), item("i9", 1, "CARD"), due_h=9))
    assert put(store, newer) == ImportResult(updated=1)
    assert _in_force(store) == newer


@pytest.mark.parametrize("state", [OrderState.PACKING, OrderState.PACKED, None])
def test_a_change_stops_the_holder_and_waits_for_the_next_lease(
    store: OrderStore, bench: Bench, other: Bench, state: OrderState | None
) -> None:
    """Who packs an order that changed is told what changed, and the next lease has it."""
    put(store, order())
    lease = bench.claim()
    bench.tell(lease, state)
    newer = moved(order("111-1", item("i1", 3)))
    assert put(store, newer) == ImportResult(stopped=1)
    assert put(store, newer) == ImportResult(unchanged=1)
    (stop,) = store.stops("bench-1")
    assert "quantity of MUG-350 changed from 1 to 3" in stop.reason
    assert "the address changed" in stop.reason
    assert "Shelbyville" not in stop.reason
    assert _in_force(store) == order()
    bench.tell(lease, OrderState.WAITING)
    assert store.stops("bench-1") == ()
    assert other.claim().order == newer
    assert store.stops("bench-2") == ()


def test_a_lapsed_lease_gives_way_to_the_newer_version(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """After a lapse even the same station gets the newer version, under a new fence."""
    put(store, order())
    old = bench.claim()
    put(store, moved(order()))
    clock.move(601)
    new = bench.claim()
    assert new.order == moved(order())
    assert new.fence > old.fence
    assert bench.ship(old) == (1,)
    assert state_of(store) is OrderState.CLAIMED


def test_a_change_after_a_lapse_makes_the_old_fence_old(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """What was packed in the old version under a lapsed lease is a conflict."""
    put(store, order())
    lease = bench.claim()
    clock.move(601)
    assert len(store.queue(5)) == 1
    put(store, moved(order()))
    assert bench.ship(lease) == (1,)
    assert state_of(store) is OrderState.WAITING


def test_a_new_deadline_stops_nobody(store: OrderStore, bench: Bench) -> None:
    """A change of deadline alone is put in force under the packer's hands."""
    put(store, order())
    bench.claim()
    assert put(store, order(due_h=1)) == ImportResult(updated=1)
    assert store.stops("bench-1") == ()
    assert _in_force(store).ship_by == NOON + timedelta(hours=1)


def test_a_change_that_is_taken_back_is_told_too(store: OrderStore, bench: Bench) -> None:
    """A packer who was told of a change hears when it no longer holds."""
    put(store, order())
    bench.claim()
    put(store, moved(order()))
    assert put(store, order()) == ImportResult(stopped=1)
    assert len(store.stops("bench-1")) == 2
    assert put(store, order()) == ImportResult(unchanged=1)


def test_an_answered_stop_is_not_shown_again(store: OrderStore, bench: Bench) -> None:
    """A stop is shown until it is answered."""
    put(store, order())
    bench.claim()
    put(store, moved(order()))
    (stop,) = store.stops("bench-1")
    store.answer_stop(stop.stop_id)
    store.answer_stop(stop.stop_id)
    assert store.stops("bench-1") == ()


def test_what_was_shipped_never_moves_back(store: OrderStore, bench: Bench) -> None:
    """An import changes nothing about a shipped order."""
    put(store, order())
    bench.ship(bench.claim())
    assert put(store, moved(order())) == ImportResult(unchanged=1)
    assert state_of(store) is OrderState.SHIPPED
    assert _in_force(store) == order()


@pytest.mark.parametrize("state", [OrderState.PROBLEM, OrderState.HELD])
def test_a_parked_order_stays_parked(store: OrderStore, bench: Bench, state: OrderState) -> None:
    """A change or a vanished row does not free or overwrite what a person decided."""
    put(store, order())
    bench.tell(bench.claim(), state, problem="short", note="two missing")
    assert put(store, moved(order())) == ImportResult(updated=1)
    store.check_missing("amazon", set(), *SPAN)
    store.check_missing("amazon", {"111-1"}, *SPAN)
    found = store.order("111-1")
    assert found is not None
    assert found[1:] == (state, "short: two missing")


def test_a_vanished_order_is_held_until_it_is_listed_again(store: OrderStore) -> None:
    """A waiting order that a full report lacks is held, and freed by the next that lists it."""
    put(store, order("111-1"), order("111-2"))
    assert store.check_missing("amazon", {"111-2"}, *SPAN) == ImportResult(held=1)
    assert store.check_missing("amazon", {"111-2"}, *SPAN) == ImportResult()
    assert state_of(store) is OrderState.HELD
    with pytest.raises(StoreRefused, match="no longer lists"):
        store.claim("bench-1", "Ana", order_id="111-1")
    assert store.check_missing("amazon", {"111-1", "111-2"}, *SPAN) == ImportResult(updated=1)
    assert state_of(store) is OrderState.WAITING


def test_an_import_that_lists_it_frees_a_vanished_order(store: OrderStore) -> None:
    """Also a partial import brings back an order that was held for its absence."""
    put(store, order())
    store.check_missing("amazon", set(), *SPAN)
    assert put(store, order(due_h=30)) == ImportResult(updated=1)
    assert state_of(store) is OrderState.WAITING
    store.check_missing("amazon", set(), *SPAN)
    assert put(store, order(due_h=30)) == ImportResult(updated=1)
    assert state_of(store) is OrderState.WAITING


def test_a_vanished_order_stops_its_packer_once(store: OrderStore, bench: Bench) -> None:
    """A packer is told once, and what he gives back is held, not handed out."""
    put(store, order())
    lease = bench.claim()
    assert store.check_missing("amazon", set(), *SPAN) == ImportResult(stopped=1)
    assert store.check_missing("amazon", set(), *SPAN) == ImportResult()
    assert len(store.stops("bench-1")) == 1
    bench.tell(lease, OrderState.WAITING)
    assert state_of(store) is OrderState.HELD
    assert store.claim("bench-1", "Ana") is None


def test_a_stop_ends_when_the_order_is_listed_again(store: OrderStore, bench: Bench) -> None:
    """A packer is not stopped for an absence that is over."""
    put(store, order())
    bench.claim()
    store.check_missing("amazon", set(), *SPAN)
    assert put(store, order()) == ImportResult(updated=1)
    assert store.stops("bench-1") == ()


def test_a_vanished_order_whose_lease_lapses_is_held(
    store: OrderStore, bench: Bench, clock: Clock
) -> None:
    """A lapse does not hand out what may be cancelled; a parcel that left all the same counts."""
    put(store, order())
    lease = bench.claim()
    store.check_missing("amazon", set(), *SPAN)
    clock.move(601)
    assert store.claim("bench-2", "Bo") is None
    assert state_of(store) is OrderState.HELD
    assert bench.ship(lease) == ()
    assert state_of(store) is OrderState.SHIPPED


def test_only_the_span_and_the_channel_of_a_report_are_checked(store: OrderStore) -> None:
    """What another channel or another time sold cannot be missing from a report."""
    put(store, order("111-1", age_h=20), order("111-2", age_h=2000))
    store.put_orders([order("E-1", age_h=20)], channel="ebay")
    assert store.check_missing("amazon", set(), *SPAN) == ImportResult(held=1)
    assert [row.order_id for row in store.queue(9)] == ["111-2", "E-1"]


def test_channels_cannot_take_each_others_orders(store: OrderStore) -> None:
    """Two channels with the same order number are told, not merged."""
    put(store, order())
    with pytest.raises(StoreRefused, match="has the number of an order of amazon"):
        store.put_orders([moved(order())], channel="ebay")


def test_hostile_text_is_stored_and_nothing_is_lost(store: OrderStore) -> None:
    """NUL, lone surrogates, quotes and right-to-left marks neither crash nor lose an order."""
    # Over HTTP a text ends at 1,000 characters, and what no database holds is replaced before.
    near = isinstance(store, SqlOrderStore)
    evil = "\x00'; DROP TABLE orders;--\ud800\u202e[/red]\x1b]0;x\x07%s:{}\U0001f600"
    evil += "a" * (10_000 if near else 900)
    bad = replace(order("111-" + evil[:60], item("i\x00", 1, evil)), note=evil)
    assert put(store, bad, order("111-2")).new == 2
    assert put(store, bad, order("111-2")) == ImportResult(unchanged=2)
    rows = store.queue(9)
    assert len(rows) == 2
    hostile = next(row.order_id for row in rows if row.order_id != "111-2")
    lease = store.claim("ben\x00ch", evil if near else evil[:200], order_id=hostile)
    assert lease is not None
    assert lease.order.note == (evil if near else storable(evil))


def test_a_number_that_no_database_holds_is_refused_in_words(store: OrderStore) -> None:
    """A quantity beyond 64 bits refuses its batch in words and leaves the store as it was."""
    with pytest.raises(StoreRefused):
        put(store, order("111-1", item("i1", 10**30)))
    assert store.queue(9) == ()
    assert store.counts(NOON, MIDNIGHT).states[OrderState.WAITING] == 0
