"""Papers in the printer's language: the own-carrier label, the packing slip, commands, badges.

Drawing is the labels package's work and is only imported here, when a paper is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import commands
from station.barcodes import signed
from station.errors import InputError
from station.model import ServiceClass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labels.documents.parts import Party
    from labels.layout import Label as Sheet
    from station.acts import Person
    from station.config import ShipFrom, ShippingSettings
    from station.model import Address, Lease, Order


def shipping_label(
    order: Order,
    sscc: str,
    weight_g: int | None,
    sender: ShipFrom,
    house: ShippingSettings,
    note: str = "",
) -> Sheet:
    """Return our own label of a package.

    Raises:
        InputError: A value cannot be encoded; says which and what to do.
    """
    from labels import LabelError
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
        package=1,
        packages=1,
        ship_by=f"{order.ship_by.astimezone():%a %d %b %H:%M}",
        note=note,
    )
    try:
        return shipping_label(data)
    except LabelError as error:
        raise InputError(error.message, error.remedy) from error


def packing_slip(lease: Lease, sender: ShipFrom) -> tuple[Sheet, ...]:
    """Return the pages of an order's packing slip."""
    from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip

    order = lease.order
    titles = {product.sku: product.title for product in lease.products}
    lines = tuple(
        SlipLine(item.quantity, titles.get(item.sku) or item.title, item.sku)
        for item in order.items
    )
    return packing_slip(
        PackingSlip(
            order_id=order.order_id,
            ship_to=_party(order.ship_to),
            ship_from=_sender(sender),
            ordered_on=f"{order.purchased.astimezone():%d %b %Y}",
            service=order.service_level or order.service.name.title(),
            lines=lines,
        )
    )


def command_sheet(site_key: bytes) -> tuple[Sheet, ...]:
    """Return the pages with every command's barcode, signed for this site."""
    from labels.documents.command_sheet import command_sheet

    rows = [
        (command.word, command.help, signed("CMD", command.word, site_key))
        for command in commands.COMMANDS
        if command not in {commands.CODE, commands.QUIT}
    ]
    return command_sheet(rows, "Scan to command")


def badge_sheet(people: Sequence[Person], site_key: bytes) -> tuple[Sheet, ...]:
    """Return the pages with people's badges, signed for this site."""
    from labels.documents.badge_sheet import Badge, badge_sheet

    return badge_sheet(
        [
            Badge(person.name, person.role.title(), signed("BDG", person.badge, site_key))
            for person in people
        ]
    )


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
