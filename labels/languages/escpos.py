"""ESC/POS, the language of receipt printers (Epson's command reference): paper without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.languages.dots import stride

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labels.zpl import Bitmap

BAND = 128
"""Rows sent at once: every printer's buffer holds them; Epson's take 2303, others far less."""

_RESET = b"\x1b@"
_RASTER = b"\x1dv0\0"
_FEED_LINES = b"\x1bd\4"
"""About 17 mm, by which the last row passes the knife; the paper is torn there without one."""
_CUT = b"\x1dV\1"


def label(page: Bitmap, dots_per_mm: float) -> bytes:
    """Return one label, printed once, fed out and cut.

    `ESC @` forgets what others set, `GS v 0` takes bytes in a row and rows (each low byte first)
    and then the rows, in which 1 is black; `ESC d` feeds, `GS V` cuts.
    """
    del dots_per_mm  # the paper has no end, so that nothing but the rows says how long it is
    return b"".join((_RESET, *_bands(page), _FEED_LINES, _CUT))


def _bands(page: Bitmap) -> Iterator[bytes]:
    row = stride(page.width)
    for top in range(0, page.height, BAND):
        rows = page.rows[top * row : (top + BAND) * row]
        yield _RASTER + row.to_bytes(2, "little") + (len(rows) // row).to_bytes(2, "little")
        yield rows
