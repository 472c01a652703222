"""How a place ships: whose labels it uses, its slips, and what its label printer takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from station.equipment import test_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.carrier_papers import Press
    from station.devices.spool import Spool
    from station.forms import Format
    from station.model import Lease
    from station.place import Place
    from station.previewing import Previews
    from station.reach import Reach
    from station.shipping import Shipping
    from station.store.port import OrderStore
    from station.sync.carriers.port import Carrier
    from station.sync.purchase import Serials


def opened(
    place: Place, store: OrderStore, spool: Spool, serials: Serials | None, reach: Reach
) -> Shipping:
    """Return what buys and prints for a bench; serials are for one whose store may be away."""
    from station.shipping import Shipping

    return Shipping(
        store,
        spool,
        _carrier(place, place.form_for("label")),
        _slip(place),
        serials=serials,
        reach=reach,
        suits=_suits(place),
        press=_press(place),
    )


def _slip(place: Place) -> Callable[[Lease], bytes] | None:
    if not place.settings.shipping.packing_slip:
        return None
    form = place.form_for("packing_slip")

    def made(lease: Lease) -> bytes:
        from station import forms, papers

        sheets = papers.packing_slip(lease, place.settings.ship_from, media=form.media)
        return forms.draw(sheets, form)

    return made


def previews(place: Place, shipping: Shipping) -> Previews:
    """Return what draws this bench's labels for the screen."""
    from station.previewing import Previews

    form = place.form_for("label")
    carrier = _carrier(place, replace(form, name="png"))
    return Previews(carrier, form, shipping.kept, test_label)


def _carrier(place: Place, form: Format) -> Carrier:
    """Return where labels come from that the packer has not at hand."""
    from station.sync.carriers.label_folder import LabelFolder
    from station.sync.carriers.own_label import OwnLabel

    house = place.settings.shipping
    if house.label != "folder":
        return OwnLabel(place.settings.ship_from, house, form)
    return LabelFolder(place.label_folder, form, house.other_carriers)


def _press(place: Place) -> Press:
    from station.carrier_papers import Press

    return Press(place.form_for("label"), place.home / "refused")


def _suits(place: Place) -> Callable[[bytes], bool]:
    from station.devices.suiting import suits

    form = place.form_for("label")
    return lambda document: suits(document, form)
