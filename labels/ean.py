"""EAN-13 and UPC-A: the digits on retail goods, and the width of their bars."""

from __future__ import annotations

from labels.errors import LabelError
from labels.layout import Symbology
from labels.sscc import check_digit

MODULES = 95
"""Width of either code without its quiet zones (GS1 General Specifications §5.2.1)."""

QUIET_MODULES = 11
"""Blank modules that an EAN-13 wants on its left; kept on both sides, which is more than it needs
on the right (7) and a UPC-A on either side (9) (GS1 General Specifications §5.2.3.4)."""

LENGTHS = {Symbology.EAN13: 13, Symbology.UPC_A: 12}


def check(value: str, symbology: Symbology) -> None:
    """Refuse digits that are not a whole number with its right check digit.

    Raises:
        LabelError: too many or too few digits, or the last one is wrong; encoders mend it silently,
            and the label would name another product than its words.
    """
    length = LENGTHS[symbology]
    if len(value) != length or not (value.isascii() and value.isdigit()):
        message = f"{value[:40]!a} is no number of {length} digits."
        raise LabelError(message, "Use the digits beneath the bars of the product.")
    if check_digit(value[:-1]) != value[-1]:
        message = f"The check digit of {value} is wrong."
        raise LabelError(message, "Look for a typing error in the product's barcode.")


def symbology_of(digits: str) -> Symbology | None:
    """Return the code in which a GTIN is printed; None for what is no GTIN of a retail product."""
    for symbology, length in LENGTHS.items():
        right = digits.isascii() and digits.isdigit() and len(digits) == length
        if right and check_digit(digits[:-1]) == digits[-1]:
            return symbology
    return None
