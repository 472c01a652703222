"""The sheet on the wall of the bench: one code for each thing that a packer can say by scanning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import Page
from labels.layout import Align, Barcode, Box, Element, Label, Text
from labels.media import A4, Media

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP_MM = 8.0
"""Between two cells, so that a scanner's beam meets one code only."""
_PADDING_MM = 3.0

Command = tuple[str, str, str]
"""The word, what it does, and the characters of its code."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """How many cells a paper has, and how large they are."""

    margin: float
    head: float
    gap: float
    columns: int
    rows: int


_SHEET = _Grid(10.0, 14.0, _GAP_MM, 2, 5)
_LABEL = _Grid(4.0, 10.0, 4.0, 1, 3)


@dataclass(frozen=True, slots=True)
class _Cell:
    x: float
    y: float
    width: float
    height: float


def command_sheet(
    rows: Sequence[Command], title: str = "Scan to command", paper: Media = A4
) -> tuple[Label, ...]:
    """Return the pages of the sheet: ten commands on a sheet, three on a label."""
    grid = _SHEET if paper.is_sheet else _LABEL
    each = grid.columns * grid.rows
    pages = [rows[start : start + each] for start in range(0, len(rows), each)] or [[]]
    return tuple(
        Page(paper).label(
            (*_head(title, number, len(pages), paper), *_cells(page, paper, grid)), title
        )
        for number, page in enumerate(pages, 1)
    )


def _head(title: str, number: int, count: int, paper: Media) -> Iterator[Element]:
    margin = _SHEET.margin if paper.is_sheet else _LABEL.margin
    inner, size = paper.width_mm - 2 * margin, 9 if paper.is_sheet else 6
    yield Text(margin, margin - 2, inner - 40, size + 2, one_line(title), size, 3, bold=True)
    if count > 1:
        page = f"page {number} of {count}"
        x = margin + inner - 38
        yield Text(x, margin + size / 3 - 2, 38, 6, page, size / 2, align=Align.RIGHT)


def _cells(rows: Sequence[Command], paper: Media, grid: _Grid) -> Iterator[Element]:
    inner = paper.width_mm - 2 * grid.margin
    width = (inner - grid.gap * (grid.columns - 1)) / grid.columns
    below = paper.height_mm - 2 * grid.margin - grid.head
    height = (below - grid.gap * (grid.rows - 1)) / grid.rows
    for index, row in enumerate(rows):
        x = grid.margin + (index % grid.columns) * (width + grid.gap)
        y = grid.margin + grid.head + (index // grid.columns) * (height + grid.gap)
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
