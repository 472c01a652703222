"""How fast an orders report comes into the store, above reading and writing the same rows."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import shop
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn

if TYPE_CHECKING:
    from pathlib import Path

MANY = 100_000


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Import a report into a new store, then the same one again, with a bare import between."""
    rows = 2_000 if quick else MANY
    report = folder / f"orders-{rows}.txt"
    shop.write_report(report, rows, datetime.now(UTC))
    home = folder / f"waiting-{rows}"
    shutil.rmtree(home, ignore_errors=True)
    shop.waiting(folder, 100)  # all code is loaded
    shop.make_store(home)
    before = _bare(folder, report)
    first = _station(home, report)
    sources = {
        "again": lambda: _station(home, report),
        "bare": lambda: _bare(folder, report),
    }
    rest = in_turn(1 if quick else 2, sources)
    return (_result(rows, first, rest["again"], [*before, *rest["bare"]]),)


def _station(home: Path, report: Path) -> list[float]:
    began = perf_counter()
    shop.fill(home, report)
    return [perf_counter() - began]


def _result(rows: int, first: list[float], again: list[float], bare: list[float]) -> Result:
    new = Series("station, into a new store", first)
    same = Series("station, the same file again", again)
    peer = Series("csv.reader + executemany into one table", bare)
    each = (f"{series.name}: {rows / series.quantile(0.5):,.0f} rows/s" for series in (new, peer))
    return Result(
        f"Import of {rows:,} order rows",
        "s",
        (new, same, peer),
        (
            Ratio(new, peer, "What checking, cleaning, indexes and safe updates add to a copy."),
            Ratio(same, new, "What it costs to import a report that changed nothing."),
        ),
        (*each,),
    )


def _bare(folder: Path, report: Path) -> list[float]:
    path = folder / "bare-import.db"
    began = perf_counter()
    with report.open(encoding="utf-8", newline="") as lines, closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=FULL")
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = next(rows)
        base.execute(f"CREATE TABLE report({','.join(f'c{i}' for i in range(len(names)))})")
        with base:
            base.executemany(f"INSERT INTO report VALUES({','.join('?' * len(names))})", rows)
    took = perf_counter() - began
    path.unlink()
    return [took]
