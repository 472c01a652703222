"""Printers that are not well, in the cells that a row of the board has for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from station.board_words import bench_line, bench_state, printers_cut
from station.cells import width_of
from station.overview import BenchRow, Pulse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TWO = "main: paper out → spare; office: not reachable"


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (46, TWO),
        (45, "main: paper out; office: not reachable"),
        (37, "main: paper out +1"),
        (17, "see 2 printers"),
        (3, "see 2 printers"),
    ],
)
def test_what_does_not_fit_is_counted(room: int, told: str) -> None:
    """First who stands in is left out, then the last printers, and how many more is said."""
    assert printers_cut(TWO, room) == told


def test_one_printer_fits_80_columns() -> None:
    """The usual trouble of one printer stands whole at the end of a row of 80 cells."""
    row = BenchRow("bench-1", NOW, Pulse("Ana", "1", 1, 2, NOW, 0, "main: paper out → spare"))
    line = bench_line(row, NOW)
    assert line.endswith("  main: paper out")
    assert width_of(line) <= 80
    assert bench_line(row, NOW, 100).endswith("main: paper out → spare")


def test_the_whole_is_told_where_there_is_room() -> None:
    """What the supervisor opens has every printer, after what is worse."""
    pulse = Pulse("Ana", "1", 1, 2, NOW, 3, TWO)
    assert bench_state(BenchRow("bench-1", NOW, pulse), NOW) == f"3 unsent, {TWO}"
