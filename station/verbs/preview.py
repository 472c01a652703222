"""`station preview ORDER --kind label|packing-slip|return|box [-o FILE]`: nothing is bought."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from station import compose, forms, papers
from station.device_settings import MEDIA
from station.verbs import OK, bench_data, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from labels.layout import Label as Sheet
    from station.compose import Place
    from station.model import Lease

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
    Places = Callable[[argparse.Namespace], Place]

KINDS = ("label", "packing-slip", "return", "box")

_SAMPLE_SERIAL = 0
"""An SSCC that no parcel has: serials of labels begin with 1."""


def add(verbs: Parsers, place_of: Places) -> None:
    """Add the command; place_of tells the data folder that is meant."""
    words = "show a label or another paper of an order here, or write it to a file"
    parser = verbs.add_parser("preview", help=words, description=words)
    parser.add_argument("order")
    parser.add_argument("--kind", choices=KINDS, default="label")
    parser.add_argument("--format", choices=("png", "pdf", "zpl"), default="png")
    parser.add_argument("--dpi", type=int, choices=(203, 300, 600), default=203)
    parser.add_argument("--media", choices=MEDIA, default="4x6")
    parser.add_argument("--gift", metavar="TEXT", help="the slip of a gift, with this message")
    parser.add_argument(
        "--training", action="store_true", help="as it is printed for practice, without codes"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of showing it")
    parser.set_defaults(run=lambda options: run(place_of(options), options))


def run(place: Place, options: argparse.Namespace) -> int:
    """Show or write a paper of an order without buying or printing anything."""
    compose.prepare(place.home)
    lease, tracking_id = bench_data.lease(place, options.order)
    sheets = _sheets(place, lease, tracking_id, options)
    if options.training:
        sheets = papers.training(sheets)
    if options.output is None:
        print(forms.draw(sheets, forms.Format("term")).decode(), end="")
        return OK
    document = forms.draw(sheets, forms.Format(options.format, options.dpi, options.media))
    write(options.output, document)
    print(f"{options.output}: {len(document)} bytes, {options.kind} of {options.order}")
    return OK


def _sheets(
    place: Place, lease: Lease, tracking_id: str, options: argparse.Namespace
) -> tuple[Sheet, ...]:
    sender, media = place.settings.ship_from, options.media
    match options.kind:
        case "packing-slip":
            gift = options.gift or ""
            is_gift = options.gift is not None
            return papers.packing_slip(
                lease, sender, media=media, is_gift=is_gift, gift_message=gift
            )
        case "return":
            return papers.return_label(lease.order, sender, media=media)
        case "box":
            return papers.box_contents(lease, (1, 1), media=media)
    return (_label(place, lease, tracking_id, media),)


def _label(place: Place, lease: Lease, tracking_id: str, media: str) -> Sheet:
    from station.sync.purchase import weight_g

    return papers.shipping_label(
        lease.order,
        tracking_id or _sample(place),
        weight_g(lease),
        place.settings.ship_from,
        place.settings.shipping,
        "" if tracking_id else "PREVIEW: NOT A LABEL",
        media=media,
    )


def _sample(place: Place) -> str:
    from labels import sscc

    return sscc(place.settings.shipping.gs1_company_prefix or "9521234", _SAMPLE_SERIAL)
