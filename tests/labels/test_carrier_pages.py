from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from itertools import groupby, product
from typing import Any, cast

import carrier_samples as samples
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from labels import LabelError
from labels.carrier import TakenLabel, opening, take
from labels.media import A4, FOUR_BY_EIGHT, FOUR_BY_SIX, Media

LONG = bool(os.environ.get("STATION_LONG"))
UPS = samples.UPS
LETTER_MM, A4_MM = (215.9, 279.4), (210.0, 297.0)


def taken(
    data: bytes, tracking_id: str = UPS, dpi: int = 203, media: Media = FOUR_BY_SIX
) -> TakenLabel:
    """Take a label."""
    return take(data, media=media, dpi=dpi, tracking_id=tracking_id)


def refusal(data: bytes, tracking_id: str = UPS) -> LabelError:
    """Return why a label is not taken."""
    with pytest.raises(LabelError) as caught:
        taken(data, tracking_id)
    return caught.value


def widths(image: Image.Image) -> set[int]:
    """Return the widths of the bars and gaps where there are most of them."""
    grey = image.convert("L")
    rows = (grey.crop((20, y, grey.width - 20, y + 1)).tobytes() for y in range(0, grey.height, 8))
    runs = ([len(list(run)) for _, run in groupby(row)] for row in rows)
    return set(max(runs, key=len)[3:-3])


@pytest.mark.parametrize("size", [(812, 1218), (800, 1200)])
def test_a_picture_of_the_papers_size_is_printed_dot_by_dot(size: tuple[int, int]) -> None:
    """A 4×6 label on 4×6 paper is not scaled: its bars keep their whole dots, in PNG and PDF."""
    drawn = samples.picture(size=size)
    for data in (samples.png(drawn), samples.pdf(drawn, dpi=size[0] / 4)):
        image = taken(data).image
        assert image
        assert image.mode == "1"
        assert image.size == (812, 1219)
        assert widths(image) == {3, 6, 9, 12}


@pytest.mark.parametrize(("dpi", "turned"), [(203, 0), (300, 90), (600, 180)])
def test_a_drawn_pdf_is_read_back_at_every_resolution(dpi: int, turned: int) -> None:
    """Bars that a PDF draws are sharp and readable, also where its page lies across."""
    image = taken(samples.vector_pdf(turned=turned), dpi=dpi).image
    assert image
    assert image.size == {203: (812, 1219), 300: (1200, 1800), 600: (2400, 3600)}[dpi]


@pytest.mark.parametrize(
    ("sheet", "across", "form"),
    [
        (LETTER_MM, False, "pdf"),
        (LETTER_MM, True, "png"),
        (A4_MM, False, "png"),
        (A4_MM, True, "pdf"),
    ],
)
def test_a_label_is_cut_out_of_an_office_page(
    sheet: tuple[float, float], across: bool, form: str
) -> None:
    """The label of a letter or A4 page is printed at its own size, without the words beside it."""
    label = samples.picture().rotate(90 if across else 0, expand=True)
    page = samples.on_sheet(label, sheet, (12, 10))
    data = samples.pdf(page) if form == "pdf" else samples.png(page)
    got = taken(data)
    assert got.image
    assert got.codes == (UPS,)
    assert any("cut out" in note for note in got.notes)
    ink = got.image.convert("L").point(lambda v: 255 - v).getbbox()
    assert ink
    assert ink[2] - ink[0] == pytest.approx(788, abs=3)
    assert ink[3] - ink[1] == pytest.approx(1194, abs=3)


def test_a_label_of_half_a_page_is_made_smaller() -> None:
    """A label larger than the paper is made smaller as a whole, without the cut line."""
    label = samples.picture(size=(1040, 1560), module=4).rotate(90, expand=True)
    got = taken(samples.pdf(samples.on_sheet(label, LETTER_MM, (10, 10))))
    assert got.image
    assert any("smaller" in note for note in got.notes)
    ink = got.image.convert("L").point(lambda v: 255 - v).getbbox()
    assert ink
    assert ink[3] - ink[1] > 1130


