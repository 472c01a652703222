"""The demo's files: a small shop, due in part today, and hostile where buyers can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sync.channels.fake_store import FakeStore

from station.demo_data import write_demo_files
from station.gs1 import is_gtin
from station.model import OrderItem, ServiceClass
from station.sync.channels.imports import import_listings, import_orders, import_products

if TYPE_CHECKING:
    from pathlib import Path

    from station.model import Order

NOW = datetime(2026, 11, 23, 9, 12, 30, tzinfo=timezone(timedelta(hours=-8)))


@pytest.fixture
def shop(tmp_path: Path) -> FakeStore:
    """A store with the demo's three files imported without an error."""
    store = FakeStore()
    files = write_demo_files(tmp_path / "demo", NOW)
    reports = [
        import_orders(files.orders, store.port),
        import_listings(files.listings, store.port),
        import_products(files.products, store.port),
    ]
    assert [report.errors for report in reports] == [()] * 3
    assert [len(report.notes) for report in reports] == [0, 1, 0]
    assert b"\r\n" in files.orders.read_bytes()
    return store


def test_every_item_ordered_is_a_known_product(shop: FakeStore) -> None:
    """Titles agree, and all products but one have a barcode with a valid check digit."""
    items = [item for order in shop.orders.values() for item in order.items]
    assert len(shop.orders) >= 34
    assert all(shop.products[item.sku].title == item.title for item in items)
    bare = [product.sku for product in shop.products.values() if not product.barcodes]
    assert bare == ["BRUSH-CAL"]
    codes = [code for product in shop.products.values() for code in product.barcodes]
    numbers = [code.text for code in codes if code.text.isdigit()]
    assert all(is_gtin(text) and text.startswith(("952", "2")) for text in numbers)
    assert {code.units for code in codes} == {1, 6, 10}
    assert all(product.bin and product.weight_g for product in shop.products.values())


@pytest.mark.parametrize("hour", [0, 6, 12, 18, 23])
def test_two_are_overdue_and_several_are_due_today(tmp_path: Path, hour: int) -> None:
    """Whenever the demo starts, two orders are late, many are due today and the rest later."""
    now, store = NOW.replace(hour=hour, minute=14), FakeStore()
    import_orders(write_demo_files(tmp_path, now).orders, store.port)
    due = [order.ship_by for order in store.orders.values()]
    end = now.replace(hour=23, minute=59, second=59)
    assert sum(moment < now for moment in due) == 2
    assert sum(now <= moment <= end for moment in due) >= 14
    assert sum(moment > end for moment in due) >= 15
    assert all(order.purchased < now for order in store.orders.values())


def test_the_shop_shows_every_kind_of_order(shop: FakeStore) -> None:
    """Prime, business, urgent, foreign, multi-unit and multi-line orders are all there."""
    orders = list(shop.orders.values())
    assert {order.service for order in orders} == {
        ServiceClass.PRIME,
        ServiceClass.EXPEDITED,
        ServiceClass.STANDARD,
    }
    assert any(order.is_business and order.purchase_order for order in orders)
    assert {order.ship_to.country for order in orders} == {"US", "DE", "JP", "GR", "IL", "IN", "BR"}
    assert any(len(order.items) > 2 for order in orders)
    assert any(order.units == 1 for order in orders)
    assert twins(orders) == {"Blue mug 350 ml", "Blue mug 500 ml"}


def twins(orders: list[Order]) -> set[str]:
    """Return the titles of the mugs that some order holds side by side."""
    both = {"MUG-350-BL", "MUG-500-BL"}
    sides = [order.items for order in orders if {item.sku for item in order.items} == both]
    found: list[OrderItem] = [item for items in sides for item in items]
    return {item.title for item in found}


def test_the_hostile_buyers_are_in_the_file_and_harmless_in_the_store(shop: FakeStore) -> None:
    """The ZPL and markup names are literals; the escapes are gone."""
    names = [order.ship_to.name for order in shop.orders.values()]
    assert "[/red]^XZ^XA^FO0,0^FDpwned" in names
    assert any("[@click=app.quit]" in name for name in names)
    assert not any("\x1b" in name for name in names)


def test_the_escape_character_is_really_written(tmp_path: Path) -> None:
    """The file on the disk is as nasty as a buyer can make it."""
    content = write_demo_files(tmp_path, NOW.astimezone(UTC)).orders.read_bytes()
    assert b"\x1b[31m" in content
    assert b"{" not in content
