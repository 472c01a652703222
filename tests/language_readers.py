"""Printers of three languages in a few lines: they print what they were told, or refuse it.

They share no code with `labels.languages` and know no command more than its manual's pages that
are named there; whatever else stands in the stream ends in a ValueError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

if TYPE_CHECKING:
    from collections.abc import Callable

BLACK, WHITE = 0, 255


@dataclass
class Stream:
    """Bytes that a printer takes one after another."""

    data: bytes
    at: int = 0

    @property
    def is_over(self) -> bool:
        """Whether everything was taken."""
        return self.at >= len(self.data)

    def take(self, count: int) -> bytes:
        """Return the next bytes, all of them."""
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise ValueError("The stream ends too early.")
        self.at += count
        return taken

    def match(self, pattern: bytes) -> re.Match[bytes] | None:
        """Take what a pattern matches here, if it does."""
        found = re.compile(pattern).match(self.data, self.at)
        if found:
            self.at = found.end()
        return found

    def refuse(self) -> ValueError:
        """Return the error of a command that the printer does not know."""
        return ValueError(f"Not known: {self.data[self.at : self.at + 40]!r}")


@dataclass
class Paper:
    """What a printer has in its picture, and what came out of it."""

    picture: Image.Image = field(default_factory=lambda: Image.new("1", (0, 0)))
    labels: list[Image.Image] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)

    def clear(self) -> None:
        """Make the picture white."""
        self.picture = Image.new("1", self.size, WHITE)

    def stamp(self, x: int, y: int, width: int, rows: bytes, *, black: int) -> None:
        """Write rows of whole bytes into the picture; what leaves it must be white."""
        raw = "1" if black == 0 else "1;I"
        part = Image.frombytes("1", (width * 8, len(rows) // width), rows, "raw", raw)
        room = (0, 0, self.size[0] - x, self.size[1] - y)
        if part.height > room[3]:
            raise ValueError("There are more rows than the label has.")
        beyond = part.crop((min(part.width, room[2]), 0, part.width, part.height))
        if beyond.width and ImageChops.invert(beyond).getbbox():
            raise ValueError("The ink leaves the label.")
        self.picture.paste(part.crop((0, 0, min(part.width, room[2]), part.height)), (x, y))

    def out(self) -> None:
        """Print the picture once; the picture stays."""
        self.labels.append(self.picture.copy())


def epl2(data: bytes) -> list[Image.Image]:
    """Return the labels that an EPL2 printer prints."""
    stream, paper = Stream(data), Paper()
    while not stream.is_over:
        if stream.match(rb"\n"):
            continue
        if found := stream.match(rb"q(\d+)\n"):
            paper.size = (int(found[1]), paper.size[1])
            paper.clear()
        elif found := stream.match(rb"Q(\d+),(\d+)\n"):
            paper.size = (paper.size[0], int(found[1]))
            if not 16 <= int(found[2]) <= 240:
                raise ValueError("The gap is out of range.")
            paper.clear()
        elif stream.match(rb"N\n"):
            paper.clear()
        elif found := stream.match(rb"GW(\d+),(\d+),(\d+),(\d+),"):
            x, y, width, height = map(int, found.groups())
            paper.stamp(x, y, width, stream.take(width * height), black=0)
        elif stream.match(rb"P1\n"):
            paper.out()
        else:
            raise stream.refuse()
    return paper.labels


def tspl(data: bytes, dots_per_mm: float) -> list[Image.Image]:
    """Return the labels that a TSPL printer prints; sizes come to the nearest dot."""
    stream, paper = Stream(data), Paper()
    while not stream.is_over:
        if stream.match(rb"\r\n|(?:GAP 3 mm,0 mm|DIRECTION 0,0|REFERENCE 0,0)\r\n"):
            continue
        if found := stream.match(rb"SIZE (\d+\.\d\d) mm,(\d+\.\d\d) mm\r\n"):
            width, height = (round(float(each) * dots_per_mm) for each in found.groups())
            paper.size = (width, height)
        elif stream.match(rb"CLS\r\n"):
            paper.clear()
        elif found := stream.match(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,"):
            x, y, width, height = map(int, found.groups())
            paper.stamp(x, y, width, stream.take(width * height), black=0)
        elif stream.match(rb"PRINT 1,1\r\n"):
            paper.out()
        else:
            raise stream.refuse()
    return paper.labels


def escpos(data: bytes) -> list[Image.Image]:
    """Return the pieces of paper that a receipt printer cuts off, before they are fed out."""
    stream = Stream(data)
    pieces: list[Image.Image] = []
    bands: list[Image.Image] = []
    fed = 0
    while not stream.is_over:
        if stream.match(rb"\x1b@"):
            bands, fed = [], 0
        elif stream.match(rb"\x1dv0\x00"):
            width = int.from_bytes(stream.take(2), "little")
            height = int.from_bytes(stream.take(2), "little")
            if not 0 < height <= 255:
                raise ValueError("A band is higher than the buffer.")
            rows = stream.take(width * height)
            bands.append(Image.frombytes("1", (width * 8, height), rows, "raw", "1;I"))
        elif found := stream.match(rb"\x1bd([\x00-\xff])"):
            fed += found[1][0]
        elif stream.match(rb"\x1dV\x01"):
            if fed < 3:
                raise ValueError("The knife would cut through the label.")
            pieces.append(_stacked(bands))
        else:
            raise stream.refuse()
    return pieces


def _stacked(bands: list[Image.Image]) -> Image.Image:
    paper = Image.new("1", (bands[0].width, sum(band.height for band in bands)), WHITE)
    top = 0
    for band in bands:
        paper.paste(band, (0, top))
        top += band.height
    return paper


READERS: dict[str, Callable[[bytes, float], list[Image.Image]]] = {
    "epl2": lambda data, _dots: epl2(data),
    "tspl": tspl,
    "escpos": lambda data, _dots: escpos(data),
}
