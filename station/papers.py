"""From orders, products and people to the papers of an order; those of the house: `house_papers`.

Drawing is the labels package's work and is only imported here, when a paper is first needed.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from station.errors import InputError
from station.model import ServiceClass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from labels.documents.parts import Party
    from labels.layout import Label as Sheet
    from labels.media import Media
    from station.config import ShipFrom, ShippingSettings
    from station.model import Address, Lease, Order, Product
    from station.picking import Wave

USUAL = "4x6"
"""The paper of a label printer."""


def shipping_label(
    order: Order,
    sscc: str,
    weight_g: int | None,
    sender: ShipFrom,
    house: ShippingSettings,
    note: str = "",
    *,
    package: int = 1,
    packages: int = 1,
    media: str = USUAL,
) -> Sheet:
    """Return our own label of a package; packages are 0 while nobody knows how many it will be.

    Raises:
        InputError: A value cannot be encoded; says which and what to do.
    """
    from labels.documents.shipping import ShippingLabel, shipping_label

    fast = order.service != ServiceClass.STANDARD
    data = ShippingLabel(
        ship_to=_party(order.ship_to),
        ship_from=_sender(sender),
        order_id=order.order_id,
        sscc=sscc,
        service=(order.service.name if fast else house.service).upper(),
        carrier=house.carrier_name,
        weight_g=weight_g,
        package=package,
        packages=packages,
        ship_by=f"{order.ship_by.astimezone():%a %d %b %H:%M}",
        note=note,
    )
    return fitted("shipping label", lambda paper: (shipping_label(data, paper),), media)[0]


def packing_slip(
    lease: Lease,
    sender: ShipFrom,
    *,
    media: str = USUAL,
    is_gift: bool = False,
    gift_message: str = "",
) -> tuple[Sheet, ...]:
    """Return the pages of an order's packing slip; with a gift's message it is a gift's."""
    from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip

    order, titles = lease.order, _titles(lease)
    lines = tuple(
        SlipLine(item.quantity, titles.get(item.sku) or item.title, item.sku)
        for item in order.items
    )
    data = PackingSlip(
        order_id=order.order_id,
        ship_to=_party(order.ship_to),
        ship_from=_sender(sender),
        ordered_on=f"{order.purchased.astimezone():%d %b %Y}",
        service=order.service_level or order.service.name.title(),
        lines=lines,
        is_gift=is_gift or bool(gift_message),
        gift_message=gift_message,
    )
    return fitted("packing slip", partial(packing_slip, data), media)


def pick_list(
    wave: Wave, products: Mapping[str, Product], name: str, *, media: str = USUAL
) -> tuple[Sheet, ...]:
    """Return the pages of a wave: where to walk, and which order each tote is for."""
    from labels.documents.pick_list import PickLine, PickList, PickTote, pick_list

    data = PickList(
        name,
        tuple(PickLine(s.bin, s.title, s.sku, s.totes) for s in wave.stops(products)),
        tuple(
            PickTote(number, order.order_id, note=f"by {order.ship_by.astimezone():%a %H:%M}")
            for number, order in enumerate(wave.orders, 1)
        ),
    )
    return fitted("pick list", partial(pick_list, data), media)


def return_label(order: Order, sender: ShipFrom, *, media: str = USUAL) -> tuple[Sheet, ...]:
    """Return the label that a buyer sticks onto what he sends back to us."""
    from labels.documents.return_label import ReturnLabel, return_label

    data = ReturnLabel(order.order_id, _sender(sender), _party(order.ship_to))
    return fitted("return label", lambda paper: (return_label(data, paper),), media)


def box_contents(
    lease: Lease,
    box: tuple[int, int],
    *,
    units: Mapping[str, int] | None = None,
    sscc: str = "",
    weight_g: int | None = None,
    media: str = USUAL,
) -> tuple[Sheet, ...]:
    """Return the label of one box of several.

    Args:
        lease: The order and its products.
        box: Its number from 1, and how many there are.
        units: Units in it by SKU; everything of the order if not given.
        sscc: The parcel's number, if it is ours.
        weight_g: Its weight.
        media: The paper.

    Raises:
        InputError: A number is wrong; says which.
    """
    from labels.documents.box_contents import BoxContents, BoxLine, box_contents

    titles = {item.sku: item.title for item in lease.order.items}
    titles |= {sku: title for sku, title in _titles(lease).items() if title}
    counts = units or _ordered(lease.order)
    lines = [
        BoxLine(count, titles.get(sku, ""), sku, _gtin(lease, sku)) for sku, count in counts.items()
    ]
    weight = f"{weight_g / 1000:.2f} kg" if weight_g else ""
    inside = tuple(line for line in lines if line.quantity)
    data = BoxContents(lease.order.order_id, *box, inside, sscc, weight)
    return fitted("box contents", partial(box_contents, data), media)


def training(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return sheets for practice: no code of a carrier, and words that nobody can miss."""
    from labels.documents.training import training

    return tuple(training(sheet) for sheet in sheets)


def fitted(
    document: str, draw: Callable[[Media], Sequence[Sheet]], media: str
) -> tuple[Sheet, ...]:
    """Return a document on a paper.

    Raises:
        InputError: A value cannot be encoded, or the paper is too small for it.
    """
    from labels import LabelError
    from labels import media as papers
    from labels.documents import sizes

    try:
        return sizes.fitted(document, draw, papers.media(media))
    except LabelError as error:
        raise InputError(error.message, error.remedy) from error


def _ordered(order: Order) -> dict[str, int]:
    """Return the units of an order by SKU: two of its lines may be for the same product."""
    counts = Counter[str]()
    for item in order.items:
        counts[item.sku] += item.quantity
    return counts


def _titles(lease: Lease) -> dict[str, str]:
    return {product.sku: product.title for product in lease.products}


def _gtin(lease: Lease, sku: str) -> str:
    """Return the GTIN of one unit of a SKU; empty where none is known."""
    from labels import ean

    codes = (code for each in lease.products if each.sku == sku for code in each.barcodes)
    return next((c.text for c in codes if c.units == 1 and ean.symbology_of(c.text)), "")


def _party(address: Address) -> Party:
    from labels.documents.parts import Party

    town = " ".join(filter(None, (address.city, address.region, address.postal_code)))
    lines = (*address.lines, town, address.country)
    return Party(address.name, tuple(line for line in lines if line))


def _sender(sender: ShipFrom) -> Party:
    from labels.documents.parts import Party

    town = " ".join(filter(None, (sender.city, sender.region, sender.postal_code)))
    lines = (*sender.lines, town, sender.country)
    return Party(sender.name, tuple(line for line in lines if line))
