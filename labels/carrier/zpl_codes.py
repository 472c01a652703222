"""What the printer's own barcodes in a carrier's ZPL will say, and how wide Code 128 becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labels.carrier.reading import Code

FORMS = {
    "^BC": "Code128",
    "^B3": "Code39",
    "^BA": "Code93",
    "^B2": "ITF",
    "^BI": "ITF",
    "^BJ": "ITF",
    "^BK": "Codabar",
    "^BE": "EAN13",
    "^B8": "EAN8",
    "^BU": "UPCA",
    "^B9": "UPCE",
    "^BX": "DataMatrix",
    "^BQ": "QRCode",
    "^B0": "Aztec",
    "^BO": "Aztec",
    "^B7": "PDF417",
    "^BF": "MicroPDF417",
    "^BD": "MaxiCode",
    "^BR": "DataBar",
}
"""Barcode commands and their symbologies in the names of zxing-cpp."""

OTHER_BARS = frozenset({"^B1", "^B4", "^B5", "^BB", "^BL", "^BM", "^BP", "^BS", "^BT", "^BZ"})
"""Barcode commands that are drawn and never are a parcel's tracking barcode."""

_SIGNS = {"<": "^", "0": ">", "=": "~", "1": "\x7f", "8": "\x1d"}
_SUBSETS = {"9": "A", ":": "B", ";": "C", "7": "A", "6": "B", "5": "C"}
_PART = re.compile(r">(.)|([^>])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of a barcode field when its data have come."""

    command: str
    values: tuple[str, ...]
    data: str


def read(field: Field) -> Code:
    """Return what a scanner will read from a barcode field."""
    form = FORMS[field.command]
    text = field.data
    if field.command == "^BC":
        text = code128(field)[0]
    elif field.command == "^BQ":
        text = re.sub(r"^[HQML][AM],([NABK](?=.))?", "", text) if "," in text[:4] else text
    elif field.command == "^BX":
        escape = _value(field, 6) or "~"
        text = text.replace(f"{escape}1", "\x1d").removeprefix("\x1d")
    return Code(text, form)


def code128(field: Field) -> tuple[str, int]:
    """Return what Code 128 says and its modules, from a ^BC (ZPL II guide, invocation codes)."""
    mode = _value(field, 5).upper() or "N"
    if mode == "U":
        digits = re.sub(r"\D", "", field.data)[:19].zfill(19)
        return digits + _check_digit(digits), 11 * 13 + 13
    if mode == "D":
        plain = re.sub(r"[() ]", "", field.data.replace(">8", "\x1d"))
        return plain.removeprefix("\x1d"), _automatic(plain)
    if mode == "A":
        return field.data, _automatic(field.data)
    return _invoked(field.data)


def _invoked(data: str) -> tuple[str, int]:
    subset, text, half = "B", "", ""
    symbols = 2
    for match in _PART.finditer(data):
        sign, char = match[1], match[2]
        if sign in _SUBSETS:
            symbols += bool(text or sign not in "9:;")
            subset, half = _SUBSETS[sign], ""
        elif sign:
            text += _SIGNS.get(sign, "")
            symbols += 1
        elif subset != "C":
            text, symbols = text + char, symbols + 1
        elif half:
            text, half, symbols = text + half + char, "", symbols + 1
        else:
            half = char
    return text.removeprefix("\x1d"), 11 * symbols + 13


def _automatic(text: str) -> int:
    """Return about as many modules as a printer needs that finds the shortest code by itself."""
    pairs = sum(len(run) // 2 for run in re.findall(r"\d{4,}", text))
    return 11 * (2 + len(text) - pairs) + 13


def _check_digit(digits: str) -> str:
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _value(field: Field, index: int) -> str:
    return field.values[index] if index < len(field.values) else ""
