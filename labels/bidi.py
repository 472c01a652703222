"""The order in which the pieces of a line stand when Arabic or Hebrew is among them.

A short form of Unicode UAX #9: one paragraph, no embeddings (direction marks never reach a label).
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

from labels.characters import clusters

_STRONG = {"L": 0, "R": 1, "AL": 1}
_NUMBERS = {"EN", "AN"}
_SEPARATORS = {"ES", "CS"}
_NEUTRAL = -1
_NUMBER = 2
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def visual(line: str) -> list[tuple[str, bool]]:
    """Return the line's pieces from left to right, and whether each reads from right to left."""
    if line.isascii():
        return [(line, False)] if line else []
    levels = _levels(line)
    runs = [
        (level, "".join(char for _, char in group))
        for level, group in groupby(zip(levels, line, strict=True), key=lambda pair: pair[0])
    ]
    for level in range(max(levels, default=0), 0, -1):
        runs = _turned(runs, level)
    return [(text, level % 2 == 1) for level, text in runs]


def mirrored(text: str) -> str:
    """Return a right-to-left text in the order of its glyphs, for engines that cannot turn it."""
    return "".join(reversed([piece.translate(_MIRRORED) for piece in clusters(text)]))


def _turned(runs: list[tuple[int, str]], level: int) -> list[tuple[int, str]]:
    turned: list[tuple[int, str]] = []
    for high, group in groupby(runs, key=lambda run: run[0] >= level):
        stretch = list(group)
        turned.extend(reversed(stretch) if high else stretch)
    return turned


def _levels(line: str) -> list[int]:
    kinds = _kinds(line)
    base = next((kind for kind in kinds if kind in {0, 1}), 0)
    levels: list[int] = []
    before = base
    for index, kind in enumerate(kinds):
        if kind in {0, 1}:
            before = kind
            levels.append(kind if base == 0 or kind == 1 else 2)
        elif kind == _NUMBER:
            levels.append(2 if base or before else 0)
        else:
            after = next((_side(each) for each in kinds[index + 1 :] if each != _NEUTRAL), base)
            level = before if before == after else base
            levels.append(level if base == 0 or level == 1 else 2)
    return levels


def _side(kind: int) -> int:
    """Return the direction that a number or a letter shows to the neutrals beside it."""
    return 1 if kind == _NUMBER else kind


def _kinds(line: str) -> list[int]:
    names = [unicodedata.bidirectional(char) for char in line]
    kinds: list[int] = []
    for index, name in enumerate(names):
        between = (
            name in _SEPARATORS
            and 0 < index < len(names) - 1
            and {names[index - 1], names[index + 1]} <= _NUMBERS
        )
        if name == "NSM":
            kinds.append(kinds[-1] if kinds else _NEUTRAL)
        elif name in _NUMBERS or between:
            kinds.append(_NUMBER)
        else:
            kinds.append(_STRONG.get(name, _NEUTRAL))
    return kinds
