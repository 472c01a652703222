"""The network is cut once at every message, before, within and after: nothing lost or doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed.conftest import LONG
from distributed.proxy import Cut, Proxy, cuts
from samples import MUG, SPOON

from station.sync import client

if TYPE_CHECKING:
    from distributed.conftest import Say
    from distributed.floor import Floor
    from distributed.packers import Station

ORDERS = 3
WANTS = ((MUG, 4), (SPOON, 3))
"""Units of each order: ten entries with all that is done about them."""
SLICE = 3
"""Every so-manieth point of a drain is run in the short suite."""
IN_A_MESSAGE = 4
"""Entries in one message: a drain shall have many."""


def packed_away(place: Floor, station: Station, proxy: Proxy) -> int:
    """Pack three orders while the store is away; return how many entries wait then."""
    place.bring(ORDERS, *WANTS)
    station.bench.claim_next()
    assert station.drain()
    assert len(station.bench.claims.ready) == ORDERS - 1
    proxy.mood = "refuse"
    station.link.once()
    for _ in range(ORDERS):
        station.finish_order()
    proxy.mood = "open"
    return station.journal.backlog()


def drained(station: Station, proxy: Proxy, cut: Cut | None) -> int:
    """Hand over what waits, with a cut in between; return how many messages that took."""
    proxy.begin(cut)
    assert station.drain(), station.reach
    return proxy.passed


@pytest.mark.long
def test_a_drain_survives_a_cut_at_any_message(
    common: Floor, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    """Three orders packed while the store was away reach it once, wherever the way breaks."""
    monkeypatch.setattr(client, "MAX_PAGE", IN_A_MESSAGE)
    place = common
    with Proxy(place.served.port) as proxy:
        station = place.newcomer(url=proxy.url, ahead=ORDERS - 1)
        station.link.once()
        entries = packed_away(place, station, proxy)
        messages = drained(station, proxy, None)
        every = cuts(messages)
        chosen = every if LONG else every[::SLICE]
        for cut in chosen:
            packed_away(place, station, proxy)
            drained(station, proxy, cut)
        say("entries and messages of a drain", (entries, messages))
        say(f"cuts in drains, of {len(every)} points", proxy.cuts)
        assert proxy.cuts == len(chosen) > 0
    assert place.broken() == []


def packed(place: Floor, station: Station, proxy: Proxy, cut: Cut | None) -> int:
    """Pack an order with a cut somewhere; return how many messages that took."""
    place.bring(1, (MUG, 2), (SPOON, 1))
    proxy.begin(cut)
    goal = station.closed + 1
    for _ in range(100):
        station.step()
        if station.closed == goal:
            break
    assert station.drain(), station.reach
    assert station.closed == goal, (cut, station.bench.view)
    return proxy.passed


@pytest.mark.long
def test_an_order_survives_a_cut_at_any_message(common: Floor, say: Say) -> None:
    """An order that is claimed, packed, labelled and told leaves once, wherever the way breaks."""
    place = common
    with Proxy(place.served.port) as proxy:
        station = place.newcomer(url=proxy.url)
        station.drain()
        # The dice of the packer are his own: no two orders take quite as many messages.
        messages = max(packed(place, station, proxy, None) for _ in range(3))
        every = cuts(messages)
        chosen = every if LONG else every[:: SLICE * 2]
        for cut in chosen:
            packed(place, station, proxy, cut)
        say(f"cuts in orders of up to {messages} messages, of {len(every)} points", proxy.cuts)
        assert proxy.cuts > 0
    assert place.broken() == []
