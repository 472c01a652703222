"""PostgreSQL stops as in a power cut while benches work: nothing is lost, nothing doubled."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from distributed.conftest import LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.conftest import Say
    from distributed.floor import Floor
    from distributed.postgres import Postgres

STATIONS = 8
STOPS, ORDERS = (10, 300) if LONG else (2, 24)


@pytest.mark.long
def test_a_database_that_stops_under_load_loses_nothing(
    floor: Callable[..., Floor], server: Postgres, say: Say
) -> None:
    """Stopped at once and started again, the database has every order that left a bench, once."""
    place = floor("postgresql")
    place.bring(ORDERS)
    names = [f"bench-{n}" for n in range(1, STATIONS + 1)]
    place.enrol(*names)
    place.served.start()
    due = [ORDERS * n // (STOPS + 1) for n in range(STOPS, 0, -1)]

    def cut_power() -> None:
        if due and place.shipped() >= due[-1]:
            due.pop()
            server.crash()
            server.start()

    before = server.stops
    # A commit takes its time, so that stops meet some: else each is over in half a millisecond.
    server.set("commit_delay = 20000", "commit_siblings = 1")
    place.work([place.station(name) for name in names], cut_power)
    stops = server.stops - before
    unknown = Counter(line for line in place.served.told if line.startswith("unknown"))
    seen = place.seen
    say("immediate stops under load, orders", (stops, ORDERS))
    say("at the server, of unknown outcome", dict(unknown))
    say("requests answered, at the stations of unknown outcome", (seen.total, dict(seen.unknown)))
    say("journals of unknown fate, heard later", dict(seen.resolved))
    assert place.broken() == []
    assert stops == STOPS > 0
    assert seen.unknown.total() > 0
