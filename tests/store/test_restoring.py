"""A store that was put back from a backup hears from its stations what it has forgotten.

What a store forgot is played by stations that had it from another life of the store: they believe
that it has entries which it never got, under leases that it never gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, order, put, state_of
from store.seats import Keeper, known, lease, refused

from station.model import OrderState
from station.store.restoring import SKIPPED_SERIALS

if TYPE_CHECKING:
    from station.store.port import OrderStore

WAITING, PACKING, SHIPPED = OrderState.WAITING, OrderState.PACKING, OrderState.SHIPPED


def test_a_store_that_knows_less_than_it_said_begins_a_new_epoch(store: OrderStore) -> None:
    """Nobody gets an order until every station has handed over what the store forgot."""
    put(store, order(), order("111-2"))
    first, second = known(store)
    first.entry(lease(1), PACKING)
    first.forgotten()
    assert first.come().epoch == 2
    refused(store, "bench-1", "bench-2")
    assert first.deliver().conflicts == ()
    refused(store, "bench-2")
    assert second.come().epoch == 2
    assert state_of(store) is PACKING
    taken = second.claim()
    assert (taken.order.order_id, taken.fence) == ("111-2", 2**32 + 1)


def test_what_was_forgotten_has_its_effect_again(store: OrderStore) -> None:
    """Shipped is shipped once more, with its label, its line for the channel and its history."""
    put(store, order())
    (first,) = known(store, "bench-1")
    gone = lease(4)
    first.entry(gone, PACKING)
    first.bought(gone, "111-1/1/0")
    first.shipped(gone)
    first.forgotten()
    first.come()
    assert first.deliver().conflicts == ()
    assert state_of(store) is SHIPPED
    assert store.tracking_used("1Z1") == "111-1"
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 1
    assert len(store.history("111-1")) == 3
    assert store.claim("bench-2", "Bo") is None


def test_the_work_in_hand_goes_on_under_its_old_lease(store: OrderStore) -> None:
    """A lease that the store forgot is given back by the first entry about it."""
    put(store, order())
    (first,) = known(store, "bench-1")
    gone = lease(3)
    first.entry(gone, None, kind="opened")
    first.forgotten()
    first.come()
    first.deliver()
    assert store.renew("bench-1", ["111-1"]) == {"111-1": 3}
    assert store.begin_purchase("k1", "111-1", 1, 3, "own").state == "begun"
    first.shipped(gone)
    assert first.deliver().conflicts == ()


def test_what_was_never_sent_has_its_effect_too(store: OrderStore) -> None:
    """Entries that a station wrote while it could not send belong to what the store forgot."""
    put(store, order())
    (first,) = known(store, "bench-1")
    first.note()
    first.forgotten()
    gone = lease(1)
    first.entry(gone, PACKING)
    first.shipped(gone)
    first.come()
    assert first.deliver().conflicts == ()
    assert state_of(store) is SHIPPED


def test_a_station_that_sent_nothing_since_the_backup_tells_its_work(store: OrderStore) -> None:
    """It got an order after the backup and packed it alone: the store hears of it all the same."""
    put(store, order())
    first, second = known(store)
    gone = lease(1)
    second.entry(gone, PACKING)
    second.shipped(gone)
    first.note()
    first.forgotten()
    first.come()
    first.deliver()
    second.come()
    refused(store, "bench-2")
    assert second.deliver().conflicts == ()
    assert state_of(store) is SHIPPED
    assert first.store.claim("bench-1", "Ana") is None


def test_a_station_is_waited_for_until_all_of_its_journal_is_there(store: OrderStore) -> None:
    """A cut in the middle, and coming again after it, do not let the others go on."""
    put(store, order(), order("111-2"))
    (first,) = known(store, "bench-1")
    gone = lease(1)
    for state in (None, None, PACKING):
        first.entry(gone, state)
    first.forgotten()
    first.come()
    first.deliver(1)
    refused(store, "bench-1")
    assert first.come().epoch == 2
    refused(store, "bench-1")
    first.deliver(1)
    assert first.come().epoch == 2
    refused(store, "bench-1")
    first.deliver()
    assert store.claim("bench-9", "Zoe") is not None


def test_an_answer_that_was_lost_changes_nothing(store: OrderStore) -> None:
    """A station that comes again because it heard no welcome raises no second epoch."""
    (first,) = known(store, "bench-1")
    first.note()
    first.forgotten()
    presence = first.presence()
    assert [store.hello("bench-1", presence).epoch for _ in range(3)] == [2, 2, 2]


def test_several_stations_come_back_in_one_epoch(store: OrderStore) -> None:
    """The store was restored once, however many stations notice it."""
    keepers = known(store, "bench-1", "bench-2", "bench-3")
    for keeper in keepers:
        keeper.note()
        keeper.forgotten()
    assert [keeper.come().epoch for keeper in keepers] == [2, 2, 2]
    for keeper in keepers:
        keeper.deliver()
    assert [keeper.come().epoch for keeper in keepers] == [2, 2, 2]


def test_a_bench_from_another_store_raises_nothing(store: OrderStore) -> None:
    """It knows nothing of this store; nobody has to wait for it."""
    put(store, order())
    mover = Keeper(store)
    mover.known = ("another store", 7)
    for _ in range(3):
        mover.note()
    mover.forgotten()
    welcome = mover.come()
    assert (welcome.upto, welcome.epoch) == (0, 1)
    assert store.claim("bench-2", "Bo") is not None
    assert mover.deliver().upto == 3
    assert mover.come().epoch == 1


def test_what_another_bench_got_since_then_stays_there(store: OrderStore) -> None:
    """Late work on an order that was given out in the new epoch is a conflict for a person."""
    put(store, order())
    first, second = known(store)
    first.note()
    first.forgotten()
    first.come()
    first.deliver()
    second.come()
    taken = second.claim()
    assert taken.fence > 2**32
    late = Keeper(store, "bench-3")
    late.known = first.known[0], 1
    gone = lease(9)
    late.entry(gone, PACKING)
    late.shipped(gone)
    late.forgotten()
    late.come()
    assert late.deliver().conflicts == (1, 2)
    assert store.renew("bench-2", ["111-1"]) == {"111-1": taken.fence}
    second.shipped(taken)
    assert second.deliver().conflicts == ()


@pytest.mark.parametrize("packer", ["packer of bench-1", "packer of bench-2"])
def test_what_another_bench_had_before_was_given_on(store: OrderStore, packer: str) -> None:
    """The backup shows who had an order then; the higher fence is his who got it afterwards."""
    put(store, order())
    first, second = known(store)
    first.entry(first.claim(), PACKING)
    first.deliver()
    second.packer = packer
    gone = lease(2)
    second.entry(gone, PACKING)
    second.shipped(gone)
    second.forgotten()
    second.come()
    assert second.deliver().conflicts == ()
    assert state_of(store) is SHIPPED
    first.shipped(lease(1), "1Z2")
    first.come()
    assert first.deliver().conflicts == (3,)
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 1


@pytest.mark.parametrize("before", [OrderState.PROBLEM, OrderState.HELD])
def test_what_was_parked_before_was_let_go(store: OrderStore, before: OrderState) -> None:
    """A problem or a hold of the backup does not undo that the order was packed afterwards."""
    put(store, order())
    first, second = known(store)
    first.entry(first.claim(), before, {"problem": "short"})
    first.deliver()
    second.shipped(lease(2))
    second.forgotten()
    second.come()
    assert second.deliver().conflicts == ()
    assert state_of(store) is SHIPPED


def test_a_cancelled_order_stays_cancelled_whatever_was_forgotten(store: OrderStore) -> None:
    """A parcel of a cancelled order is a conflict for the supervisor."""
    put(store, order())
    (first,) = known(store, "bench-1")
    first.shipped(lease(1))
    first.forgotten()
    store.halt("111-1", OrderState.CANCELLED, "called")
    first.come()
    assert first.deliver().conflicts == (2,)
    assert state_of(store) is OrderState.CANCELLED


def test_orders_that_the_store_forgot_come_with_the_next_report(store: OrderStore) -> None:
    """They are where their stations left them as soon as they are imported again."""
    first, second = known(store)
    gone = lease(1), lease(2)
    first.entry(gone[0], PACKING)
    second.entry(gone[1], PACKING)
    second.bought(gone[1], "k1", "1Z5")
    second.shipped(gone[1], "1Z5")
    for keeper, expected in ((second, (2, 3, 4)), (first, (2,))):
        keeper.forgotten()
        keeper.come()
        assert keeper.deliver().conflicts == expected
    put(store, order(), order("111-2"))
    assert state_of(store) is SHIPPED
    assert store.tracking_used("1Z5") == "111-1"
    third = Keeper(store, "bench-3", "Cy")
    third.come()
    assert third.claim().order.order_id == "111-2"
    assert store.claim("bench-3", "Cy") is None


def test_an_order_given_back_after_the_backup_begins_anew(store: OrderStore) -> None:
    """Its next lease has a higher fence than all that were given, and no work of before."""
    put(store, order())
    (first,) = known(store, "bench-1")
    gone = lease(7)
    first.entry(gone, PACKING)
    first.entry(gone, WAITING)
    first.forgotten()
    first.come()
    first.deliver()
    taken = first.claim()
    assert taken.fence == 2**32 + 1
    assert taken.entries == ()


def test_label_numbers_jump_over_those_that_may_be_used(store: OrderStore) -> None:
    """Also when the backup is older than the first label."""
    (first,) = known(store, "bench-1")
    first.note()
    first.forgotten()
    first.come()
    assert store.serials("bench-1", 1) > SKIPPED_SERIALS
    last = store.serials("bench-1", 1)
    first.deliver()
    first.come()
    first.note()
    first.forgotten()
    first.come()
    assert store.serials("bench-1", 1) > last + SKIPPED_SERIALS


def test_a_fence_beyond_all_epochs_is_nobody_s(store: OrderStore) -> None:
    """A number that no store ever gave cannot push an order out of everybody's reach."""
    put(store, order())
    (first,) = known(store, "bench-1")
    first.entry(lease(2**53 - 1), PACKING)
    first.forgotten()
    first.come()
    assert first.deliver().conflicts == (2,)
    assert first.claim().fence == 2**32 + 1


def test_an_older_life_of_the_store_is_known_by_its_epoch(store: OrderStore) -> None:
    """A station that heard of a later epoch shows that one was lost, with all its entries here."""
    put(store, order())
    (first,) = known(store, "bench-1")
    first.known = first.known[0], 5
    assert first.come().epoch == 6
    assert first.claim().fence == 5 * 2**32 + 1
