"""Codes that belong to single units: Transparency, serial, lot, expiry; pure.

A product may require one or more of them (`Product.requires`). They are scanned right after their
unit, and the next unit waits until they are there. What the unit's own GS1 code carries counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station.barcodes import Kind

if TYPE_CHECKING:
    from station.barcodes import Code
    from station.counting import Line, Mark

NEEDS = ("transparency", "serial", "lot", "expiry")
"""In the order in which they are asked."""

UNIQUE = frozenset({"transparency", "serial"})
"""One code, one unit: the same value twice is a mistake."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One code that a unit needs, and its value once it was scanned."""

    line: int
    """Index of the line of the order."""
    need: str
    mark: int
    """Which count it belongs to, so that undo takes it back."""
    value: str = ""


def needed(lines: tuple[Line, ...], mark: Mark, number: int, code: Code) -> tuple[Capture, ...]:
    """Return what the units of a count need; values that their own code carries are filled in."""
    carried = {"serial": code.serial, "lot": code.lot, "expiry": code.expiry}
    carried["transparency"] = value_of("transparency", code)
    alone = sum(units for _line, units in mark.shares) == 1
    return tuple(
        Capture(index, need, number, carried.get(need, "") if alone else "")
        for index, units in mark.shares
        for _unit in range(units)
        for need in NEEDS
        if need in lines[index].requires
    )


def repeated(lines: tuple[Line, ...], mark: Mark, known: tuple[Capture, ...], code: Code) -> bool:
    """Tell whether a unit's own code was counted before, where each unit has its own."""
    return any(used(known, c.need, c.value) for c in needed(lines, mark, 0, code) if c.value)


def waiting(captures: tuple[Capture, ...]) -> Capture | None:
    """Return the code that is to be scanned now."""
    return next((capture for capture in captures if not capture.value), None)


def value_of(need: str, code: Code) -> str:
    """Return what a scan says for a need; '' when it cannot be that."""
    if need == "transparency":
        is_sgtin = bool(code.serial) and code.kind == Kind.GTIN
        return code.text if code.kind == Kind.TRANSPARENCY or is_sgtin else ""
    known = {"serial": code.serial, "lot": code.lot, "expiry": code.expiry}[need]
    if code.kind in {Kind.TRANSPARENCY, Kind.SSCC} or (code.kind == Kind.GTIN and not known):
        return ""
    return known or code.text


def used(captures: tuple[Capture, ...], need: str, value: str) -> bool:
    """Tell whether another unit of the package has this value, where that cannot be."""
    return need in UNIQUE and any(c.need == need and c.value == value for c in captures)


def filled(captures: tuple[Capture, ...], value: str) -> tuple[Capture, ...]:
    """Return the captures with the one that is waiting given its value."""
    wanted = waiting(captures)
    return tuple(replace(c, value=value) if c is wanted else c for c in captures)


def without(captures: tuple[Capture, ...], mark: int) -> tuple[Capture, ...]:
    """Return the captures without those of a count that was taken back."""
    return tuple(capture for capture in captures if capture.mark != mark)
