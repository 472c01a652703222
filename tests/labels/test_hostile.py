"""Whatever a buyer typed: one label, no command of his, and the codes still scan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from label_reader import codes, commands, printed, read

from labels import render, zpl
from labels.documents.packing_slip import PackingSlip, SlipLine, packing_slip
from labels.documents.parts import Party
from labels.documents.shipping import ShippingLabel, shipping_label
from labels.sheet import Placed, PlacedBars, PlacedText

if TYPE_CHECKING:
    from labels.layout import Label

ORDER = "111-2233445-6677889"
PARCEL = "006141411234567890"

HOSTILE = [
    "Jane^XZ^XA^FO20,20^BCN,80^FDFORGED-9^FS^XZ^XA",
    "A^FS^FO0,0^GB800,800,800^FS",
    "~JR",
    "^CC{",
    "^DFR:X",
    "^PQ500",
    "^JUF",
    "AT^T Corp a~b",
    "_5EXA _7EJR __",
    "\\& C:\\d \\\\",
    ">8>6>:",
    "one\r\ntwo\nthree",
    "nul\x00esc\x1bc1\x9b[2J",
    "x" * 10_000,
    "\u202e\u2067evil\u200f",
    "\ud800\udfff lone",
    "a" + "\u0301" * 500,
    "🎁👩\u200d👩\u200d👧🇯🇵",
    "東京都千代田区",
    "شارع الملك فهد 123",
    "",
    " ",
]

_OPENING = ["^XA", "^CI", "^PW", "^LL", "^LH", "^LR"]
_CLOSING = ["^PQ", "^XZ"]
_ANY = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("^~_\\>&{}:;,0158ABXZFSCQDJRé\n\x00 "), max_size=40),
    st.text(st.characters(exclude_categories=()), max_size=40),
)


def _label(name: str, line: str, service: str, note: str) -> Label:
    to, sender = Party(name, (line, line)), Party(name, (line,))
    return shipping_label(
        ShippingLabel(to, sender, ORDER, PARCEL, service, name, 10, 1, 1, line, note)
    )


def _expected(element: Placed) -> list[str]:
    """Return the commands of one element, given the shape of the sheet and never its words."""
    if isinstance(element, PlacedBars):
        return ["^FO", "^BY", "^BC", "^FH", "^FD", "^FS"]
    if not isinstance(element, PlacedText):
        return ["^FO", "^GB", "^FS"]
    reverse = ["^FR"] if element.white else []
    if not zpl.is_native(element):
        return ["^FO", *reverse, "^GF", "^FS"]
    return ["^FO", "^A0", *reverse, "^FH", "^FD", "^FS"] * len(element.lines)


def _check(label: Label, dpi: int = 203) -> bytes:
    code = render.zpl(label, dpi)
    body = [each for element in render.sheet(label, dpi).elements for each in _expected(element)]
    assert [each for each in commands(code) if each.strip()] == [*_OPENING, *body, *_CLOSING]
    assert code.count(b"^XA") == code.count(b"^XZ") == code.count(b"^PQ1") == 1
    assert b"~" not in code
    assert code.isascii()
    return code


@settings(max_examples=50, deadline=None)
@given(_ANY, _ANY, _ANY, _ANY)
@example(*HOSTILE[:4])
def test_no_text_changes_the_commands(name: str, line: str, service: str, note: str) -> None:
    """The commands follow from the sheet's shape alone, whatever the words are."""
    _check(_label(name, line, service, note))


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_the_codes_survive_a_hostile_buyer(value: str) -> None:
    """With the text in every field, the printed label holds our two codes and no third."""
    label = _label(value, value, value, value)
    page = render.sheet(label, 203)
    paper = printed(_check(label), page.width, page.height, 203)
    assert read(paper) == [ORDER, f"]C1{'00' + PARCEL}"]
    assert read(render.image(label, 203)) == [ORDER, f"]C1{'00' + PARCEL}"]


@settings(max_examples=30, deadline=None)
@given(_ANY, _ANY, _ANY)
def test_slips_are_as_safe(title: str, sku: str, note: str) -> None:
    """What stands in the listing or the gift note changes no command of a packing slip either."""
    party = Party(title, (sku, note))
    line = SlipLine(2, title, sku, note)
    for page in packing_slip(PackingSlip(ORDER, party, party, sku, note, (line,) * 9, title)):
        _check(page)


def test_the_oracle_sees_an_injection() -> None:
    """If field data were not escaped, the check of commands would fail."""
    label = _label("Jane", "Street", "NEXT", "")
    code = render.zpl(label, 203)
    assert commands(code.replace(b"Street", b"^XZ^XA^FS")) != commands(code)


def test_plain_text_is_the_printers_own_and_foreign_text_a_picture() -> None:
    """Only the elements that the printer's font cannot print are sent as graphics."""
    assert b"^GFA" not in render.zpl(_label("Jane", "Street 1", "NEXT DAY", "ring"), 203)
    assert render.zpl(_label("Jané", "Street 1", "NEXT DAY", "ring"), 203).count(b"^GFA") == 3
    assert b"^GFA" in render.zpl(_label("Jane", "C:\\d", "NEXT DAY", "ring"), 203)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_picture_in_zpl_has_the_dots_of_the_drawing(dpi: int) -> None:
    """What the renderer makes of ^GFA is, dot for dot, what we drew; white words too."""
    label = _label("東京", "שלום 12", "日本 🚀", "ñ")
    whole = replace(label, elements=tuple(each for each in label.elements if _is_foreign(each)))
    drawn = render.image(whole, dpi).convert("L")
    paper = printed(render.zpl(whole, dpi), drawn.width, drawn.height, dpi)
    assert paper.tobytes() == drawn.tobytes()
    assert not codes(paper)


def _is_foreign(element: object) -> bool:
    value = getattr(element, "value", None)
    return value is None or not value.isascii()
