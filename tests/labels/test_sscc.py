"""The eighteen digits of a parcel."""

from __future__ import annotations

import pytest

from labels import LabelError, sscc
from labels.sscc import check_digit


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("10614141123456789", "7"),
        ("00614141123456789", "0"),
        ("34012345123456789", "5"),
        ("37610425002123456", "9"),
        ("629104150021", "3"),
        ("400638133393", "1"),
        ("03600029145", "2"),
    ],
)
def test_check_digit_of_published_numbers(digits: str, check: str) -> None:
    """Numbers printed in GS1's own pages and on products have the digit that we compute."""
    assert check_digit(digits) == check


@pytest.mark.parametrize("prefix", ["0614", "0614141", "0614141000", "061414100099"])
def test_always_eighteen_digits(prefix: str) -> None:
    """Whatever the prefix's length, an SSCC has 18 digits and its sum is a multiple of ten."""
    code = sscc(prefix, 42, 3)
    assert len(code) == 18
    assert code.startswith(f"3{prefix}")
    assert check_digit(code[:-1]) == code[-1]


def test_the_serial_fills_what_the_prefix_leaves() -> None:
    """Zeros stand before a short serial number."""
    assert sscc("0614141", 7) == "006141410000000074"


@pytest.mark.parametrize(
    ("prefix", "serial", "extension"),
    [
        ("061", 1, 0),
        ("0614141000999", 1, 0),
        ("06141A1", 1, 0),
        ("٠٦١٤١٤١", 1, 0),
        ("", 1, 0),
        ("0614141", 10**9, 0),
        ("0614141", -1, 0),
        ("0614141", 1, 10),
        ("0614141", 1, -1),
    ],
)
def test_what_is_no_sscc_is_refused(prefix: str, serial: int, extension: int) -> None:
    """A wrong prefix, a number too long or an extension of two digits ends in a remedy."""
    with pytest.raises(LabelError) as caught:
        sscc(prefix, serial, extension)
    assert caught.value.remedy
