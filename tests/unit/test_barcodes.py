"""Characters to codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import gs1, tracking
from station.barcodes import Kind, glued, is_name, key_of, read, signed

KEY = b"site key of a test"
DIGITS = st.text("0123456789", min_size=7, max_size=13).filter(lambda d: len(d) in {7, 11, 12, 13})


@given(DIGITS)
def test_every_length_of_a_gtin_has_one_key(body: str) -> None:
    """GTIN-8, -12, -13 and -14 are read back to the same 14 digits, with or without AIM id."""
    code = body + str(gs1.check_digit(body))

    for text in (code, "]E0" + code, code.zfill(14)):
        assert "g:" + code.zfill(14) in read(text).keys
    assert key_of(code) == "g:" + code.zfill(14)


@given(DIGITS, st.integers(1, 9))
def test_a_wrong_check_digit_is_no_gtin(body: str, off: int) -> None:
    """One wrong digit at the end and the number is only a text."""
    wrong = body + str((gs1.check_digit(body) + off) % 10)

    assert "g:" + wrong.zfill(14) not in read(wrong).keys


LOTS = st.text("ABCDEFGHIJ0123456789-/", min_size=1, max_size=20)


@given(st.text("0123456789", min_size=13, max_size=13), LOTS, LOTS)
def test_element_strings_come_back(body: str, lot: str, serial: str) -> None:
    """GTIN, lot, expiry and serial survive GS1-128 and its separators."""
    gtin = body + str(gs1.check_digit(body))
    code = read(f"]C101{gtin}17261231" + f"10{lot}\x1d21{serial}")

    assert (code.keys, code.lot, code.serial) == (("g:" + gtin,), lot, serial)
    assert code.expiry == "2026-12-31"


@pytest.mark.parametrize("prefix", ["CMD", "BDG", "TOTE", "BIN"])
def test_signed_codes_are_read_only_with_the_key(prefix: str) -> None:
    """A command of this site is one; the same letters with another key are refused."""
    text = signed(prefix, "NEXT", KEY)

    assert read(text, KEY).word == "NEXT"
    assert read(text.lower(), KEY).word == "NEXT"
    assert read(text, b"another").kind == Kind.BAD
    assert read(text).kind == Kind.BAD
    assert read(f"{prefix}:NEXT:AAAAA", KEY).kind == Kind.BAD


@given(st.text(max_size=300))
def test_anything_can_be_read(text: str) -> None:
    """No text raises, and what is accepted is printable."""
    code = read(text, KEY)

    assert code.kind == Kind.BAD or code.text.replace(gs1.GS, "").isprintable() or "\x1e" in text


def test_eight_digits_may_be_two_things() -> None:
    """01234565 is a GTIN-8 and a UPC-E: both keys are tried, unless the scanner says EAN-8."""
    assert read("01234565").keys[:2] == ("g:00000001234565", "g:00012345000065")
    assert read("]E401234565").keys[:1] == ("g:00000001234565",)


def test_other_kinds() -> None:
    """FNSKU, ASIN, SSCC, Transparency and GS1 links are told apart."""
    assert read("X001ABCDEF").kind == Kind.FNSKU
    assert read("B0ABCDEF12").kind == Kind.ASIN
    assert read("(00)095212340000000013").sscc == "095212340000000013"
    assert read("095212340000000013").kind == Kind.SSCC
    assert read("AZ:" + "A1" * 13).kind == Kind.TRANSPARENCY
    assert read("https://example.com/01/09520000000011").keys == ("g:09520000000011",)


def test_a_separator_at_the_end_means_nothing() -> None:
    """A plain GTIN with a trailing FNC1 is still that GTIN."""
    assert read("9520000000011\x1d").keys[0] == "g:09520000000011"


def test_bad_element_strings_are_texts() -> None:
    """A GTIN or date that does not check inside an element string is never trusted."""
    assert read("]C10109520000000012").kind == Kind.TEXT
    assert gs1.date("261301") == ""
    assert gs1.date("260200") == "2026-02-28"


def test_two_codes_without_an_end_are_noticed() -> None:
    """Two GTINs in a row are no code; one is."""
    assert glued("95200000000119520000000028")
    assert not glued("9520000000011")


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("1Z999AA10123456784", "UPS"),
        ("RR123456785GB", "Royal Mail"),
        ("9400111202555842332669", "USPS"),
        ("420221539101026837331000039521", "USPS"),
        ("986578788855", "FedEx"),
        ("JJD000390007867876567", "DHL"),
        ("00340434161094015902", "DHL"),
    ],
)
def test_carriers_are_told_from_the_number(text: str, carrier: str) -> None:
    """Each carrier's published sample is recognised, and with one digit changed it is not."""
    assert tracking.recognise(text)[0].carrier_code == carrier
    if carrier != "DHL":
        position = len(text) - 3
        broken = text[:position] + str((int(text[position]) + 1) % 10) + text[position + 1 :]
        assert not tracking.recognise(broken)


def test_unknown_numbers_are_offered_to_the_houses_other_carriers() -> None:
    """A number that nobody claims can still be a local courier's, when the house names one."""
    assert tracking.recognise("H00QWA0012345678") == ()
    assert tracking.recognise("H00QWA0012345678", ("Evri",))[0].carrier_name == "Evri"


@pytest.mark.parametrize(
    "misread", ["1Z999AA10123456785", "RR123456786GB", "9400111202555842332668"]
)
def test_a_misread_carrier_number_is_nobody_elses(misread: str) -> None:
    """A number in a carrier's form with a wrong check digit is not offered to other carriers."""
    assert tracking.recognise(misread, ("Evri",)) == ()


@pytest.mark.parametrize(
    ("text", "expected"), [("Ana", True), ("李", True), ("9520000000011", False), ("", False)]
)
def test_a_code_is_no_name(text: str, expected: bool) -> None:
    """A product's code scanned at the sign-in does not become a packer."""
    assert is_name(text) is expected
