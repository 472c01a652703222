"""TSPL, the language of TSC and of most low-priced label printers (TSPL/TSPL2 manual)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.languages.dots import inked, inverted, stride
from labels.languages.epl2 import GAP_MM

if TYPE_CHECKING:
    from labels.zpl import Bitmap


def label(page: Bitmap, dots_per_mm: float) -> bytes:
    """Return one label, printed once.

    Other programs' settings stay in the printer, so that size, gap, direction and reference are
    set each time. `BITMAP` takes x, y, bytes in a row, rows, 0 for “overwrite”, and then the
    rows, in which 0 is black. All lines end in CR LF.
    """
    first, part = inked(page)
    width, height = page.width / dots_per_mm, page.height / dots_per_mm
    start = (
        f"\r\nSIZE {width:.2f} mm,{height:.2f} mm\r\nGAP {GAP_MM:.0f} mm,0 mm\r\n"
        "DIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
    ).encode("ascii")
    if not part.rows:
        return start + b"PRINT 1,1\r\n"
    drawing = f"BITMAP 0,{first},{stride(page.width)},{part.height},0,".encode("ascii")
    return start + drawing + inverted(part.rows) + b"\r\nPRINT 1,1\r\n"
