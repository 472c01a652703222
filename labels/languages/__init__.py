"""One picture as one label in the language of a printer: ZPL, EPL2, TSPL or ESC/POS.

Nothing of what stands on the label reaches the printer as words: it gets dots, so that no name
and no title can be a command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.errors import LabelError
from labels.languages import epl2, escpos, tspl, zpl_graphic
from labels.languages.dots import bitmap, reach
from labels.units import dots_per_mm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PIL.Image import Image

    from labels.languages.zpl_graphic import Compression
    from labels.zpl import Bitmap

_OTHERS: dict[str, Callable[[Bitmap, float], bytes]] = {
    "epl2": epl2.label,
    "tspl": tspl.label,
    "escpos": escpos.label,
}

LANGUAGES = ("zpl", *_OTHERS)


def encode(
    image: Image,
    language: str,
    dpi: int,
    compression: Compression = "z64",
    *,
    width_mm: float = 0,
) -> bytes:
    """Return a picture as one label that is printed once.

    Args:
        image: Mode “1”, one pixel for each dot of the head.
        language: One of `LANGUAGES`.
        dpi: Of the head; says how long the label is.
        compression: Of ZPL alone: `acs` is for firmware that is older than Z64.
        width_mm: How wide the head prints; 0 where it is as wide as the picture.

    Raises:
        LabelError: an unknown language or resolution, or ink beyond the head.
        ValueError: the picture has greys or colours.
    """
    if language not in LANGUAGES:
        raise LabelError(
            f"No printer language is called {language[:20]!r}.",
            f"Use one of {', '.join(LANGUAGES)}.",
        )
    page, dots = bitmap(image), dots_per_mm(dpi)
    if width_mm:
        _need_head(reach(page) / dots, width_mm)
    if language == "zpl":
        return zpl_graphic.label(page, compression)
    return _OTHERS[language](page, dots)


def encode_pages(images: Iterable[Image], language: str, dpi: int, *, width_mm: float = 0) -> bytes:
    """Return pictures as labels one after another, each printed once.

    Raises:
        LabelError: as for `encode`.
        ValueError: as for `encode`.
    """
    return b"".join(encode(image, language, dpi, width_mm=width_mm) for image in images)


def _need_head(reach_mm: float, width_mm: float) -> None:
    """Refuse a picture that the printer would cut off at its right side without a word."""
    if reach_mm > width_mm:
        raise LabelError(
            f"This paper is printed {reach_mm:.0f} mm wide, the printer prints {width_mm:.0f} mm.",
            "Print it on another printer, or on paper of 2x1; width_mm says how wide it prints.",
        )
