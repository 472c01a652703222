"""A hash chain: each line's hash covers the line above, so that no past line changes unseen; pure.

A chain alone shows neither a tail that was cut off nor a whole that was written anew: its newest
hash must be kept somewhere else too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK_S = 60
"""Seconds by which a clock may be set back as clocks are; more of it is a finding."""


def digest(above: str, fields: Sequence[object]) -> str:
    """Return the hash of a line in 64 hexadecimal digits.

    Args:
        above: The hash of the line above; empty for the first.
        fields: The line's values, JSON values only, in a fixed order.

    >>> digest("", [1, "hold"]) == digest("", [1, "hold"]) != digest("x", [1, "hold"])
    True
    """
    line = json.dumps([above, *fields], ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()


def as_text(value: object) -> object:
    """Return the characters of raw bytes, so that what is no UTF-8 can be compared too."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with a chain."""

    seq: int
    """The line that it is about."""
    words: str
    """One sentence that names the line."""


class Walk:
    """A chain followed line by line from its first: what is wrong with it, and its newest hash."""

    def __init__(self, word: str) -> None:
        self._word = word
        """What a line is called, such as “Entry”."""
        self.count = 0
        """Lines in their places."""
        self.hash = ""
        self.wrong: Finding | None = None
        """The first line that is not as it was written."""

    def step(self, seq: object, fields: Sequence[object], told: object) -> bool:
        """Take in the next line; False, and nothing more is taken in, when it is wrong.

        What is told is its hash; None: it was written before there was a chain.
        """
        wanted, known = self.count + 1, _known(self.hash, fields)
        if seq != wanted:
            self._found(f"{self._word} {wanted} is missing: the next one is {seq}.")
        elif told is not None and told != known:
            self._found(f"{self._word} {wanted} is not as it was written: its hash does not fit.")
        else:
            self.count, self.hash = wanted, known
        return self.wrong is None

    def unreadable(self, why: Exception) -> None:
        """Take in that the next line says nothing that can be read."""
        self._found(f"{self._word} {self.count + 1} cannot be read: {why}.")

    def ends(self, last: int) -> None:
        """Take in up to which number lines were given out at least."""
        if self.wrong is None and last > self.count:
            first = self.count + 1
            words = f"{self._word} {first} is missing: lines up to {last} were written."
            self._found(words)

    def _found(self, words: str) -> None:
        self.wrong = Finding(self.count + 1, words)


def _known(above: str, fields: Sequence[object]) -> str:
    try:
        return digest(above, fields)
    except TypeError:  # a value of a kind that we never write
        return ""


class Clocks:
    """The times of a chain's lines, and where the clock had been set back."""

    def __init__(self) -> None:
        self._newest_ms: int | None = None
        self.back: list[tuple[int, int]] = []
        """Lines before which the clock was set back, and by how many seconds."""

    def step(self, seq: int, at_ms: int) -> None:
        """Take in the time of the next line; many small steps back count as one."""
        newest = at_ms if self._newest_ms is None else max(self._newest_ms, at_ms)
        behind_s = (newest - at_ms) // 1000
        if behind_s > SLACK_S:
            self.back.append((seq, behind_s))
            newest = at_ms
        self._newest_ms = newest
