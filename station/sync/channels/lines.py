"""The physical lines of a text file, numbered, one at a time.

Only one kind of line end counts in a file, so that a stray CR, form feed or U+2028 inside a
buyer's name does not tear his row in two.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.sync.channels.opening import HEAD, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.sync.channels.port import Progress

MAX_LINE = 1 << 20
"""Characters of one line that are kept; the rest of a longer line is skipped."""

TELL_EVERY = 2_000
"""Lines between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line without its end."""

    number: int
    text: str
    ended: bool = True
    """False for a last line without a line end, which may have been cut off."""
    long: bool = False
    """True when only the first 1,048,576 characters are here."""


def read_lines(path: Path, codec: str, progress: Progress | None = None) -> Iterator[Line]:
    """Yield the lines of a file; bytes that cannot be read become U+FFFD, never an error.

    Raises InputError when the disk gives up in the middle.
    """
    try:
        size = max(path.stat().st_size, 1)
        end = _line_end(path, codec)
        with path.open("rb") as raw, _text(raw, codec, end) as stream:
            for line in _numbered(stream, end):
                yield line
                if progress and line.number % TELL_EVERY == 0:
                    progress(min(raw.tell() / size, 1.0))
    except OSError as error:
        raise unreadable(path, error) from error


def _text(raw: io.BufferedReader, codec: str, end: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, codec, errors="replace", newline=end)


def _line_end(path: Path, codec: str) -> str:
    """Return LF, which CRLF contains, or CR for a file that knows no other."""
    with path.open("rb") as raw, _text(raw, codec, "") as stream:
        head = stream.read(HEAD)
    return "\r" if "\r" in head and "\n" not in head else "\n"


def _numbered(stream: io.TextIOWrapper, end: str) -> Iterator[Line]:
    number = 0
    while text := stream.readline(MAX_LINE):
        number += 1
        if text.endswith(end):
            yield Line(number, text[:-1].removesuffix("\r"))
        elif len(text) < MAX_LINE:
            yield Line(number, text, ended=False)
        else:
            ended = _skip(stream, end)
            yield Line(number, text, ended=ended, long=True)


def _skip(stream: io.TextIOWrapper, end: str) -> bool:
    """Read on to the end of the line, and say whether it has one."""
    while text := stream.readline(MAX_LINE):
        if text.endswith(end):
            return True
    return False
