"""Serial Shipping Container Codes: the eighteen digits that name one parcel in the world."""

from __future__ import annotations

from labels.errors import LabelError

_BODY = 17
"""Digits before the check digit: extension, company prefix, serial reference."""


def check_digit(digits: str) -> str:
    """Return the mod-10 check digit of any GS1 key (GS1 General Specifications §7.9).

    From the right, digits weigh 3, 1, 3 …; the check digit brings the sum to a multiple of ten.
    """
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def sscc(company_prefix: str, serial: int, extension: int = 0) -> str:
    """Return the SSCC of a parcel: 18 digits, without the application identifier (00).

    Args:
        company_prefix: The GS1 company prefix, 4 to 12 digits, as GS1 assigned it.
        serial: The parcel's number; its digits fill what the prefix leaves, with zeros before.
        extension: 0 to 9, of the company's own choice.

    Raises:
        LabelError: the prefix or the extension is none, or the serial number needs more digits.
    """
    if not (company_prefix.isascii() and company_prefix.isdigit()) or not (
        4 <= len(company_prefix) <= 12
    ):
        message = f"{company_prefix[:20]!r} is no GS1 company prefix."
        raise LabelError(message, "Set the 4 to 12 digits that GS1 assigned to the company.")
    if not 0 <= extension <= 9:
        message = f"An SSCC cannot start with the extension {extension}."
        raise LabelError(message, "Set one digit, 0 to 9.")
    room = _BODY - 1 - len(company_prefix)
    if not 0 <= serial < 10**room:
        message = f"The parcel number {serial} does not fit into {room} digits."
        raise LabelError(message, "Choose the next extension digit and start again at 0.")
    body = f"{extension}{company_prefix}{serial:0{room}d}"
    return body + check_digit(body)
