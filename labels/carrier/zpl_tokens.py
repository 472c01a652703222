"""ZPL as its commands: name and data, before anything is believed of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.errors import LabelError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = re.compile(rb"[\^~]")
_IGNORED = b"\r\n\0"
"""Bytes that a printer passes over wherever they stand."""
_BINARY = re.compile(rb",(\d{1,7}),(\d{1,7}),(\d{1,5}),")
_NAME = re.compile(rb"[\^~](?:[Aa]@|[Aa]|[!-}][!-}])")


@dataclass(frozen=True, slots=True)
class Command:
    """One command."""

    name: str
    """Prefix and letters in capitals: ^FD, ~DG, ^A (its font is the first of the data), ^A@."""
    data: bytes = b""

    @property
    def values(self) -> list[str]:
        """The data as parameters between commas, blanks around them removed."""
        return [each.strip() for each in self.data.decode("latin-1").split(",")]

    def number(self, index: int, default: int) -> int:
        """Return a parameter that is a whole number, else the default."""
        values = self.values
        text = values[index] if index < len(values) else ""
        return int(text) if re.fullmatch(r"-?\d{1,6}", text, re.ASCII) else default

    def value(self, index: int) -> str:
        """Return a parameter; empty where it is not given."""
        values = self.values
        return values[index] if index < len(values) else ""

    def __bytes__(self) -> bytes:
        return self.name.encode() + self.data


def commands(data: bytes) -> Iterator[Command]:
    """Give the commands in their order; text before the first has the name "".

    Raises:
        LabelError: A name is cut off, or binary data are shorter than they say.
    """
    first = _PREFIX.search(data)
    end = first.start() if first else len(data)
    if stray := data[:end].strip(b"\xef\xbb\xbf \t" + _IGNORED):
        yield Command("", stray)
    while end < len(data):
        command, end = _next(data, end)
        yield command


def _next(data: bytes, start: int) -> tuple[Command, int]:
    body = start + 1
    while data[body : body + 1] and data[body] in _IGNORED:
        body += 1
    head = data[start : start + 1] + data[body : body + 2].translate(None, _IGNORED)
    match = _NAME.match(head)
    if not match:
        raise LabelError("The ZPL ends within a command, or holds a broken one.", "Fetch it again.")
    name = match[0].decode("ascii").upper()
    body += len(match[0]) - 1
    if name == "^GF" and data[body : body + 1] in {b"B", b"b"}:
        return _binary(data, body)
    found = _PREFIX.search(data, body)
    end = found.start() if found else len(data)
    return Command(name, data[body:end].translate(None, _IGNORED)), end


def _binary(data: bytes, body: int) -> tuple[Command, int]:
    """Take a ^GFB, whose data may hold anything: their number of bytes stands before them."""
    match = _BINARY.match(data, body + 1)
    size = int(match[1]) if match else 0
    start = match.end() if match else body
    if not match or size > len(data) - start:
        raise LabelError("A graphic of the ZPL is cut short.", "Fetch the label again.")
    end = start + size
    after = _PREFIX.search(data, end)
    rest = after.start() if after else len(data)
    if data[end:rest].strip(_IGNORED + b" "):
        raise LabelError("A graphic of the ZPL is longer than it says.", "Fetch it again.")
    return Command("^GF", data[body:end]), rest
