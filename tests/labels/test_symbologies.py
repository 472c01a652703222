"""EAN, UPC, GS1-128 with several elements, Data Matrix: what they hold and how they come back."""

from __future__ import annotations

from contextlib import suppress

import pytest
import zxingcpp
from barcode.codex import Code128
from hypothesis import given, settings
from hypothesis import strategies as st
from label_reader import printed, read

from labels import Label, LabelError, code128, datamatrix, ean, gs1, render
from labels.layout import Barcode, Symbology
from labels.raster import bars
from labels.sheet import PlacedBars
from labels.sscc import check_digit

GS = gs1.SEPARATOR
_DIGITS = st.text("0123456789", min_size=1)
_LOT = st.text("ABCXYZ0123456789-/", min_size=1, max_size=12)


def _label(value: str, kind: Symbology) -> Label:
    return Label(140, 30, (Barcode(2, 5, 136, 20, value, kind, 0.25),))


def _same(value: str, kind: Symbology) -> list[str]:
    """Return what is read from the printer's bars, which are those of the picture."""
    label = _label(value, kind)
    drawn = render.image(label, 203).convert("L")
    paper = printed(render.zpl(label, 203), drawn.width, drawn.height, 203)
    assert paper.tobytes() == drawn.tobytes()
    return [each.text for each in _found(paper)]


def _found(paper: object) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(paper, try_invert=False, text_mode=zxingcpp.TextMode.Plain))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**12 - 1), st.booleans())
def test_retail_codes_come_back(number: int, is_upc: bool) -> None:
    """Any EAN-13 and UPC-A with its right check digit is read as what was asked."""
    body = f"{number % 10**11:011d}" if is_upc else f"{number:012d}"
    value = body + check_digit(body)
    kind = Symbology.UPC_A if is_upc else Symbology.EAN13
    assert _same(value, kind) == [value if not is_upc else f"0{value}"]
    assert ean.symbology_of(value) is kind


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**13 - 1), _LOT, _LOT)
def test_elements_come_back_with_their_separators(number: int, lot: str, serial: str) -> None:
    """GTIN, expiry, lot and serial come back as one GS1 message with one separator."""
    body = f"{number:013d}"
    value = f"01{body}{check_digit(body)}1730123110{lot}{GS}21{serial}"
    if len(value) > code128.MAX_CHARACTERS:
        return
    assert _same(value, Symbology.GS1_128) == [value]
    assert list(gs1.elements(value)) == [
        ("01", value[2:16]),
        ("17", "301231"),
        ("10", lot),
        ("21", serial),
    ]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30))
def test_squares_come_back(value: str) -> None:
    """Printable ASCII comes back from a Data Matrix, signs that printers escape included."""
    assert _same(value, Symbology.DATA_MATRIX) == [value]
    assert datamatrix.modules(value) <= 26


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789AZ-"), min_size=1, max_size=30))
def test_our_symbols_are_an_encoders_symbols(value: str) -> None:
    """The bars are those that python-barcode makes, but for its mistake with 99 at the start."""
    if value.startswith("99"):
        return
    (placed,) = render.sheet(_label(value, Symbology.CODE128), 203).elements
    assert isinstance(placed, PlacedBars)
    drawn = bars(placed)
    row = drawn.crop((0, 0, drawn.width, 1)).tobytes()[:: placed.module]
    modules = "".join("1" if dot == 0 else "0" for dot in row)
    assert modules == str(Code128(value).build()[0])


def test_a_separator_between_digits_costs_one_symbol() -> None:
    """FNC1 stays in the subset for digits, so that the bars do not grow by two switches."""
    joined = code128.modules(f"3712{GS}17261231", Symbology.GS1_128)
    assert joined == code128.modules("371217261231", Symbology.GS1_128) + 11


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("4006381333930", Symbology.EAN13),
        ("036000291453", Symbology.UPC_A),
        ("400638133393", Symbology.EAN13),
        ("0036000291452", Symbology.UPC_A),
        ("40063813339 1", Symbology.EAN13),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", Symbology.EAN13),
        ("", Symbology.EAN13),
        ("0109521234000014", Symbology.GS1_128),
        ("0109521234000013" + GS, Symbology.GS1_128),
        (GS + "10A", Symbology.GS1_128),
        ("10" + GS + "17301231", Symbology.GS1_128),
        ("10A\x00", Symbology.GS1_128),
        ("10A>8B", Symbology.GS1_128),
        ("10A^XZ", Symbology.GS1_128),
        ("17abcdef", Symbology.GS1_128),
        ("lot7", Symbology.GS1_128),
        ("", Symbology.DATA_MATRIX),
        ("é", Symbology.DATA_MATRIX),
        ("A\x1d", Symbology.DATA_MATRIX),
        ("A" * 63, Symbology.DATA_MATRIX),
    ],
)
def test_wrong_values_are_refused(value: str, kind: Symbology) -> None:
    """A code that would name another thing than its words, or none, is refused with a remedy."""
    with pytest.raises(LabelError) as caught:
        render.image(_label(value, kind), 203)
    assert caught.value.remedy
    assert str(caught.value).isprintable()


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_answer(value: str) -> None:
    """Any element string is accepted or refused, and none of its characters is lost."""
    with suppress(LabelError):
        gs1.check(value)
    assert "".join(first + second for first, second in gs1.elements(value)) == value.replace(GS, "")


@given(_DIGITS)
def test_digits_are_a_retail_code_or_none(digits: str) -> None:
    """Only 12 or 13 digits with a right check digit are printed as a retail code."""
    kind = ean.symbology_of(digits)
    assert (kind is None) == (len(digits) not in {12, 13} or check_digit(digits[:-1]) != digits[-1])


def test_elements_are_shown_with_parentheses() -> None:
    """What stands beneath the bars names each identifier as GS1 writes it."""
    assert gs1.shown(f"0109521234000013310200125010A{GS}4001") == (
        "(01) 09521234000013 (3102) 001250 (10) A (400) 1"
    )
    assert read(render.image(_label("00106141411234567897", Symbology.GS1_128), 203)) == [
        "]C100106141411234567897"
    ]
