"""Code 128 and GS1-128 as symbols: which subset carries what, and how wide the code becomes.

ISO/IEC 15417: a symbol is 11 modules, the stop pattern 13. Subset C carries two digits in one
symbol. The rule is the one that python-barcode follows, so that the printer's own bars and the
drawn ones are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from labels.errors import LabelError
from labels.layout import Symbology

QUIET_MODULES = 10
"""Blank modules before and after the bars (ISO/IEC 15417 §4.4, GS1 General Specifications §5.4)."""

MAX_CHARACTERS = 48
"""Of one code: the limit of GS1-128 (GS1 General Specifications §5.4.1), used for both."""

_SYMBOL = 11
_STOP = 13
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
        if not (value.isascii() and value.isdigit()) or len(value) % 2:
            message = f"A GS1-128 code cannot hold {value[:60]!r}."
            raise LabelError(message, "Use an even number of digits.")
        return
    wrong = sorted(set(value) - _ALPHABET)
    if wrong:
        message = f"A barcode cannot hold the character {wrong[0]!a}."
        raise LabelError(message, "Use letters without accents, digits and signs other than “>”.")


def segments(value: str) -> tuple[Segment, ...]:
    """Return the value in the subsets that make the shortest code.

    Runs of four digits or more, of two at the start, go into subset C; an odd last digit does not.
    """
    found: list[Segment] = []
    done = 0
    for run in _DIGITS.finditer(value):
        start, end = run.span()
        end -= (end - start) % 2
        if end - start < 4 and start:
            continue
        if done < start:
            found.append(Segment("B", value[done:start]))
        found.append(Segment("C", value[start:end]))
        done = end
    if done < len(value):
        found.append(Segment("B", value[done:]))
    return tuple(found)


def modules(value: str, symbology: Symbology) -> int:
    """Return the width of the code in modules, without its quiet zones."""
    symbols = 2 if symbology is Symbology.GS1_128 else 1  # FNC1 and the check symbol
    for part in segments(value):
        data = len(part.text) // 2 if part.subset == "C" else len(part.text)
        symbols += 1 + data  # the start or the switch, then the data
    return symbols * _SYMBOL + _STOP
