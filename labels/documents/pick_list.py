"""The pick list of a wave: bin by bin what to take, and into which tote it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import Page, caption, filled, page_number, paged, quantity
from labels.layout import Align, Barcode, Element, Label, Text, rule
from labels.media import FOUR_BY_SIX, Media

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD_MM = 23.0
_FOOT_MM = 5.0
_ROW_MM = 12.6
_CHIPS_MM = 6.0
_CHIP_MM = 16.0
"""Width of a tote's number with the quantity beside it."""
_MOST_TOTES = 24
"""In one row of the list."""
_ORDER_MM = 19.2
_QUANTITY_MM = 14.0


@dataclass(frozen=True, slots=True)
class PickTote:
    """One tote of the wave and the order that it is for."""

    number: int
    order_id: str
    code: str = ""
    """The characters of its code; empty: the order's own."""
    note: str = ""
    """Until when it must leave, or what is special about it."""


@dataclass(frozen=True, slots=True)
class PickLine:
    """What to take from one bin."""

    bin: str
    title: str
    sku: str
    totes: tuple[tuple[int, int], ...]
    """Number of the tote, and how many units go into it."""

    @property
    def quantity(self) -> int:
        """Units to take."""
        return sum(units for _, units in self.totes)


@dataclass(frozen=True, slots=True)
class PickList:
    """A wave on paper."""

    name: str
    """Such as “Wave 14:05”."""
    lines: tuple[PickLine, ...]
    """In the order in which the picker walks."""
    totes: tuple[PickTote, ...]

    @property
    def figures(self) -> str:
        """How much it is, in words."""
        units = sum(line.quantity for line in self.lines)
        parts = ((len(self.lines), "stop"), (units, "unit"), (len(self.totes), "tote"))
        return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts)


def pick_list(data: PickList, media: Media = FOUR_BY_SIX) -> tuple[Label, ...]:
    """Return the pages: first what to take, then the totes with the codes of their orders."""
    page = Page(media)
    room = page.bottom - page.left - _HEAD_MM - _FOOT_MM
    lines = [part for line in data.lines for part in _parts(line)]
    taken = paged(lines, partial(_height, page), room, room)
    filled_totes = paged(data.totes, lambda _tote: _ORDER_MM, room, room) if data.totes else []
    bodies = [list(_rows(page, rows)) for rows in taken]
    bodies += [list(_orders(page, totes)) for totes in filled_totes]
    words = [("BIN", "TAKE")] * len(taken) + [("TOTE", "ORDER")] * len(filled_totes)
    return tuple(
        page.label(
            (*_head(data, page, *words[number - 1]), *body, *_number(page, number, len(bodies))),
            f"Pick list {data.name}",
        )
        for number, body in enumerate(bodies, 1)
    )


def _number(page: Page, number: int, count: int) -> Iterator[Element]:
    return page_number(page, page.bottom - 4, number, count)


def _head(data: PickList, page: Page, first: str, second: str) -> Iterator[Element]:
    left, top, inner = page.left, page.left, page.inner
    third = inner / 3
    yield Text(left, top - 1, 2 * third, 9.6, "PICK LIST", 8, 3, bold=True)
    name = one_line(data.name)
    yield Text(left + 2 * third, top, third, 8, name, 5, 2.4, align=Align.RIGHT, max_lines=2)
    yield Text(left, top + 9, inner, 5, data.figures, 4, 2.2)
    yield rule(left, top + 15, inner, 0.8)
    yield caption(left, top + 17, 24, first)
    yield caption(left + _bin_mm(page) + 2, top + 17, 30, second)
    yield rule(left, top + 20.8, inner, 0.2)


def _bin_mm(page: Page) -> float:
    return 40.0 if page.media.is_sheet else 25.0


def _chips(page: Page) -> int:
    """Return how many totes stand in one line."""
    return int((page.inner - _bin_mm(page) - 2) // _CHIP_MM)


def _parts(line: PickLine) -> Iterator[PickLine]:
    """Yield a line in rows that are lower than a page, however many totes want of it."""
    for start in range(0, len(line.totes), _MOST_TOTES):
        yield replace(line, totes=line.totes[start : start + _MOST_TOTES])


def _height(page: Page, line: PickLine) -> float:
    return _ROW_MM + _CHIPS_MM * -(-len(line.totes) // _chips(page))


def _rows(page: Page, lines: list[PickLine]) -> Iterator[Element]:
    y = page.left + _HEAD_MM
    for line in lines:
        yield from _row(page, y, line)
        y += _height(page, line)
        yield rule(page.left, y - 1.2, page.inner, 0.2)


def _row(page: Page, y: float, line: PickLine) -> Iterator[Element]:
    left, wide = page.left, _bin_mm(page)
    place = one_line(line.bin) or "?"
    yield Text(left, y - 0.6, wide, 11, place, 8, 3, bold=True, max_lines=2, middle=True)
    x = left + wide + 2
    width = page.right - x - _QUANTITY_MM - 1.6
    size = 4.8 if page.media.is_sheet else 3.4
    yield Text(x, y - 0.4, width, 7.2, one_line(line.title), size, 2.4, bold=True, max_lines=2)
    yield Text(x, y + 6.9, width, 3.4, one_line(line.sku), 2.8, 1.8)
    yield from quantity(page.right - _QUANTITY_MM, y, _QUANTITY_MM, 9.8, line.quantity)
    for place_in, (tote, units) in enumerate(line.totes):
        row, column = divmod(place_in, _chips(page))
        chip_x, chip_y = x + column * _CHIP_MM, y + 11 + row * _CHIPS_MM
        yield from filled(chip_x, chip_y, 7, 5, str(tote), 4)
        yield Text(chip_x + 7.6, chip_y, 8, 5, f"x {units}", 3.6, 2.2)


def _orders(page: Page, totes: list[PickTote]) -> Iterator[Element]:
    y, wide = page.left + _HEAD_MM, 16.0
    x = page.left + wide + 1
    width = page.right - x
    for tote in totes:
        yield from filled(page.left, y, wide, _ORDER_MM - 2.4, str(tote.number), 11)
        code = tote.code or tote.order_id
        yield Barcode(x, y, width, 11, code, module_mm=0.375)
        half = width * 0.56
        order = one_line(tote.order_id)
        yield Text(x + 1, y + 12.2, half, 5.4, order, 3.8, 2, bold=True)
        note = one_line(tote.note)
        yield Text(x + 2 + half, y + 12.2, width - half - 2, 5.4, note, 3.4, 2, align=Align.RIGHT)
        y += _ORDER_MM
        yield rule(page.left, y - 1.4, page.inner, 0.2)
