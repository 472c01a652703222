"""From a carrier's document to what a printer prints, or to the reason why it must not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.carrier import pdf, pictures, placing, reading, zpl_check
from labels.carrier.opening import Kind, opened
from labels.errors import LabelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from labels.carrier.placing import Page
    from labels.carrier.reading import Code
    from labels.media import Media

_STOPPED = "Nothing was printed. Fetch the label again, as ZPL or as a larger picture."


@dataclass(frozen=True, slots=True)
class TakenLabel:
    """A carrier's label that may be printed."""

    zpl: bytes | None
    """Checked ZPL for a printer that speaks it; None for a picture."""
    image: Image | None
    """Black and white, exactly the paper's dots; None where only a printer can draw the ZPL."""
    codes: tuple[str, ...]
    """What a scanner reads on it."""
    notes: tuple[str, ...] = ()
    """What was left out or changed, in words."""


def take(data: bytes, *, media: Media, dpi: int, tracking_id: str = "") -> TakenLabel:
    """Return a carrier's label made for this paper, after reading its tracking barcode back.

    Args:
        data: ZPL, PDF, PNG, GIF or JPEG; raw, in base64, in gzip, or in both.
        media: The paper in the printer.
        dpi: The printer's resolution.
        tracking_id: What one of its codes must say; empty where nobody knows it yet.

    Raises:
        LabelError: It cannot be printed, or must not; with a picture where there is one to show.
    """
    kind, document = opened(data)
    if kind is Kind.ZPL:
        return _zpl(document, media, dpi, tracking_id)
    if kind is Kind.PDF:
        return _page(pdf.pages(document, dpi), media, dpi, tracking_id)
    return _page((pictures.page(document, media, dpi),), media, dpi, tracking_id)


def _zpl(document: bytes, media: Media, dpi: int, tracking_id: str) -> TakenLabel:
    label = zpl_check.checked(document, media, dpi)
    drawing = label.drawing
    codes = drawing.codes
    if drawing.has_graphics:
        codes += reading.codes(drawing.sheet)
    _need(codes, drawing.sheet if drawing.has_graphics else None, tracking_id)
    image = drawing.sheet if drawing.is_picture else None
    return TakenLabel(label.zpl, image, _texts(codes), label.notes)


def _page(pages: Sequence[Page], media: Media, dpi: int, tracking_id: str) -> TakenLabel:
    looked = [(page, reading.codes(placing.black(page.look))) for page in pages]
    page, codes = looked[0] if len(looked) == 1 else _one_of(looked, tracking_id)
    _need(codes, page.look, tracking_id)
    image, note = placing.placed(page, media, dpi, _wanted(codes, tracking_id))
    found = reading.codes(image)
    _need(found, image, tracking_id)
    return TakenLabel(None, image, _texts(found), (note,) if note else ())


def _one_of(
    looked: Sequence[tuple[Page, tuple[Code, ...]]], tracking_id: str
) -> tuple[Page, tuple[Code, ...]]:
    """Return the one page of several that carries the label."""
    with_label = [each for each in looked if _wanted(each[1], tracking_id)]
    if len(with_label) == 1:
        return with_label[0]
    first = looked[0][0].look
    if with_label:
        words = f"{len(with_label)} of {len(looked)} pages carry a label; only one may be printed."
        remedy = "Nothing was printed. Save the page of this parcel alone."
        raise LabelError(words, remedy, reading.picture(first, looked[0][1]))
    asked = f" with {tracking_id}" if tracking_id else ""
    words = f"None of {len(looked)} pages carries a barcode{asked}."
    raise LabelError(words, _STOPPED, reading.picture(first, looked[0][1]))


def _wanted(codes: tuple[Code, ...], tracking_id: str) -> tuple[Code, ...]:
    """Return the codes that make a page, or a part of it, the label."""
    if tracking_id:
        return tuple(code for code in codes if reading.carries(code, tracking_id))
    return tuple(code for code in codes if code.is_tracking) or codes


def _need(codes: tuple[Code, ...], image: Image | None, tracking_id: str) -> None:
    """Refuse a label whose tracking barcode was not read back."""
    fitting = [code for code in codes if reading.carries(code, tracking_id)]
    if fitting or (codes and not tracking_id):
        return
    shown = reading.picture(image, codes) if image else b""
    if not codes:
        words = "No barcode can be read on the label as it would be printed."
        raise LabelError(words, _STOPPED, shown)
    # Words are shown and logged: a square code may hold the buyer's address.
    bars = [_short(code.text) for code in codes if code.is_linear]
    read = ", ".join(bars[:3]) or "nothing in bars"
    raise LabelError(
        f"The label's barcode does not say {tracking_id}; it says {read}.",
        "Nothing was printed. Fetch the label of this parcel again.",
        shown,
    )


def _texts(codes: tuple[Code, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.text for code in codes))


def _short(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= 40 else plain[:39] + "…"
