"""GS1 element strings: what may stand in a GS1-128 code, and how people read it.

An application identifier says what follows it and how long that is; a value of variable length
ends at the separator, which is FNC1 in the bars and the character 29 in a scanner's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.errors import LabelError
from labels.sscc import check_digit

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATOR = "\x1d"
"""FNC1 between two element strings, as a scanner sends it."""

_FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8,
    "15": 8, "16": 8, "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10,
    "35": 10, "36": 10, "41": 16,
}  # fmt: skip
"""Characters of element strings that need no separator after them, their identifier included, by
its first two digits (GS1 General Specifications §7.8.5)."""

_THREE = {"23", "24", "25", "40", "41", "42", "71"}
_FOUR = {"31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"}
"""First two digits of the identifiers that are longer than two digits (§3.2)."""

_KEYS = {"00", "01", "02"}
"""Identifiers of keys that end in a check digit."""

_SIGNS = frozenset("!\"%&'()*+,-./:;<=?_")
"""Character set 82 without letters, digits and “>” (§7.11)."""


def check(value: str) -> None:
    """Refuse what is no row of element strings.

    Raises:
        LabelError: a character, a length or a check digit is wrong; says which.
    """
    strings = list(elements(value))
    if not strings or value.endswith(SEPARATOR):
        raise _refusal(value, "Start it with an identifier, and end it with no separator.")
    for identifier, data in strings:
        if not (identifier.isascii() and identifier.isdigit() and len(identifier) >= 2 and data):
            raise _refusal(value, "Start each element with its application identifier, such as 01.")
        if not all(char in _SIGNS or (char.isascii() and char.isalnum()) for char in data):
            raise _refusal(value, "Use letters without accents, digits and simple signs.")
        wanted = _FIXED.get(identifier[:2])
        if wanted and (len(identifier + data) != wanted or not data.isdigit()):
            raise _refusal(value, f"({identifier}) has {wanted - len(identifier)} digits.")
        if identifier in _KEYS and check_digit(data[:-1]) != data[-1]:
            raise _refusal(value, f"The check digit of ({identifier}) is wrong.")


def shown(value: str) -> str:
    """Return the text that people read beneath the bars: identifiers in parentheses."""
    return " ".join(f"({identifier}) {data}" for identifier, data in elements(value))


def elements(value: str) -> Iterator[tuple[str, str]]:
    """Yield identifier and data of each element string."""
    while value:
        start = value[:2]
        whole = _FIXED.get(start) or (value + SEPARATOR).index(SEPARATOR)
        size = 4 if start in _FOUR else 3 if start in _THREE else 2
        yield value[: min(size, whole)], value[min(size, whole) : whole]
        value = value[max(1, whole) :].removeprefix(SEPARATOR)


def _refusal(value: str, remedy: str) -> LabelError:
    return LabelError(f"A GS1-128 code cannot hold {value[:60]!a}.", remedy)
