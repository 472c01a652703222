"""The label that a buyer sticks onto what he sends back: our address, and the order's code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import Page, Party, caption, filled, order_code
from labels.layout import Align, Box, Element, Label, Text, rule
from labels.media import FOUR_BY_SIX, Media

if TYPE_CHECKING:
    from collections.abc import Iterator

REASONS = (
    "Damaged on the way",
    "Defective",
    "Wrong item sent",
    "Not as described",
    "Not needed any more",
    "Other:",
)


@dataclass(frozen=True, slots=True)
class ReturnLabel:
    """What stands on the label of one return."""

    order_id: str
    ship_to: Party
    """Our own address."""
    ship_from: Party
    """The buyer, as the order names him."""
    return_by: str = ""
    """The last day as people read it; empty when there is none."""
    reasons: tuple[str, ...] = REASONS
    """What the buyer can tick, eight at most."""


def return_label(data: ReturnLabel, media: Media = FOUR_BY_SIX) -> Label:
    """Return the label of one return."""
    page = Page(media)
    parts = (*_band(data, page), *_receiver(data, page), *_order(data, page), *_why(data, page))
    return page.label(parts, f"Return label {data.order_id}")


def _band(data: ReturnLabel, page: Page) -> Iterator[Element]:
    left, top = page.left, page.left
    yield from filled(left, top, 62, 15, "RETURN", 11)
    yield caption(left, 20.5, 30, "FROM")
    yield Text(left, 23.6, 62, 17, data.ship_from.block, 3.1, 2, max_lines=6)
    yield Box(page.right - 28, top, 28, 36.6, stroke_mm=0.4)
    words = "Postage\nhere"
    x = page.right - 26
    yield Text(x, top + 2, 24, 32, words, 4, 2, align=Align.CENTRE, max_lines=2, middle=True)
    yield rule(left, 42.6, page.inner, 0.8)


def _receiver(data: ReturnLabel, page: Page) -> Iterator[Element]:
    left, width = page.left, page.inner
    yield caption(left, 44.2, 30, "SHIP TO")
    name = one_line(data.ship_to.name)
    yield Text(left + 5, 47.2, width - 5, 8.4, name, 6.8, 3, bold=True, max_lines=2)
    yield Text(left + 5, 55.8, width - 5, 27, data.ship_to.address, 6.2, 2.4, max_lines=7)
    yield rule(left, 83.6, width)


def _order(data: ReturnLabel, page: Page) -> Iterator[Element]:
    yield from order_code(85.6, data.order_id)
    yield rule(page.left, 103.2, page.inner, 0.8)


def _why(data: ReturnLabel, page: Page) -> Iterator[Element]:
    """Yield the boxes to tick, in two columns down to the lower margin."""
    left, half = page.left, page.inner / 2
    yield caption(left, 105, half - 2, "WHY IS IT COMING BACK? PLEASE TICK.")
    if by := one_line(data.return_by):
        x = left + half
        yield Text(x, 104.6, half, 3.8, f"Please send it by {by}", 3, 2, align=Align.RIGHT)
    for place, reason in enumerate(data.reasons[:8]):
        x, y = left + (place % 2) * half, 110.6 + (place // 2) * 9.6
        yield Box(x, y, 5, 5, stroke_mm=0.4)
        yield Text(
            x + 6.6, y - 0.6, half - 8.6, 6.4, one_line(reason), 3.8, 2.2, max_lines=2, middle=True
        )
