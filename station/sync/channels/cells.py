"""Single cells read strictly: ids, whole numbers, moments; each fault in words.

`BadCell` never leaves the importers: it becomes a `RowError` with its line.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from functools import lru_cache

from station.text import plain, visible

ID = re.compile(r"[A-Za-z0-9._#-]{1,64}")
NOT_OF_ID = re.compile(r"[^A-Za-z0-9._#-]")
ROUNDED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
"""What a spreadsheet makes of a long number: 1.11E+17."""
BLANK = re.compile(r"\s")
WHOLE = re.compile(r"-?[0-9]{1,12}")
MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?P<time>[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
"""ISO 8601 as Amazon writes it, a blank instead of the T and a bare day tolerated."""

YEARS = range(2000, 2101)

MAX_SKU = 200
"""Characters; Amazon allows 40. A longer one would be cut, and cut SKUs may be the same."""


class BadCell(Exception):  # noqa: N818 - it is a finding about a file, not a failure of ours
    """A cell that cannot be read, said in words."""


def quoted(text: str) -> str:
    """Return outside text as it can stand in a message."""
    return f"“{BLANK.sub(' ', visible(text, 40))}”"


def identifier(text: str, name: str) -> str:
    """Return an id of 1 to 64 letters, digits and . _ # -; raises BadCell."""
    if ID.fullmatch(text) and not ROUNDED.fullmatch(text):
        return text
    if not text:
        raise BadCell(f"{name} is empty")
    if ROUNDED.fullmatch(text):
        raise BadCell(f"{name} {quoted(text)} was rounded by a spreadsheet")
    raise BadCell(f"{name} {quoted(text)} is not 1 to 64 letters, digits and . _ # -")


def sku_of(text: str, name: str = "sku") -> str:
    """Return a SKU, plain; raises BadCell when it is empty or longer than 200 characters."""
    if len(text) > MAX_SKU:
        raise BadCell(f"{name} {quoted(text)} is longer than {MAX_SKU} characters")
    sku = plain(text)
    if not sku:
        raise BadCell(f"{name} is empty")
    return sku


def whole(text: str, name: str, low: int, high: int) -> int:
    """Return a whole number from low to high; raises BadCell."""
    if not text:
        raise BadCell(f"{name} is empty")
    if not WHOLE.fullmatch(text):
        raise BadCell(f"{name} {quoted(text)} is not a whole number")
    number = int(text)
    if not low <= number <= high:
        raise BadCell(f"{name} {number} is not between {low:,} and {high:,}")
    return number


def moment(text: str, name: str, *, day_end: bool = False) -> tuple[datetime, bool]:
    """Return a moment in UTC, and whether the text was a bare day; raises BadCell.

    A bare day is its first moment, or its last second (23:59:59 UTC) with day_end.
    """
    found = _moment(text, day_end)
    if isinstance(found, str):
        raise BadCell(f"{name} {quoted(text)} {found}" if text else f"{name} is empty")
    return found


@lru_cache(maxsize=4096)
def _moment(text: str, day_end: bool) -> tuple[datetime, bool] | str:
    parts = MOMENT.fullmatch(text)
    if not parts:
        return "is not a date like 2026-11-23T14:00:00+00:00"
    bare = parts["time"] is None
    if not bare and parts["zone"] is None:
        return "has no time zone"
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return "is not a day of the calendar"
    if read.year not in YEARS:
        return "is not in this century"
    if bare:
        close = time(23, 59, 59) if day_end else time()
        return datetime.combine(read.date(), close, UTC), True
    return read.astimezone(UTC), False
