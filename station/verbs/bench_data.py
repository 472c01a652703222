"""What the papers of the command line are made from: orders, products and the next wave."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from station import compose, picking
from station.errors import InputError
from station.floor import now
from station.model import Lease

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.compose import Place
    from station.model import Order, Product
    from station.picking import Wave
    from station.store.port import OrderStore

_PAGE = 200


def lease(place: Place, order_id: str) -> tuple[Lease, str]:
    """Return an order with its products as a bench would have it, and its label's tracking id.

    Raises:
        InputError: There is no such order, or its address is not known on this machine.
    """
    with closing(compose.open_store(place)) as store:
        found = store.order(order_id)
        if found is None:
            raise InputError(f"There is no order {order_id}.", "Look at the number, or import it.")
        order = found[0]
        if place.is_far and not order.ship_to.name:
            raise InputError(
                f"Order {order_id} is not on this bench, so its address is not shown here.",
                "Preview it on the server, or open it first.",
            )
        products = tuple(_products(store, [order]).values())
        purchase = store.label(order_id)
    label = purchase.label if purchase else None
    return Lease(order, products, 0, 0), label.tracking_id if label else ""


def bought(place: Place, order_id: str, package: int) -> str:
    """Return the tracking id of a package's label; empty where none was bought."""
    with closing(compose.open_store(place)) as store:
        purchase = store.label(order_id, package)
    return purchase.label.tracking_id if purchase and purchase.label else ""


def product(place: Place, sku: str) -> Product:
    """Return a product by its SKU.

    Raises:
        InputError: None is known by it.
    """
    with closing(compose.open_store(place)) as store:
        found = [each for each, _ in store.find_product([f"t:{sku.upper()}"])]
    same = [each for each in found if each.sku.casefold() == sku.casefold()]
    if not same:
        raise InputError(f"No product is called {sku[:60]!r}.", "Import it, or look at its SKU.")
    return same[0]


def next_wave(place: Place, most: int) -> tuple[Wave, dict[str, Product]]:
    """Return the first orders of the queue, and their products by SKU."""
    with closing(compose.open_store(place)) as store:
        orders = _waiting(store, most)
        return picking.wave(orders, most), _products(store, orders)


def waiting_bins(place: Place) -> list[str]:
    """Return every bin from which a waiting order takes something, as one walks them."""
    with closing(compose.open_store(place)) as store:
        products = _products(store, _waiting(store, None))
    return sorted({each.bin for each in products.values() if each.bin}, key=picking.natural)


def wave_name() -> str:
    """Return what a wave that begins now is called."""
    return f"Wave {now().astimezone():%H:%M}"


def _waiting(store: OrderStore, most: int | None) -> list[Order]:
    orders: list[Order] = []
    last = None
    while rows := store.queue(_PAGE if most is None else min(_PAGE, most), after=last):
        found = (store.order(row.order_id) for row in rows)
        orders.extend(each[0] for each in found if each)
        last = rows[-1]
        if most is not None and len(orders) >= most:
            return orders[:most]
    return orders


def _products(store: OrderStore, orders: Iterable[Order]) -> dict[str, Product]:
    skus = sorted({item.sku for order in orders for item in order.items})
    found: dict[str, Product] = {}
    for start in range(0, len(skus), _PAGE):
        keys = [f"t:{sku.upper()}" for sku in skus[start : start + _PAGE]]
        found |= {each.sku: each for each, _units in store.find_product(keys)}
    return {sku: each for sku, each in found.items() if sku in set(skus)}
