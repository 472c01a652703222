"""The cells of one row of the Unshipped Orders report, read as parts of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from station.model import Address, OrderItem, ServiceClass
from station.sync.channels.cells import BadCell, identifier, moment, sku_of, whole
from station.text import plain

if TYPE_CHECKING:
    from datetime import datetime

    from station.sync.channels.records import Row

MAX_UNITS = 9_999

PROMISE = timedelta(days=2)
"""Added to the purchase when the report names no ship-by time."""

LEVELS: tuple[tuple[str, ServiceClass], ...] = (
    ("sameday", ServiceClass.PREMIUM),
    ("nextday", ServiceClass.PREMIUM),
    ("priority", ServiceClass.PREMIUM),
    ("premium", ServiceClass.PREMIUM),
    ("expedited", ServiceClass.EXPEDITED),
    ("secondday", ServiceClass.EXPEDITED),
)
"""Words within ship-service-level, blanks and hyphens taken out; the first found counts."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row of an order repeats."""

    purchased: datetime
    ship_by: datetime
    ship_to: Address
    service: ServiceClass
    service_level: str
    is_business: bool
    purchase_order: str
    bare: tuple[str, ...] = ()
    """Columns that named a day without a time."""
    unpromised: bool = False
    """True when promise-date was empty and two days after the purchase were taken."""


def units_left(row: Row) -> int:
    """Return the units still to ship, 0 to 9,999; raises BadCell."""
    left = row.get("quantity-to-ship")
    if left:
        return whole(left, "quantity-to-ship", 0, MAX_UNITS)
    bought = whole(row.get("quantity-purchased"), "quantity-purchased", 0, MAX_UNITS)
    shipped = whole(row.get("quantity-shipped") or "0", "quantity-shipped", 0, MAX_UNITS)
    if shipped > bought:
        raise BadCell(f"quantity-shipped {shipped} is more than quantity-purchased {bought}")
    return bought - shipped


def item_of(row: Row, units: int) -> OrderItem:
    """Return the order item of a row; raises BadCell."""
    return OrderItem(
        item_id=identifier(row.get("order-item-id"), "order-item-id"),
        sku=sku_of(row.get("sku")),
        title=plain(row.get("product-name")),
        quantity=units,
    )


def frame_of(row: Row) -> Frame:
    """Return what the row says about its order; raises BadCell for a date that is none."""
    purchased, bare_purchase = moment(row.get("purchase-date"), "purchase-date")
    promise = row.get("promise-date")
    ship_by, bare_promise = purchased + PROMISE, False
    if promise:
        ship_by, bare_promise = moment(promise, "promise-date", day_end=True)
    level = plain(row.get("ship-service-level"))
    bare = (("purchase-date", bare_purchase), ("promise-date", bare_promise))
    return Frame(
        purchased=purchased,
        ship_by=ship_by,
        ship_to=address_of(row),
        service=service_of(row.get("is-prime"), level),
        service_level=level,
        is_business=is_true(row.get("is-business-order")),
        purchase_order=plain(row.get("purchase-order-number")),
        bare=tuple(name for name, is_bare in bare if is_bare),
        unpromised=not promise,
    )


def service_of(is_prime: str, level: str) -> ServiceClass:
    """Return how urgent an order is by its Prime mark and Amazon's word for the service."""
    if is_true(is_prime):
        return ServiceClass.PRIME
    word = "".join(char for char in level.lower() if char.isalnum())
    return next((cls for part, cls in LEVELS if part in word), ServiceClass.STANDARD)


def is_true(text: str) -> bool:
    """Say whether a cell says yes in Amazon's way."""
    return text.lower() in {"true", "yes", "y", "1"}


def address_of(row: Row) -> Address:
    """Return the address of a row, every part plain."""
    lines = (plain(row.get(f"ship-address-{number}")) for number in (1, 2, 3))
    return Address(
        name=plain(row.get("recipient-name")) or plain(row.get("buyer-name")),
        lines=tuple(line for line in lines if line),
        city=plain(row.get("ship-city")),
        region=plain(row.get("ship-state")),
        postal_code=plain(row.get("ship-postal-code")),
        country=plain(row.get("ship-country")),
        phone=plain(row.get("buyer-phone-number")),
    )
