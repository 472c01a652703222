"""What file importers hand back: rows that were refused, and the report of a whole file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from station.store.port import ImportResult

if TYPE_CHECKING:
    from pathlib import Path

Kind: TypeAlias = Literal["orders", "listings", "products"]
"""The word after `station import`."""

Progress: TypeAlias = Callable[[float], None]
"""Told now and then how far the work is, from 0 to 1, never falling."""


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that was not imported, and why."""

    line: int
    """Physical line at which the row starts; the header is line 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file."""

    kind: Kind
    path: Path
    encoding: str
    """The encoding that was found, in words for the person."""
    rows: int
    """Rows read, the header and blank lines not counted."""
    imported: int
    """Orders or products handed to the store."""
    already_shipped: int = 0
    """Rows of which nothing is left to ship."""
    errors: tuple[RowError, ...] = ()
    """By line."""
    notes: tuple[str, ...] = ()
    """What was taken for granted or looks odd, without being refused."""
    unknown_columns: tuple[str, ...] = ()
    """Columns that are not read."""
    result: ImportResult = field(default_factory=ImportResult)
    """What the store changed, over all batches."""
