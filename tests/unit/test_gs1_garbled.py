"""Element strings that a line has garbled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station import barcodes, gs1


@given(st.text(st.sampled_from("0123456789\x1d"), max_size=24))
def test_no_digits_break_the_reader(text: str) -> None:
    """A code that ends inside an identifier is read as something, without an error."""
    assert barcodes.read(f"]C1{text}").symbology == "C1" or not text.replace("\x1d", "")


def test_other_letters_are_no_element_string() -> None:
    """Characters outside of ASCII mean that the line garbled the code."""
    assert gs1.parse("0109520000000011" + "10AB") == {"01": "09520000000011", "10": "AB"}
    assert gs1.parse("0109520000000011" + "10A\u0192B") == {}
