"""Numbers for labels: nobody is given one that somebody was given before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from store.samples import Bench, order, put

from station.errors import StoreRefused
from station.store.purchases import MOST_SERIALS

if TYPE_CHECKING:
    from station.store.port import OrderStore


def test_ranges_never_overlap(store: OrderStore, bench: Bench) -> None:
    """Stations and purchases share one row of numbers, and each takes the next ones."""
    put(store, order(), order("111-2"))
    given: list[int] = []
    for station, count in (("bench-1", 1), ("bench-2", 50), ("bench-1", MOST_SERIALS)):
        first = store.serials(station, count)
        given += range(first, first + count)
        lease = bench.claim()
        key = f"k{len(given)}"
        begun = store.begin_purchase(key, lease.order.order_id, 1, lease.fence, "own")
        given.append(begun.serial)
        store.void_purchase(key, "torn")
        put(store, order(f"111-{len(given)}"))
    assert len(given) == len(set(given)) == MOST_SERIALS + 51 + 3
    assert min(given) > 0


def test_a_count_that_makes_no_sense_is_refused(store: OrderStore) -> None:
    """Nothing, less than nothing and more than a thousand are refused, and no number is lost."""
    first = store.serials("bench-1", 1)
    for count in (0, -1, -1000, MOST_SERIALS + 1, 2**31, 2**60):
        with pytest.raises(StoreRefused):
            store.serials("bench-1", count)
    assert store.serials("bench-2", 1) == first + 1


def test_stations_that_ask_at_once_get_different_numbers(store: OrderStore) -> None:
    """Whatever comes together, each number is given once."""

    def ask(n: int) -> range:
        first = store.serials(f"bench-{n % 4}", 1 + n)
        return range(first, first + 1 + n)

    with ThreadPoolExecutor(4) as threads:
        given = [serial for part in threads.map(ask, range(16)) for serial in part]
    assert len(given) == len(set(given)) == sum(range(17))
