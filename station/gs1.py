"""GS1 numbers and element strings; pure.

GS1 General Specifications: §7.9 check digits, §7.8.5 element strings, §7.12 two-digit years.
"""

from __future__ import annotations

import calendar
import re

GS = "\x1d"
"""FNC1 as a separator, the way scanners send it."""

_FIXED = {
    **dict.fromkeys(("01", "02", "03"), 14),
    "00": 18,
    "20": 2,
    **dict.fromkeys(("11", "12", "13", "15", "16", "17", "18", "19"), 6),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6),
    "41": 13,
}
"""Predefined lengths of the data after the identifier, by its first two digits (§7.8.5)."""

_IDENTIFIER_LENGTH = {
    **dict.fromkeys(("23", "24", "25", "40", "41", "42"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "71", "72"), 4),
    **dict.fromkeys(("80", "81", "82"), 4),
}
"""Digits of an application identifier by its first two; two where it is not listed."""

_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")


def check_digit(digits: str) -> int:
    """Return the mod-10 check digit for the digits before it, weights 3 and 1 from the right."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return -total % 10


def _checked(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == int(digits[-1])


def is_gtin(text: str) -> bool:
    """Tell whether the text is a GTIN-8, -12, -13 or -14 with the right check digit."""
    return len(text) in {8, 12, 13, 14} and _checked(text)


def is_sscc(text: str) -> bool:
    """Tell whether the text is an SSCC of 18 digits with the right check digit."""
    return len(text) == 18 and _checked(text)


def gtins(text: str, symbology: str = "") -> tuple[str, ...]:
    """Return what the digits can be as 14-digit GTINs, the likeliest first.

    Eight digits may be a GTIN-8 or a zero-suppressed UPC-E; without a symbology identifier
    that says EAN-8 (E4) both are returned when both check.
    """
    if not (text.isascii() and text.isdigit()):
        return ()
    found = [text.zfill(14)] if is_gtin(text) else []
    if len(text) == 8 and symbology != "E4" and (wide := _upc_e(text)):
        found.append(wide.zfill(14))
    return tuple(dict.fromkeys(found))


def _upc_e(text: str) -> str:
    """Expand a UPC-E of 8 digits to the 12 of its UPC-A (§5.2.2.4); '' when it is none."""
    system, body, check = text[0], text[1:7], text[7]
    if system not in "01":
        return ""
    last = body[5]
    if last in "012":
        wide = body[:2] + last + "0000" + body[2:5]
    elif last == "3":
        wide = body[:3] + "00000" + body[3:5]
    elif last == "4":
        wide = body[:4] + "00000" + body[4]
    else:
        wide = body[:5] + "0000" + last
    full = system + wide
    return full + check if check_digit(full) == int(check) else ""


def looks_like(text: str) -> bool:
    """Tell whether the text is an element string although no symbology identifier says so."""
    if GS in text or _BRACKETED.match(text):
        return True
    if len(text) == 20 and text.startswith("00") and is_sscc(text[2:]):
        return True
    return len(text) > 16 and text.startswith("01") and is_gtin(text[2:16])


def parse(text: str) -> dict[str, str]:
    """Split an element string into its application identifiers and their data.

    Returns an empty dict when it cannot be split, or when a GTIN or an SSCC in it does not
    check. A variable field ends at the next separator or at the end; where a scanner has
    swallowed the separator the rest belongs to that field.
    """
    if not text.isascii():  # §7.11 knows no other characters: the line garbled it
        return {}
    if _BRACKETED.match(text):
        elements = {m[1]: m[2].strip() for m in _BRACKETED.finditer(text)}
    else:
        elements = _split(text)
    for identifier in ("01", "02"):
        if identifier in elements and not is_gtin(elements[identifier]):
            return {}
    if "00" in elements and not is_sscc(elements["00"]):
        return {}
    return elements


def _split(text: str) -> dict[str, str]:
    elements: dict[str, str] = {}
    rest = text.lstrip(GS)
    while rest:
        head = _IDENTIFIER_LENGTH.get(rest[:2], 2)
        if not (rest[:2].isascii() and rest[:2].isdigit()) or len(rest) <= head:
            return {}
        length = _FIXED.get(rest[:2])
        end = head + length if length else (rest + GS).index(GS, head)
        data = rest[head:end]
        if not data or GS in data or (length and len(data) != length):
            return {}
        elements[rest[:head]] = data
        rest = rest[end:].lstrip(GS)
    return elements


def date(six: str) -> str:
    """Return YYMMDD as an ISO date; day 00 is the month's last day; '' when it is none.

    Years 00-50 are 20xx; packing floors see no food of the last century.
    """
    if len(six) != 6 or not six.isdigit():
        return ""
    year, month, day = 2000 + int(six[:2]), int(six[2:4]), int(six[4:])
    if not 1 <= month <= 12:
        return ""
    last = calendar.monthrange(year, month)[1]
    day = day or last
    return f"{year:04}-{month:02}-{day:02}" if day <= last else ""
