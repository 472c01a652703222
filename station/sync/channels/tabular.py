"""Tables in text files: the header checked in words, the rows streamed with their line numbers."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.errors import InputError
from station.sync.channels.encoding import Encoding, detect
from station.sync.channels.lines import read_lines
from station.sync.channels.opening import DOWNLOAD, check_file, shown, unreadable
from station.sync.channels.records import cells_of, cut_quoted, cut_rows
from station.sync.channels.shapes import KNOWN, Shape, nearest
from station.text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.sync.channels.port import Progress
    from station.sync.channels.records import Row

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars"}

MAX_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table: its header is good, its rows may still be anything."""

    path: Path
    encoding: Encoding
    delimiter: str
    columns: tuple[str, ...]
    """Lower case, in the order of the file; the unknown ones too."""
    unknown: tuple[str, ...]
    quoted: bool
    progress: Progress | None = None

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank; one that is cut or too long says so in `fault`."""
        lines = read_lines(self.path, self.encoding.codec, self.progress)
        next(lines, None)
        cut = cut_quoted if self.quoted else cut_rows
        return cut(lines, self.columns, self.delimiter)

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading the file had to leave open."""
        lost = self.encoding.unreadable
        if not lost:
            return ()
        return (f"{lost:,} signs could not be read as {self.encoding.name}: they show as �.",)


def open_table(path: Path, shape: Shape, progress: Progress | None = None) -> Table:
    """Open a file of the given shape.

    Raises InputError when it cannot be such a file, with what it is instead and what to do.
    """
    encoding, header = _header(path)
    delimiter = _delimiter(header)
    columns = split_header(header, delimiter)
    _check_kind(path, columns, shape)
    _check_delimiter(path, columns, delimiter, shape)
    _check_columns(path, columns, shape)
    unknown = tuple(name for name in columns if name and name not in shape.known)
    return Table(path, encoding, delimiter, columns, unknown, shape.quoted, progress)


def sniff_shape(path: Path) -> Shape:
    """Return what kind of file this is by its header; InputError when it is none of ours."""
    _, header = _header(path)
    columns = split_header(header, _delimiter(header))
    shape = nearest(columns)
    if shape is None:
        found = visible(", ".join(columns), 120)
        raise InputError(f"{shown(path)} cannot be imported; its columns are {found}.", DOWNLOAD)
    _check_columns(path, columns, shape)
    return shape


def split_header(header: str, delimiter: str) -> tuple[str, ...]:
    """Return the names of the columns, without the empty ones at the end."""
    names = [plain(cell, 80).casefold() for cell in cells_of(header, delimiter)[:MAX_COLUMNS]]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _header(path: Path) -> tuple[Encoding, str]:
    check_file(path)
    try:
        encoding = detect(path)
    except OSError as error:
        raise unreadable(path, error) from error
    first = next(read_lines(path, encoding.codec), None)
    header = first.text[: 1 << 16] if first else ""
    if not plain(header):
        raise InputError(f"{shown(path)} has no header in its first line.", DOWNLOAD)
    return encoding, header


def _delimiter(header: str) -> str:
    """Return the delimiter under which most known columns appear."""
    return max(DELIMITERS, key=lambda sign: len(KNOWN.intersection(split_header(header, sign))))


def _check_kind(path: Path, columns: tuple[str, ...], shape: Shape) -> None:
    found = nearest(columns, shape)
    if found and found is not shape:
        raise InputError(
            f"{shown(path)} is {found.title}, not {shape.title}.",
            f"Use `station import {found.kind}`.",
        )


def _check_delimiter(path: Path, columns: tuple[str, ...], delimiter: str, shape: Shape) -> None:
    if delimiter in shape.delimiters or not shape.known.intersection(columns):
        return
    raise InputError(
        f"The columns of {shown(path)} are separated by {DELIMITERS[delimiter]}, "
        f"not by {DELIMITERS[shape.delimiters[0]]}.",
        "Import the file as it was downloaded; a spreadsheet has changed this one."
        if not shape.quoted
        else "Save it with commas or semicolons.",
    )


def _check_columns(path: Path, columns: tuple[str, ...], shape: Shape) -> None:
    missing = [name for name in shape.required if name not in columns]
    if missing:
        raise InputError(
            f"{shown(path)} is not {shape.title}: "
            + "; ".join(_missing(name, columns) for name in missing[:4])
            + (f"; and {len(missing) - 4} more." if len(missing) > 4 else "."),
            DOWNLOAD,
        )
    doubled = sorted({name for name in columns if name in shape.known and columns.count(name) > 1})
    if doubled:
        raise InputError(
            f"{shown(path)} has the column {', '.join(doubled)} more than once.",
            "Delete all but the right one and import it again.",
        )


def _missing(name: str, columns: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, columns, n=1, cutoff=0.6)
    hint = f" (there is “{visible(near[0])}”)" if near else ""
    return f"the column {name} is missing{hint}"
