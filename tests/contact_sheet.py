"""Draw every paper of the bench on one picture: `python tests/contact_sheet.py docs/images`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from labels import fonts, render
from labels.documents.samples import SAMPLES
from labels.media import MEDIA, Media

DPI = 300
DOTS_PER_MM = DPI / 25.4
WIDTH = 2480
EDGE, GAP, HEADING, CAPTION = 70, 46, 96, 74
DESK, INK, DIM, PAPER, LINE = 226, 30, 108, 255, 188


@dataclass(frozen=True, slots=True)
class Shown:
    """One paper of the picture: a page of a sample."""

    sample: str
    media: str
    words: str = ""
    """What it is called, where the sample's name would not do."""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Papers side by side, on one scale."""

    heading: str
    pixels_per_mm: float
    papers: tuple[Shown, ...]


ROWS = (
    Row(
        "On the parcel and in it, 4 × 6 inches",
        4.15,
        (
            Shown("shipping label", "4x6"),
            Shown("packing slip", "4x6"),
            Shown("gift slip", "4x6"),
            Shown("return label", "4x6"),
            Shown("box contents", "4x6"),
        ),
    ),
    Row(
        "For the walk through the bins, 4 × 6 inches",
        4.15,
        (
            Shown("pick list", "4x6"),
            Shown("pick list", "4x6", "pick list, its totes", 2),
            Shown("tote label", "4x6"),
            Shown("bin label", "4x6"),
            Shown("training label", "4x6"),
        ),
    ),
    Row(
        "Small labels, 2 × 1 inches, drawn larger",
        8.5,
        (
            Shown("item label", "2x1", "item label, FNSKU"),
            Shown("retail item label", "2x1", "item label, EAN"),
            Shown("bin label", "2x1"),
            Shown("badge", "2x1"),
            Shown("test label", "2x1"),
        ),
    ),
    Row(
        "For the bench, and for longer labels",
        4.15,
        (
            Shown("shipping label", "4x8"),
            Shown("pick list", "4x8"),
            Shown("commands", "4x6"),
            Shown("scanner sheet", "4x6"),
            Shown("test label", "4x6"),
        ),
    ),
    Row(
        "From an office printer, A4 or Letter",
        2.65,
        (
            Shown("commands", "a4"),
            Shown("badges", "letter"),
            Shown("packing slip", "a4"),
            Shown("pick list", "letter"),
        ),
    ),
)

_SIZES = {"a4": "A4", "letter": "Letter", "4x6": "4 × 6", "4x8": "4 × 8", "2x1": "2 × 1"}


def main(folder: Path) -> None:
    """Write papers.png into a folder."""
    picture = draw()
    picture.quantize(16).save(folder / "papers.png", optimize=True)


def draw() -> Image.Image:
    """Return the picture."""
    heights = [_height(row) for row in ROWS]
    page = Image.new("L", (WIDTH, 2 * EDGE + sum(heights) - GAP), DESK)
    top = EDGE
    for row, height in zip(ROWS, heights, strict=True):
        _row(page, row, top)
        top += height
    return page


def _height(row: Row) -> int:
    return HEADING + max(_size(row, each)[1] for each in row.papers) + CAPTION + GAP


def _size(row: Row, shown: Shown) -> tuple[int, int]:
    media: Media = MEDIA[shown.media]
    return round(media.width_mm * row.pixels_per_mm), round(media.height_mm * row.pixels_per_mm)


def _row(page: Image.Image, row: Row, top: int) -> None:
    pen = ImageDraw.Draw(page)
    pen.text((EDGE, top), row.heading, fill=INK, font=_font(38, bold=True))
    pen.line((EDGE, top + 60, WIDTH - EDGE, top + 60), fill=LINE, width=2)
    sizes = [_size(row, each) for each in row.papers]
    spare = WIDTH - 2 * EDGE - sum(width for width, _ in sizes)
    step = spare / max(1, len(sizes) - 1)
    x = float(EDGE)
    for shown, (width, height) in zip(row.papers, sizes, strict=True):
        _paper(page, shown, (round(x), top + HEADING, width, height))
        x += width + step


def _paper(page: Image.Image, shown: Shown, place: tuple[int, int, int, int]) -> None:
    x, y, width, height = place
    label = SAMPLES[shown.sample](MEDIA[shown.media])[shown.page]
    drawn = render.image(label, DPI).convert("L").resize((width, height), Image.Resampling.BOX)
    shadow = Image.new("L", (width + 60, height + 60), DESK)
    ImageDraw.Draw(shadow).rectangle((30, 34, width + 30, height + 34), fill=164)
    page.paste(shadow.filter(ImageFilter.GaussianBlur(9)), (x - 30, y - 30))
    page.paste(drawn, (x, y))
    pen = ImageDraw.Draw(page)
    pen.rectangle((x - 1, y - 1, x + width, y + height), outline=LINE)
    words = shown.words or shown.sample
    font = _font(28, bold=True)
    pen.text((x, y + height + 20), words, fill=INK, font=font)
    beside = x + font.getlength(words) + 16
    pen.text((beside, y + height + 20), _SIZES[shown.media], fill=DIM, font=_font(28, bold=False))


def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return fonts.faces(bold)[0].sized(size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