def test_a_page_on_its_own_paper_is_printed_whole() -> None:
    """An office printer gets the whole page, with what to read on it."""
    page = samples.on_sheet(samples.picture(), A4_MM, (12, 10))
    got = taken(samples.pdf(page), media=A4)
    assert got.image
    assert got.image.size == (1680, 2376)
    assert not got.notes


def test_a_label_stays_its_size_on_larger_paper() -> None:
    """A 4×6 label on 4×8 paper is not blown up."""
    got = taken(samples.png(samples.picture(), 203), media=FOUR_BY_EIGHT)
    assert got.image
    assert got.image.size == (812, 1625)
    assert widths(got.image) == {3, 6, 9, 12}


def test_the_page_with_the_label_is_found() -> None:
    """Of several pages the one with the parcel's barcode is printed."""
    words = samples.on_sheet(Image.new("L", (10, 10), 255), LETTER_MM, (10, 10))
    assert taken(samples.pdf(words, samples.picture(), words)).codes == (UPS,)
    other = samples.picture("1Z999AA10123456799")
    assert taken(samples.pdf(other, samples.picture())).codes == (UPS,)
    assert taken(samples.pdf(words, samples.picture()), "").codes == (UPS,)


def test_several_labels_are_refused() -> None:
    """Nobody can tell which of two labels belongs on the parcel."""
    two = samples.pdf(samples.picture(), samples.picture("1Z999AA10123456799"))
    error = refusal(two, "")
    assert "2 of 2 pages carry a label" in error.message
    assert error.picture


def test_another_parcels_label_is_refused_with_a_picture() -> None:
    """The picture of a wrong label shows which code was read."""
    error = refusal(samples.png(samples.picture()), "1Z999AA10123456799")
    assert f"it says {UPS}" in error.message
    assert error.picture.startswith(b"\x89PNG")


def test_a_label_that_no_scanner_reads_is_refused_with_a_picture() -> None:
    """A barcode that is crossed out is found before it is printed."""
    drawn = samples.picture()
    ImageDraw.Draw(drawn).rectangle((300, 400, 420, 800), fill=0)
    error = refusal(samples.png(drawn))
    assert "No barcode can be read" in error.message
    assert error.picture


def test_white_bars_on_black_do_not_count() -> None:
    """A label that came out inverted is refused, though a phone might read it."""
    refusal(samples.png(samples.picture().point(lambda v: 255 - v)))


def bomb(megabytes: int) -> bytes:
    """Return a PDF of few bytes that draws so many megabytes of commands."""
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * (megabytes * 71_000), 1)
    return samples.raw_pdf(zlib.compress(packed), more=b"/Filter[/FlateDecode/FlateDecode]")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (samples.raw_pdf(b"", (14_400, 14_400)), "5080 × 5080 mm large"),
        (samples.pdf(*[Image.new("L", (8, 8))] * 21), "21 pages"),
        (samples.vector_pdf()[:300], "broken"),
        (b"%PDF-1.7\n" + bytes(5000), "broken"),
        (samples.objects(b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>"), "broken"),
        (samples.raw_pdf(b"0 g 0 0 9 9 re f", (0, 0)), ""),
        (samples.raw_pdf(b""), "No barcode"),
    ],
)
def test_a_pdf_that_is_no_label_is_refused(data: bytes, words: str) -> None:
    """Huge, broken, endless and empty PDF end in words, not in a full memory."""
    assert words in refusal(data).message


def test_a_locked_pdf_is_refused() -> None:
    """A PDF with a password says so."""
    plain = samples.objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 0/Kids[]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")>>",
        trailer=b"/Encrypt 3 0 R/ID[<00><00>]",
    )
    assert "password" in refusal(plain).message


