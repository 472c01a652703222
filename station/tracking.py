"""Tracking ids: whose parcel a number names, told from its form and its check digits; pure.

Sources: UPU S10-12 (international letters and parcels), UPS 1Z structure, USPS Publication 199
(IMpb), FedEx ground and express barcode guides, DHL licence plates (ISO 15459 “J”). A number
alone is never proof: one in ten UPC-A codes passes as a FedEx number, so that products are
matched first and everything doubtful is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import gs1

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Tracking:
    """One reading of a number: this carrier's parcel."""

    carrier_code: str
    """Amazon's carrier code; “Other” where the carrier has none."""
    carrier_name: str
    tracking_id: str
    """The number as the carrier's web site takes it, routing prefixes removed."""


_S10_POSTS = {
    "US": ("USPS", "USPS"),
    "GB": ("Royal Mail", "Royal Mail"),
    "DE": ("Deutsche Post", "Deutsche Post"),
    "FR": ("La Poste", "La Poste"),
    "IT": ("Poste Italiane", "Poste Italiane"),
    "CA": ("Canada Post", "Canada Post"),
    "IN": ("India Post", "India Post"),
}
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BROKEN = re.compile(
    r"1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|(?:420(?:\d{5}|\d{9}))?9[1-5](?:\d{18}|\d{20}|\d{24})"
)
"""The form of a carrier whose check digit is wrong: misread, and nobody else's number."""
_MIN_OTHER = 8
_MAX_OTHER = 40


def recognise(text: str, others: Sequence[str] = ()) -> tuple[Tracking, ...]:
    """Return every carrier whose number this can be, the surest first.

    Args:
        text: The scanned characters, separators and blanks allowed.
        others: Names of further carriers the house uses; offered for a number that no known
            carrier claims, or that only a weak rule claims.
    """
    number = re.sub(r"[\s\x1d-]", "", text.upper())
    if not re.fullmatch(r"[0-9A-Z]+", number):
        return ()
    sure = [found for rule in _SURE if (found := rule(number))]
    if sure:
        return tuple(sure)
    if _BROKEN.fullmatch(number):
        return ()
    weak = [found for rule in _WEAK if (found := rule(number))]
    if _MIN_OTHER <= len(number) <= _MAX_OTHER and sum(c.isdigit() for c in number) >= 6:
        weak += [Tracking("Other", name, number) for name in others]
    return tuple(weak)


def _ups(number: str) -> Tracking | None:
    if not re.fullmatch(r"1Z[0-9A-Z]{15}\d", number):
        return None
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:17]]
    total = sum(v * (2 if i % 2 else 1) for i, v in enumerate(values))
    return Tracking("UPS", "UPS", number) if -total % 10 == int(number[17]) else None


def _s10(number: str) -> Tracking | None:
    match = re.fullmatch(r"[A-Z]{2}(\d{8})(\d)([A-Z]{2})", number)
    if not match:
        return None
    total = sum(int(d) * w for d, w in zip(match[1], _S10_WEIGHTS, strict=True))
    check = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    if check != int(match[2]):
        return None
    code, name = _S10_POSTS.get(match[3], ("Other", f"Post {match[3]}"))
    return Tracking(code, name, number)


def _usps(number: str) -> Tracking | None:
    match = re.fullmatch(r"(?:420(?:\d{5}|\d{9}))?(9[1-5](?:\d{18}|\d{20}|\d{24}))", number)
    if not match or gs1.check_digit(match[1][:-1]) != int(match[1][-1]):
        return None
    return Tracking("USPS", "USPS", match[1])


def _fedex_label(number: str) -> Tracking | None:
    """Take the 34 digits of a FedEx label: its last 12 are the number."""
    if not re.fullmatch(r"\d{34}", number):
        return None
    return _fedex_express(number[-12:])


def _fedex_ground_96(number: str) -> Tracking | None:
    """Take the 22 digits of a FedEx ground label (96…), the last 15 of which are the number."""
    if not re.fullmatch(r"96\d{20}", number) or gs1.check_digit(number[7:-1]) != int(number[-1]):
        return None
    return Tracking("FedEx", "FedEx", number[-15:])


def _dhl_plate(number: str) -> Tracking | None:
    return (
        Tracking("DHL", "DHL", number) if re.fullmatch(r"J(?:JD|VGL|D)\d{16,20}", number) else None
    )


def _dhl_paket(number: str) -> Tracking | None:
    """Take a German parcel's identcode: an SSCC of 20 digits with DHL's company prefix."""
    if not re.fullmatch(r"0034043\d{13}", number) or not gs1.is_sscc(number[2:]):
        return None
    return Tracking("DHL", "DHL", number)


def _fedex_express(number: str) -> Tracking | None:
    if not re.fullmatch(r"\d{12}", number):
        return None
    total = sum(int(d) * (3, 1, 7)[i % 3] for i, d in enumerate(number[:11]))
    return Tracking("FedEx", "FedEx", number) if total % 11 % 10 == int(number[11]) else None


def _fedex_ground(number: str) -> Tracking | None:
    if not re.fullmatch(r"\d{15}", number) or gs1.check_digit(number[:-1]) != int(number[-1]):
        return None
    return Tracking("FedEx", "FedEx", number)


def _dhl_express(number: str) -> Tracking | None:
    if not re.fullmatch(r"\d{10}", number) or int(number[:9]) % 7 != int(number[9]):
        return None
    return Tracking("DHL", "DHL", number)


_SURE = (_ups, _s10, _usps, _fedex_label, _fedex_ground_96, _dhl_plate, _dhl_paket)
_WEAK = (_fedex_express, _fedex_ground, _dhl_express)
"""Twelve, fifteen and ten digits with one check digit: shared with too much to be trusted alone."""
