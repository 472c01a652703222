"""Files taken into the store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.channels.fake_store import FakeStore
from sync.channels.report_files import COLUMNS, other, text_of, write

from station.store.port import ImportResult
from station.sync.channels.imports import (
    EMPTY,
    UNSURE,
    import_listings,
    import_orders,
    import_products,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_importing_again_updates_and_never_doubles(tmp_path: Path) -> None:
    """The same file changes nothing; a newer one changes what differs."""
    store = FakeStore()
    first = write(tmp_path, text_of([other(1), other(2)]), "one.txt")
    newer = write(
        tmp_path, text_of([other(1), other(2, {"ship-city": "Salem"}), other(3)]), "two.txt"
    )
    assert import_orders(first, store.port).result == ImportResult(new=2)
    assert import_orders(first, store.port).result == ImportResult(unchanged=2)
    assert import_orders(newer, store.port).result == ImportResult(new=1, updated=1, unchanged=1)
    assert len(store.orders) == 3


def test_orders_that_left_the_report_are_looked_for(tmp_path: Path) -> None:
    """The store is asked with what is listed, from ever up to the newest purchase in the file."""
    store = FakeStore()
    import_orders(write(tmp_path, text_of([other(1), other(2)])), store.port)
    rows = [other(2, {"purchase-date": "2026-11-19T08:00:00Z"}), other(3), other(4, {"sku": ""})]
    report = import_orders(write(tmp_path, text_of(rows)), store.port)
    listed = frozenset(other(number)["order-id"] for number in (2, 3, 4))
    since, until = datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert store.checked[-1] == ("amazon", listed, since, until)
    assert (report.result.held, len(report.errors)) == (1, 1)


def test_nothing_is_looked_for_when_the_file_cannot_tell(tmp_path: Path) -> None:
    """A partial, cut-off or nameless file holds no order for being absent from it."""
    store = FakeStore()
    text = text_of([other(1), other(2)])
    cut = import_orders(write(tmp_path, text[:-20]), store.port)
    nameless = import_orders(
        write(tmp_path, text_of([other(1), other(2, {"order-id": "?"})])), store.port
    )
    empty = import_orders(write(tmp_path, text_of([])), store.port)
    partial = import_orders(write(tmp_path, text), store.port, partial=True)
    assert store.checked == []
    assert [UNSURE in each.notes for each in (cut, nameless, empty, partial)] == [
        True,
        True,
        False,
        False,
    ]
    assert EMPTY in empty.notes


def test_the_report_says_what_was_found(tmp_path: Path) -> None:
    """Encoding, counts, errors by line, notes and unknown columns are all there."""
    rows = [
        other(1, {"recipient-name": "M\x81ller"}),
        other(2, {"order-id": "a b"}),
        other(3, {"quantity-to-ship": "0"}),
        other(4, {"sku": ""}),
    ]
    content = text_of(rows, [*COLUMNS, "new-column"]).encode("latin-1")
    report = import_orders(write(tmp_path, content), FakeStore().port, channel="amazon-de")
    assert (report.kind, report.encoding, report.rows) == ("orders", "Windows-1252", 4)
    assert (report.imported, report.already_shipped) == (1, 1)
    assert [error.line for error in report.errors] == [3, 5]
    assert report.unknown_columns == ("new-column",)
    assert "1 signs could not be read as Windows-1252" in report.notes[0]


def test_orders_go_to_the_store_in_batches(tmp_path: Path) -> None:
    """A thousand orders are one transaction, and progress ends at one."""
    store, seen = FakeStore(), list[float]()
    path = write(tmp_path, text_of([other(number) for number in range(2_500)]))
    import_orders(path, store.port, progress=seen.append)
    assert store.batches == [1_000, 1_000, 500]
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_products_come_from_both_files(tmp_path: Path) -> None:
    """Listings and the product list are imported with their own reports."""
    store = FakeStore()
    listings = write(tmp_path, "item-name\tseller-sku\r\nMug\tM-1\r\n\t\r\nPen\t\r\n", "l.txt")
    products = write(tmp_path, "sku;bin\nM-1;A-04\nM-2;B-01\n", "p.csv")
    first = import_listings(listings, store.port, progress=lambda _: None)
    second = import_products(products, store.port)
    assert (first.kind, first.imported, len(first.errors)) == ("listings", 1, 1)
    assert (second.kind, second.imported, second.result) == ("products", 2, ImportResult(1, 1))
