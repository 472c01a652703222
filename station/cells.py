"""Text in the cells of a terminal: how wide it is, cut or filled to a width; pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from station.plain_terminal import ascii_of


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that bars are drawn with."""

    bar: str
    missed: str
    """The part of a bar that will be late."""
    levels: str
    """From low to high; nothing at all is a blank."""
    more: str
    """Where something was cut off."""
    is_ascii: bool = False

    def told(self, text: str) -> str:
        """Return text as this terminal can show it."""
        return ascii_of(text) if self.is_ascii else text


UNICODE = Signs("█", "▒", "▁▂▃▄▅▆▇█", "…")
ASCII = Signs("#", "!", ".:-=+*%#", "~", is_ascii=True)


def signs_for(encoding: str | None) -> Signs:
    """Return the signs that a terminal with an encoding can show."""
    try:
        "█▒▁…".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def width_of(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def cut(text: str, width: int, signs: Signs = UNICODE) -> str:
    """Return a text in no more cells than width; what is cut ends in a sign.

    >>> cut("Blue mug", 5)
    'Blue…'
    """
    if width_of(text) <= width:
        return text
    kept, room = "", width - 1
    for char in text:
        room -= _cells(char)
        if room < 0:
            break
        kept += char
    return kept + signs.more if width > 0 else ""


def fit(text: str, width: int, signs: Signs = UNICODE) -> str:
    """Return a text in exactly so many cells."""
    short = cut(text, width, signs)
    return short + " " * (width - width_of(short))
