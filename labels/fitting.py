"""The one rule by which words are made to fit; every renderer uses its result.

A line that is too long is printed smaller, down to its smallest size or to where wrapping would
leave it much larger; then it is wrapped, as large as the wrapped lines allow; and where the
smallest size is still too large it is cut and ends in “…”. Nothing leaves its box.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from labels import printer_font
from labels.characters import clusters, printable

if TYPE_CHECKING:
    from labels.layout import Text

LINE = 1.2
"""Distance of two lines as a multiple of the cell height."""

HEADROOM = 0.2
"""The part of a line above the cell, where the accents of capitals stand."""

ELLIPSIS = "…"

_MARGIN = 0.95
"""Of the box is filled at most: glyphs are rounded to whole dots, and firmware differs."""

_WORTH_WRAPPING = 0.75
"""A text stays unbroken unless it would be smaller than this part of its wrapped size."""

_ALMOST = 1e-9

_STEPS = 12
"""Sizes tried between the largest and the smallest when a text is wrapped."""

_NARROWEST = 0.15
"""No visible character is narrower, as a multiple of the cell height."""

Measure = Callable[[str, bool], float]
"""Width of a line (text, bold) as a multiple of its cell height."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What will stand in a text's box."""

    size_mm: float
    lines: tuple[str, ...]


def fit(text: Text, measure: Measure = printer_font.width) -> Fitted:
    """Return the size and the lines with which a text keeps within its box."""
    room = _room(text)
    given = [line for raw in text.value.split("\n") if (line := printable(raw[: room * 4]))]
    if not given:
        return Fitted(text.size_mm, ())
    if len(given) > text.max_lines:
        return _wrapped(text, given[: room + 1], measure)
    size = min(
        text.size_mm,
        text.height / (LINE * len(given)),
        *(text.width * _MARGIN / max(measure(line, text.bold), _ALMOST) for line in given),
    )
    whole = Fitted(size, tuple(given))
    if size >= text.min_mm and size >= _WORTH_WRAPPING * _largest(text):
        return whole
    wrapped = _wrapped(text, given[: room + 1], measure)
    if size >= text.min_mm and size >= _WORTH_WRAPPING * wrapped.size_mm:
        return whole
    return wrapped


def _room(text: Text) -> int:
    """Return more characters than can ever be shown, so that endless text costs nothing."""
    per_line = text.width / (min(text.min_mm, text.size_mm) * _NARROWEST)
    return int(per_line * text.max_lines) + 8


def _largest(text: Text) -> float:
    """Return the largest cell height of any line in the box."""
    return min(text.size_mm, text.height / LINE)


def _wrapped(text: Text, given: list[str], measure: Measure) -> Fitted:
    smallest = min(text.min_mm, text.size_mm, text.height / LINE)
    largest = _largest(text)
    for step in range(_STEPS + 1):
        size = largest - (largest - smallest) * step / _STEPS
        space = _Space(text.width * _MARGIN / size, text.bold, measure)
        allowed = min(text.max_lines, max(1, int(text.height / (LINE * size) + _ALMOST)))
        parts = (part for line in given for part in space.wrap(line))
        lines = list(islice(parts, allowed + 1))
        if len(lines) <= allowed:
            return Fitted(size, tuple(lines))
    kept = lines[:allowed]
    kept[-1] = space.cut(kept[-1])
    return Fitted(size, tuple(kept))


@dataclass(frozen=True, slots=True)
class _Space:
    """The width of one line, as a multiple of the cell height."""

    width: float
    bold: bool
    measure: Measure

    def holds(self, line: str) -> bool:
        return self.measure(line, self.bold) <= self.width

    def wrap(self, line: str) -> Iterator[str]:
        current = ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if self.holds(longer):
                current = longer
                continue
            if current:
                yield current
            current = ""
            for part in self._broken(word):
                if current:
                    yield current
                current = part
        yield current

    def _broken(self, word: str) -> Iterator[str]:
        pieces = list(clusters(word))
        most = int(self.width / _NARROWEST) + 1
        while pieces:
            counts = range(1, min(len(pieces), most) + 1)
            held = bisect_left(counts, 1, key=lambda count: self._overflows(pieces[:count]))
            yield "".join(pieces[: max(1, held)])
            pieces = pieces[max(1, held) :]

    def _overflows(self, pieces: list[str]) -> bool:
        return not self.holds("".join(pieces))

    def cut(self, line: str) -> str:
        pieces = list(clusters(line))
        while pieces and not self.holds("".join(pieces).rstrip() + ELLIPSIS):
            pieces.pop()
        return "".join(pieces).rstrip() + ELLIPSIS
