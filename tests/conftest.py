"""Hypothesis profiles and what every test may use."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# A collection at every 700 objects is a sixth of the time of a screen's test.
gc.set_threshold(100_000, 50, 50)

settings.register_profile(
    "ci", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("STATION_HYPOTHESIS", "ci"))


@pytest.fixture
def cheap_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a PIN cost nothing to look at, where the test is not about its cost."""
    from station.store import pins

    monkeypatch.setattr(pins, "COST", pins.Cost(memory_kib=8, passes=1))
