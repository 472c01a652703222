"""Draws a stranger's PDF in a process of its own, which has little memory and little time.

Run as a file by `labels.carrier.pdf`. Standard input: one line of JSON (what to draw) and the
PDF. Standard output: one line of JSON and the pictures that it announces, one byte to a dot.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from contextlib import suppress
from typing import Any

POINTS_PER_MM = 72 / 25.4
FINEST = 4
"""Times finer than the printer at which edges are a quarter of a dot from where they belong."""
_MEMORY = 800_000_000


def main() -> None:
    """Answer one request."""
    asked = json.loads(sys.stdin.buffer.readline())
    limits = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, _MEMORY))
    for kind, most in (*limits, (resource.RLIMIT_CPU, asked["seconds"])):
        with suppress(ValueError, OSError):  # macOS knows no limit of the address space
            resource.setrlimit(kind, (most, most))
    import pypdfium2

    data = sys.stdin.buffer.read()
    try:
        document = pypdfium2.PdfDocument(data)
        told, pictures = answer(document, asked)
    except pypdfium2.PdfiumError as error:
        told, pictures = {"error": "password" if "assword" in str(error) else "broken"}, []
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for each in pictures:
        sys.stdout.buffer.write(each)


def answer(document: Any, asked: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the pages are and their pictures, or one picture of a part of a page."""
    count = len(document)
    if not 0 < count <= asked["most_pages"]:
        return {"error": "pages", "count": count}, []
    if asked["page"] is not None:
        width, height, dots = drawn(document[asked["page"]], asked, asked["box"])
        return {"pages": [{"dots": [width, height]}]}, [dots]
    pages: list[dict[str, Any]] = []
    pictures: list[bytes] = []
    for page in document:
        size = [side / POINTS_PER_MM for side in page.get_size()]
        if not finer(size, asked):
            return {"error": "size", "size": size}, []
        width, height, dots = whole(page, size, asked) or drawn(page, asked, None)
        pages.append({"size": size, "dots": [width, height]})
        pictures.append(dots)
        if sum(map(len, pictures)) > asked["in_all"]:
            return {"error": "in_all", "count": count}, []
    return {"pages": pages}, pictures


def drawn(page: Any, asked: dict[str, Any], box: list[float] | None) -> tuple[int, int, bytes]:
    """Return a page, or a box of it in millimetres from its top left, in shades of grey.

    It is drawn finer and averaged: PDFium puts edges on whole dots, which would make bars uneven.
    """
    wide, high = page.get_size()
    left, top, right, bottom = box or [0, 0, wide / POINTS_PER_MM, high / POINTS_PER_MM]
    times = max(1, finer([right - left, bottom - top], asked))
    crop = (left, high / POINTS_PER_MM - bottom, wide / POINTS_PER_MM - right, top)
    image = page.render(
        scale=asked["scale"] / POINTS_PER_MM * times,
        grayscale=True,
        crop=tuple(max(0.0, side * POINTS_PER_MM) for side in crop),
    ).to_pil()
    if times > 1:
        image = image.reduce(times)
    return image.width, image.height, image.tobytes()


def finer(size: list[float], asked: dict[str, Any]) -> int:
    """Return how many times finer than the printer a size in mm can be drawn; 0: not even once."""
    dots = size[0] * size[1] * asked["scale"] ** 2
    return min(FINEST, math.isqrt(int(asked["most_dots"] / dots))) if dots > 0 else 0


def whole(page: Any, size: list[float], asked: dict[str, Any]) -> tuple[int, int, bytes] | None:
    """Return the picture that is all of a page, dot by dot; None where there is more or less.

    Most carriers' PDF are a wrapped picture: drawing it anew would shift its bars.
    """
    from pypdfium2 import raw

    objects = list(page.get_objects(max_depth=3))
    shown = [each for each in objects if each.type != raw.FPDF_PAGEOBJ_FORM]
    if len(shown) != 1 or shown[0].type != raw.FPDF_PAGEOBJ_IMAGE or page.get_rotation():
        return None
    dots = shown[0].get_px_size()
    a, b, c, d, *_ = shown[0].get_matrix().get()
    fits = [
        abs(side * asked["scale"] / have - 1) < 0.02 for side, have in zip(size, dots, strict=True)
    ]
    covers = (
        abs(a / POINTS_PER_MM / size[0] - 1) < 0.02 and abs(d / POINTS_PER_MM / size[1] - 1) < 0.02
    )
    if not all(fits) or not covers or b or c or len(objects) > 1:
        return None
    image = shown[0].get_bitmap(render=True, scale_to_original=True).to_pil().convert("L")
    return (*image.size, image.tobytes()) if image.size == tuple(dots) else None


if __name__ == "__main__":
    main()
