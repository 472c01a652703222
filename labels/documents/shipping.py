"""The label of a parcel that leaves with the seller's own carrier: 4 by 6 inches."""

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
from labels.errors import LabelError
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text, rule, upright
from labels.sscc import check_digit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Party", "ShippingLabel", "shipping_label"]

_SPLIT_MM = 61.0
"""Where the column of figures starts, right of the sender."""

_SSCC_HEIGHT_MM = 32.0
"""Of the bars: logistic labels want 31.75 mm (GS1 General Specifications §5.12.3)."""

_SSCC_MODULE_MM = 0.51
"""Lies within 0.495 to 0.94 mm at each resolution after rounding down to whole dots."""


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
    ship_by: str
    """The date as people read it."""
    note: str = ""


def shipping_label(data: ShippingLabel) -> Label:
    """Return the label of one parcel.

    Raises:
        LabelError: the SSCC is not 18 digits with a right check digit.
    """
    elements = (*_band(data), *_sender(data), *_receiver(data), *_order(data), *_sscc(data.sscc))
    return Label(WIDTH_MM, HEIGHT_MM, elements, f"Shipping label {one_line(data.order_id)}")


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
    count = f"{data.package} of {data.packages}"
    yield Text(81, 33, 16.6, 6, count, 4.6, 2, bold=True)
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
    bars = f"00{digits}"
    y = 107.4
    yield Barcode(MARGIN_MM, y, INNER_MM, _SSCC_HEIGHT_MM, bars, Symbology.GS1_128, _SSCC_MODULE_MM)
    beneath = y + _SSCC_HEIGHT_MM + 0.8
    shown = f"(00) {digits}"
    yield Text(MARGIN_MM, beneath, INNER_MM, 7.4, shown, 6, 3, bold=True, align=Align.CENTRE)


def _weight(grams: int | None) -> str:
    if grams is None:
        return "-"
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.2f} kg"
