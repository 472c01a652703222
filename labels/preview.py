"""A label as characters of a terminal, in its proportions: what stands where, not small words.

A cell of a terminal is taken to be twice as high as wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from labels.characters import one_line
from labels.layout import Barcode, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labels.layout import Label

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Counted by their ink: 1 above left, 2 above right, 4 below left, 8 below right."""

_INK = 70
"""Darkness of 255 from which a piece of paper counts as black: thin words stay to be seen."""

_CELL = 2
"""Height of a cell as a multiple of its width."""


def preview(image: Image.Image, columns: int, rows: int) -> list[str]:
    """Return a picture as lines of quarter blocks, black on white, as large as fits."""
    width, height = _size(image, columns, rows)
    dots = list(_dots(image, 2 * width, 2 * height))
    return [_quarters(above, below) for above, below in zip(dots[::2], dots[1::2], strict=True)]


def preview_plain(image: Image.Image, columns: int, rows: int) -> list[str]:
    """Return a picture as lines of `#` and blanks, for terminals that only know ASCII."""
    width, height = _size(image, columns, rows)
    return ["".join("# "[not dot] for dot in row) for row in _dots(image, width, height)]


def words(label: Label) -> list[str]:
    """Return what stands on a label, texts and codes from top to bottom, each on one line."""
    said = [each for each in label.elements if isinstance(each, Text | Barcode)]
    said.sort(key=lambda each: (each.y, each.x))
    return [line for each in said if (line := one_line(each.value))]


def _size(image: Image.Image, columns: int, rows: int) -> tuple[int, int]:
    """Return the cells that a picture fills, at least one each way."""
    wide = _CELL * rows * image.width / image.height
    width = max(1, min(columns, round(wide)))
    height = round(width * image.height / image.width / _CELL)
    return width, max(1, min(rows, height))


def _dots(image: Image.Image, width: int, height: int) -> Iterator[list[bool]]:
    grey = image.convert("L").resize((width, height), Image.Resampling.BOX)
    data = grey.tobytes()
    for start in range(0, len(data), width):
        yield [255 - value > _INK for value in data[start : start + width]]


def _quarters(above: list[bool], below: list[bool]) -> str:
    cells = zip(above[::2], above[1::2], below[::2], below[1::2], strict=True)
    return "".join(_QUADRANTS[a + 2 * b + 4 * c + 8 * d] for a, b, c, d in cells)
