"""Code 128 and GS1-128 as symbols: which subset carries what, and how wide the code becomes.

ISO/IEC 15417: a symbol is 11 modules, the stop pattern 13. Subset C carries two digits in one
symbol. Printer and picture follow the same list of symbols, so that their bars are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels import gs1
from labels.errors import LabelError
from labels.layout import Symbology

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET_MODULES = 10
"""Blank modules before and after the bars (ISO/IEC 15417 §4.4, GS1 General Specifications §5.4)."""

MAX_CHARACTERS = 48
"""Of one code: the limit of GS1-128 (GS1 General Specifications §5.4.1), used for both."""

_SYMBOL = 11
_STOP = 13
_STARTS = {"B": 104, "C": 105}
_SWITCHES = {"B": 100, "C": 99}
_FNC1 = 102
_DIGITS = re.compile(r"[0-9]{2,}")
_ALPHABET = frozenset(map(chr, range(0x20, 0x7F))) - {">"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a value in one subset."""

    subset: str
    """“B” for characters, “C” for pairs of digits."""
    text: str


def check(value: str, symbology: Symbology) -> None:
    """Refuse a value that the bars cannot carry in the same way on every printer.

    Raises:
        LabelError: empty, too long, or with a character that must not be in it; “>” starts an
            escape in ZPL's Code 128, which printers read differently.
    """
    if not 0 < len(value) <= MAX_CHARACTERS:
        message = f"A barcode cannot hold {len(value)} characters."
        raise LabelError(message, f"Use 1 to {MAX_CHARACTERS} characters.")
    if symbology is Symbology.GS1_128:
        gs1.check(value)
        return
    wrong = sorted(set(value) - _ALPHABET)
    if wrong:
        message = f"A barcode cannot hold the character {wrong[0]!a}."
        raise LabelError(message, "Use letters without accents, digits and signs other than “>”.")


def segments(value: str) -> tuple[Segment, ...]:
    """Return the value in the subsets that make the shortest code.

    Runs of four digits or more, of two at the start, go into subset C; an odd last digit does not.
    A separator alone between two such runs stays in their subset, for FNC1 stands in both.
    """
    found: list[Segment] = []
    done = 0
    for run in _DIGITS.finditer(value):
        start, end = run.span()
        end -= (end - start) % 2
        if end - start < 4 and start:
            continue
        if done < start:
            between = value[done:start]
            stays = between == gs1.SEPARATOR and bool(found)
            found.append(Segment("C" if stays else "B", between))
        found.append(Segment("C", value[start:end]))
        done = end
    if done < len(value):
        found.append(Segment("B", value[done:]))
    return tuple(found)


def symbols(value: str, symbology: Symbology) -> tuple[int, ...]:
    """Return the numbers of the symbols, without the check symbol and the stop pattern."""
    found: list[int] = []
    subset = ""
    for part in segments(value):
        if not found:
            found.append(_STARTS[part.subset])
            found.extend([_FNC1] if symbology is Symbology.GS1_128 else [])
        elif part.subset != subset:
            found.append(_SWITCHES[part.subset])
        subset = part.subset
        found.extend(_numbers(part))
    return tuple(found)


def _numbers(part: Segment) -> Iterator[int]:
    step = 2 if part.subset == "C" and part.text != gs1.SEPARATOR else 1
    for start in range(0, len(part.text), step):
        piece = part.text[start : start + step]
        if piece == gs1.SEPARATOR:
            yield _FNC1
        else:
            yield int(piece) if step == 2 else ord(piece) - 0x20


def modules(value: str, symbology: Symbology) -> int:
    """Return the width of the code in modules, without its quiet zones."""
    return (len(symbols(value, symbology)) + 1) * _SYMBOL + _STOP
