"""The codes in one table: what each may hold, how wide it is, what stays blank around it."""

from __future__ import annotations

from labels import code128, datamatrix, ean
from labels.layout import Symbology

SQUARES = frozenset({Symbology.DATA_MATRIX})
"""Codes that are as high as they are wide."""

NATIVE = frozenset({Symbology.CODE128, Symbology.GS1_128})
"""Codes that every ZPL printer draws as we count them. Of the others firmware differs: in the
length of guard bars, in escapes, in the size of a square; they travel as pictures."""


def check(value: str, symbology: Symbology) -> None:
    """Refuse a value that the code cannot carry in the same way on every printer.

    Raises:
        LabelError: says what is wrong with it.
    """
    if symbology in ean.LENGTHS:
        ean.check(value, symbology)
    elif symbology in SQUARES:
        datamatrix.check(value)
    else:
        code128.check(value, symbology)


def modules(value: str, symbology: Symbology) -> int:
    """Return the width of the code in modules, without its quiet zones."""
    if symbology in ean.LENGTHS:
        return ean.MODULES
    return (
        datamatrix.modules(value) if symbology in SQUARES else (code128.modules(value, symbology))
    )


def quiet(symbology: Symbology) -> int:
    """Return the blank modules on each side of it."""
    if symbology in ean.LENGTHS:
        return ean.QUIET_MODULES
    return datamatrix.QUIET_MODULES if symbology in SQUARES else code128.QUIET_MODULES
