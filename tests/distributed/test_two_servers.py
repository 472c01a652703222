"""Two servers over one PostgreSQL, and stations that meet the other one after each failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed.conftest import LONG
from distributed.proxy import Proxy
from distributed.served import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.conftest import Say
    from distributed.floor import Floor

STATIONS, ORDERS = (16, 240) if LONG else (6, 18)
LOST = 0.02


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="two servers and a PostgreSQL are for the long run")
def test_stations_change_between_two_servers(floor: Callable[..., Floor], say: Say) -> None:
    """One of two servers is killed while stations go from one to the other: each order once."""
    place = floor("postgresql")
    place.bring(ORDERS)
    names = [f"bench-{n}" for n in range(1, STATIONS + 1)]
    place.enrol(*names)
    other = prepare(place.folder / "other", place.url)
    place.served.start()
    other.start()
    killed: list[int] = []

    def kill_one() -> None:
        if not killed and place.shipped() >= ORDERS // 2:
            other.kill()
            killed.append(place.shipped())

    with Proxy(place.served.port, other.port) as balancer:
        stations = [place.station(name, url=balancer.url, lost=LOST) for name in names]
        place.work(stations, kill_one)
    seen = place.seen
    say(
        "stations, orders, orders that had left when one server was killed",
        (STATIONS, ORDERS, killed),
    )
    say("requests answered, injected, failed", (seen.total, dict(seen.injected), dict(seen.failed)))
    say("of unknown outcome", dict(seen.unknown))
    assert place.broken() == []
    assert killed
    assert seen.failed.total() > 0
