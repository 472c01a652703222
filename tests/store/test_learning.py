"""Labels that the store hears of from a journal: made while it was away, or forgotten by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, label, order, put, state_of
from store.seats import Keeper, lease

from station.errors import StoreRefused
from station.model import OrderState

if TYPE_CHECKING:
    from station.store.port import OrderStore, Purchase

WRONG = [True, False, 0, -1, "1", 1.5, None, [1]]


@pytest.fixture
def keeper(store: OrderStore) -> Keeper:
    """Return a station with an order on its bench."""
    put(store, order(), order("111-2", due_h=9))
    return Keeper(store)


def _known(store: OrderStore, order_id: str = "111-1") -> Purchase:
    found = store.label(order_id)
    assert found is not None
    return found


def test_a_label_made_while_the_store_was_away_is_learnt(store: OrderStore, keeper: Keeper) -> None:
    """Its tracking id is used from then on, and the package has its label."""
    mine = keeper.claim("111-1")
    keeper.bought(mine, "111-1/1/0", "00340000161000000018")
    keeper.shipped(mine, "00340000161000000018")
    assert keeper.deliver().conflicts == ()
    known = _known(store)
    assert (known.key, known.state, known.order_id, known.package) == (
        "111-1/1/0",
        "bought",
        "111-1",
        1,
    )
    assert known.label is not None
    assert (known.label.tracking_id, known.label.carrier_code) == ("00340000161000000018", "UPS")
    assert store.tracking_used("00340000161000000018") == "111-1"
    assert state_of(store) is OrderState.SHIPPED
    second = keeper.claim("111-2")
    store.begin_purchase("k2", "111-2", 1, second.fence, "own")
    with pytest.raises(StoreRefused, match="used by order 111-1"):
        store.finish_purchase("k2", label("00340000161000000018", "111-2"))


def test_a_purchase_whose_answer_was_lost_is_finished_by_its_entry(
    store: OrderStore, keeper: Keeper
) -> None:
    """What was begun becomes bought, with the number that it had."""
    mine = keeper.claim("111-1")
    begun = store.begin_purchase("k1", "111-1", 1, mine.fence, "own")
    keeper.bought(mine, "k1", "1Z9")
    keeper.deliver()
    known = _known(store)
    assert (known.state, known.serial) == ("bought", begun.serial)
    assert store.tracking_used("1Z9") == "111-1"


def test_what_a_carrier_sold_stays_as_it_is(store: OrderStore, keeper: Keeper) -> None:
    """An entry about a purchase that the store has finished changes nothing of it."""
    mine = keeper.claim("111-1")
    store.begin_purchase("k1", "111-1", 1, mine.fence, "Amazon Shipping")
    bought = store.finish_purchase("k1", label("1Z1"))
    keeper.bought(mine, "k1", "1Z7")
    assert keeper.deliver().conflicts == ()
    assert _known(store) == bought
    assert store.tracking_used("1Z7") is None


def test_a_label_that_was_made_void_is_learnt_to_be(store: OrderStore, keeper: Keeper) -> None:
    """The package may have another label, and the entries are learnt in their order."""
    mine = keeper.claim("111-1")
    keeper.bought(mine, "k0", "1Z0")
    keeper.entry(mine, None, {"key": "k0", "package": 1}, kind="voided")
    keeper.bought(mine, "k1", "1Z1")
    assert keeper.deliver().conflicts == ()
    assert _known(store).key == "k1"
    assert store.tracking_used("1Z0") is None
    keeper.entry(mine, None, {"key": "k9", "package": 1}, kind="voided")
    assert keeper.deliver().conflicts == ()


def test_the_label_of_another_order_is_not_learnt(store: OrderStore, keeper: Keeper) -> None:
    """Neither a key nor a tracking id is moved from one order to another by an entry."""
    mine, second = keeper.claim("111-1"), keeper.claim("111-2")
    keeper.bought(mine, "k1", "1Z1")
    keeper.bought(second, "k1", "1Z2")
    keeper.bought(second, "k2", "1Z1")
    keeper.entry(second, None, {"key": "k1", "package": 1}, kind="voided")
    assert keeper.deliver().upto == 4
    assert _known(store).state == "bought"
    assert store.label("111-2") is None
    assert store.tracking_used("1Z1") == "111-1"


def test_two_boxes_with_one_number_are_a_problem(store: OrderStore, keeper: Keeper) -> None:
    """The second box is kept back, with words about the first one."""
    mine, second = keeper.claim("111-1"), keeper.claim("111-2")
    keeper.bought(mine, "k1", "1Z1")
    keeper.shipped(mine, "1Z1")
    keeper.bought(second, "k2", "1Z1")
    keeper.shipped(second, "1Z1")
    keeper.deliver()
    assert state_of(store, "111-1") is OrderState.SHIPPED
    found = store.order("111-2")
    assert found is not None
    assert found[1:] == (OrderState.PROBLEM, "Tracking id 1Z1 is on the box of order 111-1 too.")
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 1


def test_a_package_has_one_live_label(store: OrderStore, keeper: Keeper) -> None:
    """A second label for it, under another key, is not learnt."""
    mine = keeper.claim("111-1")
    keeper.bought(mine, "k1", "1Z1")
    keeper.bought(mine, "k2", "1Z2")
    assert keeper.deliver().upto == 2
    assert _known(store).key == "k1"
    assert store.tracking_used("1Z2") is None


def test_work_without_effect_teaches_nothing(store: OrderStore, keeper: Keeper) -> None:
    """Labels of a station that had lost the order are not the package's."""
    mine = keeper.claim("111-1")
    store.claim("bench-2", "Ana", order_id="111-1")
    keeper.bought(mine, "k1", "1Z1")
    assert keeper.deliver().conflicts == (1,)
    assert store.label("111-1") is None


