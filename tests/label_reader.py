"""Reads printed paper back: ZPL through an independent renderer, bars through a decoder."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import zplkit
import zplkit.parse
import zxingcpp
from PIL import Image, ImageOps
from zplkit.rendering import Limits

_PRINT_CONTROL = {b"^PQ"}
_LIMITS = Limits(graphic_bytes=2_000_000, input_bytes=8_000_000, segments=4_000_000)


@dataclass(frozen=True)
class Code:
    """A code that was found: what it says and where its bars stand, in dots."""

    text: str
    is_gs1: bool
    left: int
    right: int
    top: int
    bottom: int
    module: int

    @property
    def height(self) -> int:
        """Height of the bars in dots."""
        return self.bottom - self.top + 1


def commands(zpl: bytes) -> list[str]:
    """Return the three characters of each command, in order."""
    return [bytes(element)[:3].decode() for element in zplkit.parse.parse(zpl).elements]


def printed(zpl: bytes, width: int, height: int, dpi: int) -> Image.Image:
    """Return what the printer would print; exactly one label must come out."""
    kept = [bytes(element) for element in zplkit.parse.parse(zpl).elements]
    drawing = b"".join(each for each in kept if each[:3] not in _PRINT_CONTROL)
    options = zplkit.Options(profile="zd621", width=width, height=height, dpi=dpi)
    (scene,) = zplkit.render(drawing, options=options, limits=_LIMITS).labels
    raster = scene.rasterize()
    return Image.frombytes("L", (raster.width, raster.height), raster.pixels)


def read(image: Image.Image) -> list[str]:
    """Return what a scanner reads on the paper, from top to bottom; GS1 codes start with ]C1."""
    return [f"]C1{code.text}" if code.is_gs1 else code.text for code in codes(image)]


def codes(image: Image.Image) -> list[Code]:
    """Return the codes on the paper from top to bottom; nothing inverted counts."""
    grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    return sorted((_code(grey, each) for each in found), key=lambda code: (code.top, code.left))


def faults(image: Image.Image, code: Code, dots_per_mm: float) -> list[str]:
    """Return what would make a code hard to scan, though a decoder reads it; empty is good.

    Quiet zones of ten modules, a narrowest bar of 0.25 mm, bars of 10 mm, and ten lines across the
    bars that are all the same.
    """
    grey = image.convert("L")
    quiet = 10 * code.module
    left, right = code.left - quiet, code.right + 1 + quiet
    wrong = []
    if left < 0 or _ink(grey, (left, code.top, code.left, code.bottom + 1)):
        wrong.append("left quiet zone")
    if right > grey.width or _ink(grey, (code.right + 1, code.top, right, code.bottom + 1)):
        wrong.append("right quiet zone")
    if code.module / dots_per_mm < 0.249:
        wrong.append(f"module of {code.module / dots_per_mm:.3f} mm")
    if code.height / dots_per_mm < 10:
        wrong.append(f"height of {code.height / dots_per_mm:.1f} mm")
    step = max(1, (code.height - 1) // 9)
    rows = {_row(grey, y, code.left, code.right) for y in range(code.top, code.bottom + 1, step)}
    if len(rows) != 1:
        wrong.append("bars are not the same from top to bottom")
    return wrong


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box of all that is black: left, top, right, bottom; None where all is white."""
    return ImageOps.invert(image.convert("L")).getbbox()


def _ink(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return ink(image.crop(box)) is not None


def _row(image: Image.Image, y: int, left: int, right: int) -> bytes:
    return image.crop((left, y, right + 1, y + 1)).tobytes()


def _code(image: Image.Image, found: zxingcpp.Barcode) -> Code:
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    middle = sum(corner.y for corner in corners) // 4
    left = next(
        x
        for x in range(min(corner.x for corner in corners) - 2, image.width)
        if (image.getpixel((x, middle)) == 0)
    )
    right = next(
        x
        for x in range(max(corner.x for corner in corners) + 2, 0, -1)
        if (image.getpixel((x, middle)) == 0)
    )
    widths = [len(list(run)) for _, run in groupby(_row(image, middle, left, right))]
    top, bottom = middle, middle
    while top > 0 and image.getpixel((left, top - 1)) == 0:
        top -= 1
    while bottom < image.height - 1 and image.getpixel((left, bottom + 1)) == 0:
        bottom += 1
    gs1 = found.symbology_identifier == "]C1"
    return Code(found.text, gs1, left, right, top, bottom, min(widths))
