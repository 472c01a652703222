"""EPL2, the page language of Eltron and of older Zebra desktop printers (EPL Programming Guide)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.languages.dots import inked, inverted, stride

if TYPE_CHECKING:
    from labels.zpl import Bitmap

GAP_MM = 3.0
"""Between two labels of a roll; the printer looks for it near the end of each label."""


def label(page: Bitmap, dots_per_mm: float) -> bytes:
    """Return one label, printed once.

    `N` empties the picture (after a line feed, which ends whatever came before), `q` and `Q` are
    width, length and gap in dots, `GW` takes x, y, bytes in a row, rows and then the rows
    themselves, in which 0 is black; `P1` prints once. All lines end in LF.
    """
    first, part = inked(page)
    gap = round(GAP_MM * dots_per_mm)
    start = f"\nN\nq{page.width}\nQ{page.height},{gap}\n".encode("ascii")
    if not part.rows:
        return start + b"P1\n"
    drawing = f"GW0,{first},{stride(page.width)},{part.height},".encode("ascii")
    return start + drawing + inverted(part.rows) + b"\nP1\n"
