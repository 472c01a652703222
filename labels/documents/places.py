"""Labels of places: totes that carry an order through the wave, and bins on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import Page, filled
from labels.layout import Align, Barcode, Element, Label, Symbology, Text
from labels.media import FOUR_BY_SIX, TWO_BY_ONE, Media

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL_SQUARE_MM = 17.0
"""Side of the code on a small label, its blank frame included."""

_SMALL_MM = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """What stands on the label of a tote or a bin."""

    name: str
    """The number of the tote, or the bin as the pick list calls it: A-01."""
    code: str
    """The characters of its code."""
    note: str = ""
    """What lies in the bin, or whose tote it is."""


def tote_label(tote: Place, media: Media = FOUR_BY_SIX) -> Label:
    """Return a tote's label: its number is read from across the aisle."""
    return _label("TOTE", tote, media)


def bin_label(place: Place, media: Media = TWO_BY_ONE) -> Label:
    """Return a bin's label: small for the shelf's edge, or large for a pallet's place."""
    return _label("BIN", place, media)


def small_code(page: Page, code: str) -> Barcode:
    """Return the square at the left of a small label, where signed bars would have no room."""
    y = (page.media.height_mm - SMALL_SQUARE_MM) / 2
    side = SMALL_SQUARE_MM
    return Barcode(page.left - 0.6, y, side, side, code, Symbology.DATA_MATRIX, 0.8)


def _label(word: str, place: Place, media: Media) -> Label:
    page = Page(media)
    small = media.width_mm < _SMALL_MM
    parts = _small(word, place, page) if small else _large(word, place, page)
    return page.label(parts, f"{word.title()} {place.name}")


def _small(word: str, place: Place, page: Page) -> Iterator[Element]:
    x = page.left + SMALL_SQUARE_MM + 0.6
    width = page.right - x
    yield small_code(page, place.code)
    yield Text(x, 1.4, width, 3, word, 2.4, 1.8)
    name = one_line(place.name)
    yield Text(x, 4.4, width, 12, name, 10, 3, bold=True, max_lines=2, middle=True)
    yield Text(x, 16.6, width, 3.4, one_line(place.note), 2.6, 1.8)
    yield Text(x, 20.2, width, 3, place.code, 2.2, 1.5)


def _large(word: str, place: Place, page: Page) -> Iterator[Element]:
    left, inner = page.left, page.inner
    bars = page.bottom - 40
    yield from filled(left, left, inner, 15, word, 11)
    name = one_line(place.name)
    room = bars - 3 - left - 16 - 9
    yield Text(
        left, left + 16, inner, room, name, 70, 8,
        bold=True, align=Align.CENTRE, max_lines=3, middle=True,
    )  # fmt: skip
    note = one_line(place.note)
    yield Text(left, bars - 11, inner, 8, note, 5, 2.6, align=Align.CENTRE, max_lines=2)
    yield Barcode(left, bars, inner, 32, place.code, module_mm=0.5)
    yield Text(left, bars + 33, inner, 6, place.code, 4.4, 2, align=Align.CENTRE)
