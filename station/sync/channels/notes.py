"""Remarks about a file, each said once with how often it was true and where first."""

from __future__ import annotations


class Notes:
    """Collects remarks by their words."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}

    def add(self, text: str, line: int) -> None:
        """Note something about a line."""
        count, first = self._seen.get(text, (0, line))
        self._seen[text] = (count + 1, min(first, line))

    def told(self) -> tuple[str, ...]:
        """Return the remarks in the order in which they first came up."""
        return tuple(_told(text, *seen) for text, seen in self._seen.items())


def _told(text: str, count: int, line: int) -> str:
    if count == 1:
        return f"Line {line}: {text}."
    return f"{count:,} rows, the first on line {line}: {text}."
