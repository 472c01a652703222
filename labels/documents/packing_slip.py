"""The slip in the box: what was ordered, without prices, and the code that opens the order.

As a gift it carries the giver's message and says nothing that only the buyer should know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import (
    Page,
    Party,
    caption,
    order_code,
    page_number,
    paged,
    quantity,
)
from labels.layout import Align, Box, Element, Label, Text, rule
from labels.media import FOUR_BY_SIX, Media

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PackingSlip", "Party", "SlipLine", "packing_slip"]

_ROW_MM = 11.4
_NOTE_MM = 3.8
_QUANTITY_MM = 14.0
_FOOT_MM = 9.9
"""Height of the words of thanks and the page's number."""
_HEAD_MM = 55.0
"""From the margin to the first row, on a label and on a sheet."""
_GIFT_MM = 34.0
"""The box with a gift's message, and the gap beneath it."""
_GIFT_LINES = 7


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of the order."""

    quantity: int
    title: str
    sku: str
    note: str = ""
    """What the packer must mind, or what the buyer asked for; not shown on a gift's slip."""


@dataclass(frozen=True, slots=True)
class PackingSlip:
    """What stands on the slip of one order."""

    order_id: str
    ship_to: Party
    ship_from: Party
    ordered_on: str
    """The date as people read it."""
    service: str
    lines: tuple[SlipLine, ...]
    message: str = "Thank you for your order!"
    is_gift: bool = False
    gift_message: str = ""
    """The giver's own words; line breaks are kept."""

    @property
    def gift_words(self) -> str:
        """The giver's words in clean lines; empty when it is no gift."""
        lines = (one_line(line) for line in self.gift_message.splitlines()[: _GIFT_LINES * 2])
        return "\n".join(filter(None, lines)) if self.is_gift else ""


def packing_slip(data: PackingSlip, media: Media = FOUR_BY_SIX) -> tuple[Label, ...]:
    """Return the pages of the slip; the order's code stands on every one."""
    page = Page(media)
    room = page.bottom - page.left - _HEAD_MM - _FOOT_MM
    first = room - (_GIFT_MM if data.gift_words else 0)
    pages = paged(data.lines, partial(_height, is_gift=data.is_gift), first, room)
    return tuple(
        page.label(
            (*_head(data, page), *_body(data, page, rows, number), *_foot(data, page, number, of)),
            f"Packing slip {data.order_id}",
        )
        for of in (len(pages),)
        for number, rows in enumerate(pages, 1)
    )


def _height(line: SlipLine, *, is_gift: bool) -> float:
    return _ROW_MM + (_NOTE_MM if one_line(line.note) and not is_gift else 0)


def _head(data: PackingSlip, page: Page) -> Iterator[Element]:
    left, top = page.left, page.left
    sender = one_line(data.ship_from.name)
    word = "GIFT SLIP" if data.is_gift else "PACKING SLIP"
    yield Text(left, top - 0.4, page.inner - 33.6, 7.4, sender, 6, 2.6, bold=True, max_lines=2)
    yield Text(page.right - 32.6, top - 0.1, 32.6, 5.4, word, 4.4, align=Align.RIGHT)
    yield Text(left, top + 7.2, page.inner, 3.4, data.ship_from.line, 2.6, 1.8)
    yield rule(left, top + 11.2, page.inner, 0.8)
    yield from _sheet_head(data, page) if page.media.is_sheet else _label_head(data, page)
    yield rule(left, top + 53.4, page.inner, 0.8)


def _label_head(data: PackingSlip, page: Page) -> Iterator[Element]:
    left, top = page.left, page.left
    yield from order_code(top + 13.4, data.order_id)
    yield rule(left, top + 30.2, page.inner)
    yield caption(left, top + 31.6, 50, "SHIP TO")
    yield Text(left, top + 34.6, 58, 18, data.ship_to.block, 3.4, 2, max_lines=8)
    yield from _fact("ORDERED", data.ordered_on, left + 61, top + 31.6)
    yield from _fact("SERVICE", data.service, left + 61, top + 40.6, 2)


def _sheet_head(data: PackingSlip, page: Page) -> Iterator[Element]:
    left, top = page.left, page.left
    yield caption(left, top + 14, 50, "SHIP TO")
    yield Text(left, top + 17.4, 84, 34, data.ship_to.block, 4.4, 2.2, max_lines=8)
    yield from order_code(top + 14, data.order_id, page.right - 93, 93)
    yield from _fact("ORDERED", data.ordered_on, page.right - 84, top + 34)
    yield from _fact("SERVICE", data.service, page.right - 40, top + 34, 2)


def _fact(word: str, value: str, x: float, y: float, lines: int = 1) -> Iterator[Element]:
    yield caption(x, y, 32, word)
    words, height = one_line(value), 5 + 4 * (lines - 1)
    yield Text(x, y + 3, 32.6, height, words, 4, 2.4, bold=True, max_lines=lines)


def _body(data: PackingSlip, page: Page, lines: list[SlipLine], number: int) -> Iterator[Element]:
    y = page.left + _HEAD_MM
    if number == 1 and data.gift_words:
        yield from _gift(data.gift_words, page, y)
        y += _GIFT_MM
    for line in lines:
        note = "" if data.is_gift else one_line(line.note)
        yield from _row(page, y, line, note)
        y += _height(line, is_gift=data.is_gift)
        yield rule(page.left, y - 0.5, page.inner, 0.2)


def _gift(words: str, page: Page, y: float) -> Iterator[Element]:
    """Yield the message in a double frame."""
    height = _GIFT_MM - 2
    yield Box(page.left, y + 0.6, page.inner, height - 0.6, stroke_mm=0.6)
    yield Box(page.left + 1.2, y + 1.8, page.inner - 2.4, height - 3, stroke_mm=0.2)
    x, width = page.left + 4, page.inner - 8
    yield Text(x, y + 3, width, 3.4, "A GIFT FOR YOU", 2.8, 2, align=Align.CENTRE)
    yield Text(
        x, y + 6.8, width, height - 9, words, 5.6, 2.4,
        align=Align.CENTRE, max_lines=_GIFT_LINES, middle=True,
    )  # fmt: skip


def _row(page: Page, y: float, line: SlipLine, note: str) -> Iterator[Element]:
    yield from quantity(page.left, y + 0.3, _QUANTITY_MM, _ROW_MM - 1.6, line.quantity)
    x = page.left + _QUANTITY_MM + 2
    width = page.right - x
    size = 4.4 if page.media.is_sheet else 3.4
    yield Text(x, y + 0.2, width, 7.2, one_line(line.title), size, 2.4, bold=True, max_lines=2)
    yield Text(x, y + 7.4, width, 3.3, one_line(line.sku), 2.6, 1.8)
    if note:
        yield Text(x, y + 10.7, width, 3.7, f"! {note}", 2.9, 1.8)


def _foot(data: PackingSlip, page: Page, number: int, count: int) -> Iterator[Element]:
    yield from page_number(page, page.bottom - 4, number, count)
    if number == count:
        thanks = one_line("" if data.is_gift and data.gift_words else data.message)
        width = page.inner - 33.6 if count > 1 else page.inner
        yield Text(
            page.left, page.bottom - 8.8, width, 8.8, thanks, 4.4, 2.4, max_lines=2, middle=True
        )
