"""The columns of the files that are imported (Amazon's report reference; DESIGN §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.sync.channels.port import Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of file looks like."""

    kind: Kind
    title: str
    """What the person calls it, with its article."""
    required: tuple[str, ...]
    optional: tuple[str, ...]
    delimiters: str
    """Signs that may stand between its columns, the usual one first."""
    quoted: bool = False
    """Whether quotation marks enclose cells; in Amazon's files they are literal."""

    @property
    def known(self) -> frozenset[str]:
        """All columns that are read or knowingly passed over."""
        return frozenset(self.required + self.optional)


ORDERS = Shape(
    "orders",
    "an Unshipped Orders report",
    required=(
        "order-id",
        "order-item-id",
        "purchase-date",
        "promise-date",
        "sku",
        "product-name",
        "quantity-purchased",
        "recipient-name",
        "ship-address-1",
        "ship-city",
        "ship-postal-code",
        "ship-country",
    ),
    optional=(
        "payments-date",
        "reporting-date",
        "days-past-promise",
        "buyer-email",
        "buyer-name",
        "buyer-phone-number",
        "quantity-shipped",
        "quantity-to-ship",
        "ship-service-level",
        "ship-address-2",
        "ship-address-3",
        "ship-state",
        "is-business-order",
        "purchase-order-number",
        "price-designation",
        "is-prime",
        "is-iba",
        "verge-of-cancellation",
        "verge-of-lateshipment",
    ),
    delimiters="\t",
)

LISTINGS = Shape(
    "listings",
    "a listings report",
    required=("item-name", "seller-sku"),
    optional=("asin1", "product-id", "product-id-type", "fulfillment-channel", "status"),
    delimiters="\t",
)

PRODUCTS = Shape(
    "products",
    "a product list",
    required=("sku",),
    optional=("barcode", "units_per_scan", "title", "bin", "weight_g", "requires", "kit_of"),
    delimiters=",;\t",
    quoted=True,
)

SHAPES = (ORDERS, LISTINGS, PRODUCTS)


KNOWN = frozenset[str]().union(*(shape.known for shape in SHAPES))
"""Every column of every kind of file."""


def nearest(columns: Iterable[str], asked: Shape | None = None) -> Shape | None:
    """Return the shape that shares most columns, the asked one when two share as many.

    None when no column is known at all.
    """
    there = set(columns)
    if not there & KNOWN:
        return None
    return max(SHAPES, key=lambda shape: (len(there & shape.known), shape is asked))
