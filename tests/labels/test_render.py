"""Files that others open: PNG, PDF, and the sizes on paper."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from labels import Label, LabelError, render
from labels.layout import Box, Text
from labels.units import dots, dots_down, dots_up, millimetres

PAGE = Label(101.6, 152.4, (Text(5, 5, 60, 12, "Hello 日本", 8), Box(5, 30, 40, 20, 1)), "A page")


@pytest.mark.parametrize(
    ("dpi", "size"), [(203, (812, 1219)), (300, (1200, 1800)), (600, (2400, 3600))]
)
def test_a_label_is_four_by_six_inches(dpi: int, size: tuple[int, int]) -> None:
    """The picture has one pixel for each dot of the head."""
    assert render.image(PAGE, dpi).size == size
    assert f"^PW{size[0]}^LL{size[1]}".encode() in render.zpl(PAGE, dpi)


def test_a_png_knows_its_size() -> None:
    """A PNG opens as a black and white picture of 203.2 dots per inch."""
    image = Image.open(BytesIO(render.png(PAGE, 203)))
    image.load()
    assert image.mode == "1"
    assert [round(each, 1) for each in image.info["dpi"]] == [203.2, 203.2]


def test_a_pdf_has_a_page_for_each_label_in_its_size() -> None:
    """Pages keep their sizes in points, and the file holds no date, so that it is reproducible."""
    wall = Label(210, 297, (), "Wall")
    document = render.pdf((PAGE, wall), 203)
    assert document.startswith(b"%PDF-")
    assert document.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", document)
    sizes = [(round(float(width)), round(float(height))) for width, height in boxes]
    assert sizes == [(288, 432), (595, 842)]
    assert b"CreationDate" not in document
    assert document == render.pdf((PAGE, wall), 203)


def test_a_document_without_pages_is_a_mistake() -> None:
    """There is no PDF without a page."""
    with pytest.raises(ValueError, match="page"):
        render.pdf((), 203)


def test_an_unknown_resolution_is_refused() -> None:
    """A head that we do not know ends in words, not in a wrong label."""
    with pytest.raises(LabelError, match="150"):
        render.zpl(PAGE, 150)


def test_millimetres_and_dots() -> None:
    """203 dpi are 8 dots to the millimetre exactly, and rounding goes where it is told."""
    assert dots(10, 203) == 80
    assert dots_down(101.6, 300) == 1200
    assert (dots_down(0.25, 300), dots_up(0.25, 300)) == (2, 3)
    assert millimetres(80, 203) == 10


def test_the_package_is_light() -> None:
    """Importing the layout, the ZPL and the papers loads neither Pillow nor python-barcode."""
    code = (
        "import sys, labels, labels.zpl, labels.sheet, labels.documents.shipping;"
        "print([name for name in ('PIL', 'barcode', 'station') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
