"""The slip in the box: what was ordered, without prices, and the code that opens the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import (
    HEIGHT_MM,
    INNER_MM,
    MARGIN_MM,
    WIDTH_MM,
    Party,
    caption,
    order_code,
)
from labels.layout import Align, Box, Element, Label, Text, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PackingSlip", "Party", "SlipLine", "packing_slip"]

_FIRST_ROW_MM = 59.0
_LAST_ROW_MM = 138.5
_ROW_MM = 11.4
_NOTE_MM = 3.8
_QUANTITY_MM = 14.0
_TITLE_X_MM = MARGIN_MM + _QUANTITY_MM + 2
_TITLE_MM = INNER_MM - _QUANTITY_MM - 2


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of the order."""

    quantity: int
    title: str
    sku: str
    note: str = ""
    """What the packer must mind, or what the buyer asked for."""

    @property
    def height_mm(self) -> float:
        """The height of its row."""
        return _ROW_MM + (_NOTE_MM if one_line(self.note) else 0)


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


def packing_slip(data: PackingSlip) -> tuple[Label, ...]:
    """Return the pages of the slip, 4 by 6 inches each; the order's code stands on every one."""
    pages = _pages(data.lines)
    title = f"Packing slip {one_line(data.order_id)}"
    return tuple(
        Label(
            WIDTH_MM,
            HEIGHT_MM,
            (*_head(data), *_rows(page), *_foot(data.message, number, len(pages))),
            title,
        )
        for number, page in enumerate(pages, 1)
    )


def _pages(lines: tuple[SlipLine, ...]) -> list[list[SlipLine]]:
    pages: list[list[SlipLine]] = [[]]
    used = _FIRST_ROW_MM
    for line in lines:
        if used + line.height_mm > _LAST_ROW_MM:
            pages.append([])
            used = _FIRST_ROW_MM
        pages[-1].append(line)
        used += line.height_mm
    return pages


def _head(data: PackingSlip) -> Iterator[Element]:
    sender = one_line(data.ship_from.name)
    yield Text(MARGIN_MM, 3.6, 60, 7.4, sender, 6, 2.6, bold=True, max_lines=2)
    yield Text(65, 3.9, 32.6, 5.4, "PACKING SLIP", 4.4, align=Align.RIGHT)
    yield Text(MARGIN_MM, 11.2, INNER_MM, 3.4, _sender_line(data), 2.6, 1.8)
    yield rule(MARGIN_MM, 15.2, INNER_MM, 0.8)
    yield from order_code(17.4, data.order_id)
    yield rule(MARGIN_MM, 34.2, INNER_MM)
    yield caption(MARGIN_MM, 35.6, 50, "SHIP TO")
    yield Text(MARGIN_MM, 38.6, 58, 18, data.ship_to.block, 3.4, 2, max_lines=8)
    yield caption(65, 35.6, 32, "ORDERED")
    yield Text(65, 38.6, 32.6, 5, one_line(data.ordered_on), 4, 2.2, bold=True)
    yield caption(65, 44.6, 32, "SERVICE")
    yield Text(65, 47.6, 32.6, 9, one_line(data.service), 4, 2.4, bold=True, max_lines=2)
    yield rule(MARGIN_MM, 57.4, INNER_MM, 0.8)


def _sender_line(data: PackingSlip) -> str:
    return ", ".join(filter(None, (one_line(line) for line in data.ship_from.lines)))


def _rows(lines: list[SlipLine]) -> Iterator[Element]:
    y = _FIRST_ROW_MM
    for line in lines:
        yield from _row(y, line)
        y += line.height_mm
        yield rule(MARGIN_MM, y - 0.5, INNER_MM, 0.2)


def _row(y: float, line: SlipLine) -> Iterator[Element]:
    several = line.quantity != 1
    if several:  # more than one of a kind is what packers miss: it stands out
        yield Box(MARGIN_MM, y + 0.3, _QUANTITY_MM, _ROW_MM - 1.6)
    yield Text(
        MARGIN_MM + 0.6,
        y + 0.5,
        _QUANTITY_MM - 1.2,
        _ROW_MM - 2,
        str(line.quantity),
        7.6,
        2.5,
        bold=True,
        align=Align.CENTRE,
        middle=True,
        white=several,
    )
    title, sku = one_line(line.title), one_line(line.sku)
    yield Text(_TITLE_X_MM, y + 0.2, _TITLE_MM, 7.2, title, 3.4, 2.4, bold=True, max_lines=2)
    yield Text(_TITLE_X_MM, y + 7.4, _TITLE_MM, 3.3, sku, 2.6, 1.8)
    if note := one_line(line.note):
        yield Text(_TITLE_X_MM, y + 10.7, _TITLE_MM, 3.7, f"! {note}", 2.9, 1.8)


def _foot(message: str, number: int, count: int) -> Iterator[Element]:
    if count > 1:
        page = f"page {number} of {count}"
        yield Text(65, 144.4, 32.6, 4, page, 3.2, align=Align.RIGHT)
    if number == count:
        thanks = one_line(message)
        width = 60.0 if count > 1 else INNER_MM
        yield Text(MARGIN_MM, 139.6, width, 8.8, thanks, 4.4, 2.4, max_lines=2, middle=True)
