"""Data Matrix: how large the square becomes that holds a short text (ISO/IEC 16022, ECC 200)."""

from __future__ import annotations

import re

from labels.errors import LabelError

QUIET_MODULES = 2
"""Blank modules kept on each side; the standard asks for one (ISO/IEC 16022 §5.8.2)."""

_CAPACITY = {10: 3, 12: 5, 14: 8, 16: 12, 18: 18, 20: 22, 22: 30, 24: 36, 26: 44, 32: 62}
"""Data codewords of each square (ISO/IEC 16022, table 7)."""

_PAIRS = re.compile(r"[0-9]{2}")


def check(value: str) -> None:
    """Refuse what is not one short line of plain characters.

    Raises:
        LabelError: empty, too long, or with a character other than printable ASCII.
    """
    if not value or not value.isascii() or not value.isprintable():
        message = f"A Data Matrix code of ours cannot hold {value[:40]!a}."
        raise LabelError(message, "Use letters without accents, digits and signs.")
    modules(value)


def modules(value: str) -> int:
    """Return the side of the square in modules, at most: two digits or one character a codeword.

    Raises:
        LabelError: the text is too long for a square of 32 modules.
    """
    needed = len(_PAIRS.sub("2", value))
    for side, capacity in _CAPACITY.items():
        if needed <= capacity:
            return side
    message = f"A Data Matrix code of ours cannot hold {len(value)} characters."
    raise LabelError(message, "Use a shorter code.")
