"""A sheet as a picture of black and white dots: one dot of the picture is one of the print head."""

from __future__ import annotations

from typing import Any, cast

import zxingcpp
from barcode.codex import Code128
from barcode.ean import EuropeanArticleNumber13
from barcode.upc import UniversalProductCodeA
from PIL import Image, ImageChops, ImageDraw

from labels import code128, fonts
from labels.fonts import EM, NUMBER_WIDTH, Face, Run
from labels.layout import Align, Symbology
from labels.printer_font import CAPITAL
from labels.sheet import PlacedBars, PlacedBox, PlacedLine, PlacedText, Sheet
from labels.zpl import Bitmap

_BLACK, _WHITE = 0, 255
_THRESHOLD = 128
_SYNTHETIC_BOLD = 0.03
"""Stroke around a font that has no bold cut, as a part of the cell height."""


class _Code128(Code128):  # type: ignore[misc, unused-ignore]
    """Bars of our own list of symbols: python-barcode 0.16 takes a 99 at the start for a switch."""

    def __init__(self, code: PlacedBars) -> None:
        super().__init__("0")
        self._placed = code

    def _build(self) -> list[int]:
        return list(code128.symbols(self._placed.value, self._placed.symbology))


_ENCODERS = {
    Symbology.EAN13: lambda code: EuropeanArticleNumber13(code.value),
    Symbology.UPC_A: lambda code: UniversalProductCodeA(code.value),
}


def draw(sheet: Sheet) -> Image.Image:
    """Return the sheet as an image of mode “1”."""
    page = Image.new("L", (sheet.width, sheet.height), _WHITE)
    for element in sheet.elements:
        match element:
            case PlacedText():
                _stamp(page, element)
            case PlacedBars():
                page.paste(bars(element), (element.x, element.y))
            case PlacedBox():
                _box(page, element)
    return page.point(_to_bit, mode="1")


def bitmap(element: PlacedText | PlacedBars) -> Bitmap:
    """Return the box of a text, or a code, as dots for a printer."""
    drawn = words(element) if isinstance(element, PlacedText) else bars(element)
    image = drawn.point(_to_bit, mode="1")
    rows = bytes(image.tobytes("raw", "1;I"))
    return Bitmap(image.width, image.height, rows)


def words(text: PlacedText) -> Image.Image:
    """Return the box of a text, black on white; what would leave the box is cut off."""
    image = Image.new("L", (max(1, text.width), max(1, text.height)), _WHITE)
    for line in text.lines:
        _line(image, text, line)
    return image.point(_to_bit)


def bars(code: PlacedBars) -> Image.Image:
    """Return a code without its quiet zones, each module a whole number of dots wide."""
    if code.symbology is Symbology.DATA_MATRIX:
        return _matrix(code)
    modules = str(_ENCODERS.get(code.symbology, _Code128)(code).build()[0])
    row = bytes(_BLACK if module == "1" else _WHITE for module in modules)
    line = Image.frombytes("L", (len(row), 1), row)
    return line.resize((len(row) * code.module, code.height), Image.Resampling.NEAREST)


def _matrix(code: PlacedBars) -> Image.Image:
    """Return the square in the middle of its place: it may come out smaller than was counted."""
    kind = zxingcpp.BarcodeFormat.DataMatrix
    written = zxingcpp.create_barcode(code.value, kind, force_square=True)
    # The module's stubs do not say that its image is a buffer of rows of bytes.
    drawn = memoryview(cast("Any", written.to_image(scale=code.module, add_quiet_zones=False)))
    side = len(drawn)
    square = Image.frombytes("L", (side, side), drawn.tobytes())
    place = Image.new("L", (code.modules * code.module, code.height), _WHITE)
    place.paste(square, ((place.width - side) // 2, (place.height - side) // 2))
    return place


def _to_bit(value: int) -> int:
    return _WHITE if value >= _THRESHOLD else _BLACK


def _stamp(page: Image.Image, text: PlacedText) -> None:
    image = words(text)
    place = (text.x, text.y, text.x + image.width, text.y + image.height)
    below = page.crop(place)
    both = (
        ImageChops.lighter(below, ImageChops.invert(image))
        if text.white
        else (ImageChops.darker(below, image))
    )
    page.paste(both, place)


def _box(page: Image.Image, box: PlacedBox) -> None:
    corners = (box.x, box.y, box.x + box.width - 1, box.y + box.height - 1)
    pen = ImageDraw.Draw(page)
    if 2 * box.thickness >= min(box.width, box.height):
        pen.rectangle(corners, fill=_BLACK)
    else:
        pen.rectangle(corners, outline=_BLACK, width=box.thickness)


def _line(image: Image.Image, text: PlacedText, line: PlacedLine) -> None:
    pixels = EM * text.size
    runs = fonts.runs(line.text, bold=text.bold)
    widths = [fonts.run_width(run, pixels) for run in runs]
    spare = text.width - sum(widths)
    x = max(1.0, spare * {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[text.align])
    base = line.top + CAPITAL * text.size
    pen = ImageDraw.Draw(image)
    for run, advance in zip(runs, widths, strict=True):
        if run.face is None:
            _number(pen, run.text, x, base, text.size)
        else:
            _run(pen, run, run.face, (x, base - run.rise * text.size), pixels)
        x += advance


def _run(
    pen: ImageDraw.ImageDraw, run: Run, face: Face, place: tuple[float, float], pixels: float
) -> None:
    stroke = 0.0 if face.has_weights or not face.bold else _SYNTHETIC_BOLD * pixels / 2
    pen.text(
        place,
        run.shaped,
        fill=_BLACK,
        font=face.sized(pixels * run.scale),
        anchor="ls",
        direction=run.direction,
        stroke_width=stroke,
    )


def _number(pen: ImageDraw.ImageDraw, char: str, x: float, base: float, size: int) -> None:
    """Draw a box with the character's code point, in two rows of hexadecimal digits."""
    digits = f"{ord(char):04X}"
    half = (len(digits) + 1) // 2
    right = x + NUMBER_WIDTH * size - max(2, size // 12)
    top = base - CAPITAL * size
    pen.rectangle((x + 1, top, right, base), outline=_BLACK, width=max(1, size // 24))
    font = fonts.faces(True)[0].sized(size * 0.42)
    for row, part in enumerate((digits[:half], digits[half:])):
        middle = ((x + 1 + right) / 2, top + CAPITAL * size * (0.29 + 0.44 * row))
        pen.text(middle, part, fill=_BLACK, font=font, anchor="mm")
