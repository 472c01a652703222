"""`station serve` dies in mid transaction while benches work: nothing is lost or doubled."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from distributed.conftest import LONG

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.conftest import Say
    from distributed.floor import Floor

STATIONS = 6
KILLS, ORDERS = (10, 120) if LONG else (2, 12)
WHENS = ("inside", "after")
"""Before the commit, with all else done; and after it, when nobody was told."""


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"] if LONG else ["sqlite"])
def test_a_server_that_dies_in_a_transaction_loses_nothing(
    floor: Callable[..., Floor], say: Say, backend: str
) -> None:
    """Killed inside and after transactions, the server leaves no order lost, none doubled."""
    place = floor(backend)
    place.bring(ORDERS)
    names = [f"bench-{n}" for n in range(1, STATIONS + 1)]
    place.enrol(*names)
    dice = random.Random(8)
    # Each order takes five transactions or more.
    spread = ORDERS * 4 // KILLS
    plans = [f"{WHENS[n % 2]}:{dice.randint(spread // 2, spread)}" for n in range(KILLS)]
    place.served.start(die=plans.pop())

    def keep_serving() -> None:
        if not place.served.is_running:
            place.served.ended()
            place.served.start(**({"die": plans.pop()} if plans else {}))

    place.work([place.station(name) for name in names], keep_serving)
    died = [line for line in place.served.told if line.startswith("died")]
    seen = place.seen
    say(f"kills of station serve on {backend}, where", dict(Counter(died)))
    say("requests answered, outcomes unknown", (seen.total, dict(seen.unknown)))
    say("journals of unknown fate, heard later", dict(seen.resolved))
    assert place.broken() == []
    assert len(died) == KILLS == place.served.starts - 1
    assert seen.unknown.total() > 0
