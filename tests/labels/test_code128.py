"""Bars: what they hold, how wide they are, and that both renderers draw the same ones."""

from __future__ import annotations

import string

import pytest
from barcode.codex import Gs1_128
from hypothesis import given, settings
from hypothesis import strategies as st
from label_reader import codes, printed, read

from labels import Label, LabelError, code128, raster, render
from labels.layout import Barcode, Symbology
from labels.sheet import PlacedBars

_SIGNS = st.text(st.sampled_from(sorted(set(map(chr, range(32, 127))) - {">"})), min_size=1)
_MIXED = st.text(st.sampled_from(string.digits * 4 + "-AZ"), min_size=1)
_VALUES = st.one_of(_SIGNS, _MIXED).filter(lambda value: len(value) <= 20)


def _label(value: str, symbology: Symbology = Symbology.CODE128) -> Label:
    return Label(140, 30, (Barcode(2, 5, 136, 15, value, symbology, 0.25),))


@settings(deadline=None)
@given(_VALUES)
def test_our_width_is_the_encoders_width(value: str) -> None:
    """The modules that the layout reserves are those that python-barcode draws."""
    (placed,) = render.sheet(_label(value), 203).elements
    assert isinstance(placed, PlacedBars)
    assert raster.bars(placed).width == placed.modules * placed.module


def test_a_value_may_start_with_99() -> None:
    """The pair 99 is data, although its symbol has the number of the switch to subset C."""
    assert read(render.image(_label("9912345"), 203)) == ["9912345"]


@settings(deadline=None)
@given(st.integers(0, 10**18 - 1))
def test_width_of_gs1_codes(number: int) -> None:
    """An SSCC is 156 modules wide, its FNC1 included."""
    value = f"00{number:018d}"
    assert code128.modules(value, Symbology.GS1_128) == len(Gs1_128(value).build()[0]) == 156


@settings(max_examples=40, deadline=None)
@given(_VALUES)
def test_the_printers_bars_are_the_drawn_bars(value: str) -> None:
    """A value comes back from the printer and from the picture, from the very same bars."""
    label = _label(value)
    drawn = render.image(label, 203).convert("L")
    paper = printed(render.zpl(label, 203), drawn.width, drawn.height, 203)
    assert paper.tobytes() == drawn.tobytes()
    assert [code.text.strip() for code in codes(drawn)] == [value.strip()]


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_gs1_is_told_from_plain_code(dpi: int) -> None:
    """A GS1-128 starts with FNC1, so that a scanner says ]C1 before it."""
    drawn = render.image(_label("00106141411234567897", Symbology.GS1_128), dpi)
    assert read(drawn) == ["]C100106141411234567897"]


@pytest.mark.parametrize(
    ("value", "symbology"),
    [
        ("", Symbology.CODE128),
        ("A>8B", Symbology.CODE128),
        ("José", Symbology.CODE128),
        ("A\x00", Symbology.CODE128),
        ("A\n", Symbology.CODE128),
        ("\ud800", Symbology.CODE128),
        ("\xf1123", Symbology.CODE128),
        ("A" * 49, Symbology.CODE128),
        ("00106141411234567897A", Symbology.GS1_128),
        ("123", Symbology.GS1_128),
        ("١٢", Symbology.GS1_128),
        ("", Symbology.GS1_128),
    ],
)
def test_what_bars_cannot_hold_is_refused(value: str, symbology: Symbology) -> None:
    """A value that printers read differently, or not at all, is refused with a remedy."""
    with pytest.raises(LabelError) as caught:
        render.zpl(_label(value, symbology), 203)
    assert caught.value.remedy
    assert str(caught.value).isprintable()


def test_a_code_too_wide_for_its_box_is_refused() -> None:
    """Bars never become narrower than a scanner can read: the label is refused instead."""
    label = Label(50, 30, (Barcode(2, 5, 46, 15, "A-LONG-CODE-OF-THE-HOUSE"),))
    with pytest.raises(LabelError, match="does not fit"):
        render.zpl(label, 203)


@pytest.mark.parametrize(("dpi", "least"), [(203, 2), (300, 3), (600, 6)])
def test_no_bar_below_a_quarter_millimetre_by_choice(dpi: int, least: int) -> None:
    """Where a finer module is asked for, the narrowest bar still is 0.25 mm."""
    label = Label(100, 30, (Barcode(2, 5, 96, 15, "A1", module_mm=0.1),))
    assert [code.module for code in codes(render.image(label, dpi))] == [least]
