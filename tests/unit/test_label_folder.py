"""Labels that were bought elsewhere, from the folder to the closed box."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import carrier_samples as samples
import label_reader
import pytest
from bench_parts import TestBench, open_bench
from PIL import Image
from samples import MUG, order

from station import wording
from station.carrier_papers import LabelStopped, Press
from station.errors import InputError
from station.forms import Format
from station.model import Label, OrderState
from station.pack import Word
from station.shipping import Shipping
from station.sync.carriers.label_folder import LabelFolder
from station.sync.carriers.port import Parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UPS, OTHER_UPS = samples.UPS, "1Z999AA10123456793"
MUG_CODE = "9520000000011"
A, B = "111-0000001-0000001", "111-0000002-0000002"


@dataclass
class FolderBench:
    """A bench whose labels come out of a folder."""

    made: TestBench
    folder: Path
    refused: Path

    def save(self, name: str, data: bytes) -> None:
        """Save a label as the owner does."""
        (self.folder / name).write_bytes(data)

    def pack(self) -> None:
        """Claim the most urgent order and scan its only unit."""
        self.made.bench.claim_next()
        self.made.scan(MUG_CODE)

    @property
    def words(self) -> str:
        """What stands in the verdict."""
        verdict = self.made.bench.view.verdict
        return verdict.text if verdict else ""

    def state(self, order_id: str) -> OrderState:
        """Return where the store says an order stands."""
        found = self.made.store.order(order_id)
        assert found
        return found[1]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[FolderBench]:
    """Return a bench with two orders for one mug each, and an empty folder of labels."""
    folder = tmp_path / "labels"
    folder.mkdir()
    made = open_bench(tmp_path, (order(A, (MUG, 1)), order(B, (MUG, 1))))
    form = Format("zpl", 203)
    carrier, press = LabelFolder(folder, form), Press(form, tmp_path / "refused")
    made.bench.shipping = Shipping(made.store, made.spool, carrier, press=press)
    made.bench.sign_in("Ana")
    yield FolderBench(made, folder, tmp_path / "refused")
    made.close()


def parcel(order_id: str = A) -> Parcel:
    """Return a parcel of an order."""
    return Parcel(order(order_id), f"{order_id}/1/0", 1)


@pytest.mark.parametrize("form", ["pdf", "png", "zpl"])
def test_a_saved_label_prints_with_the_last_unit_and_closes_the_box(
    shop: FolderBench, form: str
) -> None:
    """The order's file is printed for the printer, the store keeps it as it is, the scan closes."""
    drawn = samples.picture()
    data = {"pdf": samples.pdf(drawn), "png": samples.png(drawn), "zpl": samples.zpl()}[form]
    shop.save(f"{A}.{form}", data)
    shop.pack()
    (slip,) = shop.made.printer.came_out
    printed = label_reader.printed(slip.document, 812, 1219, 203)
    assert label_reader.read(printed) == [UPS]
    kept = shop.made.store.label(A)
    assert kept
    assert kept.label
    assert (kept.label.tracking_id, kept.label.carrier_code) == (UPS, "UPS")
    assert kept.label.document == data
    assert wording.next_thing(shop.made.bench.view).detail == "UPS …456784"
    view = shop.made.scan(UPS)
    assert view.verdict
    assert view.verdict.word == Word.DONE
    assert shop.state(A) == OrderState.SHIPPED


def test_without_a_file_the_packer_is_told_its_name(shop: FolderBench) -> None:
    """A missing label says under which name it is to be saved, and comes when it is."""
    shop.pack()
    assert f"Save it there as {A}.pdf" in shop.words
    shop.save(f"{A}.pdf", samples.pdf(samples.picture()))
    shop.made.bench.ask_label()
    shop.made.settle()
    assert len(shop.made.printer.came_out) == 1


def test_two_files_of_an_order_are_named(shop: FolderBench) -> None:
    """Nobody guesses which of two labels is meant."""
    shop.save(f"{A}.pdf", samples.pdf(samples.picture()))
    shop.save(f"{A} (1).pdf", samples.pdf(samples.picture(OTHER_UPS)))
    shop.pack()
    assert f"{A} (1).pdf and {A}.pdf" in shop.words
    assert not shop.made.printer.came_out


def test_other_orders_files_are_left_alone(shop: FolderBench) -> None:
    """An id that only begins like this one's, a hidden file and a folder are no labels of it."""
    shop.save(f"{A}5.pdf", samples.pdf(samples.picture()))
    shop.save(f".{A}.pdf", b"")
    (shop.folder / f"{A}.png").mkdir()
    shop.pack()
    assert "There is no label" in shop.words


