"""What of a text goes onto paper: all that has a shape, and nothing that only acts.

A control character that is no white space stays, and is drawn as its number: a label shows that
something was there. Direction overrides go, for they make a reader see another text than was sent.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKS = 3
"""Combining marks kept upon one character; more only smear the label."""

JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: they shape Persian, Indic scripts and emoji."""

_LONGEST = 16
"""Characters that are kept together at most: the longest emoji of Unicode has ten."""

_DOTTED_CIRCLE = "\u25cc"

_INVISIBLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE0FFF),
)
"""Characters without ink of their own (Unicode, Default_Ignorable_Code_Point)."""


def one_line(value: str) -> str:
    """Return the text on one line, each white space one blank, without what has no shape."""
    return " ".join(part for line in value.split("\n") if (part := printable(line)))


def printable(line: str) -> str:
    """Return one line without white space at its ends, direction marks and piles of accents."""
    if line.isascii() and line.isprintable():
        return " ".join(line.split())
    kept: list[str] = []
    marks = 0
    for char in line:
        if char.isspace():
            kept.append(" ")
            continue
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks > MAX_MARKS or _is_silent(char):
            continue
        if marks and (not kept or kept[-1] == " "):
            kept.append(_DOTTED_CIRCLE)
        kept.append(char)
    text = " ".join("".join(kept).split())
    return text.strip(JOINERS)


@lru_cache(maxsize=4096)
def _is_silent(char: str) -> bool:
    if char in JOINERS:
        return False
    code = ord(char)
    return unicodedata.category(char) == "Cf" or any(
        low <= code <= high for low, high in _INVISIBLE
    )


def clusters(text: str) -> Iterator[str]:
    """Yield the text in pieces that must not be parted: a character and the marks upon it."""
    piece = ""
    for char in text:
        joins = piece.endswith("\u200d") or char in JOINERS or unicodedata.category(char)[0] == "M"
        if piece and not (joins and len(piece) < _LONGEST):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece
