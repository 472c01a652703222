"""From a carrier's PDF to printable ZPL, with all checks, against the bare steps and zebrafy."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pypdfium2
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn, timed
from zebrafy.zebrafy_pdf import ZebrafyPDF

from labels import carrier, render
from labels.languages import encode
from labels.media import FOUR_BY_SIX
from labels.units import MM_PER_INCH, dots_per_mm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labels.layout import Label

OURS = "ours, PDF → checked, read back, ZPL"
FLOOR = "pypdfium2, threshold, ^GF in Z64"
PEER = "zebrafy, Z64"
POINTS = 72


def compared(labels: Sequence[Label], dpi: int, rounds: int) -> Result:
    """Return milliseconds for the same PDF files."""
    files = [render.pdf([label], dpi) for label in labels]
    sources = {
        OURS: timed(cycle(files), lambda file: _taken(file, dpi)),
        FLOOR: timed(cycle(files), lambda file: bare(file, dpi)),
        PEER: timed(cycle(files), lambda file: _zebrafy(file, dpi)),
    }
    in_turn(2, sources)
    sizes = f"{len(_taken(files[0], dpi)):,}, zebrafy's {len(_zebrafy(files[0], dpi)):,}"
    ours, floor, peer = (Series(name, took) for name, took in in_turn(rounds, sources).items())
    return Result(
        f"A 4x6 PDF as printable ZPL at {dpi} dpi",
        "ms",
        (ours, floor, peer),
        (
            Ratio(
                ours,
                floor,
                "What a process of its own and reading the barcode back cost over the bare steps.",
            ),
            Ratio(
                ours,
                peer,
                "Against zebrafy, which opens the file in its own process and reads nothing back.",
            ),
            Ratio(floor, peer, "The bare steps alone, which are the same work as zebrafy's."),
        ),
        (f"bytes of one: ours {sizes}, the PDF itself {len(files[0]):,}",),
    )


def _taken(file: bytes, dpi: int) -> bytes:
    taken = carrier.take(file, media=FOUR_BY_SIX, dpi=dpi)
    if taken.image is None:
        raise ValueError(taken.notes)
    return encode(taken.image, "zpl", dpi)


def bare(file: bytes, dpi: int) -> bytes:
    """Return the first page as ZPL, in the fewest steps."""
    document = pypdfium2.PdfDocument(file)
    page = document[0]
    dots_per_point = dots_per_mm(dpi) * MM_PER_INCH / POINTS
    grey = page.render(scale=dots_per_point, grayscale=True).to_pil()
    page.close()
    document.close()
    bits = grey.point([255 * (value >= 128) for value in range(256)], mode="1")
    return encode(bits, "zpl", dpi)


def _zebrafy(file: bytes, dpi: int) -> bytes:
    peer = ZebrafyPDF(file, format="Z64", invert=False, dither=False, dpi=dpi, set_label_size=True)
    return peer.to_zpl().encode("ascii")
