"""The codes on a label, read as a scanner does, and whether one of them is the tracking barcode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import ImageDraw, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.Image import Image

_LINEAR = frozenset({"Code128", "Code39", "Code93", "ITF", "Codabar"})
_MATRIX = frozenset({"DataMatrix", "QRCode", "Aztec"})
_MIN_INSIDE = 9
"""Characters of a tracking id that may stand inside a matrix code's other data."""

_ROUTED = re.compile(r"420(?:\d{5}|\d{9})(9[1-5]\d{18,24})")
"""USPS: routing by ZIP code before the number (Publication 199, IMpb)."""

_TRACKING = re.compile(
    r"1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|(?:420(?:\d{5}|\d{9}))?9[1-6]\d{18,24}|\d{34}"
    r"|J(?:JD|VGL|D)\d{16,20}|00\d{18}|TBA\d{9,15}|\d{12}|\d{14,15}"
)
"""Forms of carriers' numbers; only tells which page or part is a label when nobody knows its id."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was read."""

    text: str
    form: str
    """Its symbology as zxing-cpp names it: Code128, PDF417."""
    corners: tuple[tuple[int, int], ...] = ()
    """Where it stands, in dots; empty where the printer is yet to draw it."""

    @property
    def is_linear(self) -> bool:
        """Whether it has bars alone, as carriers' tracking barcodes have."""
        return self.form in _LINEAR

    @property
    def is_tracking(self) -> bool:
        """Whether it looks like a carrier's number."""
        can_be = self.is_linear or self.form in _MATRIX
        return can_be and _TRACKING.fullmatch(bare(self.text)) is not None

    @property
    def middle(self) -> tuple[int, int]:
        """The point in the midst of it."""
        across, down = zip(*self.corners, strict=True)
        return sum(across) // len(across), sum(down) // len(down)


def codes(image: Image) -> tuple[Code, ...]:
    """Return every code on the picture; white bars on black do not count."""
    import zxingcpp

    found = zxingcpp.read_barcodes(
        image.convert("L"), try_invert=False, text_mode=zxingcpp.TextMode.Plain
    )
    return tuple(_code(each) for each in found)


def _code(found: object) -> Code:
    import zxingcpp

    assert isinstance(found, zxingcpp.Barcode)  # noqa: S101 - the library has no types
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    form = str(found.format).replace(" ", "").replace("-", "").replace("BarcodeFormat.", "")
    return Code(found.text, form, tuple((corner.x, corner.y) for corner in corners))


def bare(text: str) -> str:
    """Return a number without blanks, dashes and separators, in capitals."""
    return re.sub(r"[\s\x1d-]", "", text).upper()


def carries(code: Code, tracking_id: str) -> bool:
    """Tell whether the code is the barcode of this tracking id.

    Carriers put routing before the number: USPS 420 and the ZIP code (Publication 199), FedEx 22
    digits before the last 12, GS1 the 00 of an SSCC. A matrix code may hold more than the number;
    PDF417 and MaxiCode never count, because the bars beside them are what is scanned.
    """
    wanted, text = bare(tracking_id), bare(code.text)
    if not wanted:
        return False
    if code.form in _MATRIX and len(wanted) >= _MIN_INSIDE and wanted in text:
        return True
    if not (code.is_linear or code.form in _MATRIX):
        return False
    routed = _ROUTED.fullmatch(text)
    forms = {text, routed[1] if routed else text, text.removeprefix("00")}
    if re.fullmatch(r"\d{34}", text):
        forms.add(text[-12:])
    if re.fullmatch(r"96\d{20}", text):
        forms.add(text[-15:])
    return wanted in forms or wanted.removeprefix("00") in forms


def picture(image: Image, found: Iterable[Code] = ()) -> bytes:
    """Return a PNG of the label with the codes that were read framed in red."""
    shown = ImageOps.expand(image.convert("RGB"), 12, "white")
    pen = ImageDraw.Draw(shown)
    for code in found:
        if code.corners:
            corners = [(x + 12, y + 12) for x, y in code.corners]
            pen.line([*corners, corners[0]], fill=(214, 0, 0), width=5)
    pen.rectangle((0, 0, shown.width - 1, shown.height - 1), outline=(214, 0, 0), width=3)
    shown.thumbnail((1300, 1950))
    file = BytesIO()
    shown.save(file, "PNG")
    return file.getvalue()
