"""Bars of a terminal, read back by an independent reader."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from station.scanner_lessons import LESSONS
from station.screens import bars

_HALVES = {" ": (255, 255), "▌": (0, 255), "▐": (255, 0), "█": (0, 0)}


def picture(row: str) -> Image.Image:
    """Return the cells as a picture, as a terminal paints them in black on white."""
    pixels = bytes(pixel for cell in row for pixel in _HALVES[cell])
    line = Image.frombytes("L", (len(pixels), 1), pixels)
    return line.resize((4 * len(pixels), 200), Image.Resampling.NEAREST)


def test_every_lesson_can_be_read_from_the_screen() -> None:
    """Text, separator, kind and identifier of each code come back from its cells."""
    for lesson in LESSONS:
        row = bars.row(lesson.text, lesson.symbology)
        assert len(row) <= 80
        (found,) = zxingcpp.read_barcodes(picture(row), text_mode=zxingcpp.TextMode.Plain)
        assert found.text == lesson.text
        assert found.symbology_identifier[1] == lesson.aim
