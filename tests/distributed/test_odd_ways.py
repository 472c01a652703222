"""Wrong clocks, half requests, sign-in pages, cut answers: the bench goes on and drains later."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from distributed.proxy import Mood, Proxy
from distributed.served import LOCAL
from distributed.truth import remembered

from station import reach

if TYPE_CHECKING:
    from datetime import tzinfo

    from distributed.conftest import Say
    from distributed.floor import Floor
    from distributed.packers import Station

DAY = timedelta(days=1)
ORDERS = 2
ANSWER_S = 0.3
"""Seconds after which a station here takes the store for away."""


def opened(place: Floor, url: str = "") -> Station:
    """Return a station with an order in hand and another one ready."""
    place.bring(ORDERS)
    station = place.newcomer(url=url, answer_s=ANSWER_S)
    assert station.drain()
    station.bench.claim_next()
    assert station.drain()
    assert len(station.bench.claims.ready) == 1
    return station


@pytest.mark.parametrize("off", [DAY, -DAY], ids=["a day fast", "a day slow"])
def test_a_clock_that_is_a_day_off_tells_the_true_day(
    common: Floor, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    """What the channels hear of a bench whose clock is wrong is the store's time."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one
            return datetime.now(tz) + off

    monkeypatch.setattr(reach, "datetime", Wrong)
    place = common
    station = opened(place)
    for _ in range(ORDERS):
        station.finish_order()
    assert station.drain()
    assert place.broken() == []
    now = datetime.now(UTC).timestamp()
    shipped = [row.shipped for row in remembered(place.url).confirmations]
    assert all(abs(now - when) < 120 for when in shipped)


def test_half_sent_requests_are_in_nobodys_way(common: Floor, say: Say) -> None:
    """While others hold half requests open, a bench packs on, and no half is ever done."""
    place = common
    station = opened(place)
    token = place.tokens[station.name]
    head = f"POST /v1/claims HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
    whole = f'{head}Content-Length: 16\r\n\r\n{{"packer": "Eve"}}'.encode()
    halves = []
    for length in range(1, len(whole) - 1, 4):
        half = socket.create_connection((LOCAL, place.served.port), 10)
        half.sendall(whole[:length])
        halves.append(half)
    for _ in range(ORDERS):
        station.finish_order()
    assert station.drain()
    for half in halves:
        half.close()
    say("half requests held open", len(halves))
    assert place.broken() == []
    assert not any(row.packer == "Eve" for row in remembered(place.url).orders)
    with closing(socket.create_connection((LOCAL, place.served.port), 10)) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("html", "Something else than the order store answers"),
        ("cut answers", "The store broke off the connection"),
        ("refuse", "The store broke off the connection"),
        ("black hole", "The store does not answer"),
    ],
)
def test_a_bench_goes_on_while_the_way_is_odd(
    common: Floor, say: Say, mood: Mood, words: str
) -> None:
    """It packs what it has with its own numbers, says why no more comes, and drains later."""
    place = common
    with Proxy(place.served.port) as proxy:
        station = opened(place, proxy.url)
        proxy.mood = mood
        station.link.once()
        assert station.reach.trouble.startswith(words)
        for _ in range(ORDERS):
            station.finish_order()
            station.link.once()
        refused = station.bench.claim_next().verdict
        assert refused
        assert refused.text.startswith("No other order can be taken: ")
        waiting = station.journal.backlog()
        proxy.mood = "open"
        assert station.drain()
        say(f"met {mood}, entries drained later", (proxy.struck, waiting))
        assert min(proxy.struck, waiting) > 0
        assert place.broken() == []
