"""From a label to the bytes that a printer, a viewer or a person can use."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from labels import fonts, printer_font, raster
from labels import zpl as zpl_language
from labels.sheet import Sheet, arrange
from labels.units import MM_PER_INCH, dots_per_mm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from labels.layout import Label


def zpl(label: Label, dpi: int) -> bytes:
    """Return the label in the language of Zebra printers, to be printed once.

    Raises:
        LabelError: an unknown resolution, or a code that cannot be encoded or does not fit.
    """
    return zpl_language.encode(sheet(label, dpi), raster.bitmap)


def image(label: Label, dpi: int) -> Image:
    """Return the label as a Pillow image of mode “1”, one pixel for each dot of the head.

    Raises:
        LabelError: as for `zpl`.
    """
    return raster.draw(sheet(label, dpi))


def png(label: Label, dpi: int) -> bytes:
    """Return the label as a PNG file that knows its size on paper.

    Raises:
        LabelError: as for `zpl`.
    """
    file = BytesIO()
    image(label, dpi).save(file, "PNG", dpi=(_density(dpi), _density(dpi)))
    return file.getvalue()


def pdf(labels: Sequence[Label], dpi: int) -> bytes:
    """Return the labels as the pages of one PDF file, each of its own size; no dates in it.

    Raises:
        LabelError: as for `zpl`.
        ValueError: there is no label.
    """
    if not labels:
        message = "A document needs a page."
        raise ValueError(message)
    first, *rest = (image(label, dpi) for label in labels)
    file = BytesIO()
    first.save(
        file,
        "PDF",
        resolution=_density(dpi),
        save_all=True,
        append_images=rest,
        title=labels[0].title,
        creationDate=None,
        modDate=None,
    )
    return file.getvalue()


def sheet(label: Label, dpi: int) -> Sheet:
    """Return the label in dots, with text that fits in the printer's font and in ours.

    Raises:
        LabelError: as for `zpl`.
    """
    return arrange(label, dpi, _widest)


def _widest(text: str, bold: bool) -> float:
    """Return the greater width, so that the ZPL and the picture break lines at the same words."""
    drawn = fonts.width(text, bold)
    return max(drawn, printer_font.width(text)) if printer_font.can_print(text) else drawn


def _density(dpi: int) -> float:
    return dots_per_mm(dpi) * MM_PER_INCH
