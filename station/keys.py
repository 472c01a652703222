"""Which keys belong to the scanner and which to the packer; pure."""

from __future__ import annotations

from enum import Enum, auto


class Kind(Enum):
    """Whose a key is."""

    CHARACTER = auto()
    """Part of a code or of a typed word."""
    END = auto()
    """Enter, line feed or tab."""
    ERASE = auto()
    CLEAR = auto()
    COMMAND = auto()
    """A function key, an arrow, or Escape with nothing typed."""


def kind(key: str, character: str | None, *, pending: str) -> Kind:
    """Tell whose a key is.

    Args:
        key: The terminal's name of the key.
        character: What it types, control characters included; None for function keys.
        pending: What was typed since the last end.
    """
    if character in {"\r", "\n", "\t"} or key in {"enter", "tab", "ctrl+j"}:
        return Kind.END
    if key in {"backspace", "delete"} or character in {"\x7f", "\x08"}:
        return Kind.ERASE
    if key == "escape":
        return Kind.CLEAR if pending else Kind.COMMAND
    if character is not None and len(character) == 1:
        return Kind.CHARACTER
    return Kind.COMMAND
