"""Carriers' labels in the language of every printer."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import carrier_samples as samples
import label_reader
import pytest
from bench_parts import HOUSE
from PIL import Image
from samples import order

from labels.carrier import take
from labels.media import FOUR_BY_SIX
from station import forms, house_papers
from station.carrier_papers import LabelStopped, fitted
from station.errors import InputError
from station.forms import Format
from station.sync.carriers.own_label import OwnLabel
from station.sync.carriers.port import Parcel

UPS = samples.UPS
PNG = samples.png(samples.picture())


def test_a_picture_is_one_graphic_for_a_zebra() -> None:
    """What is printed is the picture, dot by dot."""
    document = fitted(PNG, Format("zpl", 203), UPS)
    printed = label_reader.printed(document, 812, 1219, 203)
    assert label_reader.read(printed) == [UPS]
    assert document.count(b"^XA") == 1


@pytest.mark.parametrize("name", ["epl2", "tspl", "escpos"])
def test_other_printers_get_dots(name: str) -> None:
    """Every language of a printer takes a carrier's picture."""
    assert len(fitted(PNG, Format(name, 203), UPS)) > 1000


def test_a_receipt_printer_cuts_no_label_off() -> None:
    """A label wider than the head is refused in words, ours and a carrier's; a small one fits."""
    form = Format("escpos", 203, "4x6", 72)
    with pytest.raises(LabelStopped, match="printed 100 mm wide, the printer prints 72 mm"):
        fitted(PNG, form, UPS)
    with pytest.raises(InputError, match="the printer prints 72 mm"):
        forms.draw((house_papers.printer_test("main", form),), form)
    small = replace(form, media="2x1")
    assert forms.draw((house_papers.printer_test("main", small),), small).startswith(b"\x1b@")


def test_files_are_read_back() -> None:
    """A PNG and a PDF of a carrier's label carry its barcode."""
    picture = Image.open(BytesIO(fitted(PNG, Format("png", 203), UPS)))
    assert label_reader.read(picture) == [UPS]
    page = fitted(PNG, Format("pdf", 203), UPS)
    assert take(page, media=FOUR_BY_SIX, dpi=203, tracking_id=UPS).codes == (UPS,)


def test_native_zpl_needs_a_zebra() -> None:
    """ZPL goes as it was checked to a Zebra; another printer's packer is told what to do."""
    assert b"^BCN" in fitted(samples.zpl(), Format("zpl", 203), UPS)
    with pytest.raises(LabelStopped, match="ZPL, which only a printer that speaks it"):
        fitted(samples.zpl(), Format("tspl", 203), UPS)


def test_zpl_that_is_one_picture_goes_to_any_printer() -> None:
    """A carrier's graphic in ZPL is drawn here where the printer cannot."""
    drawn = fitted(PNG, Format("zpl", 203), UPS)
    picture = Image.open(BytesIO(fitted(drawn, Format("png", 203), UPS)))
    assert label_reader.read(picture) == [UPS]


@pytest.mark.parametrize("dpi", [203, 300])
def test_labels_of_ours_pass_as_well(dpi: int) -> None:
    """A label that another bench drew may come from the store and is not stopped."""
    own = OwnLabel(HOUSE.ship_from, HOUSE.shipping, Format("zpl", dpi))
    label = own.buy(Parcel(order(), "k", 7))
    assert own.serial_of(label.tracking_id) == 7
    assert own.serial_of(UPS) is None
    assert own.serial_of(samples.USPS) is None
    again = fitted(label.document, Format("zpl", dpi), label.tracking_id)
    size = {203: (812, 1219), 300: (1200, 1800)}[dpi]
    printed = label_reader.printed(again, *size, dpi)
    assert f"]C100{label.tracking_id}" in label_reader.read(printed)
