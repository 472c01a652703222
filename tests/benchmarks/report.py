"""What every benchmark gives back, and the one place where it is printed."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COLUMNS = ("n", "lost", "p50", "p99", "max")
NAME_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Series:
    """Samples of one thing, in the unit of its result."""

    name: str
    values: Sequence[float]
    lost: int | None = None
    """Scans that were written and never counted; None where nothing can be lost."""

    def quantile(self, share: float) -> float:
        """Return the value below which that share of the samples lies, NaN without samples."""
        ordered = sorted(self.values) or [nan]
        place = (len(ordered) - 1) * share
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two series of the same run, ours over a floor or a peer."""

    ours: Series
    theirs: Series
    means: str
    """One sentence."""

    def at(self, share: float) -> str:
        """Return the ratio of the two quantiles, “–” where there is none."""
        above, below = self.ours.quantile(share), self.theirs.quantile(share)
        return "–" if isnan(above) or isnan(below) or not below else f"{above / below:.2f}"


@dataclass(frozen=True, slots=True)
class Result:
    """One table."""

    title: str
    unit: str
    series: tuple[Series, ...]
    ratios: tuple[Ratio, ...]
    notes: tuple[str, ...] = ()


def tell(result: Result, say: Callable[[str], object]) -> None:
    """Say a table, then its ratios, each with what it means."""
    say(f"\n{result.title} [{result.unit}]")
    say(f"  {'':<{NAME_WIDTH}}" + "".join(f"{column:>10}" for column in COLUMNS))
    for series in result.series:
        lost = "-" if series.lost is None else str(series.lost)
        cells = (str(len(series.values)), lost, *map(_number, _numbers(series)))
        say(f"  {series.name:<{NAME_WIDTH}}" + "".join(f"{cell:>10}" for cell in cells))
    for ratio in result.ratios:
        names = f"{ratio.ours.name} / {ratio.theirs.name}"
        say(f"  ratio {ratio.at(0.5)} (p99 {ratio.at(0.99)})  {names}")
        say(f"        {ratio.means}")
    for note in result.notes:
        say(f"  note: {note}")


def _numbers(series: Series) -> tuple[float, float, float]:
    return series.quantile(0.5), series.quantile(0.99), series.quantile(1)


def _number(value: float) -> str:
    if isnan(value):
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def tell_machine(folder: Path, say: Callable[[str], object]) -> None:
    """Say on what the numbers were measured, and how busy it was when the run began."""
    load = ", ".join(f"{minute:.1f}" for minute in os.getloadavg())
    say(f"CPUs {os.cpu_count()} · {platform.system()} {platform.release()} {platform.machine()}")
    say(f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version}")
    say(f"Textual {version('textual')} · SQLAlchemy {version('sqlalchemy')}")
    say(f"data in {folder} on {file_system(folder)} · load {load}")


def file_system(folder: Path) -> str:
    """Return the kind of file system that holds a folder, with a warning where it is memory."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "an unknown file system"
    below = [line.split()[1:3] for line in mounts if folder.is_relative_to(line.split()[1])]
    kind = max(below, key=lambda found: len(found[0]), default=["", "an unknown file system"])[1]
    return f"{kind} (memory: commits cost nothing here)" if kind in {"tmpfs", "ramfs"} else kind