def test_one_label_is_never_used_for_two_orders(shop: FolderBench) -> None:
    """The same file saved under two orders' names is refused at the second."""
    shop.save(f"{A}.pdf", samples.pdf(samples.picture()))
    shop.save(f"{B}.pdf", samples.pdf(samples.picture()))
    shop.pack()
    shop.made.scan(UPS)
    shop.pack()
    assert len(shop.made.printer.came_out) == 1
    assert A in shop.words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (samples.png(samples.picture("HELLO")), "tracking number that we know"),
        (samples.zpl() * 3, "3 labels"),
        (b"<html>", "web page"),
        (samples.png(samples.picture("123456789012", module=4)), "not sure whose"),
        (bytes(1_000_001), "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_label_says_why(tmp_path: Path, data: bytes, words: str) -> None:
    """What cannot be printed, or whose number nobody knows, is not bought."""
    (tmp_path / f"{A}.png").write_bytes(data)
    others = ("City Courier", "Post") if "sure" in words else ()
    with pytest.raises(InputError) as caught:
        LabelFolder(tmp_path, Format(), others).buy(parcel())
    assert words in str(caught.value)


def test_what_this_printer_cannot_draw_is_not_bought(tmp_path: Path) -> None:
    """ZPL for a printer that speaks another language is refused while its file can be changed."""
    (tmp_path / f"{A}.zpl").write_bytes(samples.zpl())
    assert LabelFolder(tmp_path, Format("zpl")).buy(parcel()).tracking_id == UPS
    with pytest.raises(LabelStopped, match="only a printer that speaks it"):
        LabelFolder(tmp_path, Format("tspl")).buy(parcel())


def test_a_folder_that_is_away_says_so(tmp_path: Path) -> None:
    """A network folder that is not there is named, and none at all says what to set."""
    with pytest.raises(InputError, match="cannot be read"):
        LabelFolder(tmp_path / "away", Format()).buy(parcel())
    nowhere = LabelFolder(None, Format())
    assert nowhere.missing == ("shipping.label_folder",)
    with pytest.raises(InputError, match="label_folder"):
        nowhere.buy(parcel())


def test_a_number_of_another_carrier_is_taken_by_its_name(tmp_path: Path) -> None:
    """A house with one more carrier needs not be asked whose number it is."""
    (tmp_path / f"{A}.png").write_bytes(samples.png(samples.picture("CITY123456", module=4)))
    label = LabelFolder(tmp_path, Format(), ("City Courier",)).buy(parcel())
    assert (label.carrier_code, label.carrier_name) == ("Other", "City Courier")


def test_a_label_that_must_not_be_printed_stops_with_a_picture(shop: FolderBench) -> None:
    """The packer reads why nothing came out; F5 tries the store's document again."""
    shop.save(f"{A}.png", samples.png(samples.picture()))
    real = shop.made.bench.shipping._press
    assert real
    narrow = Press(Format("zpl", 203, "2x1"), shop.refused)
    shop.made.bench.shipping._press = narrow
    shop.pack()
    view = shop.made.bench.view
    assert view.printing
    assert view.printing.stopped
    assert not shop.made.printer.came_out
    assert wording.next_thing(view).title == "LABEL BOUGHT, NOT PRINTED"
    assert "F5 tries again" in wording.sentence(view)
    shop.made.bench.reprint()
    assert shop.made.bench.view.printing
    shop.made.bench.shipping._press = real
    shop.made.bench.reprint()
    shop.made.settle()
    assert len(shop.made.printer.came_out) == 1
    shop.made.scan(UPS)
    assert shop.state(A) == OrderState.SHIPPED


def test_a_label_that_is_refused_in_the_folder_shows_its_picture(shop: FolderBench) -> None:
    """A page without a readable barcode is not bought; its picture goes when the box is closed."""
    shop.save(f"{A}.png", samples.png(Image.new("L", (812, 1218), 255)))
    shop.pack()
    picture = shop.refused / f"{A}-1.png"
    assert f"Its picture: refused/{A}-1.png" in shop.words
    assert picture.exists()
    shop.save(f"{A}.png", samples.png(samples.picture()))
    shop.made.bench.ask_label()
    shop.made.settle()
    shop.made.scan(UPS)
    assert shop.state(A) == OrderState.SHIPPED
    assert not picture.exists()


def test_nothing_is_kept_of_a_reprint_that_is_stopped(shop: FolderBench) -> None:
    """The order is over: a picture with its address would lie there until the next start."""
    label = Label(A, 1, "UPS", "UPS", OTHER_UPS, document=samples.png(samples.picture()))
    with pytest.raises(LabelStopped):
        shop.made.bench.shipping.print_again(label)
    assert not shop.refused.exists()


def test_the_picture_of_a_stopped_label_is_the_owners_and_goes(tmp_path: Path) -> None:
    """It shows names and addresses: nobody else reads it, and it goes with its order."""
    press = Press(Format(), tmp_path / "refused")
    with pytest.raises(InputError) as caught:
        press.fitted(samples.png(samples.picture()), OTHER_UPS)
    file = tmp_path / "refused" / f"{A}-1.png"
    assert f"refused/{A}-1.png" in str(press.shown(caught.value, A, 1))
    assert file.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    press.keep_only({A})
    press.forget(B)
    assert file.exists()
    press.forget(A)
    assert not file.exists()
