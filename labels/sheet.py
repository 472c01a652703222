"""A label in whole dots of one printer: where every line of text and every module stands.

All decisions that depend on the resolution fall here, once; `labels.zpl` and `labels.raster` only
say the same sheet in two languages.
"""

from __future__ import annotations

from dataclasses import dataclass

from labels import printer_font, symbologies
from labels.errors import LabelError
from labels.fitting import HEADROOM, LINE, Measure, fit
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text
from labels.units import dots, dots_down, dots_up

MIN_MODULE_MM = 0.25
"""The narrowest bar of our own choice: 10 mil, which every bench scanner reads."""

LAST_MODULE_MM = 0.165
"""The narrowest bar where the code would not fit otherwise: 6.5 mil; below it is refused."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """One line of text; `top` is the upper edge of its cells, counted from the box."""

    text: str
    top: int


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Words with their size and their lines; box and size in dots."""

    x: int
    y: int
    width: int
    height: int
    size: int
    """Height of a character cell."""
    lines: tuple[PlacedLine, ...]
    bold: bool
    align: Align
    white: bool


@dataclass(frozen=True, slots=True)
class PlacedBars:
    """A code; x is where its first bar starts, y its upper edge."""

    x: int
    y: int
    module: int
    modules: int
    height: int
    value: str
    symbology: Symbology


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A rectangle; a thickness of half its shorter side or more fills it."""

    x: int
    y: int
    width: int
    height: int
    thickness: int


Placed = PlacedText | PlacedBars | PlacedBox


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in dots."""

    width: int
    height: int
    dpi: int
    title: str
    elements: tuple[Placed, ...]


def arrange(label: Label, dpi: int, measure: Measure = printer_font.width) -> Sheet:
    """Return the label in dots.

    Args:
        label: What to print.
        dpi: 203, 300 or 600.
        measure: How wide a line is in the widest font that will print it.

    Raises:
        LabelError: an unknown resolution, or a code that cannot be encoded or does not fit.
    """
    return Sheet(
        dots_down(label.width_mm, dpi),
        dots_down(label.height_mm, dpi),
        dpi,
        label.title,
        tuple(_placed(element, dpi, measure) for element in label.elements),
    )


def _placed(element: Element, dpi: int, measure: Measure) -> Placed:
    match element:
        case Text():
            return _text(element, dpi, measure)
        case Barcode():
            return _bars(element, dpi)
        case Box():
            return _box(element, dpi)


def _text(text: Text, dpi: int, measure: Measure) -> PlacedText:
    fitted = fit(text, measure)
    size = max(1, dots_down(fitted.size_mm, dpi))
    height = dots_down(text.height, dpi)
    used = round(LINE * size * len(fitted.lines))
    first = (height - used) // 2 if text.middle else 0
    tops = (round(first + (LINE * row + HEADROOM) * size) for row in range(len(fitted.lines)))
    return PlacedText(
        dots(text.x, dpi),
        dots(text.y, dpi),
        dots_down(text.width, dpi),
        height,
        size,
        tuple(PlacedLine(line, top) for line, top in zip(fitted.lines, tops, strict=True)),
        text.bold,
        text.align,
        text.white,
    )


def _bars(code: Barcode, dpi: int) -> PlacedBars:
    symbologies.check(code.value, code.symbology)
    modules = symbologies.modules(code.value, code.symbology)
    is_square = code.symbology in symbologies.SQUARES
    room, high = dots_down(code.width, dpi), dots_down(code.height, dpi)
    across = min(room, high) if is_square else room
    module = _module(code, across // (modules + 2 * symbologies.quiet(code.symbology)), dpi)
    height = modules * module if is_square else high
    return PlacedBars(
        dots(code.x, dpi) + (room - modules * module) // 2,
        dots(code.y, dpi) + (high - height) // 2,
        module,
        modules,
        height,
        code.value,
        code.symbology,
    )


def _module(code: Barcode, most: int, dpi: int) -> int:
    wanted = max(dots_down(code.module_mm, dpi), dots_up(MIN_MODULE_MM, dpi))
    if most < dots_up(LAST_MODULE_MM, dpi):
        message = f"The barcode {code.value[:60]!r} does not fit into {code.width:.0f} mm."
        raise LabelError(message, "Use a shorter code, a wider label or a finer printer.")
    return min(wanted, most)


def _box(box: Box, dpi: int) -> PlacedBox:
    width, height = max(1, dots(box.width, dpi)), max(1, dots(box.height, dpi))
    thickness = max(1, dots(box.stroke_mm, dpi)) if box.stroke_mm else min(width, height)
    return PlacedBox(dots(box.x, dpi), dots(box.y, dpi), width, height, thickness)
