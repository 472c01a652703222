"""Sizes of paper: labels on rolls in inches, and the sheets of office printers."""

from __future__ import annotations

from dataclasses import dataclass

from labels.errors import LabelError


@dataclass(frozen=True, slots=True)
class Media:
    """One size of paper; lengths in millimetres."""

    name: str
    width_mm: float
    height_mm: float
    is_sheet: bool = False
    """Whether it is a sheet of an office printer, which leaves a margin white."""


FOUR_BY_SIX = Media("4x6", 101.6, 152.4)
FOUR_BY_EIGHT = Media("4x8", 101.6, 203.2)
TWO_BY_ONE = Media("2x1", 50.8, 25.4)
A4 = Media("a4", 210.0, 297.0, is_sheet=True)
LETTER = Media("letter", 215.9, 279.4, is_sheet=True)

MEDIA = {each.name: each for each in (FOUR_BY_SIX, FOUR_BY_EIGHT, TWO_BY_ONE, A4, LETTER)}


def media(name: str) -> Media:
    """Return a size by its name.

    Raises:
        LabelError: it is none of ours.
    """
    try:
        return MEDIA[name]
    except KeyError:
        raise LabelError(
            f"No paper is called {name[:20]!r}.", f"Use one of {', '.join(MEDIA)}."
        ) from None
