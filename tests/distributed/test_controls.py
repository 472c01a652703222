"""The negative controls: without its promises the program does not pass these trials."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING

import pytest
from distributed import packers
from distributed.conftest import LONG
from distributed.proxy import Cut, Proxy
from distributed.truth import conflicts
from sqlalchemy import create_engine, text

from station.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from distributed.conftest import Say
    from distributed.floor import Floor


@pytest.mark.long
@pytest.mark.parametrize("spoilt", ["", "again"] if LONG else ["again"])
def test_a_store_that_takes_entries_twice_is_found_out(
    floor: Callable[..., Floor], say: Say, spoilt: str
) -> None:
    """Without the check of the seq an answer that is lost doubles confirmations, and only then."""
    place = floor()
    place.bring(3)
    place.enrol("bench-1")
    place.served.start(spoilt=spoilt)
    with Proxy(place.served.port) as proxy:
        station = place.station("bench-1", url=proxy.url, ahead=0)
        assert station.drain()
        for _ in place.orders:
            station.finish_order()
        proxy.begin(Cut(1, "after the request"))
        assert station.drain()
        assert proxy.cuts == 1
    doubled = sum("has more than one parcel" in words for words in place.broken())
    say(f"spoilt: {spoilt or 'nothing'}; orders doubled by one lost answer", doubled)
    assert doubled == (3 if spoilt else 0)


def left_and_taken(place: Floor) -> None:
    """Let a bench go on alone with an order whose lease lapsed and that another one ships."""
    place.bring(1)
    place.enrol("bench-1", "bench-2")
    away, there = (place.station(name, ahead=0) for name in ("bench-1", "bench-2"))
    assert away.drain()
    assert there.drain()
    away.pack_on()
    engine = create_engine(place.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET lease_until = 1"))
    engine.dispose()
    away.reach.trouble = "The network is cut"
    away.finish_order()
    for _ in range(1000):
        there.step()
        if there.closed:
            break
        time.sleep(0.01)  # the store looks for lapsed leases once a second
    assert there.closed
    assert there.drain()
    assert away.drain()


@pytest.mark.long
@pytest.mark.parametrize("spoilt", ["", "fences"] if LONG else ["fences"])
def test_work_under_a_lost_lease_is_a_conflict_unless_fences_are_ignored(
    floor: Callable[..., Floor], say: Say, spoilt: str
) -> None:
    """Two benches packed an order: the first one counts, and without fences it is told twice."""
    place = floor()
    place.served.start(spoilt=spoilt)
    left_and_taken(place)
    found = place.broken()
    hidden = conflicts(place.url)
    say(f"spoilt: {spoilt or 'nothing'}; conflicts shown, broken promises", (hidden, len(found)))
    assert any("was packed as" in words and "bench-2" in words for words in found)
    doubled = any("has more than one parcel" in words for words in found)
    assert (hidden > 0, doubled) == (not spoilt, bool(spoilt))


def test_a_journal_in_memory_is_found_out(
    floor: Callable[..., Floor], monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    """A bench that keeps its journal in memory loses scans and an order in a power cut."""
    switched_on = count(1)

    def in_memory(path: Path, *, clock: Callable[[], datetime]) -> Journal:
        return Journal(path.parent / f"memory-{next(switched_on)}" / path.name, clock=clock)

    place = floor()
    place.bring(2)
    place.enrol("bench-1")
    place.served.start()
    monkeypatch.setattr(packers, "Journal", in_memory)
    station = place.station("bench-1", ahead=0)
    station.link.once()
    station.finish_order()
    station.power_cut()
    station.open()
    station.drain()
    station.pack_on()
    found = place.broken()
    say("a journal in memory, broken promises", len(found))
    assert any("acknowledged" in words for words in found)
    assert any(words.startswith("lost: order") for words in found)


def test_the_same_bench_with_its_journal_on_disk_loses_nothing(floor: Callable[..., Floor]) -> None:
    """The same power cut with a real journal: both orders leave once."""
    place = floor()
    place.bring(2)
    place.enrol("bench-1")
    place.served.start()
    station = place.station("bench-1", ahead=0)
    station.link.once()
    station.finish_order()
    station.power_cut()
    station.open()
    place.work([station])
    assert place.broken() == []
