"""From a picture to the bits that printers take, and back to none where nothing is black."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from labels.zpl import Bitmap

if TYPE_CHECKING:
    from PIL.Image import Image

_INVERTED = bytes(range(255, -1, -1))


def bitmap(image: Image) -> Bitmap:
    """Return a picture's black dots; the bits that fill a row up to whole bytes stay white.

    Raises:
        ValueError: the picture has greys or colours.
    """
    if image.mode != "1":
        message = f"A picture of mode {image.mode} has no dots."
        raise ValueError(message)
    return Bitmap(image.width, image.height, bytes(image.tobytes("raw", "1;I")))


def stride(width: int) -> int:
    """Return the bytes of one row."""
    return (width + 7) // 8


def inked(page: Bitmap) -> tuple[int, Bitmap]:
    """Return the first row with ink, and the rows from there to the last one with ink.

    White rows need not travel: printers have white paper.
    """
    row = stride(page.width)
    first = (len(page.rows) - len(page.rows.lstrip(b"\0"))) // row
    end = (len(page.rows.rstrip(b"\0")) + row - 1) // row
    if end <= first:
        return 0, Bitmap(page.width, 0, b"")
    return first, Bitmap(page.width, end - first, page.rows[first * row : end * row])


def reach(page: Bitmap) -> int:
    """Return the dots from the left edge to the last black one in any row."""
    row = stride(page.width)
    rows = (page.rows[start : start + row] for start in range(0, len(page.rows), row))
    bits = reduce(or_, map(int.from_bytes, rows), 0)
    return 8 * row - (bits & -bits).bit_length() + 1 if bits else 0


def inverted(rows: bytes) -> bytes:
    """Return rows in which black is 0, as EPL2 and TSPL want them."""
    return rows.translate(_INVERTED)
