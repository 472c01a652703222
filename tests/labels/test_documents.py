"""The papers of the bench, printed and scanned again."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from label_reader import codes, faults, printed, read

from labels import LabelError, render, sscc
from labels.documents.command_sheet import command_sheet
from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip
from labels.documents.parts import Party
from labels.documents.shipping import ShippingLabel, shipping_label
from labels.layout import Box, Element, Label
from labels.media import LETTER
from labels.sheet import Placed, PlacedBars
from labels.units import dots_per_mm

ORDER = "111-2233445-6677889"
PARCEL = sscc("0614141", 123456789)
SENDER = Party("Kessler Housewares", ("Dock Road 7", "20457 Hamburg", "DE"))
BUYER = Party("Margaret O'Donnell", ("Apartment 12B", "1847 Lakeshore Drive", "Springfield, IL"))
SHIPPING = ShippingLabel(
    BUYER, SENDER, ORDER, PARCEL, "PRIORITY", "Own fleet", 1250, 1, 2, "Mon 23 Nov", "Back door"
)
LINES = tuple(SlipLine(n, f"Mug no. {n}", f"MUG-{n}", "fragile" if n % 3 else "") for n in range(9))
SLIP = PackingSlip(ORDER, BUYER, SENDER, "22 Nov 2026", "NextDay", LINES)
COMMANDS = [(f"WORD-{n}", "does something", f"CMD:WORD-{n}:A7Q") for n in range(11)]

PAGES = [shipping_label(SHIPPING), *packing_slip(SLIP), *command_sheet(COMMANDS, "Commands")]


def _printed(label: Label, dpi: int) -> list[str]:
    page = render.sheet(label, dpi)
    return read(printed(render.zpl(label, dpi), page.width, page.height, dpi))


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_shipping_label_is_scanned_back(dpi: int) -> None:
    """The order's number and the parcel's SSCC come back from the printed label."""
    assert _printed(shipping_label(SHIPPING), dpi) == [ORDER, f"]C100{PARCEL}"]


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_picture_is_scanned_back(dpi: int) -> None:
    """The picture of the label holds the same codes as the ZPL."""
    assert read(render.image(shipping_label(SHIPPING), dpi)) == [ORDER, f"]C100{PARCEL}"]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("label", PAGES[:3], ids=["shipping", "slip-1", "slip-2"])
def test_codes_are_easy_to_scan(label: Label, dpi: int) -> None:
    """Every code has its quiet zones, bars of 0.25 mm and 10 mm, and nothing across it."""
    page = render.sheet(label, dpi)
    for paper in (
        render.image(label, dpi),
        printed(render.zpl(label, dpi), page.width, page.height, dpi),
    ):
        found = codes(paper)
        assert found
        assert [faults(paper, code, dots_per_mm(dpi)) for code in found] == [[]] * len(found)


def test_the_check_of_codes_sees_what_is_wrong() -> None:
    """A line through the bars and a stroke in either quiet zone are found."""
    label = shipping_label(SHIPPING)
    (code, *_) = codes(render.image(label, 203))
    for spoiler in (
        Box(8, 84, 80, 0.5),
        Box((code.left - 8) / 8, 84, 0.5, 5),
        Box((code.right + 4) / 8, 84, 0.5, 5),
    ):
        paper = render.image(replace(label, elements=(*label.elements, spoiler)), 203)
        assert faults(paper, code, 8.0)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_sscc_is_as_gs1_wants_it(dpi: int) -> None:
    """Its bars are 31.75 mm high or more, its narrowest bar 0.495 to 0.94 mm wide."""
    code = codes(render.image(shipping_label(SHIPPING), dpi))[-1]
    assert code.is_gs1
    assert code.height / dots_per_mm(dpi) >= 31.75
    assert 0.495 <= code.module / dots_per_mm(dpi) <= 0.94


def test_every_page_of_a_slip_opens_the_order() -> None:
    """A long slip has several pages, and each carries the order's code."""
    pages = packing_slip(SLIP)
    assert len(pages) > 1
    assert all(_printed(page, 203) == [ORDER] for page in pages)


def test_a_slip_shows_every_line_once() -> None:
    """No line of an order is lost between two pages."""
    shown = [getattr(each, "value", "") for page in packing_slip(SLIP) for each in page.elements]
    assert [sku for sku in shown if sku.startswith("MUG-")] == [line.sku for line in LINES]


def test_a_slip_without_lines_is_one_page() -> None:
    """An order without lines still has a slip, with the words of thanks."""
    (page,) = packing_slip(replace(SLIP, lines=()))
    assert any("Thank you" in getattr(each, "value", "") for each in page.elements)


def test_every_command_is_scanned_from_the_wall() -> None:
    """Each code of the sheet is read back, on A4 and on Letter paper."""
    wanted = {code for _, _, code in COMMANDS}
    for pages in (command_sheet(COMMANDS, "Commands"), command_sheet(COMMANDS, "C", LETTER)):
        assert len(pages) == 2
        assert {text for page in pages for text in read(render.image(page, 203))} == wanted


@pytest.mark.parametrize("digits", ["", "1" * 17, "1" * 19, "006141411234567891", "A" * 18])
def test_a_wrong_sscc_is_refused(digits: str) -> None:
    """A parcel number with a wrong check digit never gets onto a label."""
    with pytest.raises(LabelError):
        shipping_label(replace(SHIPPING, sscc=digits))


def _corners(element: Placed, quiet: int) -> tuple[int, int, int, int]:
    if isinstance(element, PlacedBars):
        side = quiet * element.module
        width = element.modules * element.module
        return (
            element.x - side,
            element.y,
            element.x + width + side,
            element.y + element.height,
        )
    return element.x, element.y, element.x + element.width, element.y + element.height


def _is_background(element: Element) -> bool:
    return isinstance(element, Box) and min(element.width, element.height) > 1


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("label", PAGES, ids=range(len(PAGES)))
def test_nothing_stands_upon_anything_else(label: Label, dpi: int) -> None:
    """No two boxes of a page overlap, quiet zones included, and none leaves the page."""
    page = render.sheet(label, dpi)
    both = zip(label.elements, page.elements, strict=True)
    boxes = [_corners(placed, 10) for element, placed in both if not _is_background(element)]
    assert all(
        left >= 0 and top >= 0 and right <= page.width and bottom <= page.height
        for left, top, right, bottom in boxes
    )
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)


def test_a_parcel_of_unknown_many_says_its_number_alone() -> None:
    """While nobody knows how many parcels it will be, the label does not say “of”."""
    for packages, words in ((3, "2 of 3"), (0, "no. 2")):
        label = shipping_label(replace(SHIPPING, package=2, packages=packages))
        assert words in [getattr(each, "value", "") for each in label.elements]
