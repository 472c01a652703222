"""Papers for practice: no carrier can take them, and nobody can miss it."""

from __future__ import annotations

import pytest
from label_reader import printed, read

from labels import Label, render
from labels.documents.samples import ORDER, PARCEL, SAMPLES, SIZES
from labels.documents.training import WORDS, training
from labels.layout import Barcode, Symbology, Text

PAGES = [(name, page) for name, draw in SAMPLES.items() for page in draw(SIZES[name][0])[:1]]


@pytest.mark.parametrize(("name", "page"), PAGES, ids=[name for name, _ in PAGES])
def test_every_paper_says_training(name: str, page: Label) -> None:
    """The words stand on every paper, twice at the least, whatever the paper is."""
    marked = training(page)
    words = [each.value for each in marked.elements if isinstance(each, Text)]
    assert sum(WORDS in each for each in words) >= 2, name
    assert marked.title.startswith("TRAINING")


@pytest.mark.parametrize("dpi", [203, 300])
def test_no_parcel_can_travel_under_it(dpi: int) -> None:
    """The parcel's number is gone from bars and words; the order's code can still be scanned."""
    for name in ("shipping label", "box contents"):
        for media in SIZES[name]:
            (page,) = SAMPLES[name](media)
            marked = training(page)
            sheet = render.sheet(marked, dpi)
            paper = printed(render.zpl(marked, dpi), sheet.width, sheet.height, dpi)
            assert set(read(paper)) == {ORDER}
            words = " ".join(each.value for each in marked.elements if isinstance(each, Text))
            assert PARCEL not in words.replace(" ", "")


def test_any_carriers_code_is_left_out() -> None:
    """A code that is marked as a parcel's goes, whatever kind it is, and its digits with it."""
    tracking = "1Z999AA10123456784"
    page = Label(
        101.6,
        152.4,
        (
            Barcode(4, 20, 93, 20, tracking, Symbology.CODE128, is_tracking=True),
            Text(4, 42, 93, 6, "1Z 999 AA1 01 2345 6784", 5),
            Barcode(4, 60, 93, 15, "ORDER-1"),
        ),
    )
    assert read(render.image(training(page), 203)) == ["ORDER-1"]
    assert "6784" not in str(training(page).elements)