def png_head(width: int, height: int) -> bytes:
    """Return a PNG that announces a size and holds next to nothing."""
    head = struct.pack(">II5B", width, height, 1, 0, 0, 0, 0)
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")):
        check = struct.pack(">I", zlib.crc32(name + data))
        out += struct.pack(">I", len(data)) + name + data + check
    return out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png_head(20_000, 20_000), "more dots than any label"),
        (png_head(2_000_000_000, 2), "dots"),
        (png_head(812, 1218), "cut short"),
        (samples.png(samples.picture())[:4000], "cut short"),
        (samples.png(Image.new("1", (4000, 4000), 1), 100), "1016 × 1016 mm large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"GIF89a" + bytes(10), "picture"),
        (b"", "empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b'\nN\nq812\nA50,50,0,1,1,1,N,"x"\nP1\n', "no label"),
        (b"\x1f\x8b" + bytes(30), "gzip"),
        (b"QUJD" * 50, "no label"),
    ],
)
def test_a_picture_that_is_no_label_is_refused(data: bytes, words: str) -> None:
    """Too many dots, half a file and other things end in words."""
    assert words in refusal(data).message


def test_a_gzip_bomb_is_refused() -> None:
    """A few kilobytes that unpack to more than any label are not unpacked."""
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(bytes(opening.MAX_BYTES + 2)) + packer.flush()
    assert "larger than 10 MB" in refusal(packed).message


def test_a_pdf_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF of few bytes and endless drawing dies in a process of its own."""
    monkeypatch.setattr("labels.carrier.pdf.SECONDS", 1)
    assert "is broken, or needs" in refusal(bomb(100)).message


def test_many_large_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that are not too large one by one, but are in all, do not fill the memory."""
    monkeypatch.setattr("labels.carrier.pdf.MAX_DOTS_IN_ALL", 2_000_000)
    pages = [Image.new("L", (812, 1218), 255)] * 3
    assert "3 pages of the PDF are too large" in refusal(samples.pdf(*pages)).message


def test_words_of_a_square_code_are_not_repeated() -> None:
    """A refusal is shown and logged: it says no address that a square code holds."""
    image = Image.new("L", (812, 1218), 255)
    code = zxingcpp.create_barcode("Jane Sample, 12 Example Street", zxingcpp.BarcodeFormat.QRCode)
    dots = memoryview(cast("Any", code.to_image(scale=8)))
    image.paste(Image.frombytes("L", (len(dots), len(dots)), dots.tobytes()), (200, 500))
    error = refusal(samples.png(image))
    assert "it says nothing in bars" in error.message
    assert "Sample" not in str(error)


def test_the_part_is_found_among_many_blank_bands() -> None:
    """A page with a grid of spots and a code between them is not looked through for minutes."""
    image = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(image)
    for x, y in product(range(40, 1600, 105), range(40, 2300, 150)):
        pen.rectangle((x, y, x + 40, y + 60), fill=0)
    image.paste(samples.bars(UPS, 3, 60), (300, 1120))
    assert taken(samples.png(image, 203)).codes == (UPS,)


@settings(max_examples=2000 if LONG else 30, deadline=None)
@given(st.integers(0, 8000), st.binary(min_size=1, max_size=40))
def test_a_damaged_picture_is_a_label_or_refused_in_words(at: int, noise: bytes) -> None:
    """Damage anywhere in a PNG is taken with its barcode read, or refused."""
    whole = PNG[:at] + noise + PNG[at + len(noise) :]
    with suppress(LabelError):
        assert UPS in taken(whole).codes


@settings(max_examples=300 if LONG else 4, deadline=None)
@given(st.integers(0, 1200), st.binary(min_size=1, max_size=40))
def test_a_damaged_pdf_is_a_label_or_refused_in_words(at: int, noise: bytes) -> None:
    """Damage anywhere in a PDF is taken with its barcode read, or refused."""
    whole = PDF[:at] + noise + PDF[at + len(noise) :]
    with suppress(LabelError):
        assert UPS in taken(whole).codes


PNG = samples.png(samples.picture())
PDF = samples.vector_pdf()
