"""Files taken into the order store: `station import orders | listings | products FILE`.

Importing a file again changes nothing: the store knows orders and products by their ids.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from station.store.port import ImportResult
from station.sync.channels.flatfile_listings import ListingsReport
from station.sync.channels.flatfile_orders import OrdersReport
from station.sync.channels.port import ImportReport, Kind, Progress, RowError
from station.sync.channels.products_csv import ProductList
from station.sync.channels.shapes import LISTINGS, ORDERS, PRODUCTS
from station.sync.channels.tabular import open_table, sniff_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from station.store.port import OrderStore

BATCH = 1_000
"""Orders or products of one transaction of the store."""

UNSURE = (
    "The file is cut off or has rows that name no order, so orders that left the report were not "
    "looked for: download it again."
)
EMPTY = "The report lists no order with anything left to ship, so nothing was looked for."

EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The report lists all that is unshipped, however old; what is newer cannot be in it."""

T = TypeVar("T")


def sniff(path: Path) -> Kind:
    """Say by its header what a file holds; InputError when it is nothing that is imported."""
    return sniff_shape(path).kind


def import_orders(
    path: Path,
    store: OrderStore,
    *,
    channel: str = "amazon",
    partial: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take an Unshipped Orders report into the store, and look for orders that left it.

    With partial the file is known not to list everything, and nothing is looked for. Raises
    InputError for a file that cannot be read and StoreError from the store; what was stored
    before stays, and importing again completes it.
    """
    table = open_table(path, ORDERS, _span(progress, 0.0, 0.5))
    report = OrdersReport(table, channel)
    orders, errors = _sorted(report)
    result = _store(orders, lambda batch: store.put_orders(batch, channel=channel), progress)
    notes = [*table.notes, *report.notes]
    if not partial:
        missing, note = _check_missing(report, store, channel)
        result = _plus(result, missing)
        notes += note
    _tell(progress, 1.0)
    return ImportReport(
        "orders",
        path,
        table.encoding.name,
        report.rows,
        len(orders),
        report.already_shipped,
        errors,
        tuple(notes),
        table.unknown,
        result,
    )


def import_listings(
    path: Path, store: OrderStore, *, progress: Progress | None = None
) -> ImportReport:
    """Take a listings report into the store; raises as import_orders does."""
    table = open_table(path, LISTINGS, _span(progress, 0.0, 0.5))
    return _import_products("listings", ListingsReport(table), store, progress)


def import_products(
    path: Path, store: OrderStore, *, progress: Progress | None = None
) -> ImportReport:
    """Take a product list into the store; raises as import_orders does."""
    table = open_table(path, PRODUCTS, _span(progress, 0.0, 0.5))
    return _import_products("products", ProductList(table), store, progress)


def _import_products(
    kind: Kind,
    report: ListingsReport | ProductList,
    store: OrderStore,
    progress: Progress | None,
) -> ImportReport:
    products, errors = _sorted(report)
    result = _store(products, store.put_products, progress)
    _tell(progress, 1.0)
    table = report.table
    return ImportReport(
        kind,
        table.path,
        table.encoding.name,
        report.rows,
        len(products),
        errors=errors,
        notes=(*table.notes, *report.notes),
        unknown_columns=table.unknown,
        result=result,
    )


def _check_missing(
    report: OrdersReport, store: OrderStore, channel: str
) -> tuple[ImportResult, list[str]]:
    """Ask the store for orders that left the report, when the report can be trusted to tell."""
    if report.cut_off or report.nameless:
        return ImportResult(), [UNSURE]
    if report.newest is None:
        return ImportResult(), [EMPTY]
    return store.check_missing(channel, report.listed, EVER, report.newest), []


def _sorted(report: Iterable[T | RowError]) -> tuple[list[T], tuple[RowError, ...]]:
    good: list[T] = []
    errors: list[RowError] = []
    for found in report:
        if isinstance(found, RowError):
            errors.append(found)
        else:
            good.append(found)
    return good, tuple(sorted(errors, key=lambda error: error.line))


def _store(
    things: Sequence[T],
    put: Callable[[Sequence[T]], ImportResult],
    progress: Progress | None,
) -> ImportResult:
    result = ImportResult()
    for start in range(0, len(things), BATCH):
        result = _plus(result, put(things[start : start + BATCH]))
        _tell(progress, 0.5 + 0.5 * min(start + BATCH, len(things)) / len(things))
    return result


def _plus(one: ImportResult, other: ImportResult) -> ImportResult:
    return ImportResult(*(a + b for a, b in zip(astuple(one), astuple(other), strict=True)))


def _tell(progress: Progress | None, share: float) -> None:
    if progress:
        progress(share)


def _span(progress: Progress | None, low: float, high: float) -> Progress | None:
    """Return a progress that goes from low to high while the given one goes from 0 to 1."""
    if progress is None:
        return None
    return lambda share: progress(low + (high - low) * share)
