"""Pages of a stranger's PDF, drawn in another process that may die of them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from labels.carrier.opening import AGAIN, MAX_DOTS, no_label
from labels.errors import LabelError
from labels.units import dots_per_mm

MAX_PAGES = 20
"""Most pages that are looked through for the label."""

MAX_DOTS_IN_ALL = 120_000_000
"""Most dots of all pages: three A4 pages at 600 dpi, a dozen at 300."""

SECONDS = 6
"""Of the processor that one drawing may take."""

_CHILD = Path(__file__).with_name("pdf_child.py")
_TIMEOUT_S = 12.0
Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a page, in millimetres."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page; can draw itself again at another size."""

    document: bytes
    number: int
    width_mm: float
    height_mm: float
    look: Image.Image
    """The page at the printer's resolution, in shades of grey."""
    dpi: int

    def draw(self, box: Box, scale: float) -> Image.Image:
        """Return a part of the page at so many times its size, at the printer's resolution.

        Raises:
            LabelError: It could not be drawn.
        """
        per_mm = dots_per_mm(self.dpi) * scale
        _, pictures = _asked(self.document, {"page": self.number, "box": box, "scale": per_mm})
        return pictures[0]


def pages(document: bytes, dpi: int) -> tuple[PdfPage, ...]:
    """Return the pages of a PDF.

    Raises:
        LabelError: It is locked or broken, has too many or too large pages, or takes too long.
    """
    asked = {"page": None, "box": None, "scale": dots_per_mm(dpi)}
    told, pictures = _asked(document, asked)
    return tuple(
        PdfPage(document, number, page["size"][0], page["size"][1], look, dpi)
        for number, (page, look) in enumerate(zip(told["pages"], pictures, strict=True))
    )


def _asked(document: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], list[Image.Image]]:
    asked |= {"most_pages": MAX_PAGES, "most_dots": MAX_DOTS, "in_all": MAX_DOTS_IN_ALL}
    asked |= {"seconds": SECONDS}
    message = json.dumps(asked).encode() + b"\n" + document
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", str(_CHILD)],
            input=message,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabelError("The PDF takes too long to draw: that is no label.", AGAIN) from error
    head = done.stdout[: done.stdout.find(b"\n") + 1]
    if done.returncode or not head:
        raise LabelError("The PDF is broken, or needs more memory than any label.", AGAIN)
    told = json.loads(head)
    if "error" in told:
        raise _refusal(told)
    return told, _pictures(told, done.stdout, len(head))


def _pictures(told: dict[str, Any], dots: bytes, at: int) -> list[Image.Image]:
    found = []
    for page in told["pages"]:
        width, height = page["dots"]
        found.append(Image.frombytes("L", (width, height), dots[at : at + width * height]))
        at += width * height
    return found


def _refusal(told: dict[str, Any]) -> LabelError:
    match told["error"]:
        case "password":
            return LabelError("The PDF is locked with a password.", "Save it without one.")
        case "pages" if told["count"]:
            words = f"The PDF has {told['count']} pages, {MAX_PAGES} are the most."
            return LabelError(words, "Save the page with the label alone.")
        case "in_all":
            words = f"The {told['count']} pages of the PDF are too large to be looked through."
            return LabelError(words, "Save the page with the label alone.")
        case "size":
            return no_label("PDF's page", *told["size"])
        case _:
            return LabelError("The PDF is broken.", AGAIN)
