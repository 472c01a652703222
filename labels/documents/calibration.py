"""The test label of a printer: is it the right size, dark enough, and can its codes be read?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels import gs1
from labels.characters import one_line
from labels.documents.parts import Page, caption
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text, rule
from labels.sheet import MIN_MODULE_MM
from labels.units import millimetres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labels.media import Media

CODES = (
    ("Code 128", "STATION-TEST-0123", Symbology.CODE128),
    ("GS1-128", "010952123400001310TEST\x1d17301231", Symbology.GS1_128),
    ("EAN-13", "9521234000013", Symbology.EAN13),
    ("UPC-A", "012345678905", Symbology.UPC_A),
    ("Data Matrix", "STATION-TEST-0123", Symbology.DATA_MATRIX),
)
"""One code of each kind; the numbers are GS1's own examples and name no product."""

_SMALL_MM = 60.0
_TICK_MM = 0.15
_STEPS = (("25 %", 1, 3), ("50 %", 1, 1), ("75 %", 3, 1), ("100 %", 1, 0))
"""Words, dots of ink and dots of white."""
_STEP_MM = 9.0


def calibration_label(printer: str, dpi: int, media: Media, note: str = "") -> Label:
    """Return a label with rulers, steps of darkness and a code of each kind at its narrowest.

    Args:
        printer: What the printer is called.
        dpi: Its resolution, for the steps are drawn in its dots.
        media: The paper in it.
        note: Such as the darkness that was asked of it.
    """
    page = Page(media)
    name, facts = one_line(printer), f"{dpi} dpi, {media.name}"
    if media.width_mm < _SMALL_MM:
        return page.label(_small(page, name, facts, dpi), "Test label")
    words = ", ".join(filter(None, (facts, one_line(note))))
    return page.label(_large(page, name, words, dpi), "Test label")


def _large(page: Page, name: str, facts: str, dpi: int) -> Iterator[Element]:
    left, top, width = page.left + 4, page.left + 2, page.inner - 8
    yield from _frame(page, page.left - 2)
    yield Text(left, top, width - 36, 8.4, "TEST LABEL", 7, 3, bold=True)
    hint = "The frame must be whole on all four sides."
    yield Text(left + width - 35, top, 35, 8.4, hint, 3, 2, align=Align.RIGHT, max_lines=2)
    yield Text(left, top + 9, width, 6.6, name, 5.4, 2.4, bold=True)
    yield Text(left, top + 16, width, 4.4, facts, 3.6, 2)
    yield rule(left, top + 22, width, 0.4)
    yield caption(left, top + 23.6, width, "THIS LINE IS 80 mm LONG")
    yield from _ruler(left, top + 27.6, 80)
    yield caption(left, top + 36.4, width, "DARKNESS: LINES STAY APART, BLACK IS BLACK")
    yield from _darkness(left, top + 40, min(width, 84.0), dpi)
    yield from _codes(left, top + 56, width)


def _small(page: Page, name: str, facts: str, dpi: int) -> Iterator[Element]:
    yield from _frame(page, 0.5)
    yield Text(2, 1.6, 46.8, 3.8, f"{name}: {facts}", 3, 1.8, bold=True)
    yield from _ruler(4.2, 5.6, 40)
    yield Barcode(1.2, 13.2, 34, 10.2, "TEST-1", module_mm=MIN_MODULE_MM)
    yield from _patch(36.4, 13.2, 5, 4.6, 1, 1, dpi)
    yield from _patch(36.4, 18.6, 5, 4.6, 3, 1, dpi)
    yield Box(42.6, 13.2, 5, 10)


def _frame(page: Page, off: float) -> Iterator[Element]:
    width, height = page.media.width_mm - 2 * off, page.media.height_mm - 2 * off
    yield rule(off, off, width, 0.3)
    yield rule(off, off + height - 0.3, width, 0.3)
    yield Box(off, off + 0.3, 0.3, height - 0.6)
    yield Box(off + width - 0.3, off + 0.3, 0.3, height - 0.6)


def _ruler(x: float, y: float, length: int) -> Iterator[Element]:
    for tick in range(length + 1):
        high = 4.0 if tick % 10 == 0 else 2.8 if tick % 5 == 0 else 1.8
        yield Box(x + tick, y, _TICK_MM, high)
    for tick in range(0, length + 1, 10):
        yield Text(x + tick - 3, y + 4.1, 6, 3, str(tick), 2.4, 1.8, align=Align.CENTRE)


def _darkness(x: float, y: float, width: float, dpi: int) -> Iterator[Element]:
    each = width / len(_STEPS)
    for place, (words, ink, white) in enumerate(_STEPS):
        left = x + place * each
        yield from _patch(left, y, each - 3, _STEP_MM, ink, white, dpi)
        yield Text(left, y + _STEP_MM + 0.8, each - 3, 3.2, words, 2.6, 2, align=Align.CENTRE)


def _patch(
    x: float, y: float, width: float, height: float, ink: int, white: int, dpi: int
) -> Iterator[Element]:
    """Yield upright lines in whole dots of the head; about 0.125 mm is the finest of them."""
    if not white:
        yield Box(x, y, width, height)
        return
    dot = millimetres(max(1, dpi // 200), dpi)
    step = dot * (ink + white)
    for line in range(int(width / step)):
        yield Box(x + line * step, y, ink * dot, height)


def _codes(x: float, y: float, width: float) -> Iterator[Element]:
    half = width / 2
    for place, (name, value, kind) in enumerate(CODES[:2]):
        top = y + place * 20.6
        yield from _code(x, top, width, name, value, kind)
    for place, (name, value, kind) in enumerate(CODES[2:4]):
        yield from _code(x + place * half, y + 41.2, half, name, value, kind)
    name, value, kind = CODES[4]
    yield caption(x, y + 62, half, name)
    yield Barcode(x, y + 65, 14, 14, value, kind, 0.5)
    yield Text(x + 16, y + 68, width - 16, 4.4, value, 3, 2)


def _code(
    x: float, y: float, width: float, name: str, value: str, kind: Symbology
) -> Iterator[Element]:
    yield caption(x, y, width, name)
    yield Barcode(x, y + 3.4, width, 11, value, kind, MIN_MODULE_MM)
    shown = gs1.shown(value) if kind is Symbology.GS1_128 else value
    yield Text(x, y + 15, width, 4, shown, 2.8, 1.8, align=Align.CENTRE)
