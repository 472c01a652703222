"""Orders, products and leases for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from station.model import Address, Barcode, Lease, Order, OrderItem, Product

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MUG = Product(
    "MUG-350-BL", "Blue mug 350 ml", "B0MUG35000", "A-04", 420, (Barcode("9520000000011"),)
)
BIG_MUG = Product(
    "MUG-500-BL", "Blue mug 500 ml", "B0MUG50000", "A-05", 560, (Barcode("9520000000028"),)
)
SPOON = Product(
    "SPOON-30",
    "Wooden spoon 30 cm",
    "B0SPOON300",
    "B-02",
    60,
    (Barcode("9520000000035"), Barcode("X001SPOON1"), Barcode("19520000000032", 6)),
)
CARD = Product("CARD-TY", "Card “Thank you”", "", "C-11", 8, (), ("ack:sign by hand",))
LAMP = Product(
    "LAMP-1", "Reading lamp", "B0LAMP0001", "D-01", 900, (Barcode("9520000000042"),),
    ("transparency", "serial"),
)  # fmt: skip
PRODUCTS = (MUG, BIG_MUG, SPOON, CARD, LAMP)


def order(
    order_id: str = "111-0000001-0000001", *wants: tuple[Product, int], **more: object
) -> Order:
    """Return an order for so many units of each product; one blue mug by default."""
    items = tuple(
        OrderItem(f"{order_id[-3:]}-{i}", product.sku, product.title, quantity, product.asin)
        for i, (product, quantity) in enumerate(wants or ((MUG, 1),), 1)
    )
    values: dict[str, object] = {
        "order_id": order_id,
        "items": items,
        "ship_by": NOON + timedelta(hours=4),
        "purchased": NOON - timedelta(days=1),
        "ship_to": Address("Ana Example", ("1 Sample Road",), "Sampletown", "", "00001", "US"),
    }
    return Order(**{**values, **more})  # type: ignore[arg-type]  # tests name what differs


def lease(*wants: tuple[Product, int], order_id: str = "111-0000001-0000001") -> Lease:
    """Return a lease of such an order."""
    made = order(order_id, *wants)
    skus = {item.sku for item in made.items}
    known = tuple(product for product in PRODUCTS if product.sku in skus)
    return Lease(made, known, 1, 600)
