"""Buying a label once: the key is written first, the answer in one commit, no call in between.

A crash at any line is mended by doing the same again with the same key: the store says what is
known about it, and an own label is made of the same serial number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from station.errors import StationError, StoreRefused, StoreUnreachable
from station.sync.carriers.port import Parcel

if TYPE_CHECKING:
    from station.model import Label, Lease
    from station.store.port import OrderStore
    from station.sync.carriers.port import Carrier


class Serials(Protocol):
    """Numbers that the store reserved for labels of this station."""

    def give_serial(self, key: str) -> int | None:
        """Give a purchase a number, the same one at each call; None when all are used."""
        ...

    def serial_of(self, key: str) -> int | None:
        """Return the number that a purchase was given before."""
        ...


def buy(
    store: OrderStore, carrier: Carrier, lease: Lease, key: str, measured_g: int | None = None
) -> Label:
    """Return the live label of the leased package, bought now or under the same key before.

    Raises:
        StoreRefused: The package has another label, the lease is lost, or the tracking id
            was used before; the purchase is void then.
        StoreUnreachable: Try again with the same key.
        StationError: The carrier made no label, for the reason in words.
    """
    order_id, package = lease.order.order_id, lease.package
    purchase = store.begin_purchase(key, order_id, package, lease.fence, carrier.name)
    if purchase.label is not None:
        return purchase.label
    if purchase.state == "void":
        raise StoreRefused("This label was void.", "Ask for a new one.")
    try:
        bought = store.finish_purchase(
            key, carrier.buy(_parcel(lease, key, purchase.serial, measured_g))
        )
    except StoreUnreachable:
        raise
    except StationError as error:
        store.void_purchase(key, error.message)
        raise
    if bought.label is None:
        raise StoreRefused("The store kept no label.", "Ask for it again.")
    return bought.label


def buy_here(
    serials: Serials, carrier: Carrier, lease: Lease, key: str, measured_g: int | None = None
) -> Label:
    """Return a label that is made at this station while the store is away; the same at each call.

    The store learns of it from the journal, under the same key.

    Raises:
        StoreUnreachable: The carrier is not a local one, or no reserved number is left.
        StationError: No label was made, for the reason in words.
    """
    serial = serials.give_serial(key) if carrier.is_local and carrier.prints else 0
    if serial is None or not carrier.is_local:
        raise StoreUnreachable("The label can only be bought when the store is back.", "Wait.")
    return carrier.buy(_parcel(lease, key, serial, measured_g))


def made_again(
    carrier: Carrier, lease: Lease, key: str, tracking_id: str, measured_g: int | None = None
) -> bytes:
    """Return the picture of a label of ours, drawn again from its SSCC; empty for any other label.

    Asks nobody, so that a label which another bench made can be printed at this one.

    Raises:
        StationError: It is one of ours and cannot be drawn, for the reason in words.
    """
    serial = carrier.serial_of(tracking_id)
    if serial is None:
        return b""
    label = carrier.buy(_parcel(lease, key, serial, measured_g))
    return label.document if label.tracking_id == tracking_id else b""


def _parcel(lease: Lease, key: str, serial: int, measured_g: int | None) -> Parcel:
    weight = weight_g(lease) if measured_g is None else measured_g
    return Parcel(lease.order, key, serial, lease.package, weight_g=weight)


def weight_g(lease: Lease) -> int | None:
    """Return the sum of the products' weights in grams; None when one is not known."""
    known = {product.sku: product.weight_g for product in lease.products}
    total = 0
    for item in lease.order.items:
        weight = known.get(item.sku)
        if not weight:
            return None
        total += weight * item.quantity
    return total
