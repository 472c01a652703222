"""`station print`: every paper into a file that can be scanned, or straight to a printer."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp
from cli.station_command import OWN_LABELS
from PIL import Image
from samples import MUG, SPOON, order

from station import barcodes, compose, config, equipment
from station.devices.ports import Delivery
from station.errors import DeviceRefused

if TYPE_CHECKING:
    from pathlib import Path

    from cli.station_command import Station

ORDER = "111-0000001-0000001"
PRINTERS = """
[printers.small]
url = "file:small"
format = "zpl"
media = "2x1"
[printers.nowhere]
media = "4x6"
"""


@pytest.fixture
def house(station: Station) -> Station:
    """Return a station with labels of its own, two printers more, and three orders."""
    station.configure(OWN_LABELS + PRINTERS)
    station.stock(ORDER)
    store = compose.open_store(compose.Place(config.load(), station.home))
    more = [order("111-2", (SPOON, 2), (MUG, 1)), order("111-3", (MUG, 3))]
    store.put_orders(more, channel="amazon")
    store.close()
    return station


def _codes(path: Path) -> list[str]:
    """Return what is read on the pages of a PDF or a picture."""
    if path.suffix == ".pdf":
        images = [page.render(scale=4).to_pil() for page in pypdfium2.PdfDocument(path)]
    else:
        images = [Image.open(BytesIO(path.read_bytes())).convert("L")]
    return [each.text for image in images for each in zxingcpp.read_barcodes(image)]


def _kinds(station: Station, path: Path) -> list[tuple[str, str]]:
    key = compose.site_key(station.home)
    read = [barcodes.read(text, key) for text in _codes(path)]
    return [(code.kind.value, code.word) for code in read]


def test_totes_and_bins_are_of_this_site(house: Station, tmp_path: Path) -> None:
    """Totes are numbered on, bins are named; the bench knows each code as its own."""
    answer = house("print", "totes", "3", "--first", "7", "-o", tmp_path / "t.pdf")
    assert (answer.code, "3 totes" in answer.out) == (0, True)
    assert _kinds(house, tmp_path / "t.pdf") == [("tote", "7"), ("tote", "8"), ("tote", "9")]
    for media in ("2x1", "4x6", "a4"):
        path = tmp_path / f"b-{media}.pdf"
        assert house("print", "bins", "A-01", "A-02", "--media", media, "-o", path).code == 0
        assert sorted(_kinds(house, path)) == [("bin", "A-01"), ("bin", "A-02")]


def test_bins_of_all_that_waits(house: Station, tmp_path: Path) -> None:
    """--all prints each bin that a waiting order needs, once; without any it says so."""
    path = tmp_path / "b.pdf"
    assert house("print", "bins", "--all", "-o", path).code == 0
    assert _kinds(house, path) == [("bin", "A-04"), ("bin", "B-02")]
    answer = house("print", "bins")
    assert (answer.code, "no bin to print" in answer.err) == (1, True)


def test_items_carry_the_code_of_one_unit(house: Station, tmp_path: Path) -> None:
    """Copies of an item's label hold its EAN; a product without a code is refused in words."""
    path = tmp_path / "i.pdf"
    assert house("print", "items", "mug-350-bl", "--copies", "3", "-o", path).code == 0
    assert _codes(path) == ["9520000000011"] * 3
    for sku, words in (("CARD-TY", "No barcode of CARD-TY"), ("\x1b[2J", "No product")):
        answer = house("print", "items", sku, "-o", tmp_path / "no.pdf")
        assert (answer.code, words in answer.err, "\x1b" in answer.err) == (1, True, False)


def test_a_pick_list_has_every_order_of_the_wave(house: Station, tmp_path: Path) -> None:
    """The first orders of the queue are on the list, with the code that opens each."""
    path = tmp_path / "p.pdf"
    assert house("print", "picklist", "--orders", "2", "-o", path).code == 0
    found = _codes(path)
    assert len(found) == 2
    assert set(found) < {ORDER, "111-2", "111-3"}
    assert house("print", "picklist", "--media", "letter", "-o", path).code == 0
    assert sorted(_codes(path)) == [ORDER, "111-2", "111-3"]


def test_papers_of_an_order(house: Station, tmp_path: Path) -> None:
    """The return label and the label of a box open their order; a box holds only its goods."""
    path = tmp_path / "r.png"
    assert house("print", "return", ORDER, "-o", path).code == 0
    assert _codes(path) == [ORDER]
    path = tmp_path / "b.png"
    box = ("print", "box", "111-2", "--box", "2/3", "--holds", "SPOON-30=2", "-o", path)
    assert house(*box).code == 0
    assert _codes(path)[0] == "111-2"
    assert len(_codes(path)) == 2
    strange = house("print", "box", ORDER, "--holds", "LAMP-1", "-o", path)
    assert (strange.code, "has no 'LAMP-1'" in strange.err) == (1, True)
    missing = house("print", "return", "999", "-o", path)
    assert (missing.code, "no order 999" in missing.err) == (1, True)


