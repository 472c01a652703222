"""Badges on paper: every card is scanned, stands alone, and is cut without a mark on it."""

from __future__ import annotations

from itertools import combinations

import pytest
from label_reader import codes, faults, printed, read

from labels import render
from labels.documents.badge_sheet import CARD_HEIGHT_MM, CARD_WIDTH_MM, Badge, badge_sheet
from labels.layout import Barcode, Box, Text
from labels.media import A4, LETTER, Media
from labels.units import dots_per_mm

NAMES = ("Ana", "W" * 40, "李小龙", "محمد", "^XZ~JR", "Ana\nPacker", "María-José", "Bo")
BADGES = [
    Badge(name, role, f"BDG:{index:04}K7MZ:A{index % 6 + 2}C7Q")
    for index, name in enumerate(NAMES)
    for role in ("Packer", "Supervisor", "Owner")[: 1 + index % 2]
]


@pytest.mark.parametrize(("paper", "dpi"), [(A4, 300), (LETTER, 203)], ids=["a4", "letter"])
def test_every_badge_is_scanned_back(paper: Media, dpi: int) -> None:
    """Each code of each page is read, with its quiet zones, on both papers."""
    pages = badge_sheet(BADGES, paper=paper)
    assert len(pages) == 2
    found = []
    for page in pages:
        image = render.image(page, dpi)
        seen = codes(image)
        found += seen
        wrong = [faults(image, code, dots_per_mm(dpi)) for code in seen]
        assert wrong == [[]] * len(wrong)
    assert sorted(code.text for code in found) == sorted(badge.code for badge in BADGES)


def test_a_label_printer_prints_the_same() -> None:
    """The printer's language draws the same codes, and no name leaves its field."""
    page = badge_sheet(BADGES)[0]
    sheet, zpl = render.sheet(page, 203), render.zpl(page, 203)
    assert zpl.count(b"^XA") == zpl.count(b"^XZ") == 1
    assert sorted(read(printed(zpl, sheet.width, sheet.height, 203))) == sorted(
        badge.code for badge in BADGES[:8]
    )


@pytest.mark.parametrize("paper", [A4, LETTER], ids=["a4", "letter"])
def test_marks_lie_outside_of_every_card(paper: Media) -> None:
    """No mark and no other card's words stand where a card is cut out, and none leaves the page."""
    for page in badge_sheet(BADGES, paper=paper):
        marks = [each for each in page.elements if isinstance(each, Box)]
        bars = [each for each in page.elements if isinstance(each, Barcode)]
        assert len(marks) == 8 * len(bars)
        for bar in bars:
            left, top = bar.x - (CARD_WIDTH_MM - bar.width) / 2, bar.y - 24
            inside = [
                each
                for each in page.elements
                if each.x + each.width > left + 0.01
                and each.x < left + CARD_WIDTH_MM - 0.01
                and each.y + each.height > top + 0.01
                and each.y < top + CARD_HEIGHT_MM - 0.01
            ]
            assert [type(each) for each in inside] == [Text, Text, Barcode, Text]
        assert all(
            each.x >= 0
            and each.y >= 0
            and each.x + each.width <= paper.width_mm
            and each.y + each.height <= paper.height_mm
            for each in page.elements
        )


@pytest.mark.parametrize("dpi", [203, 300])
def test_nothing_stands_upon_anything_else(dpi: int) -> None:
    """No two boxes of a page overlap in dots."""
    for page in badge_sheet(BADGES):
        placed = render.sheet(page, dpi).elements
        assert len(placed) == len(page.elements)
        boxes = [(e.x, e.y, e.x + e.width, e.y + e.height) for e in page.elements]
        for one, other in combinations(boxes, 2):
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            ), (one, other)


def test_nobody_is_an_empty_page() -> None:
    """Without people there is one page with its head alone."""
    (page,) = badge_sheet([])
    assert [type(each) for each in page.elements] == [Text, Text]
