"""One memory speaks for a station: who may come, and who is put into quarantine."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from store.samples import NOON, order, put, state_of
from store.seats import Keeper

from station.errors import Quarantined
from station.model import OrderState

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.port import OrderStore


def _grown(store: OrderStore, entries: int = 3) -> Keeper:
    """Return a station that came and sent some entries."""
    keeper = Keeper(store)
    keeper.come()
    for _ in range(entries):
        keeper.note()
    keeper.deliver()
    return keeper


def _copied(keeper: Keeper, run: str = "") -> Keeper:
    """Return another machine with the same disk."""
    other = Keeper(keeper.store, keeper.station, keeper.packer)
    other.seq, other.sent, other.known = keeper.seq, keeper.sent, keeper.known
    other.entries = deepcopy(keeper.entries)
    other.run = run or keeper.run
    return other


def test_a_station_is_told_how_far_its_journal_is_known(store: OrderStore, clock: Clock) -> None:
    """The welcome has the highest seq, the store's own id, its epoch and its time."""
    keeper = Keeper(store)
    first = keeper.come()
    assert (first.upto, first.epoch) == (0, 1)
    assert first.at == NOON
    assert first.store
    keeper.note()
    keeper.note()
    keeper.deliver()
    clock.move(60)
    assert keeper.come() == replace(first, upto=2, at=NOON + timedelta(seconds=60))
    assert Keeper(store, "bench-2").come() == replace(first, at=first.at + timedelta(seconds=60))


def test_a_program_that_starts_again_may_come_each_time(store: OrderStore) -> None:
    """One run after the other, and the same run after each cut of the network, are one memory."""
    keeper = _grown(store)
    for run in ("second", "second", "third", "third", "fourth"):
        keeper.run = run
        assert keeper.come().upto == 3


def test_two_runs_that_take_turns_are_two_machines(store: OrderStore) -> None:
    """A run that another one replaced may not come back: its disk was copied."""
    keeper = _grown(store)
    clone = _copied(keeper, "run of the clone")
    assert clone.come().upto == 3
    with pytest.raises(Quarantined, match="Another machine works under the name bench-1"):
        keeper.come()
    assert clone.come().upto == 3
    with pytest.raises(Quarantined, match="Another machine") as caught:
        keeper.come()
    assert "journal renew" in caught.value.remedy


def test_a_disk_put_back_from_an_old_image_is_refused(store: OrderStore) -> None:
    """A station that remembers less than it sent may not come, and the store stays as it is."""
    keeper = _grown(store)
    old = _copied(keeper, "run of the image")
    old.seq = old.sent = 2
    with pytest.raises(Quarantined, match="remembers 2 entries, the store was sent 3"):
        old.come()
    assert keeper.come().upto == 3


def test_a_memory_that_lost_what_it_sent_is_refused(store: OrderStore) -> None:
    """Nobody has sent more than he remembers, whatever the store knows of it."""
    keeper = _grown(store)
    keeper.sent = 9
    with pytest.raises(Quarantined, match="remembers 3 entries, the store was sent 9"):
        keeper.come()
    assert Keeper(store, "bench-2").come().epoch == 1


def test_an_old_image_that_grew_is_noticed_by_its_story(store: OrderStore) -> None:
    """Other entries under known numbers are refused, and none of them is kept."""
    keeper = _grown(store)
    old = _copied(keeper, "run of the image")
    old.seq, old.sent, old.entries = 1, 1, old.entries[:1]
    put(store, order())
    lease = old.claim()
    for state in (None, OrderState.PACKING, OrderState.PACKING):
        old.entry(lease, state)
    assert old.come().upto == 3
    with pytest.raises(Quarantined, match="Entry 2 of bench-1 is not the one the store has"):
        old.deliver()
    assert store.history("111-1") == ()
    assert state_of(store) is OrderState.CLAIMED


@pytest.mark.parametrize("change", [{"kind": "seen"}, {"fence": 1}, {"order_id": "111-1"}])
def test_a_known_number_has_one_story(store: OrderStore, change: dict[str, object]) -> None:
    """What an entry is about, its fence and its kind are compared with what is known."""
    keeper = _grown(store)
    other = replace(keeper.entries[1], **change)  # type: ignore[arg-type]  # one field each
    with pytest.raises(Quarantined, match="Entry 2"):
        store.apply("bench-1", [other], journal=keeper.journal)
    assert store.apply("bench-1", keeper.entries, journal=keeper.journal).upto == 3


def test_a_reinstalled_bench_begins_anew(store: OrderStore) -> None:
    """A new journal under an old name is welcome, and its entries count from 1."""
    put(store, order())
    before = _grown(store)
    before.entry(before.claim(), OrderState.PACKING)
    before.deliver()
    after = Keeper(store)
    after.journal, after.run = "a new disk", "run of the new disk"
    assert after.come().upto == 0
    assert store.claimed("bench-1") == ()
    after.entry(after.claim("111-1"), OrderState.PACKED)
    assert after.deliver().conflicts == ()
    assert state_of(store) is OrderState.PACKED
    assert [(entry.seq, entry.state) for _, entry in store.history("111-1")] in (
        [(1, OrderState.PACKED), (4, OrderState.PACKING)],
        [(4, OrderState.PACKING), (1, OrderState.PACKED)],
    )


def test_a_journal_that_was_replaced_may_not_come_back(store: OrderStore) -> None:
    """The bench that was reinstalled, or taken from the drawer, neither comes nor sends."""
    before = _grown(store)
    after = Keeper(store)
    after.journal, after.run = "a new disk", "run of the new disk"
    after.come()
    before.note()
    with pytest.raises(Quarantined, match="Another journal counts for bench-1"):
        before.deliver()
    before.run = "once more"
    with pytest.raises(Quarantined, match="replaced by a newer one"):
        before.come()
    after.note()
    assert after.deliver().upto == 1


def test_the_journal_of_an_old_program_is_adopted(store: OrderStore) -> None:
    """A journal that had no id gets one, and goes on where it was."""
    keeper = Keeper(store)
    keeper.note()
    keeper.note()
    assert store.apply("bench-1", keeper.entries).upto == 2
    assert keeper.come().upto == 2
    keeper.note()
    assert keeper.deliver().upto == 3
    stranger = replace(keeper.presence(), journal="another", run="other run")
    assert store.hello("bench-1", stranger).upto == 0
    with pytest.raises(Quarantined):
        keeper.come()


def test_an_old_program_that_only_sends_is_adopted_by_its_first_id(store: OrderStore) -> None:
    """A journal that names itself with its entries is the one that counts from then on."""
    keeper = Keeper(store)
    keeper.note()
    store.apply("bench-1", keeper.entries)
    keeper.note()
    assert keeper.deliver().upto == 2
    with pytest.raises(Quarantined, match="Another journal counts"):
        store.apply("bench-1", [], journal="another")
    assert keeper.come().upto == 2


def test_quarantine_is_one_station_s(store: OrderStore) -> None:
    """While one bench is in quarantine the others come and get orders."""
    put(store, order())
    keeper = _grown(store)
    _copied(keeper, "run of the clone").come()
    with pytest.raises(Quarantined):
        keeper.come()
    other = Keeper(store, "bench-2", "Bo")
    assert other.come().epoch == 1
    assert other.claim().order.order_id == "111-1"
