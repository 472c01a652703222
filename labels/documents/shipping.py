"""The label of a parcel that leaves with the seller's own carrier.

On paper of 4 by 8 inches a part to tear off beneath it stays with the order's papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import (
    HEIGHT_MM,
    INNER_MM,
    MARGIN_MM,
    Page,
    Party,
    caption,
    order_code,
    parcel_code,
)
from labels.errors import LabelError
from labels.layout import Align, Box, Element, Label, Text, rule, upright
from labels.media import FOUR_BY_SIX, Media
from labels.sscc import check_digit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Party", "ShippingLabel", "shipping_label"]

_SPLIT_MM = 61.0
"""Where the column of figures starts, right of the sender."""

_SSCC_HEIGHT_MM = 32.0


@dataclass(frozen=True, slots=True)
class ShippingLabel:
    """What stands on the label of one parcel."""

    ship_to: Party
    ship_from: Party
    order_id: str
    sscc: str
    """18 digits with a right check digit."""
    service: str
    """The word in the black band, such as PRIORITY."""
    carrier: str
    weight_g: int | None
    package: int
    """Number of this parcel, from 1."""
    packages: int
    """How many there are; 0 while that is not known."""
    ship_by: str
    """The date as people read it."""
    note: str = ""

    @property
    def count(self) -> str:
        """Which parcel it is, in words."""
        return f"{self.package} of {self.packages}" if self.packages else f"no. {self.package}"


def shipping_label(data: ShippingLabel, media: Media = FOUR_BY_SIX) -> Label:
    """Return the label of one parcel, on paper of four inches.

    Raises:
        LabelError: the SSCC is not 18 digits with a right check digit.
    """
    page = Page(media)
    parts = (*_band(data), *_sender(data), *_receiver(data), *_order(data), *_sscc(data.sscc))
    tail = _tail(data, page) if page.bottom > HEIGHT_MM else ()
    return page.label((*parts, *tail), f"Shipping label {data.order_id}")


def _band(data: ShippingLabel) -> Iterator[Element]:
    yield Box(MARGIN_MM, 4, INNER_MM, 15)
    word = one_line(data.service)
    yield Text(6.5, 4.5, 58, 14, word, 11.5, 4, bold=True, max_lines=2, middle=True, white=True)
    name = one_line(data.carrier)
    yield Text(
        66, 4.5, 29, 14, name, 5.5, 2.6, align=Align.RIGHT, max_lines=3, middle=True, white=True
    )


def _sender(data: ShippingLabel) -> Iterator[Element]:
    yield caption(MARGIN_MM, 20.5, 30, "FROM")
    yield Text(MARGIN_MM, 23.6, 55, 15.4, data.ship_from.block, 3.1, 2, max_lines=6)
    yield upright(_SPLIT_MM, 20.2, 18.8)
    yield caption(63, 20.5, 34, "SHIP BY")
    yield Text(63, 23.4, 34.6, 6, one_line(data.ship_by), 5, 2.2, bold=True, max_lines=2)
    yield caption(63, 29.8, 17, "WEIGHT")
    yield Text(63, 33, 17, 6, _weight(data.weight_g), 4.6, 2, bold=True)
    yield caption(81, 29.8, 16.6, "PACKAGE")
    yield Text(81, 33, 16.6, 6, data.count, 4.6, 2, bold=True)
    yield rule(MARGIN_MM, 39.6, INNER_MM, 0.8)


def _receiver(data: ShippingLabel) -> Iterator[Element]:
    yield caption(MARGIN_MM, 41.4, 30, "SHIP TO")
    name = one_line(data.ship_to.name)
    yield Text(9, 44.6, 88.6, 8.4, name, 6.8, 3, bold=True, max_lines=2)
    yield Text(9, 53.2, 88.6, 26, data.ship_to.address, 5.6, 2.2, max_lines=9)
    yield rule(MARGIN_MM, 79.8, INNER_MM)


def _order(data: ShippingLabel) -> Iterator[Element]:
    yield from order_code(81.6, data.order_id)
    yield Text(
        MARGIN_MM,
        98.4,
        INNER_MM,
        6.4,
        one_line(data.note),
        3.4,
        2.2,
        align=Align.CENTRE,
        max_lines=2,
        middle=True,
    )
    yield rule(MARGIN_MM, 105.2, INNER_MM, 0.8)


def _sscc(digits: str) -> Iterator[Element]:
    if len(digits) != 18 or not digits.isascii() or not digits.isdigit():
        message = f"{digits[:30]!r} is no SSCC."
        raise LabelError(message, "Give the 18 digits of the parcel.")
    if check_digit(digits[:-1]) != digits[-1]:
        message = f"The check digit of the SSCC {digits} is wrong."
        raise LabelError(message, "Take the number from labels.sscc, or look for a typing error.")
    yield from parcel_code(107.4, digits, _SSCC_HEIGHT_MM)


def _tail(data: ShippingLabel, page: Page) -> Iterator[Element]:
    """Yield what stays here when the label is on the box."""
    left, top, third = page.left, HEIGHT_MM + 4, page.inner / 3
    for dash in range(24):
        yield rule(left + dash * 3.95, HEIGHT_MM + 0.6, 2.4, 0.3)
    yield caption(left, top, 60, "TEAR OFF: STAYS WITH THE ORDER'S PAPERS")
    yield from order_code(top + 4.6, data.order_id)
    facts = (
        ("SHIP BY", one_line(data.ship_by)),
        ("PACKAGE", data.count),
        ("WEIGHT", _weight(data.weight_g)),
    )
    for place, (word, fact) in enumerate(facts):
        x = left + place * third
        yield caption(x, top + 22.4, third - 2, word)
        yield Text(x, top + 25.4, third - 2, 6, fact, 4.6, 2, bold=True, max_lines=2)
    yield Text(left, top + 33.4, page.inner, 5, f"(00) {data.sscc}", 4, 2.4)
    yield Text(left, top + 38.6, page.inner, 4, one_line(data.carrier), 3.4, 2)


def _weight(grams: int | None) -> str:
    if grams is None:
        return "-"
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.2f} kg"
