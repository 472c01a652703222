"""Font 0 of a ZPL printer, the scalable one that every Zebra has: how wide its characters are."""

from __future__ import annotations

from functools import lru_cache

CAPITAL = 0.75
"""Height of a capital as a part of the cell's height; the base line stands there too."""

# Advance of the characters from blank to tilde in thousandths of the cell's height, measured on
# the strikes that a ZD621 prints with ^A0N,100,100.
# fmt: off
_ADVANCES = (
    281, 281, 468, 468, 468, 906, 625, 281, 281, 281, 468, 906, 281, 906, 281, 281,
    468, 468, 468, 468, 468, 468, 468, 468, 468, 468, 281, 281, 1000, 906, 1000, 437,
    906, 562, 562, 531, 593, 500, 500, 593, 625, 281, 437, 562, 468, 750, 625, 562,
    562, 562, 593, 531, 500, 625, 531, 812, 562, 562, 500, 281, 468, 281, 500, 500,
    281, 468, 500, 437, 500, 468, 281, 500, 500, 250, 250, 437, 250, 750, 500, 468,
    500, 500, 343, 437, 281, 500, 437, 656, 437, 437, 375, 500, 500, 500, 1000,
)
# fmt: on

_WIDEST = 1000


@lru_cache(maxsize=4096)
def width(text: str, bold: bool = False) -> float:
    """Return the width of a line as a multiple of its cell height; the font has one weight."""
    del bold
    return sum(_advance(char) for char in text) / 1000


def _advance(char: str) -> int:
    index = ord(char) - 0x20
    return _ADVANCES[index] if 0 <= index < len(_ADVANCES) else _WIDEST


def can_print(text: str) -> bool:
    r"""Tell whether the printer's own font shows this text as it is.

    Beyond printable ASCII the glyphs differ by model; a ZD621 prints “\” as “¢” under ^CI28.
    """
    return text.isascii() and text.isprintable() and "\\" not in text
