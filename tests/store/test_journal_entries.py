from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, item, order, put, state_of

from station.errors import StoreRefused
from station.model import Entry, OrderState
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from station.store.port import OrderStore


def _pending(store: OrderStore) -> int:
    return store.counts(NOON, MIDNIGHT).confirmations["pending"]


def test_entries_move_the_order(store: OrderStore, bench: Bench) -> None:
    """Each state that a station may tell is where the order then stands."""
    put(store, order())
    lease = bench.claim()
    for state in (OrderState.PACKING, OrderState.PACKED, OrderState.PACKING, OrderState.WAITING):
        assert bench.tell(lease, state) == ()
        assert state_of(store) is state
    again = bench.claim()
    assert again.fence == lease.fence + 1
    assert bench.ship(again) == ()
    assert state_of(store) is OrderState.SHIPPED


def test_entries_are_taken_once_whatever_is_sent_again(store: OrderStore, bench: Bench) -> None:
    """The same entries again change nothing and give the same answer."""
    put(store, order())
    lease = bench.claim()
    sent = [bench.entry(lease, OrderState.PACKING), bench.shipped(lease)]
    assert store.apply("bench-1", sent).upto == 2
    assert store.apply("bench-1", sent).upto == 2
    more = [*sent[::-1], bench.entry(lease, None), sent[0]]
    applied = store.apply("bench-1", more)
    assert (applied.upto, applied.conflicts) == (3, ())
    assert len(store.history("111-1")) == 3
    assert _pending(store) == 1
    assert store.apply("bench-1", []).upto == 3


def test_a_gap_names_what_is_needed_next(store: OrderStore, bench: Bench) -> None:
    """Entries after a gap are refused, and nothing of the call is kept."""
    put(store, order())
    lease = bench.claim()
    first, second, third = (bench.entry(lease, None) for _ in range(3))
    with pytest.raises(StoreRefused, match="entry 1 is needed next"):
        store.apply("bench-1", [second])
    with pytest.raises(StoreRefused, match="entry 2 is needed next"):
        store.apply("bench-1", [first, third])
    assert store.history("111-1") == ()
    assert store.apply("bench-1", [first, second, third]).upto == 3


def test_a_replaced_journal_is_noticed(store: OrderStore, bench: Bench) -> None:
    """A new journal under an old name is refused instead of being swallowed."""
    put(store, order())
    lease = bench.claim()
    bench.tell(lease, OrderState.PACKING)
    strange = replace(bench.entry(lease, None), seq=1, at=NOON + timedelta(hours=9))
    with pytest.raises(StoreRefused, match="journal was replaced"):
        store.apply("bench-1", [strange])


def test_old_work_is_kept_and_has_no_effect(store: OrderStore, bench: Bench, other: Bench) -> None:
    """Entries under an old fence are conflicts, in every answer that is asked for them."""
    put(store, order())
    old = bench.claim()
    bench.tell(old, OrderState.WAITING)
    new = other.claim()
    entry = bench.shipped(old)
    assert bench.send(entry).conflicts == (2,)
    assert bench.send(entry).conflicts == (2,)
    assert state_of(store) is OrderState.CLAIMED
    assert _pending(store) == 0
    assert other.ship(new) == ()
    assert len(store.history("111-1")) == 3


def test_a_fence_of_another_station_opens_nothing(
    store: OrderStore, bench: Bench, other: Bench
) -> None:
    """A station that names the right fence without holding the lease has no effect."""
    put(store, order())
    lease = bench.claim()
    assert other.ship(lease) == (1,)
    assert state_of(store) is OrderState.CLAIMED


def test_an_order_nobody_knows_is_a_conflict(store: OrderStore, bench: Bench) -> None:
    """An entry about an unknown order is kept, and a fact about no order is none."""
    stray = Entry(1, "scanned", "999", 1, "Ana", NOON, OrderState.PACKING)
    signed_in = Entry(2, "signed_in", "", 0, "Ana", NOON)
    assert bench.send(stray, signed_in).conflicts == (1,)
    assert store.history("999") == (("bench-1", stray),)


def test_a_problem_parks_the_order_with_its_reason(store: OrderStore, bench: Bench) -> None:
    """A parked order is free of its station and says what is wrong."""
    put(store, order())
    lease = bench.claim()
    bench.tell(lease, OrderState.PROBLEM, problem="short", note="only 1\x1b[2J of 2")
    found = store.order("111-1")
    assert found is not None
    assert found[1:] == (OrderState.PROBLEM, "short: only 1[2J of 2")
    assert bench.tell(lease, None) == ()
    assert bench.tell(lease, OrderState.PACKING) == (3,)