def test_test_label_and_scanner_sheet(house: Station, tmp_path: Path) -> None:
    """The test label has the paper of its printer; the scanner's sheet has its three codes."""
    path = tmp_path / "t.png"
    assert house("print", "test", "small", "-o", path).code == 0
    with Image.open(path) as image:
        assert image.size == (406, 203)
    assert _codes(path) == ["TEST-1"]
    assert house("print", "scanner-sheet", "-o", path).code == 0
    assert len(_codes(path)) == 3
    unknown = house("print", "test", "tiny", "-o", path)
    assert (unknown.code, "Known: main, small" in unknown.err) == (2, True)
    assert "small: " in house("print", "test", "small").out
    assert list((house.home / "small").glob("*.zpl"))


def test_a_printer_of_the_settings_prints_it(house: Station) -> None:
    """--printer sends the paper in the printer's own language, on the paper that is in it."""
    answer = house("print", "bins", "A-01", "--printer", "small")
    assert (answer.code, "small: " in answer.out) == (0, True)
    (file,) = (house.home / "small").glob("*.zpl")
    assert file.read_bytes().startswith(b"^XA^CI28^PW406^LL203")
    for name, words in (("nowhere", "has no url"), ("tiny", "No printer is called")):
        answer = house("print", "bins", "A-01", "--printer", name)
        assert (answer.code, words in answer.err) == (2, True)


def test_labels_go_to_a_printer_one_by_one(house: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each label has its answer; what runs out stops the rest, and says how many came."""
    assert "3 totes" in house("print", "totes", "3", "--printer", "small").out
    assert len(list((house.home / "small").glob("*.zpl"))) == 3
    printed: list[bytes] = []

    class Roll:
        """A printer with paper for two labels."""

        def print(self, _job: str, _title: str, document: bytes) -> Delivery:
            """Print a label, or say that there is no paper."""
            if len(printed) == 2:
                raise DeviceRefused("The paper is out.", "Put a roll in.")
            printed.append(document)
            return Delivery.SEEN

    monkeypatch.setattr(equipment, "one_printer", lambda *_args, **_named: Roll())
    answer = house("print", "totes", "3", "--printer", "small")
    assert (answer.code, "2 of 3 came before it stopped" in answer.out) == (1, True)
    assert "The paper is out." in answer.err
    assert all(document.count(b"^XA") == 1 for document in printed)


def test_the_suffix_says_what_it_is(house: Station, tmp_path: Path) -> None:
    """A ZPL is a ZPL, several pictures are several files, and other names are refused."""
    assert house("print", "totes", "2", "-o", tmp_path / "t.zpl").code == 0
    assert (tmp_path / "t.zpl").read_bytes().count(b"^XA") == 2
    assert house("print", "totes", "2", "-o", tmp_path / "t.png").code == 0
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["t-1.png", "t-2.png"]
    answer = house("print", "totes", "2", "-o", tmp_path / "t.doc")
    assert (answer.code, ".pdf, .png or .zpl" in answer.err) == (1, True)


@pytest.mark.parametrize("count", ["0", "-1", "501", "9" * 400, "x", "\u0661"])
def test_a_wrong_count_is_usage(house: Station, count: str) -> None:
    """A count that is no number up to 500 prints nothing."""
    answer = house("print", "totes", count)
    assert (answer.code, "usage: " in answer.err) == (2, True)


def test_papers_for_practice(house: Station, tmp_path: Path) -> None:
    """With --training the label that is previewed has no code of a carrier."""
    path = tmp_path / "l.png"
    assert house("preview", ORDER, "--training", "-o", path).code == 0
    assert _codes(path) == [ORDER]
    assert house("print", "box", ORDER, "--training", "-o", path).code == 0
    assert _codes(path)[0] == ORDER


def test_previews_on_other_papers(house: Station, tmp_path: Path) -> None:
    """A preview has the paper that was asked for, or says which papers there are."""
    path = tmp_path / "l.png"
    for kind in ("label", "packing-slip", "return", "box"):
        for media, ratio in (("4x8", 0.5), ("a4", 210 / 297))[kind == "return" :]:
            answer = house("preview", ORDER, "--kind", kind, "--media", media, "-o", path)
            assert answer.code == 0
            with Image.open(path) as image:
                assert abs(image.width / image.height - ratio) < 0.01
    small = house("preview", ORDER, "--media", "2x1", "-o", path)
    assert (small.code, "Use one of 4x6, 4x8." in small.err) == (1, True)


def test_a_gift_is_previewed_with_its_words(house: Station, tmp_path: Path) -> None:
    """--gift makes the slip a gift's; whatever the words are, the code can be read."""
    path = tmp_path / "s.png"
    words = "^XZ ~JR\nHappy birthday 🎁"
    answer = house("preview", ORDER, "--kind", "packing-slip", "--gift", words, "-o", path)
    assert answer.code == 0
    assert _codes(path) == [ORDER]
