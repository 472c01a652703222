"""Numbers of articles as Amazon's listings report gives them: UPC, EAN and ISBN.

Check digits of ISBN-10: ISO 2108.
"""

from __future__ import annotations

from station.gs1 import check_digit, is_gtin


def restored(text: str, length: int) -> str:
    """Return a GTIN, with the leading zeros that a spreadsheet took away; '' when it is none."""
    if is_gtin(text):
        return text
    filled = text.zfill(length)
    return filled if 8 < len(text) < length and is_gtin(filled) else ""


def ean_of_isbn(text: str) -> str:
    """Return the EAN-13 of an ISBN-10 or ISBN-13, hyphens allowed; '' when it is none."""
    bare = text.replace("-", "").replace(" ", "").upper()
    if len(bare) == 13 and is_gtin(bare):
        return bare
    bare = bare.zfill(10)
    body, last = bare[:9], bare[9:]
    if not (body.isascii() and body.isdigit()) or last != _isbn_digit(body):
        return ""
    return f"978{body}{check_digit('978' + body)}"


def _isbn_digit(body: str) -> str:
    rest = sum(int(digit) * (at + 1) for at, digit in enumerate(body)) % 11
    return "X" if rest == 10 else str(rest)