def test_an_order_that_comes_in_late_is_where_its_bench_left_it(store: OrderStore) -> None:
    """What was said about an order that the store did not know is done when it is imported."""
    keeper = Keeper(store)
    gone = lease(2, "999")
    keeper.entry(gone, OrderState.PACKING)
    keeper.bought(gone, "999/1/0", "1Z999")
    keeper.shipped(gone, "1Z999")
    assert keeper.deliver().conflicts == (1, 2, 3)
    assert put(store, order("999"), order("998")).new == 2
    assert state_of(store, "999") is OrderState.SHIPPED
    assert _known(store, "999").state == "bought"
    assert store.tracking_used("1Z999") == "999"
    counts = store.counts(NOON, MIDNIGHT)
    assert (counts.states[OrderState.SHIPPED], counts.states[OrderState.WAITING]) == (1, 1)
    assert counts.confirmations["pending"] == 1
    applied = store.apply("bench-1", keeper.entries, journal=keeper.journal)
    assert (applied.upto, applied.conflicts) == (3, ())
    assert put(store, order("999")).unchanged == 1
    assert store.counts(NOON, MIDNIGHT) == counts


def test_an_order_that_comes_in_late_is_its_last_station_s(store: OrderStore) -> None:
    """Of several stations that had it, the one with the higher fence counts, whoever sent first."""
    first, second = Keeper(store, "bench-1"), Keeper(store, "bench-2", "Bo")
    first.entry(lease(1, "999"), OrderState.PACKING)
    first.shipped(lease(1, "999"), "1Z7")
    second.entry(lease(2, "999"), OrderState.PACKING)
    second.deliver()
    first.entries[1] = replace(first.entries[1], data={})
    first.deliver()
    put(store, order("999"))
    found = store.order("999")
    assert found is not None
    assert found[1:] == (OrderState.PACKING, "bench-2 · Bo")
    second.shipped(lease(2, "999"), "1Z8")
    assert second.deliver().conflicts == ()


def test_a_label_that_makes_no_sense_does_not_block_the_journal(
    store: OrderStore, keeper: Keeper
) -> None:
    """Whatever stands in an entry, those behind it are taken over."""
    mine = keeper.claim("111-1")
    for field in ("key", "package", "tracking_id", "carrier_code"):
        for wrong in WRONG:
            entry = keeper.bought(mine, f"k{keeper.seq}", f"1Z-{keeper.seq}")
            entry.data[field] = wrong
    keeper.shipped(mine, "1Z77")
    assert keeper.deliver().upto == 4 * len(WRONG) + 1
    assert state_of(store) is OrderState.SHIPPED
