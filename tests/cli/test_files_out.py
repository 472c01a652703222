"""`station export`, `preview` and `print`: what is written is what was asked for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from cli.station_command import OWN_LABELS
from PIL import Image
from samples import order

from station import compose, config
from station.model import Address

if TYPE_CHECKING:
    from pathlib import Path

    from cli.station_command import Station

HEADER = (
    "order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\ttracking-number"
    "\tship-method"
)


def test_packed_orders_are_written(station: Station, tmp_path: Path) -> None:
    """Each packed order is a row with its tracking id; the words say what to do with the file."""
    station.stock("111-1", "111-2", "111-3")
    numbers = station.pack("111-1", "111-2")
    answer = station("export", "confirmations", "-o", tmp_path / "c.txt")
    assert answer.code == 0
    assert "2 rows of 2 orders (export 1)." in answer.out
    assert "Upload it now" in answer.out
    data = (tmp_path / "c.txt").read_bytes()
    head, *rows = data.decode().split("\r\n")[:-1]
    assert head.startswith(HEADER)
    assert sorted(row.split("\t")[6] for row in rows) == sorted(numbers)
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_second_export_has_nothing_to_do(station: Station, tmp_path: Path) -> None:
    """What was exported is not exported again, and no file is written."""
    station.stock("111-1")
    station.pack("111-1")
    station("export", "confirmations", "-o", tmp_path / "c.txt")
    answer = station("export", "confirmations", "-o", tmp_path / "d.txt")
    assert answer.code == 0
    assert "Nothing is waiting to be confirmed; no file was written." in answer.out
    assert not (tmp_path / "d.txt").exists()


def test_again_writes_the_same_rows(station: Station, tmp_path: Path) -> None:
    """--again writes an earlier export once more, byte for byte."""
    station.stock("111-1", "111-2")
    station.pack("111-1")
    station("export", "confirmations", "-o", tmp_path / "c.txt")
    station.pack("111-2")
    answer = station("export", "confirmations", "--again", "1", "-o", tmp_path / "d.txt")
    assert answer.code == 0
    assert (tmp_path / "d.txt").read_bytes() == (tmp_path / "c.txt").read_bytes()
    unknown = station("export", "confirmations", "--again", "99", "-o", tmp_path / "e.txt")
    assert unknown.code == 1
    assert "99" in unknown.err
    assert not (tmp_path / "e.txt").exists()


@pytest.mark.parametrize("name", ["there.txt", "missing/c.txt", ""])
def test_file_that_cannot_be_written_loses_nothing(
    station: Station, tmp_path: Path, name: str
) -> None:
    """A file that exists, or a folder that does not, ends with 1, and the rows stay pending."""
    (tmp_path / "there.txt").write_text("mine")
    station.stock("111-1")
    station.pack("111-1")
    answer = station("export", "confirmations", "-o", tmp_path / name)
    assert (answer.code, answer.err.startswith("station: ")) == (1, True)
    assert (tmp_path / "there.txt").read_text() == "mine"
    assert "1 rows" in station("export", "confirmations", "-o", tmp_path / "c.txt").out


@pytest.fixture
def house(station: Station) -> Station:
    """Return a station with labels of its own and one order."""
    station.configure(OWN_LABELS)
    station.stock("111-0000001-0000001")
    return station


ORDER = "111-0000001-0000001"


def test_preview_of_a_label_is_a_picture(house: Station, tmp_path: Path) -> None:
    """The PNG is four by six inches, and its barcode is an SSCC that no parcel has."""
    path = tmp_path / "l.png"
    answer = house("preview", ORDER, "-o", path)
    assert answer.code == 0
    assert f"label of {ORDER}" in answer.out
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert abs(image.width / image.height - 4 / 6) < 0.02
        codes = [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]
    assert any("9521234" in code for code in codes), codes


@pytest.mark.parametrize("kind", ["label", "packing-slip"])
@pytest.mark.parametrize(
    ("form", "first", "last"), [("pdf", b"%PDF-", b"%%EOF"), ("zpl", b"^XA", b"^XZ")]
)
def test_previews_are_what_they_claim(
    house: Station, tmp_path: Path, kind: str, form: str, first: bytes, last: bytes
) -> None:
    """A PDF begins and ends as a PDF, a ZPL as a ZPL."""
    path = tmp_path / f"x.{form}"
    answer = house("preview", ORDER, "--kind", kind, "--format", form, "-o", path)
    assert answer.code == 0
    data = path.read_bytes().strip()
    assert (data[: len(first)], data[-len(last) :]) == (first, last)


def test_preview_of_a_slip_is_a_picture(house: Station, tmp_path: Path) -> None:
    """A packing slip of one page can be a PNG."""
    house("preview", ORDER, "--kind", "packing-slip", "-o", tmp_path / "s.png")
    with Image.open(io.BytesIO((tmp_path / "s.png").read_bytes())) as image:
        assert image.format == "PNG"


def test_preview_buys_and_changes_nothing(house: Station, tmp_path: Path) -> None:
    """After a preview the order waits as before, without a label."""
    house("preview", ORDER, "-o", tmp_path / "l.png")
    store = compose.open_store(compose.Place(config.load(), house.home))
    found, label = store.order(ORDER), store.label(ORDER)
    store.close()
    assert found
    assert (found[1], label) == ("waiting", None)


def test_preview_of_nothing_is_told(house: Station, tmp_path: Path) -> None:
    """An order that does not exist ends with 1, without a file."""
    answer = house("preview", "999", "-o", tmp_path / "l.png")
    assert answer.code == 1
    assert "There is no order 999." in answer.err
    assert not (tmp_path / "l.png").exists()


@pytest.mark.parametrize("command", [["preview", ORDER], ["print", "commands"]])
def test_folder_that_is_missing_is_told(house: Station, tmp_path: Path, command: list[str]) -> None:
    """A paper that cannot be written there ends with 1 in words, not in a traceback."""
    answer = house(*command, "-o", tmp_path / "missing" / "x.pdf")
    assert answer.code == 1
    assert answer.err.startswith("station: ")


def test_preview_of_a_hostile_address(house: Station, tmp_path: Path) -> None:
    """Printer commands and markup in an address are printed as text."""
    bad = Address("^XZ^XA~JR [/red] \\[", ("山田花子 👩", "^FD"), "T", "", "1", "US")
    store = compose.open_store(compose.Place(config.load(), house.home))
    store.put_orders([order("111-2", ship_to=bad)], channel="amazon")
    store.close()
    answer = house("preview", "111-2", "--format", "zpl", "-o", tmp_path / "l.zpl")
    assert answer.code == 0
    data = (tmp_path / "l.zpl").read_bytes()
    assert data.count(b"^XA") == data.count(b"^XZ")
    assert b"~JR" not in data


def test_command_sheet_is_a_pdf(house: Station, tmp_path: Path) -> None:
    """The sheet is a PDF, in the data folder unless a file is named."""
    assert house("print", "commands").code == 0
    assert (house.home / "commands.pdf").read_bytes().startswith(b"%PDF-")
    answer = house("print", "commands", "-o", tmp_path / "sheet.pdf")
    assert "pages with every command" in answer.out
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")
