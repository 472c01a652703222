"""A small shop's files for `station demo`, written as if they had been downloaded just now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLACEHOLDER = re.compile(r"\{(?:now(?P<hours>[+-]\d+[mhd])?|day\+(?P<share>\d+)%)\}")
"""`{now-3h}` counts from now; `{day+30%}` is that share of what is left of today."""

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the three files were written."""

    orders: Path
    listings: Path
    products: Path


def write_demo_files(folder: Path, now: datetime) -> DemoFiles:
    """Write an orders report, a listings report and a product list into a folder.

    now must be aware; its time zone decides when today ends. Two orders are overdue, many are
    due today and the others later, whenever it is. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return DemoFiles(
        orders=_write(folder, "orders.txt", now),
        listings=_write(folder, "listings.txt", now),
        products=_write(folder, "products.csv", now),
    )


def _write(folder: Path, name: str, now: datetime) -> Path:
    template = (files("station") / "demo_files" / name).read_text(encoding="utf-8")
    text = PLACEHOLDER.sub(lambda found: _moment(found, now), template).replace("{esc}", "\x1b")
    path = folder / name
    # read_text made every line end an LF, whatever a checkout did to it; Amazon's are CRLF.
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def _moment(found: re.Match[str], now: datetime) -> str:
    if found["share"]:
        left = max(_day_end(now) - now, timedelta())
        moment = now + left * int(found["share"]) / 100
    else:
        moment = now + _offset(found["hours"] or "+0m")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _offset(text: str) -> timedelta:
    return int(text[:-1]) * UNITS[text[-1]]


def _day_end(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(23, 59, 59), now.tzinfo)