def test_a_shipped_package_is_a_line_for_each_item(store: OrderStore, bench: Bench) -> None:
    """Shipping writes what the channel will be told, with codes where the packer scanned them."""
    put(store, order("111-1", item("i1", 2), item("i2", 1, "SPOON")))
    lease = bench.claim()
    entry = bench.shipped(lease, "1Z\t9")
    entry.data["transparency"] = {"i1": ["AZ:A", "AZ:B"]}
    bench.send(entry)
    export = store.begin_export("x.txt")
    assert export is not None
    first, second = export.lines
    assert (first.item_id, first.quantity, first.tracking_id) == ("i1", 2, "1Z 9")
    assert first.transparency_codes == ("AZ:A", "AZ:B")
    assert (second.item_id, second.quantity, second.shipped) == ("i2", 1, entry.at)
    assert (second.carrier_code, second.carrier_name) == ("UPS", "UPS")
    assert second.ship_method == "Ground"


def test_an_order_leaves_in_several_packages_each_once(store: OrderStore, bench: Bench) -> None:
    """A second package adds its lines; the same package again is a conflict."""
    put(store, order("111-1", item("i1", 2)))
    lease = bench.claim()
    assert bench.ship(lease) == ()
    assert bench.ship(lease, "1Z2", package=2) == ()
    assert bench.ship(lease, "1Z3", package=2) == (3,)
    assert bench.tell(lease, OrderState.PACKING) == (4,)
    assert _pending(store) == 2
    assert state_of(store) is OrderState.SHIPPED


def test_a_late_package_makes_a_confirmed_order_shipped_again(
    store: OrderStore, bench: Bench
) -> None:
    """An order is confirmed when all its packages are."""
    put(store, order())
    lease = bench.claim()
    bench.ship(lease)
    for package in (2, 3):
        export = store.begin_export("x.txt")
        assert export is not None
        store.finish_export(export.export_id)
        assert state_of(store) is OrderState.CONFIRMED
        bench.ship(lease, f"1Z{package}", package)
        assert state_of(store) is OrderState.SHIPPED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"package": 1, "items": []},
        {"package": 1, "items": "i1"},
        {"package": 1, "items": [["i1"]]},
        {"package": 1, "items": [["i1", 0]]},
        {"package": 1, "items": [["i1", True]]},
        {"package": 1, "items": [["i1", "2"]]},
        {"package": 1, "items": [["i9", 1]]},
        {"package": "1", "items": [["i1", 1]]},
        {"package": 0, "items": [["i1", 1]]},
    ],
)
def test_a_shipped_entry_that_makes_no_sense_is_kept_without_effect(
    store: OrderStore, bench: Bench, data: dict[str, object]
) -> None:
    """What cannot be confirmed does not block the journal behind it, and ships nothing."""
    put(store, order())
    lease = bench.claim()
    assert bench.send(bench.entry(lease, OrderState.SHIPPED, data)).conflicts == (1,)
    assert state_of(store) is OrderState.CLAIMED
    assert bench.ship(lease) == ()


@pytest.mark.parametrize("state", [OrderState.CONFIRMED, OrderState.CANCELLED])
def test_a_station_cannot_tell_what_only_the_store_knows(
    store: OrderStore, bench: Bench, state: OrderState
) -> None:
    """Confirmed and cancelled are not for a station to say."""
    put(store, order())
    lease = bench.claim()
    assert bench.tell(lease, state) == (1,)
    assert state_of(store) is OrderState.CLAIMED


def test_history_is_in_the_order_of_the_journal(store: OrderStore, bench: Bench) -> None:
    """A station's clock that was set back does not turn its facts around."""
    put(store, order())
    lease = bench.claim()
    late = replace(bench.entry(lease, None), at=NOON + timedelta(hours=1))
    early = replace(bench.entry(lease, None), at=NOON)
    bench.send(late, early)
    assert [entry.seq for _, entry in store.history("111-1")] == [1, 2]


def test_an_entry_comes_back_as_it_was_sent(store: OrderStore, bench: Bench) -> None:
    """Every field of an entry is kept, to the millisecond."""
    put(store, order())
    lease = bench.claim()
    data: dict[str, object] = {"n": 1, "codes": ["a", None, 1.5], "note": "\x00\ud800é"}
    sent = replace(bench.entry(lease, OrderState.PACKING, data), at=NOON.replace(microsecond=7000))
    bench.send(sent)
    # Over HTTP what no database holds is replaced at the border already.
    near = isinstance(store, SqlOrderStore)
    stored = sent if near else replace(sent, data=data | {"note": "��é"})
    assert store.history("111-1") == (("bench-1", stored),)


def test_a_batch_of_entries_is_one_transaction(store: OrderStore, bench: Bench) -> None:
    """Many entries about many orders are taken over in one call."""
    put(store, *(order(f"111-{n:03}", due_h=n) for n in range(30)))
    sent = []
    for _ in range(30):
        lease = bench.claim()
        sent += [bench.entry(lease, OrderState.PACKING), bench.shipped(lease)]
    assert bench.send(*sent).upto == 60
    assert store.counts(NOON, MIDNIGHT).states[OrderState.SHIPPED] == 30
    assert _pending(store) == 30
