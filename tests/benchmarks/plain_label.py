"""The floors of a label: a ready form to fill in, and a drawing of which every place is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from labels import fonts, raster
from labels.layout import Align
from labels.sheet import PlacedBars, PlacedBox, PlacedText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFont import FreeTypeFont

    from labels.sheet import Sheet

FIELD = re.compile(r"(?<=\^FD).*?(?=\^FS)", re.DOTALL)
SHARE = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}
BLACK, WHITE = 0, 255


@dataclass(frozen=True, slots=True)
class Form:
    """A label in ZPL with a gap for each value."""

    template: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, zpl: str) -> Form:
        """Return the form of which this label was one copy."""
        safe = zpl.replace("{", "{{").replace("}", "}}")
        return cls(FIELD.sub("{}", safe), tuple(FIELD.findall(zpl)))

    def filled(self) -> bytes:
        """Return the label."""
        return self.template.format(*self.values).encode("ascii")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A label as words and rectangles, in the order in which they are drawn."""

    size: tuple[int, int]
    dpi: int
    boxes: tuple[tuple[tuple[int, int, int, int], int], ...]
    """Corners and the width of the outline, 0 for a filled one."""
    words: tuple[tuple[tuple[float, float], str, FreeTypeFont, int], ...]
    """Place, text, font and colour."""

    @classmethod
    def of(cls, sheet: Sheet) -> Drawing:
        """Return the drawing of a sheet; all that is decided is decided here."""
        boxes = [box for element in sheet.elements for box in _boxes(element)]
        words = [
            word
            for element in sheet.elements
            if isinstance(element, PlacedText)
            for word in _words(element)
        ]
        return cls((sheet.width, sheet.height), sheet.dpi, tuple(boxes), tuple(words))

    def drawn(self) -> bytes:
        """Return the label as a PNG."""
        page = Image.new("L", self.size, WHITE)
        pen = ImageDraw.Draw(page)
        for corners, outline in self.boxes:
            if outline:
                pen.rectangle(corners, outline=BLACK, width=outline)
            else:
                pen.rectangle(corners, fill=BLACK)
        for place, text, font, colour in self.words:
            pen.text(place, text, fill=colour, font=font)
        file = BytesIO()
        page.convert("1", dither=Image.Dither.NONE).save(file, "PNG", dpi=(self.dpi, self.dpi))
        return file.getvalue()


def _boxes(element: object) -> Iterator[tuple[tuple[int, int, int, int], int]]:
    if isinstance(element, PlacedBox):
        corners = (element.x, element.y, element.x + element.width, element.y + element.height)
        filled = 2 * element.thickness >= min(element.width, element.height)
        yield corners, 0 if filled else element.thickness
    if isinstance(element, PlacedBars):
        row = raster.bars(element).crop((0, 0, element.modules * element.module, 1)).tobytes()
        for black in re.finditer(rb"\0+", row):
            left, right = element.x + black.start(), element.x + black.end() - 1
            yield (left, element.y, right, element.y + element.height), 0


def _words(text: PlacedText) -> Iterator[tuple[tuple[float, float], str, FreeTypeFont, int]]:
    font = fonts.faces(text.bold)[0].sized(fonts.EM * text.size)
    for line in text.lines:
        spare = text.width - font.getlength(line.text)
        place = (text.x + spare * SHARE[text.align], float(text.y + line.top))
        yield place, line.text, font, WHITE if text.white else BLACK
