"""Records as JSON values and back, for the journal, the store and the wire; pure.

Unknown fields are ignored and missing ones take their defaults, so that two versions of the
program can read each other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from station.model import (
    Address,
    Barcode,
    Entry,
    Lease,
    Order,
    OrderItem,
    OrderState,
    Product,
    ServiceClass,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]


def lease_to_json(lease: Lease) -> Json:
    """Return a lease as JSON values; times are ISO 8601."""
    return {
        "order": order_to_json(lease.order),
        "products": [asdict(product) for product in lease.products],
        "fence": lease.fence,
        "expires_in_s": lease.expires_in_s,
        "package": lease.package,
    }


def lease_from_json(data: Json) -> Lease:
    """Return the lease that was made JSON."""
    return Lease(
        order_from_json(data["order"]),
        tuple(product_from_json(product) for product in data["products"]),
        int(data["fence"]),
        float(data["expires_in_s"]),
        int(data.get("package", 1)),
    )


def order_to_json(order: Order) -> Json:
    """Return an order as JSON values."""
    data = asdict(order)
    data["ship_by"] = order.ship_by.isoformat()
    data["purchased"] = order.purchased.isoformat()
    data["service"] = int(order.service)
    return data


def order_from_json(data: Json) -> Order:
    """Return the order that was made JSON."""
    values = _known(Order, data)
    values["items"] = tuple(OrderItem(**_known(OrderItem, item)) for item in data["items"])
    values["ship_by"] = datetime.fromisoformat(data["ship_by"])
    values["purchased"] = datetime.fromisoformat(data["purchased"])
    values["service"] = ServiceClass(data["service"])
    values["ship_to"] = address_from_json(data["ship_to"])
    return Order(**values)


def address_from_json(data: Json) -> Address:
    """Return the address that was made JSON."""
    return Address(**{**_known(Address, data), "lines": tuple(data.get("lines", ()))})


def product_from_json(data: Json) -> Product:
    """Return the product that was made JSON."""
    values = _known(Product, data)
    values["barcodes"] = tuple(Barcode(**_known(Barcode, code)) for code in data["barcodes"])
    values["requires"] = tuple(data.get("requires", ()))
    return Product(**values)


def entry_from_row(row: Sequence[Any]) -> Entry:
    """Return an entry from seq, kind, order_id, fence, packer, at_ms, state, data as text."""
    seq, kind, order_id, fence, packer, at_ms, state, data = row
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    where = OrderState(state) if state else None
    known = json.loads(data)
    if not isinstance(known, dict):
        raise TypeError(f"entry {seq} holds no fields")
    return Entry(seq, kind, order_id, fence, packer, at, where, known)


def _known(cls: type[Any], data: Mapping[str, Any]) -> Json:
    names = {f.name for f in fields(cls)}
    return {name: value for name, value in data.items() if name in names}
