"""Outside text made safe for a terminal, once, at the border.

Orders, products and barcodes carry whatever a buyer typed. Escape sequences, C1 controls and
direction overrides would act on the terminal or deceive its reader (CWE-150).
"""

from __future__ import annotations

import unicodedata

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Direction marks, embeddings, overrides and isolates (Unicode UAX #9)."""

MAX_LENGTH = 500
"""Characters kept of one field unless the caller says otherwise."""

MAX_MARKS = 3
"""Combining marks kept upon one character; more only smear the screen."""


def plain(text: str, limit: int = MAX_LENGTH) -> str:
    """Return the text on one line, without controls, direction marks or piles of accents.

    White space of every kind becomes one blank; what is cut ends in “…”.
    """
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return " ".join(text.split())
    kept: list[str] = []
    marks = 0
    for char in text[: limit * 8]:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in {"Zs", "Zl", "Zp"} or char in "\t\n\r\v\f":
            kept.append(" ")
        elif category[0] != "C" and char not in BIDI and marks <= MAX_MARKS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def visible(text: str, limit: int = 60) -> str:
    r"""Return the text with every control character shown as a sign, for messages about it.

    >>> visible("A\x1dB")
    'A␝B'
    """
    shown = "".join(_sign(char) for char in text[: limit + 1])
    return shown if len(text) <= limit else shown[: limit - 1] + "…"


def _sign(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    category = unicodedata.category(char)
    if category in {"Zl", "Zp"} or char in BIDI or category[0] == "C":
        return "�"
    return " " if category == "Zs" else char
