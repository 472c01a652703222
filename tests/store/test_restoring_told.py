"""A restore that a person told, and stations that are waited for or not."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from store.samples import order, put, state_of
from store.seats import Keeper, known, lease, refused

from station.model import OrderState
from station.store.restoring import SILENT_S

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.sql import SqlOrderStore


def test_a_restore_that_a_person_told_pauses_the_store(sql_store: SqlOrderStore) -> None:
    """Each station that comes with nothing forgotten is waited for no longer."""
    put(sql_store, order())
    first, second = known(sql_store)
    assert sql_store.restored() == 2
    assert sql_store.awaited() == ("bench-1", "bench-2")
    assert first.come().epoch == 2
    refused(sql_store, "bench-2")
    second.come()
    assert sql_store.awaited() == ()
    assert first.claim().fence == 2**32 + 1


def test_two_restores_of_one_backup_are_two_epochs(sql_store: SqlOrderStore) -> None:
    """An epoch that some station heard of in a life that was lost is never given again."""
    put(sql_store, order())
    first, second = known(sql_store)
    assert sql_store.restored() == 2
    first.known = first.known[0], 2
    assert first.come().epoch == 3
    second.known = second.known[0], 2
    assert second.come().epoch == 3
    assert sql_store.awaited() == ()
    assert first.claim().fence == 2 * 2**32 + 1


def test_a_station_may_be_excused(sql_store: SqlOrderStore) -> None:
    """The others go on, and what it still tells when it comes has its effect where it can."""
    put(sql_store, order(), order("111-2"))
    first, second = known(sql_store)
    second.shipped(lease(1))
    second.forgotten()
    first.note()
    first.forgotten()
    first.come()
    first.deliver()
    assert sql_store.awaited() == ("bench-2",)
    assert sql_store.excuse("bench-2")
    assert not sql_store.excuse("bench-2")
    assert not sql_store.excuse("nobody")
    taken = sql_store.claim("bench-1", "Ana", order_id="111-2")
    assert taken is not None
    assert second.come().epoch == 2
    assert sql_store.awaited() == ()
    assert second.deliver().conflicts == ()
    assert state_of(sql_store) is OrderState.SHIPPED


def test_a_bench_that_was_reinstalled_is_not_waited_for(sql_store: SqlOrderStore) -> None:
    """What was only on its lost disk will never come."""
    known(sql_store, "bench-1")
    sql_store.restored()
    anew = Keeper(sql_store)
    anew.journal = "a new disk"
    anew.come()
    assert sql_store.awaited() == ()


@pytest.mark.parametrize("days", [0, 30])
def test_only_stations_that_were_silent_before_the_backup_are_excused(
    sql_store: SqlOrderStore, clock: Clock, days: int
) -> None:
    """How old the backup is does not matter: who was at work when it was made is waited for."""
    known(sql_store, "retired")
    clock.move(SILENT_S + 60)
    first, _, third = known(sql_store, "bench-1", "bench-2", "bench-3")
    clock.move(days * 86400)
    third.come()
    first.note()
    first.forgotten()
    first.come()
    assert sql_store.awaited() == ("bench-1", "bench-2", "bench-3")


def test_each_epoch_is_higher_than_the_last(sql_store: SqlOrderStore) -> None:
    """Fences rise with every restore, whoever noticed it."""
    put(sql_store, order())
    (first,) = known(sql_store, "bench-1")
    fences = []
    for n in count(2):
        taken = first.claim()
        fences.append(taken.fence)
        first.entry(taken, OrderState.WAITING)
        first.deliver()
        if n > 4:
            break
        assert sql_store.restored() == sql_store.ping() == n
        first.come()
    assert fences == [1, 2**32 + 1, 2 * 2**32 + 1, 3 * 2**32 + 1]


def test_a_lapsed_lease_of_an_earlier_epoch_is_not_gone_on_with(
    sql_store: SqlOrderStore, clock: Clock
) -> None:
    """Its fence may be lower than one that was given in the life that was lost."""
    put(sql_store, order())
    first, second = known(sql_store)
    first.claim()
    sql_store.restored()
    first.come()
    second.come()
    clock.move(700)
    assert first.claim().fence == 2**32 + 1
