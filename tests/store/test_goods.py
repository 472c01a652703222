from __future__ import annotations

from typing import TYPE_CHECKING

from station.barcodes import key_of
from station.model import Barcode, Product
from station.store.port import ImportResult

if TYPE_CHECKING:
    from station.store.port import OrderStore

MUG = Product(
    sku="mug-350",
    title="Blue mug 350 ml",
    asin="B000000001",
    bin="A-04",
    weight_g=410,
    barcodes=(Barcode("4006381333931"), Barcode("x001abc", 6)),
    requires=("serial", "ack:sign by hand"),
    kit_of="SET",
)


def test_a_product_is_found_by_any_of_its_codes(store: OrderStore) -> None:
    """GTINs of every length, FNSKU, SKU and ASIN find the product and the units of a scan."""
    store.put_products([MUG])
    assert key_of("4006381333931") == "g:04006381333931"
    for key, units in (
        (key_of("04006381333931"), 1),
        ("t:X001ABC", 6),
        ("t:MUG-350", 1),
        ("t:B000000001", 1),
    ):
        ((found, n),) = store.find_product([key])
        assert (found.sku, found.requires, n) == ("mug-350", MUG.requires, units)
        assert set(found.barcodes) == set(MUG.barcodes)
    assert store.find_product(["t:", "t:NONE", "g:00000000000000", ""]) == ()
    assert store.find_product([]) == ()


def test_products_come_once_in_the_order_of_the_keys(store: OrderStore) -> None:
    """A code of several products brings all of them, each with its first match."""
    used = Product("MUG-USED", barcodes=(Barcode("4006381333931", 2),))
    store.put_products([MUG, used])
    found = store.find_product(["t:MUG-USED", "g:04006381333931"])
    assert [(product.sku, n) for product, n in found] == [("MUG-USED", 1), ("mug-350", 1)]


def test_empty_fields_do_not_overwrite_and_barcodes_are_added(store: OrderStore) -> None:
    """A poorer report leaves what is known; a known barcode takes its new units."""
    assert store.put_products([MUG]) == ImportResult(new=1)
    assert store.put_products([MUG, Product("mug-350")]) == ImportResult(unchanged=1)
    more = Product("mug-350", weight_g=0, barcodes=(Barcode("X001ABC", 12), Barcode("NEW")))
    assert store.put_products([more]) == ImportResult(updated=1)
    ((found, n),) = store.find_product(["t:X001ABC"])
    assert (found.title, found.weight_g, found.bin, n) == ("Blue mug 350 ml", 0, "A-04", 12)
    assert {code.text for code in found.barcodes} == {"4006381333931", "X001ABC", "NEW"}


def test_one_file_may_name_a_product_twice(store: OrderStore) -> None:
    """Rows of one SKU in one import are put together."""
    rows = [Product("S", "Spoon"), Product("S", bin="B-02"), Product("S", barcodes=(Barcode("C"),))]
    assert store.put_products(rows) == ImportResult(new=1)
    ((found, _),) = store.find_product(["t:C"])
    assert (found.title, found.bin) == ("Spoon", "B-02")


def test_hostile_products_are_literals(store: OrderStore) -> None:
    """Whatever stands in a SKU or a barcode is stored as text."""
    evil = "';--\x00\ud800[/b]%_"
    store.put_products([Product(evil, evil, barcodes=(Barcode(evil), Barcode(" ")))])
    ((found, n),) = store.find_product([key_of(evil)])
    assert (len(found.barcodes), n) == (1, 1)
    assert store.find_product(["t:%"]) == ()
