"""Many stations at one server, on ways that lose requests and answers: every order once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from distributed.conftest import LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.conftest import Say
    from distributed.floor import Floor

STATIONS, ORDERS = (200, 2000) if LONG else (8, 40)
LOST = 0.02
PAUSE_S = 3.0 if LONG else 0.0
"""Seconds for each thing a packer does: 25 for an order, thrice as fast as a good packer is."""


@pytest.mark.long
def test_every_order_leaves_once(floor: Callable[..., Floor], say: Say) -> None:
    """However many requests and answers are lost, each order is packed, labelled and told once."""
    place = floor("postgresql" if LONG else "sqlite", tls=True)
    place.bring(ORDERS)
    names = [f"bench-{n}" for n in range(1, STATIONS + 1)]
    place.enrol(*names)
    place.served.start()
    began = time.monotonic()
    stations = [place.station(name, lost=LOST) for name in names]
    place.work(stations, pause_s=PAUSE_S)
    say(
        "stations (threads of one process), orders, seconds",
        (STATIONS, ORDERS, round(time.monotonic() - began, 1)),
    )
    seen = place.seen
    say("requests answered, faults injected", (seen.total, dict(seen.injected)))
    say("of unknown outcome", dict(seen.unknown))
    say("claims, p50 ms, p99 ms", (len(seen.claim_ms), seen.percentile(0.5), seen.percentile(0.99)))
    assert place.broken() == []
    assert min(seen.injected["request lost"], seen.injected["answer lost"]) > 0
