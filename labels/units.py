"""Millimetres on paper, dots on a print head."""

from __future__ import annotations

import math

from labels.errors import LabelError

MM_PER_INCH = 25.4
_DOTS_PER_MM = {203: 8.0, 300: 300 / MM_PER_INCH, 600: 600 / MM_PER_INCH}
_ALMOST = 1e-6
"""Forgives the binary fractions of inches, so that 101.6 mm at 300 dpi stay 1200 dots."""


def dots_per_mm(dpi: int) -> float:
    """Return the dots on one millimetre of a head that is sold as so many dots per inch.

    A “203 dpi” head has 8 dots per millimetre exactly (Zebra, ZPL II guide, ^JM and ^PW).

    Raises:
        LabelError: no printer of this resolution is known.
    """
    try:
        return _DOTS_PER_MM[dpi]
    except KeyError:
        known = ", ".join(str(each) for each in _DOTS_PER_MM)
        message = f"A label cannot be drawn at {dpi} dots per inch."
        raise LabelError(message, f"Set the printer's resolution to one of {known}.") from None


def dots(mm: float, dpi: int) -> int:
    """Return the nearest whole number of dots."""
    return round(mm * dots_per_mm(dpi))


def dots_down(mm: float, dpi: int) -> int:
    """Return the whole dots that fit into a length."""
    return math.floor(mm * dots_per_mm(dpi) + _ALMOST)


def dots_up(mm: float, dpi: int) -> int:
    """Return the fewest whole dots that are not shorter than a length."""
    return math.ceil(mm * dots_per_mm(dpi) - _ALMOST)


def millimetres(count: int, dpi: int) -> float:
    """Return the length of so many dots in millimetres."""
    return count / dots_per_mm(dpi)
