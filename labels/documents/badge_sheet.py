"""Badges to cut out: one card for each person, with the code that a bench scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.layout import Align, Barcode, Box, Element, Label, Text
from labels.media import A4, Media

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CARD_WIDTH_MM, CARD_HEIGHT_MM = 85.6, 54.0
"""ISO/IEC 7810 ID-1: what fits into a badge holder."""

_COLUMNS = 2
_ROWS = 4
_GAP_MM = 8.0
"""Between two cards: room for the marks of both."""
_TOP_MM = 27.0
_PADDING_MM = 4.0
_MARK_MM = 2.5
_OFF_MM = 1.0
"""From a card's corner to its marks, so that none is left on the card."""
_LINE_MM = 0.2


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands on one card."""

    name: str
    role: str
    code: str
    """The characters of the barcode."""


def badge_sheet(
    badges: Sequence[Badge], title: str = "Badges", paper: Media = A4
) -> tuple[Label, ...]:
    """Return the pages, eight badges on each."""
    each = _COLUMNS * _ROWS
    pages = [badges[start : start + each] for start in range(0, len(badges), each)] or [[]]
    return tuple(
        Label(
            paper.width_mm,
            paper.height_mm,
            (*_head(title, number, len(pages), paper), *_cards(page, paper)),
            one_line(title),
        )
        for number, page in enumerate(pages, 1)
    )


def _head(title: str, number: int, count: int, paper: Media) -> Iterator[Element]:
    left, inner = _left(paper), paper.width_mm - 2 * _left(paper)
    yield Text(left, 6, inner - 80, 11, one_line(title), 9, 3, bold=True)
    words = "Print at 100 %, cut along the marks."
    page = f"{words} Page {number} of {count}" if count > 1 else words
    yield Text(left + inner - 78, 10, 78, 5, page, 3.5, align=Align.RIGHT)


def _left(paper: Media) -> float:
    return (paper.width_mm - _COLUMNS * CARD_WIDTH_MM - (_COLUMNS - 1) * _GAP_MM) / 2


def _cards(badges: Sequence[Badge], paper: Media) -> Iterator[Element]:
    for index, badge in enumerate(badges):
        x = _left(paper) + (index % _COLUMNS) * (CARD_WIDTH_MM + _GAP_MM)
        y = _TOP_MM + (index // _COLUMNS) * (CARD_HEIGHT_MM + _GAP_MM)
        yield from _marks(x, y)
        yield from _card(badge, x, y)


def _card(badge: Badge, x: float, y: float) -> Iterator[Element]:
    left, width = x + _PADDING_MM, CARD_WIDTH_MM - 2 * _PADDING_MM
    yield Text(left, y + 3.5, width, 12, one_line(badge.name), 10, 2, bold=True, middle=True)
    yield Text(left, y + 16, width, 6, one_line(badge.role), 4.5, 3)
    yield Barcode(left, y + 24, width, 20, badge.code, module_mm=0.375)
    yield Text(left, y + 45.5, width, 4.5, badge.code, 3, 1.8, align=Align.CENTRE)


def _marks(x: float, y: float) -> Iterator[Element]:
    """Return two short lines outside of each corner, in line with the card's edges."""
    across = (x - _OFF_MM - _MARK_MM, x + CARD_WIDTH_MM + _OFF_MM)
    along = (y - _OFF_MM - _MARK_MM, y + CARD_HEIGHT_MM + _OFF_MM)
    for edge in (y, y + CARD_HEIGHT_MM):
        yield from (Box(start, edge, _MARK_MM, _LINE_MM) for start in across)
    for edge in (x, x + CARD_WIDTH_MM):
        yield from (Box(edge, start, _LINE_MM, _MARK_MM) for start in along)
