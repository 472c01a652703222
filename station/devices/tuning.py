"""What makes a printer measure its labels and print darker, in its own language. Pure.

Sources: Zebra ZPL II Programming Guide (~JC, ~SD, ^JU), TSC TSPL manual (GAPDETECT, DENSITY),
EPL2 Programming Guide (xa, D). A receipt printer (ESC/POS) has neither.
"""

from __future__ import annotations

LEVELS = range(31)
"""Darkness as ZPL counts it: 0 is the lightest, 30 the darkest."""

USUAL = 15
"""The level to begin with."""

STEP = 2
"""Levels between two tries: fewer cannot be told apart by eye."""

_MEASURE = {"zpl": b"~JC", "tspl": b"GAPDETECT\r\n", "epl2": b"\r\nxa\r\n"}
_SAVE = {"zpl": b"^XA^JUS^XZ"}


def measure(language: str) -> bytes:
    """Return what lets a printer find the gaps of its labels; empty where there is nothing."""
    return _MEASURE.get(language, b"")


def darkness(language: str, level: int) -> bytes:
    """Return what sets the darkness, 0 to 30; empty where there is nothing.

    TSPL and EPL2 count to 15.
    """
    half = level // 2
    return {
        "zpl": b"~SD%02d" % level,
        "tspl": b"DENSITY %d\r\n" % half,
        "epl2": b"\r\nD%d\r\n" % half,
    }.get(language, b"")


def save(language: str) -> bytes:
    """Return what keeps the settings when the printer is switched off; empty: it does by itself."""
    return _SAVE.get(language, b"")
