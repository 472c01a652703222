"""The sheet from which a bench learns its scanner: a few codes, scanned one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels import gs1, symbologies
from labels.characters import one_line
from labels.documents.parts import Page, filled
from labels.layout import Align, Barcode, Element, Label, Symbology, Text
from labels.media import FOUR_BY_SIX, Media

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP_MM = 8.0
_EACH = 3

Sample = tuple[str, str, Symbology]
"""What it is called, the characters of its code, and the kind of code."""


def scanner_sheet(
    codes: Sequence[Sample], title: str = "Teach the scanner", media: Media = FOUR_BY_SIX
) -> tuple[Label, ...]:
    """Return the pages, three codes on each, numbered in the order in which they are scanned."""
    page = Page(media)
    numbered = list(enumerate(codes, 1))
    parts = [numbered[start : start + _EACH] for start in range(0, len(numbered), _EACH)]
    return tuple(
        page.label((*_head(page, title), *_cells(page, cells)), title) for cells in parts or [[]]
    )


def _head(page: Page, title: str) -> Iterator[Element]:
    words = one_line(title)
    yield Text(page.left, page.left - 1, page.inner, 10, words, 8, 3, bold=True)
    hint = "Cover the others with your hand."
    yield Text(page.left, page.left + 9, page.inner, 5, hint, 3.6, 2.2)


def _cells(page: Page, cells: list[tuple[int, Sample]]) -> Iterator[Element]:
    top = page.left + 17
    height = (page.bottom - top - _GAP_MM * (_EACH - 1)) / _EACH
    for place, (number, sample) in enumerate(cells):
        yield from _cell(page, top + place * (height + _GAP_MM), height, number, sample)


def _cell(page: Page, y: float, height: float, number: int, sample: Sample) -> Iterator[Element]:
    words, value, kind = sample
    bars = min(height - 17, 40.0)
    yield from filled(page.left, y, 10, 10, str(number), 7)
    name = one_line(words)
    yield Text(page.left + 12, y, page.inner - 12, 10, name, 5, 2.4, max_lines=2, middle=True)
    square = kind in symbologies.SQUARES
    module = 0.8 if square else 0.375
    yield Barcode(page.left, y + 11.4, page.inner, bars, value, kind, module)
    shown = gs1.shown(value) if kind is Symbology.GS1_128 else one_line(value)
    beneath = y + 12 + bars
    yield Text(page.left, beneath, page.inner, 4.4, shown, 3.2, 1.8, align=Align.CENTRE)
