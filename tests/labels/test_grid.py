"""Every document on every paper, in every format and resolution, read back from what is printed.

By default each document is taken once in all formats at 203 dpi, and samples of the rest; the
whole grid with STATION_LONG=1.
"""

from __future__ import annotations

import os
from io import BytesIO
from itertools import combinations
from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp
from contact_sheet import ROWS
from label_reader import printed
from PIL import Image

from labels import Label, LabelError, render
from labels.documents import sizes
from labels.documents.samples import SAMPLES, SIZES
from labels.layout import Barcode, Box, Symbology, Text
from labels.media import MEDIA, Media
from labels.sheet import PlacedBars
from labels.symbologies import quiet
from labels.units import dots_per_mm

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = os.environ.get("STATION_LONG") == "1"
FORMS = ("zpl", "png", "pdf")
PAPERS = [(name, media) for name in SAMPLES for media in SIZES[name]]
IDS = [f"{name}-{media.name}" for name, media in PAPERS]
SHEET_MARGIN_MM = 6.0


def _grid() -> Iterator[tuple[str, Media, str, int]]:
    """Yield what is read back: everything, or every document once and each corner of the rest."""
    every = [(*paper, form, dpi) for paper in PAPERS for form in FORMS for dpi in (203, 300, 600)]
    # The independent renderer of ZPL ends at 33 million dots, and no 600 dpi head is so wide.
    whole = [each for each in every if not (each[1].is_sheet and each[2:] == ("zpl", 600))]
    if LONG:
        yield from whole
        return
    for name in SAMPLES:
        small = min(SIZES[name], key=lambda media: media.width_mm * media.height_mm)
        yield from ((name, small, form, 203) for form in FORMS)
    yield from (each for index, each in enumerate(whole) if index % 37 == 8 and each[3] < 600)
    yield "shipping label", MEDIA["4x6"], "zpl", 600
    yield "item label", MEDIA["2x1"], "png", 600


GRID = list(_grid())


def _pictures(labels: tuple[Label, ...], form: str, dpi: int) -> Iterator[Image.Image]:
    """Yield the pages as somebody else's program draws them."""
    if form == "pdf":
        pages = pypdfium2.PdfDocument(render.pdf(labels, dpi))
        # Twice as fine as the file's own dots, for its pages are not whole dots of the picture.
        scale = dots_per_mm(dpi) * 25.4 / 72 * (2 if dpi < 300 else 1)
        for page in pages:
            yield page.render(scale=scale, grayscale=True).to_pil()
        return
    for label in labels:
        sheet = render.sheet(label, dpi)
        if form == "zpl":
            yield printed(render.zpl(label, dpi), sheet.width, sheet.height, dpi)
        else:
            yield Image.open(BytesIO(render.png(label, dpi))).convert("L")


def _said(code: Barcode) -> str:
    """Return what a decoder says of a code: a UPC-A is an EAN that begins with 0."""
    return f"0{code.value}" if code.symbology is Symbology.UPC_A else code.value


