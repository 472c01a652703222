"""`station preview ORDER --kind label|packing-slip --format png|pdf|zpl -o FILE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, forms, papers
from station.errors import InputError
from station.model import Lease
from station.verbs import OK, write

if TYPE_CHECKING:
    from pathlib import Path

    from station.compose import Place

_SAMPLE_SERIAL = 0
"""An SSCC that no parcel has: serials of labels begin with 1."""


def run(place: Place, order_id: str, kind: str, form: forms.Format, path: Path) -> int:
    """Write a paper of an order without buying or printing anything."""
    compose.prepare(place.home)
    store = compose.open_store(place)
    found = store.order(order_id)
    if found is None:
        raise InputError(f"There is no order {order_id}.", "Look at the number, or import it.")
    order = found[0]
    if place.is_far and not order.ship_to.name:
        raise InputError(
            f"Order {order_id} is not on this bench, so its address is not shown here.",
            "Preview it on the server, or open it first.",
        )
    skus = [f"t:{item.sku.upper()}" for item in order.items]
    products = tuple(product for product, _units in store.find_product(skus))
    bought = store.label(order_id)
    store.close()
    lease = Lease(order, products, 0, 0)
    house = place.settings
    if kind == "packing-slip":
        sheets = papers.packing_slip(lease, house.ship_from)
    else:
        from station.sync.purchase import weight_g

        label = bought.label if bought else None
        sscc = label.tracking_id if label else _sample(place)
        note = "" if label else "PREVIEW: NOT A LABEL"
        sender, shipping, weight = house.ship_from, house.shipping, weight_g(lease)
        sheets = (papers.shipping_label(order, sscc, weight, sender, shipping, note),)
    document = forms.draw(sheets, form)
    write(path, document)
    print(f"{path}: {len(document)} bytes, {kind} of {order_id}")
    return OK


def _sample(place: Place) -> str:
    from labels import sscc

    return sscc(place.settings.shipping.gs1_company_prefix or "9521234", _SAMPLE_SERIAL)
