"""One filled example of every paper, with the long names and foreign letters of real orders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from labels.documents.badge_label import badge_label
from labels.documents.badge_sheet import Badge, badge_sheet
from labels.documents.box_contents import BoxContents, BoxLine, box_contents
from labels.documents.calibration import calibration_label
from labels.documents.command_sheet import command_sheet
from labels.documents.item_label import ItemLabel, item_label
from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip
from labels.documents.parts import Party
from labels.documents.pick_list import PickLine, PickList, PickTote, pick_list
from labels.documents.places import Place, bin_label, tote_label
from labels.documents.return_label import ReturnLabel, return_label
from labels.documents.scanner_sheet import scanner_sheet
from labels.documents.shipping import ShippingLabel, shipping_label
from labels.documents.sizes import SIZES
from labels.documents.training import training
from labels.layout import Symbology
from labels.sscc import sscc

__all__ = ["SAMPLES", "SIZES"]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from labels.layout import Label
    from labels.media import Media

    Draw = Callable[[Media], tuple[Label, ...]]

ORDER = "902-4425838-3400834"
PARCEL = sscc("9521234", 4711)
SENDER = Party("Kessler Haushaltswaren", ("Dockstraße 7", "20457 Hamburg", "DE"))
BUYER = Party(
    "Annegret Freifrau von Schönborn-Wiesentheid",
    ("c/o Café Müßiggang, Hinterhaus, 3. Stock", "Große Bleichen 21", "20354 Hamburg", "DE"),
)
ABROAD = Party("山田 太郎", ("千代田区丸の内 1-9-1", "東京都 100-0005", "JP"))

_GOODS = (
    ("Blue mug 350 ml", "MUG-350-BL", "A-04", "9521234000013"),
    ("Wooden spoon 30 cm, oiled beech, with a hole to hang it up beside the stove", "SPOON-30",
     "A-11", "012345678905"),
    ("Grußkarte „Schöne Grüße“ mit Umschlag", "CARD-GR-01", "B-02", "CARD-GR-01"),
    ("Tea strainer, stainless steel", "TEA-ST", "B-10", "X001A2B3C4"),
    ("急須 常滑焼 朱泥 300 ml", "KYUSU-300", "C-01", "X001ZZ9K7Q"),
    ("Linen towel, white", "TOWEL-LI-WH", "C-12", "TOWEL-LI-WH"),
)  # fmt: skip

_SHIPPING = ShippingLabel(
    BUYER, SENDER, ORDER, PARCEL, "PRIORITY", "Own fleet", 1250, 1, 2, "Mon 23 Nov 14:00",
    "Leave it with the neighbour at no. 19",
)  # fmt: skip
_LINES = tuple(
    SlipLine(1 + place % 3, title, sku, "fragile: wrap it twice" if place == 0 else "")
    for place, (title, sku, *_) in enumerate(_GOODS)
)
_SLIP = PackingSlip(ORDER, BUYER, SENDER, "22 Nov 2026", "NextDay", _LINES)
_GIFT = PackingSlip(
    ORDER, ABROAD, SENDER, "22 Nov 2026", "Standard", _LINES[:3], is_gift=True,
    gift_message="Happy birthday, dear Taro!\nMay your tea never get cold.\nLove, Anne & Jürgen",
)  # fmt: skip
_WAVE = PickList(
    "Wave 14:05",
    tuple(
        PickLine(place, title, sku, tuple((tote, 1 + tote % 2) for tote in range(1, 2 + number)))
        for number, (title, sku, place, _) in enumerate(_GOODS)
    ),
    tuple(
        PickTote(number, f"902-442583{number}-340083{number}", note="by 14:00")
        for number in range(1, 7)
    ),
)
_RETURN = ReturnLabel(ORDER, SENDER, BUYER, "22 Dec 2026")
_BOX = BoxContents(
    ORDER, 2, 3, tuple(BoxLine(2, title, sku) for title, sku, *_ in _GOODS[:4]), PARCEL, "4.80 kg"
)
_ONE_KIND = BoxContents(
    ORDER, 3, 3, (BoxLine(24, _GOODS[0][0], _GOODS[0][1], _GOODS[0][3]),), sscc("9521234", 4712)
)
_COMMANDS = tuple(
    (word, does, f"CMD:{word}:{check}")
    for word, does, check in (
        ("NEXT", "claim the next order", "K7MZQ"),
        ("DONE", "close the package", "A2C7Q"),
        ("SHORT", "there are fewer than ordered", "TR4WX"),
        ("DAMAGED", "this unit is broken", "OP2LM"),
        ("VOID", "signed: this label is void, make another", "Q3Z5N"),
        ("REPRINT", "print the label once more", "J6HHD"),
    )
)
_BADGES = tuple(
    Badge(name, role, f"BDG:{place:03}K7MZ:A{place + 2}C7Q")
    for place, (name, role) in enumerate(
        (
            ("Ana", "Packer"),
            ("José-María Núñez de la Fuente", "Supervisor"),
            ("李小龙", "Packer"),
            ("Bo", "Owner"),
        )
    )
)
_SCANS = (
    ("Small letters and signs", "aZ-09_#$", Symbology.CODE128),
    ("A code with parts", "010952123400001310ABC\x1d17301231", Symbology.GS1_128),
    ("A product", "9521234000013", Symbology.EAN13),
)


def _one(draw: Callable[[Media], Label], media: Media) -> tuple[Label, ...]:
    return (draw(media),)


def _single(draw: Callable[[Media], Label]) -> Draw:
    return partial(_one, draw)


SAMPLES: Mapping[str, Draw] = {
    "shipping label": _single(partial(shipping_label, _SHIPPING)),
    "packing slip": partial(packing_slip, _SLIP),
    "gift slip": partial(packing_slip, _GIFT),
    "pick list": partial(pick_list, _WAVE),
    "return label": _single(partial(return_label, _RETURN)),
    "box contents": partial(box_contents, _BOX),
    "box of one product": partial(box_contents, _ONE_KIND),
    "tote label": _single(partial(tote_label, Place("7", "TOTE:7:K7QAB"))),
    "bin label": _single(partial(bin_label, Place("A-04", "BIN:A-04:M3XWD", "Blue mug 350 ml"))),
    "item label": _single(
        partial(item_label, ItemLabel("X001A2B3C4", _GOODS[1][0], "New", "SPOON-30"))
    ),
    "retail item label": _single(
        partial(item_label, ItemLabel("9521234000013", "Blue mug 350 ml", "New", "MUG-350-BL"))
    ),
    "badge": _single(partial(badge_label, _BADGES[1])),
    "badges": lambda media: badge_sheet(_BADGES, paper=media),
    "commands": lambda media: command_sheet(_COMMANDS, paper=media),
    "scanner sheet": lambda media: scanner_sheet(_SCANS, media=media),
    "test label": _single(lambda media: calibration_label("Zebra at bench 1", 203, media)),
    "training label": _single(lambda media: training(shipping_label(_SHIPPING, media))),
}
"""How each paper is drawn on one of its sizes, by its name; `SIZES` has them."""
