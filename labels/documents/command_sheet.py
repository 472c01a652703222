"""The sheet on the wall of the bench: one code for each thing that a packer can say by scanning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.layout import Align, Barcode, Box, Element, Label, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARGIN_MM = 10.0
_HEAD_MM = 14.0
_GAP_MM = 8.0
"""Between two cells, so that a scanner's beam meets one code only."""
_COLUMNS = 2
_ROWS = 5
_PADDING_MM = 3.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper in millimetres."""

    width_mm: float
    height_mm: float


A4 = Paper(210.0, 297.0)
LETTER = Paper(215.9, 279.4)

Command = tuple[str, str, str]
"""The word, what it does, and the characters of its code."""


@dataclass(frozen=True, slots=True)
class _Cell:
    x: float
    y: float
    width: float
    height: float


def command_sheet(
    rows: Sequence[Command], title: str = "Scan to command", paper: Paper = A4
) -> tuple[Label, ...]:
    """Return the pages of the sheet, ten commands on each."""
    each = _COLUMNS * _ROWS
    pages = [rows[start : start + each] for start in range(0, len(rows), each)] or [[]]
    return tuple(
        Label(
            paper.width_mm,
            paper.height_mm,
            (*_head(title, number, len(pages), paper), *_cells(page, paper)),
            one_line(title),
        )
        for number, page in enumerate(pages, 1)
    )


def _head(title: str, number: int, count: int, paper: Paper) -> Iterator[Element]:
    inner = paper.width_mm - 2 * _MARGIN_MM
    yield Text(_MARGIN_MM, 8, inner - 40, 11, one_line(title), 9, 3, bold=True)
    if count > 1:
        page = f"page {number} of {count}"
        yield Text(_MARGIN_MM + inner - 38, 11, 38, 6, page, 4.5, align=Align.RIGHT)


def _cells(rows: Sequence[Command], paper: Paper) -> Iterator[Element]:
    inner = paper.width_mm - 2 * _MARGIN_MM
    width = (inner - _GAP_MM * (_COLUMNS - 1)) / _COLUMNS
    below = paper.height_mm - 2 * _MARGIN_MM - _HEAD_MM
    height = (below - _GAP_MM * (_ROWS - 1)) / _ROWS
    for index, row in enumerate(rows):
        x = _MARGIN_MM + (index % _COLUMNS) * (width + _GAP_MM)
        y = _MARGIN_MM + _HEAD_MM + (index // _COLUMNS) * (height + _GAP_MM)
        yield from _cell(row, _Cell(x, y, width, height))


def _cell(row: Command, cell: _Cell) -> Iterator[Element]:
    word, does, code = row
    x, width = cell.x + _PADDING_MM, cell.width - 2 * _PADDING_MM
    yield Box(cell.x, cell.y, cell.width, cell.height, stroke_mm=0.3)
    yield Text(x, cell.y + 1.5, width, 11, one_line(word), 9, 4, bold=True)
    yield Text(x, cell.y + 12.5, width, 8.4, one_line(does), 3.5, 2.4, max_lines=2)
    bars = cell.height - 28.5
    yield Barcode(x, cell.y + 21.5, width, bars, code, module_mm=0.375)
    shown = Text(x, cell.y + 22.5 + bars, width, 4, code, 3, 1.8, align=Align.CENTRE)
    yield shown
