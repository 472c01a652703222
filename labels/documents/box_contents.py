"""The label of one box of several: which one it is, its parcel number, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels import gs1
from labels.characters import one_line
from labels.documents.parts import (
    Page,
    caption,
    order_code,
    page_number,
    paged,
    parcel_code,
    quantity,
)
from labels.errors import LabelError
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text, rule
from labels.media import FOUR_BY_SIX, Media
from labels.sscc import check_digit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW_MM = 10.4
_QUANTITY_MM = 14.0
_HEAD_MM = 46.0
_SSCC_MM = 43.0
"""The parcel's number, 31.75 mm high or more, and the gap above it."""
_INNER_CODE_MM = 20.0
_NUMBER_MM = 5.0


@dataclass(frozen=True, slots=True)
class BoxLine:
    """So many units of one product in the box."""

    quantity: int
    title: str
    sku: str
    gtin: str = ""
    """Its GTIN of 8 to 14 digits; a box of one product alone carries it with the count."""


@dataclass(frozen=True, slots=True)
class BoxContents:
    """What stands on the label of one box."""

    order_id: str
    box: int
    """Number of this box, from 1."""
    boxes: int
    lines: tuple[BoxLine, ...]
    sscc: str = ""
    """18 digits with a right check digit; empty when a carrier's label names the box."""
    weight: str = ""
    """As people read it."""

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def content_code(self) -> str:
        """GTIN and count of a box with one product alone (AI 02 and 37); else empty."""
        if len(self.lines) != 1 or not self.lines[0].gtin or self.units > 99_999_999:
            return ""
        return f"02{self.lines[0].gtin:0>14}37{self.units}"


def box_contents(data: BoxContents, media: Media = FOUR_BY_SIX) -> tuple[Label, ...]:
    """Return the pages of a box's label; the parcel's number stands on the first alone.

    Raises:
        LabelError: the SSCC or the GTIN is wrong.
    """
    page = Page(media)
    if data.sscc and (len(data.sscc) != 18 or check_digit(data.sscc[:-1]) != data.sscc[-1]):
        message = f"{data.sscc[:30]!r} is no SSCC."
        raise LabelError(message, "Give the 18 digits of the parcel.")
    room = page.bottom - page.left - _HEAD_MM - _NUMBER_MM
    codes = (_SSCC_MM if data.sscc else 0) + (_INNER_CODE_MM if data.content_code else 0)
    pages = paged(data.lines, lambda _line: _ROW_MM, room - codes, room)
    return tuple(
        page.label(
            (*_head(data, page), *_rows(data, page, rows, number), *_foot(page, number, of)),
            f"Box {data.box} of {data.boxes} of {data.order_id}",
        )
        for of in (len(pages),)
        for number, rows in enumerate(pages, 1)
    )


def _head(data: BoxContents, page: Page) -> Iterator[Element]:
    left, inner = page.left, page.inner
    yield Box(left, left, inner, 18)
    words = f"BOX {data.box} of {data.boxes}"
    yield Text(left + 2, left + 1, inner - 38, 16, words, 12, 4, bold=True, middle=True, white=True)
    units = f"{data.units} unit{'' if data.units == 1 else 's'}"
    figures = "\n".join(filter(None, (units, one_line(data.weight))))
    yield Text(
        left + inner - 34, left + 1, 32, 16, figures, 5, 2.4,
        align=Align.RIGHT, max_lines=2, middle=True, white=True,
    )  # fmt: skip
    yield from order_code(left + 20.4, data.order_id, left, inner)
    yield rule(left, left + 38, inner, 0.8)
    yield caption(left, left + 40, _QUANTITY_MM, "UNITS")
    yield caption(left + _QUANTITY_MM + 2, left + 40, 60, "IN THIS BOX")
    yield rule(left, left + 44, inner, 0.2)


def _rows(data: BoxContents, page: Page, lines: list[BoxLine], number: int) -> Iterator[Element]:
    y = page.left + _HEAD_MM
    x, width = page.left + _QUANTITY_MM + 2, page.inner - _QUANTITY_MM - 2
    for line in lines:
        yield from quantity(page.left, y, _QUANTITY_MM, 8.8, line.quantity)
        yield Text(x, y - 0.3, width, 6.2, one_line(line.title), 3.2, 2.2, bold=True, max_lines=2)
        yield Text(x, y + 5.9, width, 3.2, one_line(line.sku), 2.6, 1.8)
        y += _ROW_MM
        yield rule(page.left, y - 1, page.inner, 0.2)
    if number == 1:
        yield from _codes(data, page, y)


def _codes(data: BoxContents, page: Page, y: float) -> Iterator[Element]:
    if code := data.content_code:
        yield Barcode(page.left, y + 1, page.inner, 11, code, Symbology.GS1_128, 0.375)
        words = gs1.shown(code)
        yield Text(page.left, y + 13, page.inner, 4.4, words, 3.4, 2, align=Align.CENTRE)
    if data.sscc:
        top = page.bottom - _NUMBER_MM - _SSCC_MM
        yield rule(page.left, top, page.inner, 0.8)
        yield from parcel_code(top + 2, data.sscc, 32, page.left, page.inner)


def _foot(page: Page, number: int, count: int) -> Iterator[Element]:
    return page_number(page, page.bottom - 4, number, count)
