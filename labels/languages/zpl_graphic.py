"""A whole label as one graphic field of ZPL (ZPL II guide, ^GF)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from labels.languages.dots import inked, stride
from labels.zpl import graphic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labels.zpl import Bitmap

Compression = Literal["z64", "acs"]

_RUN = re.compile(r"(.)\1{2,}")
_UNITS = " GHIJKLMNOPQRSTUVWXY"
_TWENTIES = " ghijklmnopqrstuvwxyz"
_LONGEST = 20 * (len(_TWENTIES) - 1) + len(_UNITS) - 1


def label(page: Bitmap, compression: Compression = "z64") -> bytes:
    """Return one label, printed once.

    Args:
        page: All dots of the label.
        compression: `z64` is deflated; `acs` are runs of hex digits, three times as long, which
            firmware reads that is too old for Z64.
    """
    first, part = inked(page)
    drawing = (graphic if compression == "z64" else runs)(part) if part.rows else ""
    field = f"^FO0,{first}{drawing}^FS" if drawing else ""
    size = f"^PW{page.width}^LL{page.height}"
    return f"^XA{size}^LH0,0^LRN{field}^PQ1^XZ\n".encode("ascii")


def runs(part: Bitmap) -> str:
    """Return rows as ^GFA with the alternative compression of the ZPL II guide.

    A letter before a digit repeats it, `,` fills a row with zeros, `:` repeats the row above. Rows
    of ones are written as runs, for not every reader knows `!` on a row of its own.
    """
    size = len(part.rows)
    return f"^GFA,{size},{size},{stride(part.width)}," + "".join(_rows(part))


def _rows(part: Bitmap) -> Iterator[str]:
    digits = 2 * stride(part.width)
    text = part.rows.hex().upper()
    above = None
    for start in range(0, len(text), digits):
        row = text[start : start + digits]
        yield ":" if row == above else _row(row)
        above = row


def _row(row: str) -> str:
    kept = row.rstrip("0")
    fill = "," if len(kept) < len(row) else ""
    return _RUN.sub(_run, kept) + fill


def _run(found: re.Match[str]) -> str:
    whole, rest = divmod(found.end() - found.start(), _LONGEST)
    twenties, units = divmod(rest, 20)
    digit = found[1]
    text = ("zY" + digit) * whole + _TWENTIES[twenties].strip() + _UNITS[units].strip()
    return text + digit if rest else text
