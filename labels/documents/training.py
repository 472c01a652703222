"""What turns any paper into one for practice, so that it can never travel on a real parcel.

A code by which a carrier would take the parcel is left out, and its digits with it; the words
stand in its place and along both edges. Codes of the order stay, for the trainee scans them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labels.documents.parts import filled
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "TRAINING - DO NOT SHIP"

_EDGE_MM = 3.2
_SMALL_EDGE_MM = 1.9
_SMALL_MM = 60.0
_FEW_DIGITS = 8


def training(label: Label) -> Label:
    """Return the label with the words across it and without any code of a carrier."""
    codes = [each for each in label.elements if isinstance(each, Barcode) and each.is_tracking]
    numbers = [digits for code in codes if (digits := _digits(_number(code)))]
    parts: list[Element] = []
    for element in label.elements:
        if isinstance(element, Barcode) and element.is_tracking:
            parts += _banner(element)
        elif not (isinstance(element, Text) and _tells(element.value, numbers)):
            parts.append(element)
    return replace(label, elements=(*parts, *_edges(label)), title=f"TRAINING {label.title}")


def _banner(code: Barcode) -> Iterator[Element]:
    """Yield the words, as large as they can be, where the code would stand."""
    yield Box(code.x, code.y, code.width, code.height)
    words = WORDS.replace(" - ", "\n")
    x, y, width, height = code.x + 1, code.y + 1, code.width - 2, code.height - 2
    yield Text(
        x, y, width, height, words, 20, 2,
        bold=True, align=Align.CENTRE, max_lines=2, middle=True, white=True,
    )  # fmt: skip


def _number(code: Barcode) -> str:
    """Return the value without the identifier that stands before it in the bars."""
    return code.value[2:] if code.symbology is Symbology.GS1_128 else code.value


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() and char.isascii())


def _tells(words: str, numbers: list[str]) -> bool:
    """Whether the words show a parcel's number, which a person could type."""
    shown = _digits(words)
    return any(len(number) >= _FEW_DIGITS and number in shown for number in numbers)


def _edges(label: Label) -> Iterator[Element]:
    """Yield a black band along the upper and the lower edge, inside the blank margin."""
    small = label.width_mm < _SMALL_MM
    high, off = (_SMALL_EDGE_MM, 0.0) if small else (_EDGE_MM, 0.3)
    times = max(1, int(label.width_mm // 34))
    words = " / ".join([WORDS] * times)
    for y in (off, label.height_mm - off - high):
        yield from filled(off, y, label.width_mm - 2 * off, high, words, high * 0.9)
