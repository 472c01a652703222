"""Barcodes in a terminal: two modules in each cell, black on white whatever the theme is."""

from __future__ import annotations

_HALVES = {"00": " ", "10": "▌", "01": "▐", "11": "█"}
_QUIET = "0" * 10
"""Ten modules of white on either side (ISO/IEC 15417 §4.4)."""
_FNC1 = "\xf1"
"""How the barcode library writes the separator of GS1 codes."""


def row(text: str, symbology: str = "code128") -> str:
    """Return one row of cells with the bars of a code, quiet zones included.

    Args:
        text: The characters; in a gs1-128 GS stands for the separator.
        symbology: code128, ean13 or gs1-128.
    """
    from barcode import EAN13, Code128, Gs1_128

    if symbology == "ean13":
        bits = EAN13(text).build()[0]
    elif symbology == "gs1-128":
        bits = Gs1_128(text.replace("\x1d", _FNC1)).build()[0]
    else:
        bits = Code128(text).build()[0]
    return _cells(f"{_QUIET}{bits}{_QUIET}")


def _cells(bits: str) -> str:
    bits += "0" * (len(bits) % 2)
    return "".join(_HALVES[bits[i : i + 2]] for i in range(0, len(bits), 2))
