"""A picture in every language: what a printer makes of it is the picture, and nothing else."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_reader import commands, printed, read
from language_readers import READERS
from PIL import Image, ImageChops

from labels import Label, LabelError, render
from labels.languages import LANGUAGES, dots, encode, encode_pages, zpl_graphic
from labels.layout import Barcode, Text
from labels.media import MEDIA
from labels.units import dots_per_mm
from labels.zpl import Bitmap
from station import forms
from station.errors import InputError

PAGE = Label(
    50.8,
    25.4,
    (Text(2, 2, 46, 5, "Ana Müller 日本 ^XA", 4), Barcode(0, 9, 50.8, 11, "X0012ABCDE")),
    "A page",
)
HOSTILE = (
    "^XZ^XA^FO0,0^GB800,800,800^FS",
    "\nN\nGW0,0,1,1,\0\nP9\n",
    '\r\nPRINT 9,1\r\nDOWNLOAD "A.BAS"\r\n',
    "\x1b@\x1dV\1\x10\x14",
)


def came_out(document: bytes, language: str, size: tuple[int, int], dpi: int) -> list[Image.Image]:
    """Return the labels that a printer of that language makes, in the size of the picture."""
    if language == "zpl":
        return [printed(document, *size, dpi).convert("1", dither=Image.Dither.NONE)]
    papers = READERS[language](document, dots_per_mm(dpi))
    assert all(not _ink(paper.crop((size[0], 0, *paper.size))) for paper in papers)
    return [paper.crop((0, 0, *size)) for paper in papers]


def noise(width: int, height: int, ink: float = 0.5) -> Image.Image:
    """Return a picture of dots without any order; ink 0 is white, 1 is black."""
    dice = Random(width * height)
    grey = bytes(0 if dice.random() < ink else 255 for _ in range(width * height))
    return Image.frombytes("L", (width, height), grey).convert("1", dither=Image.Dither.NONE)


def same(one: Image.Image, other: Image.Image) -> bool:
    """Tell whether two pictures have the same dots."""
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return one.size == other.size and difference.getbbox() is None


def _ink(image: Image.Image) -> bool:
    return bool(image.width and ImageChops.invert(image.convert("L")).getbbox())


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_comes_out_dot_for_dot(language: str, dpi: int) -> None:
    """One label comes out, each dot where it was drawn, and its code scans."""
    image = render.image(PAGE, dpi)
    (paper,) = came_out(encode(image, language, dpi), language, image.size, dpi)
    assert same(paper, image)
    assert read(paper) == ["X0012ABCDE"]


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (8, 8), (9, 130), (813, 129), (203, 256)])
@pytest.mark.parametrize("ink", [0.0, 0.01, 0.5, 1.0], ids=["white", "dust", "noise", "black"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_any_picture_comes_out_dot_for_dot(
    language: str, ink: float, size: tuple[int, int]
) -> None:
    """White, black and noise of odd sizes come out whole, without a dot beyond the last column."""
    image = noise(*size, ink)
    (paper,) = came_out(encode(image, language, 203), language, size, 203)
    assert same(paper, image)


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "zpl"])
def test_labels_come_one_after_another(language: str) -> None:
    """Several pictures are as many labels, each once and with nothing left of the one before."""
    pictures = [noise(64, 40, 1), noise(64, 40, 0), noise(64, 40), noise(30, 90)]
    document = encode_pages(pictures, language, 203)
    papers = READERS[language](document, dots_per_mm(203))
    assert len(papers) == 4
    for paper, picture in zip(papers, pictures, strict=True):
        assert same(paper.crop((0, 0, *picture.size)), picture)


def test_zpl_pages_are_formats_of_their_own() -> None:
    """Each picture is one format, with a picture in it only where there is ink, printed once."""
    document = encode_pages([noise(64, 40), noise(64, 40, 0)], "zpl", 203)
    field = ["^FO", "^GF", "^FS"]
    size = ["^XA", "^PW", "^LL", "^LH", "^LR"]
    assert commands(document) == [*size, *field, "^PQ", "^XZ", *size, "^PQ", "^XZ"]
    assert document.count(b"^PQ1^XZ") == 2


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_both_compressions_are_the_same_dots(dpi: int) -> None:
    """Deflated or in runs of digits, an independent renderer draws the same picture."""
    image = render.image(PAGE, dpi)
    compressions: list[zpl_graphic.Compression] = ["z64", "acs"]
    for compression in compressions:
        document = encode(image, "zpl", dpi, compression)
        assert same(printed(document, *image.size, dpi), image)


@pytest.mark.parametrize("size", [(1, 2), (12, 5), (812, 40), (4400, 3), (3351, 3), (3353, 2)])
@pytest.mark.parametrize("ink", [0.03, 0.5, 0.97, 1.0])
def test_runs_of_every_length_come_back(size: tuple[int, int], ink: float) -> None:
    """Runs are short, or longer than the 419 digits of one count, and no row is a lone “!”."""
    page = dots.bitmap(noise(*size, ink))
    field = zpl_graphic.runs(page)
    assert "!" not in field
    assert _expanded(field, dots.stride(size[0])) == page.rows


@given(
    width=st.integers(1, 40),
    rows=st.lists(st.sampled_from([b"\0", b"\xff", b"\xf0", b"\x01", b"\xaa"]), min_size=1),
)
def test_any_rows_come_back(width: int, rows: list[bytes]) -> None:
    """Rows that repeat, end in zeros, or are all ones come back from both compressions."""
    page = Bitmap(width * 8, len(rows), b"".join(row * width for row in rows))
    assert _expanded(zpl_graphic.runs(page), width) == page.rows
    data = zpl_graphic.label(page)
    packed = re.search(rb":Z64:(.*):[0-9A-F]{4}", data)
    unpacked = zlib.decompress(base64.b64decode(packed[1])) if packed else b""
    assert unpacked.strip(b"\0") == page.rows.strip(b"\0")


def _expanded(field: str, row: int) -> bytes:
    """Read a ^GFA of hex digits as the table of the ZPL II guide says (alternative compression)."""
    head = re.fullmatch(r"\^GFA,(\d+),(\d+),(\d+),(.*)", field)
    assert head
    assert (int(head[2]), int(head[3])) == (int(head[1]), row)
    digits, count = "", 0
    for sign in head[4]:
        if "G" <= sign <= "Y":
            count += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            count += 20 * (ord(sign) - ord("f"))
        elif sign == ",":
            digits += "0" * (-len(digits) % (2 * row) or 2 * row)
        elif sign == ":":
            digits += digits[-2 * row :]
        else:
            digits += sign * (count or 1)
            count = 0
    assert len(digits) == 2 * int(head[2])
    return bytes.fromhex(digits)


@given(st.integers(1, 40), st.lists(st.integers(0, 39), max_size=4))
def test_the_last_black_dot_is_found(width: int, ink: list[int]) -> None:
    """How far a picture reaches is its last black column, whatever fills its rows up."""
    picture = Image.new("1", (width, 5), 1)
    for column in ink:
        picture.putpixel((column % width, column % 5), 0)
    assert dots.reach(dots.bitmap(picture)) == max((c % width + 1 for c in ink), default=0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_changes_nothing(language: str, title: str) -> None:
    """A document's title is no part of what the printer gets."""
    form = forms.Format(language)
    assert forms.draw([replace(PAGE, title=title)], form) == forms.draw([PAGE], form)


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "zpl"])
@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_only_dots(language: str, words: str) -> None:
    """What a buyer wrote in a printer's language is printed as words, on one label."""
    sheet = replace(PAGE, elements=(Text(2, 2, 46, 5, words, 4), *PAGE.elements[1:]))
    (paper,) = came_out(forms.draw([sheet], forms.Format(language)), language, (406, 203), 203)
    assert read(paper) == ["X0012ABCDE"]


@pytest.mark.parametrize("media", ["4x6", "4x8", "2x1"])
@pytest.mark.parametrize("language", ["epl2", "tspl", "escpos"])
def test_papers_are_drawn_for_every_printer(language: str, media: str) -> None:
    """Each size of label comes out in each language, two sheets as two labels."""
    size = MEDIA[media]
    sheet = replace(PAGE, width_mm=size.width_mm, height_mm=size.height_mm)
    image = render.image(sheet, 203)
    document = forms.draw([sheet, sheet], forms.Format(language, 203, media))
    papers = came_out(document, language, image.size, 203)
    assert [same(paper, image) for paper in papers] == [True, True]


def test_what_is_no_label_is_refused() -> None:
    """Greys, unknown languages and unknown resolutions end in words, not on paper."""
    with pytest.raises(ValueError, match="mode L"):
        encode(Image.new("L", (8, 8)), "epl2", 203)
    with pytest.raises(LabelError, match="pcl"):
        encode(noise(8, 8), "pcl", 203)
    with pytest.raises(LabelError, match="150"):
        encode(noise(8, 8), "tspl", 150)
    with pytest.raises(InputError, match="150"):
        forms.draw([PAGE], forms.Format("escpos", 150))
