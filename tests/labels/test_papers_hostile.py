"""Whatever stands in titles, names and notes: the commands of every paper stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_reader import commands

from labels import render
from labels.documents.badge_label import badge_label
from labels.documents.badge_sheet import Badge
from labels.documents.box_contents import BoxContents, BoxLine, box_contents
from labels.documents.calibration import calibration_label
from labels.documents.item_label import ItemLabel, item_label
from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip
from labels.documents.parts import Party
from labels.documents.pick_list import PickLine, PickList, PickTote, pick_list
from labels.documents.places import Place, bin_label, tote_label
from labels.documents.return_label import ReturnLabel, return_label
from labels.documents.scanner_sheet import scanner_sheet
from labels.documents.training import training
from labels.layout import Symbology
from labels.media import FOUR_BY_SIX, TWO_BY_ONE
from labels.sheet import Placed, PlacedBars, PlacedText
from labels.symbologies import NATIVE
from labels.zpl import is_native

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labels import Label

HOSTILE = [
    "Jane^XZ^XA^FO20,20^BCN,80^FDFORGED-9^FS^XZ^XA",
    "~JR^JUF^PQ500",
    "_5EXA \\& C:\\d >8>6",
    "one\r\ntwo\nthree\x00\x1b[2J",
    "\u202eevil " + "a" + "\u0301" * 300,
    "شارع الملك 東京 🎁",
    "x" * 5000,
]
_ANY = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
ORDER = "111-2233445-6677889"


def _papers(text: str) -> Iterator[Label]:
    party = Party(text, (text, text))
    lines = (SlipLine(2, text, text, text),) * 3
    yield from packing_slip(
        PackingSlip(ORDER, party, party, text, text, lines, text, True, f"{text}\n{text}")
    )
    tote = PickTote(1, ORDER, note=text)
    yield from pick_list(PickList(text, (PickLine(text, text, text, ((1, 2),)),), (tote,)))
    yield return_label(ReturnLabel(ORDER, party, party, text, (text,) * 9))
    yield from box_contents(BoxContents(ORDER, 1, 2, (BoxLine(1, text, text),), weight=text))
    yield tote_label(Place(text, "TOTE:7:K7QAB", text))
    yield bin_label(Place(text, "BIN:7:K7QAB", text))
    yield item_label(ItemLabel("X001A2B3C4", text, text, text))
    yield badge_label(Badge(text, text, "BDG:7:K7QAB"))
    yield calibration_label(text, 203, FOUR_BY_SIX, text)
    yield calibration_label(text, 203, TWO_BY_ONE, text)
    yield from scanner_sheet([(text, "A1", Symbology.CODE128)], text)


def _expected(element: Placed) -> list[str]:
    if isinstance(element, PlacedBars):
        if element.symbology in NATIVE:
            return ["^FO", "^BY", "^BC", "^FH", "^FD", "^FS"]
        return ["^FO", "^GF", "^FS"]
    if not isinstance(element, PlacedText):
        return ["^FO", "^GB", "^FS"]
    reverse = ["^FR"] if element.white else []
    if not is_native(element):
        return ["^FO", *reverse, "^GF", "^FS"]
    return ["^FO", "^A0", *reverse, "^FH", "^FD", "^FS"] * len(element.lines)


def _check(label: Label) -> None:
    code = render.zpl(label, 203)
    body = [each for element in render.sheet(label, 203).elements for each in _expected(element)]
    found = [each for each in commands(code) if each.strip()]
    assert found == ["^XA", "^CI", "^PW", "^LL", "^LH", "^LR", *body, "^PQ", "^XZ"]
    assert code.count(b"^XA") == code.count(b"^XZ") == 1
    assert b"~" not in code


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_changes_the_commands_of_any_paper(text: str) -> None:
    """The commands follow from the shape of the page alone, for practice papers too."""
    for page in _papers(text):
        _check(page)
    _check(training(next(_papers(text))))


@settings(max_examples=3, deadline=None)
@given(_ANY)
def test_nor_does_any_other_text(text: str) -> None:
    """The same holds for text that nobody thought of."""
    for page in _papers(text):
        _check(page)


@pytest.mark.parametrize("lines", [0, 1, 7, 40])
def test_lists_lose_no_line(lines: int) -> None:
    """Every line of a long list stands on some page, once, and every tote's order too."""
    slots = tuple((tote, 1) for tote in range(1, 61))
    picks = tuple(PickLine(f"A-{n}", f"T{n}", f"SKU-{n}", slots[: n % 9 + 1]) for n in range(lines))
    totes = tuple(PickTote(number, f"111-{number}") for number in range(1, lines + 1))
    shown = [
        getattr(each, "value", "")
        for page in pick_list(PickList("W", picks, totes))
        for each in page.elements
    ]
    assert [each for each in shown if each.startswith("SKU-")] == [each.sku for each in picks]
    assert shown.count("x 1") == sum(len(each.totes) for each in picks)
    assert all(shown.count(tote.order_id) == 2 for tote in totes)


def test_a_line_for_very_many_totes_is_parted() -> None:
    """A product that sixty orders want takes rows that fit their page, and no tote is lost."""
    line = PickLine("A-1", "Mug", "MUG", tuple((tote, 1) for tote in range(1, 61)))
    pages = pick_list(PickList("W", (line,), ()))
    values = [getattr(each, "value", "") for page in pages for each in page.elements]
    assert values.count("x 1") == 60
    assert all(each.y + each.height <= page.height_mm for page in pages for each in page.elements)


def test_a_gifts_slip_says_nothing_else() -> None:
    """A gift's slip has the giver's words, and no note that is meant for the packer."""
    party = Party("A", ("B",))
    data = PackingSlip(
        ORDER, party, party, "now", "Std", (SlipLine(1, "Mug", "M", "gift wrap: 2 EUR"),),
        is_gift=True, gift_message="For you,\nTom",
    )  # fmt: skip
    values = [getattr(each, "value", "") for page in packing_slip(data) for each in page.elements]
    assert "For you,\nTom" in values
    assert "GIFT SLIP" in values
    assert not any("wrap" in value for value in values)
