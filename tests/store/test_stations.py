"""Who may come, and what a station may do about another's orders: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.samples import Bench, moved, order, put, state_of
from store.seats import Keeper, Seat

from station.errors import StoreRefused
from station.model import OrderState

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.port import OrderStore


@pytest.fixture
def mine(store: OrderStore) -> Seat:
    """Return the seat of the station that has the order."""
    return Seat(store, "bench-1")


@pytest.fixture
def stranger(store: OrderStore) -> Seat:
    """Return the seat of a station that has nothing to do with it."""
    return Seat(store, "bench-2")


def test_no_station_buys_for_another_s_order(
    store: OrderStore, bench: Bench, mine: Seat, stranger: Seat
) -> None:
    """With the right fence and the right key it still is no longer, or never was, on its bench."""
    put(store, order())
    fence = bench.claim().fence
    with pytest.raises(StoreRefused, match="no longer on this bench"):
        stranger.begin("k1", fence)
    begun = mine.begin("k1", fence)
    for call in (
        lambda: stranger.begin("k1", fence),
        lambda: stranger.finish("k1"),
        lambda: stranger.void("k1"),
    ):
        with pytest.raises(StoreRefused, match="The purchase k1 is not known"):
            call()
    assert mine.label() == begun


def test_no_station_touches_another_s_label(
    store: OrderStore, bench: Bench, mine: Seat, stranger: Seat
) -> None:
    """Neither its address nor its number is seen, and it cannot be made void."""
    put(store, order())
    mine.begin("k1", bench.claim().fence)
    bought = mine.finish("k1")
    assert stranger.label() is None
    for call in (lambda: stranger.void("k1"), lambda: stranger.finish("k1", "1Z2")):
        with pytest.raises(StoreRefused, match="is not known"):
            call()
    assert mine.label() == bought
    bench.ship(bench.claim("111-1"))
    assert stranger.label() is None
    assert mine.label() == bought


def test_what_is_another_s_looks_like_what_is_not_there(
    store: OrderStore, bench: Bench, mine: Seat, stranger: Seat
) -> None:
    """Nobody learns by asking which purchases other stations have begun."""
    put(store, order())
    mine.begin("k1", bench.claim().fence)
    told = []
    for key in ("k1", "k2"):
        with pytest.raises(StoreRefused) as caught:
            stranger.void(key)
        told.append(str(caught.value).replace(key, "…"))
    assert told[0] == told[1]


def test_no_station_answers_another_s_stop(
    store: OrderStore, bench: Bench, mine: Seat, stranger: Seat
) -> None:
    """A stop stays until the station that it is for has shown it, however often others answer."""
    put(store, order())
    bench.claim()
    put(store, moved(order()))
    (stop,) = store.stops("bench-1")
    stranger.answer(stop.stop_id)
    assert store.stops("bench-1") == (stop,)
    assert store.stops("bench-2") == ()
    mine.answer(stop.stop_id)
    mine.answer(stop.stop_id)
    stranger.answer(stop.stop_id)
    mine.answer(stop.stop_id + 99)
    assert store.stops("bench-1") == ()


def test_a_key_stays_with_its_order(store: OrderStore, bench: Bench, mine: Seat) -> None:
    """A station that has both orders cannot use the key of one for the other."""
    put(store, order(), order("111-2"))
    mine.begin("k1", bench.claim("111-1").fence)
    second = bench.claim("111-2")
    with pytest.raises(StoreRefused, match="belongs to order 111-1"):
        mine.begin("k1", second.fence, "111-2")


def test_the_next_holder_may_make_a_forgotten_label_void(
    store: OrderStore, bench: Bench, other: Bench, mine: Seat, stranger: Seat, clock: Clock
) -> None:
    """Who has the order on his bench now decides about a purchase that was left unfinished."""
    put(store, order())
    mine.begin("k1", bench.claim().fence)
    clock.move(601)
    lease = other.claim()
    with pytest.raises(StoreRefused, match="has a label already"):
        stranger.begin("k2", lease.fence)
    stranger.void("k1")
    assert stranger.begin("k2", lease.fence).state == "begun"


def test_entries_of_a_stranger_have_no_effect(store: OrderStore, bench: Bench) -> None:
    """A station that knows another's fence cannot give back, park or ship its order."""
    put(store, order())
    lease = bench.claim()
    other = Keeper(store, "bench-2", "Ana")
    for state in (OrderState.WAITING, OrderState.PROBLEM, OrderState.PACKED):
        other.entry(lease, state)
    other.shipped(lease)
    other.bought(lease, "k1")
    assert other.deliver().conflicts == (1, 2, 3, 4, 5)
    assert state_of(store) is OrderState.CLAIMED
    assert store.label("111-1") is None
