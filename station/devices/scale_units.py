"""A number and a unit from a scale → grams and what they mean. Pure.

Pounds and ounces are avoirdupois: 1 lb is 453.59237 g exactly (international yard and pound, 1959).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from station.devices.ports import Reading, ScaleState

GRAMS = {
    "mg": Decimal("0.001"),
    "g": Decimal(1),
    "kg": Decimal(1000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
}
"""Grams in one of each unit that is known; nothing in another unit is a weight."""

LIMIT_G = 1_000_000
"""Grams that no scale of a bench shows; above it the answer is broken."""

CREEP_G = 5
"""Grams by which the same load may creep; also what an empty scale may show."""


def read_as(value: Decimal, unit: str, *, stable: bool) -> Reading | None:
    """Return the reading of a number, or None where the unit is unknown or the number cannot be."""
    factor = GRAMS.get(unit)
    if factor is None:
        return None
    exact = value * factor
    if abs(exact) > LIMIT_G:
        return None
    grams = int(exact.to_integral_value(ROUND_HALF_EVEN))
    if not stable:
        return Reading(ScaleState.MOVING, grams)
    if grams == 0:
        return Reading(ScaleState.ZERO, 0)
    return Reading(ScaleState.NEGATIVE if grams < 0 else ScaleState.STABLE, grams)
