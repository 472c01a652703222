"""Lines cut into rows: Amazon's tab-separated lines, and CSV with quotation marks."""

from __future__ import annotations

import csv
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from station.sync.channels.lines import Line

MAX_SPAN = 8
"""Lines that one quoted cell may run over; an unclosed quotation mark must not eat a file."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by the name of their column."""

    line: int
    """Physical line at which the row starts."""
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    """Why the row cannot be trusted as a whole; empty for a sound row."""
    cut_at: str = ""
    """The column within which a row that is too short ends."""
    ended: bool = True
    """False for the last row of a file that does not end with a line end."""

    def get(self, column: str) -> str:
        """Return a cell without the blanks around it; '' when it is not there."""
        return self.cells.get(column, "").strip()


def cut_rows(lines: Iterable[Line], columns: tuple[str, ...], delimiter: str) -> Iterator[Row]:
    """Yield a row for each line that is not blank; quotation marks are literal."""
    for line in lines:
        if line.text and not line.text.isspace():
            yield _row(line, line.text.split(delimiter), columns)


def cut_quoted(lines: Iterator[Line], columns: tuple[str, ...], delimiter: str) -> Iterator[Row]:
    """Yield a row for each record of a CSV; a quoted cell may run over up to eight lines.

    A line whose quotation mark is not closed is a faulty row by itself, and the next line is a
    row again.
    """
    ahead: deque[Line] = deque()
    while _fill(ahead, lines, 1):
        first = ahead[0]
        if not first.text or first.text.isspace():
            ahead.popleft()
        elif '"' not in first.text:
            yield _row(ahead.popleft(), first.text.split(delimiter), columns)
        else:
            yield _quoted(ahead, lines, columns, delimiter)


def _fill(ahead: deque[Line], lines: Iterator[Line], count: int) -> bool:
    while len(ahead) < count:
        line = next(lines, None)
        if line is None:
            return False
        ahead.append(line)
    return True


def _quoted(
    ahead: deque[Line], lines: Iterator[Line], columns: tuple[str, ...], delimiter: str
) -> Row:
    first = ahead[0]
    for span in range(1, MAX_SPAN + 1):
        if not _fill(ahead, lines, span):
            break
        text = "\n".join(ahead[at].text for at in range(span))
        cells = _cells(text, delimiter)
        if cells is not None and (span == 1 or len(cells) <= len(columns)):
            for _ in range(span):
                ahead.popleft()
            return _row(first, cells, columns)
    ahead.popleft()
    return Row(first.number, fault="a quotation mark is not closed")


def cells_of(text: str, delimiter: str) -> list[str]:
    """Return the cells of a line, whatever its quotation marks."""
    return _cells(text, delimiter) or text.split(delimiter)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of a record, None while a quoted cell is still open."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
    try:
        return next(csv.reader([text], delimiter=delimiter))
    except csv.Error:
        return text.split(delimiter)


def _row(line: Line, cells: list[str], columns: tuple[str, ...]) -> Row:
    named = dict(zip(columns, cells, strict=False))
    have, want = len(cells), len(columns)
    if line.long:
        fault = "the line is longer than a million characters"
        return Row(line.number, named, fault, columns[min(have, want) - 1])
    if have < want:
        return Row(
            line.number,
            named,
            f"the row has {have} of {want} columns",
            columns[have - 1],
            line.ended,
        )
    if have > want and any(cell.strip() for cell in cells[want:]):
        return Row(line.number, named, f"the row has {have} columns instead of {want}")
    return Row(line.number, named, ended=line.ended)