def _read(image: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(image, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    return sorted(code.text for code in found)


def _codes(label: Label) -> list[Barcode]:
    return [each for each in label.elements if isinstance(each, Barcode)]


@pytest.mark.parametrize(
    ("name", "media", "form", "dpi"),
    GRID,
    ids=[f"{name}-{media.name}-{form}-{dpi}" for name, media, form, dpi in GRID],
)
def test_every_code_is_read_back(name: str, media: Media, form: str, dpi: int) -> None:
    """What a decoder finds on the printed page is what the document says, no more and no less."""
    labels = SAMPLES[name](media)
    pictures = list(_pictures(labels, form, dpi))
    assert len(pictures) == len(labels)
    for label, picture in zip(labels, pictures, strict=True):
        wanted = sorted(_said(code) for code in _codes(label))
        assert _read(picture) == wanted


@pytest.mark.parametrize(("name", "media"), PAPERS, ids=IDS)
def test_documents_keep_to_their_paper(name: str, media: Media) -> None:
    """Pages have the size of their paper, nothing leaves it, and sheets keep a margin of 6 mm."""
    margin = SHEET_MARGIN_MM if media.is_sheet else 0.0
    for label in SAMPLES[name](media):
        assert (label.width_mm, label.height_mm) == (media.width_mm, media.height_mm)
        for each in label.elements:
            assert each.x >= margin - 0.001, each
            assert each.y >= margin - 0.001, each
            assert each.x + each.width <= media.width_mm - margin + 0.001, each
            assert each.y + each.height <= media.height_mm - margin + 0.001, each


def _behind(box: Box, other: Text | Barcode | Box) -> bool:
    """Whether a box is a background or a frame around the other."""
    return (
        box.x <= other.x
        and box.y <= other.y
        and other.x + other.width <= box.x + box.width
        and other.y + other.height <= box.y + box.height
    )


def _apart(one: Text | Barcode | Box, other: Text | Barcode | Box) -> bool:
    slack = 0.01
    return (
        one.x + one.width <= other.x + slack
        or other.x + other.width <= one.x + slack
        or one.y + one.height <= other.y + slack
        or other.y + other.height <= one.y + slack
    )


@pytest.mark.parametrize(("name", "media"), PAPERS, ids=IDS)
def test_nothing_stands_upon_anything_else(name: str, media: Media) -> None:
    """No two elements overlap, quiet zones included; only words stand inside of a box."""
    for label in SAMPLES[name](media):
        for one, other in combinations(label.elements, 2):
            behind = isinstance(one, Box) and _behind(one, other)
            assert _apart(one, other) or behind, (one, other)


@pytest.mark.parametrize(("name", "media"), PAPERS, ids=IDS)
def test_codes_have_their_quiet_zones(name: str, media: Media) -> None:
    """At each resolution a code and its quiet zones keep within its box; no bar is too narrow."""
    for label in SAMPLES[name](media):
        for dpi in (203, 300, 600):
            elements = render.sheet(label, dpi).elements
            placed = [each for each in elements if isinstance(each, PlacedBars)]
            for code, bars in zip(_codes(label), placed, strict=True):
                side = quiet(code.symbology) * bars.module
                density = dots_per_mm(dpi)
                assert bars.module / density >= 0.249
                assert bars.x - side >= code.x * density - 1
                right = bars.x + bars.modules * bars.module + side
                assert right <= (code.x + code.width) * density + 1


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("name", ["shipping label", "item label", "bin label", "badge"])
def test_labels_stand_on_sheets(name: str, paper: str) -> None:
    """An office printer prints labels in their usual size; each can be read, and cut out."""
    labels = [label for _ in range(5) for label in SAMPLES[name](SIZES[name][0])]
    pages = sizes.fitted(name, lambda _: labels, MEDIA[paper])
    wanted = sorted(_said(code) for label in labels for code in _codes(label))
    found = [text for page in pages for text in _read(render.image(page, 203).convert("L"))]
    assert sorted(found) == wanted
    for page in pages:
        for each in page.elements:
            assert min(each.x, each.y) >= SHEET_MARGIN_MM
            assert each.x + each.width <= page.width_mm - SHEET_MARGIN_MM
            assert each.y + each.height <= page.height_mm - SHEET_MARGIN_MM


def test_a_paper_that_is_too_small_is_refused() -> None:
    """A shipping label on two inches of paper is refused with the papers that it is made for."""
    with pytest.raises(LabelError, match="4x6, 4x8"):
        sizes.fitted("shipping label", SAMPLES["shipping label"], MEDIA["2x1"])


def test_the_test_of_overlaps_sees_one() -> None:
    """Words upon bars, and words half out of their band, are found."""
    code, words = Barcode(2, 5, 90, 15, "A1"), Text(50, 10, 60, 8, "x", 5)
    assert not _apart(code, words)
    assert not _behind(Box(40, 8, 60, 12), words)


def test_the_picture_of_all_papers_shows_each_document() -> None:
    """The contact sheet of the documentation names papers that exist, and leaves out none."""
    shown = {(each.sample, each.media) for row in ROWS for each in row.papers}
    assert all(MEDIA[media] in SIZES[sample] for sample, media in shown)
    assert set(SAMPLES) - {sample for sample, _ in shown} <= {"box of one product"}
