"""The seller's own product list."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sync.channels.report_files import HOSTILE, fresh

from station.model import Barcode, Product
from station.sync.channels.cells import BadCell
from station.sync.channels.port import RowError
from station.sync.channels.products_csv import ProductList, requirements
from station.sync.channels.shapes import PRODUCTS
from station.sync.channels.tabular import open_table
from station.text import plain

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "sku,barcode,units_per_scan,title,bin,weight_g,requires,kit_of\r\n"


def read(folder: Path, text: str) -> tuple[list[Product], list[RowError], ProductList]:
    """Read a product list whole."""
    listing = ProductList(open_table(fresh(folder, text), PRODUCTS))
    found = list(listing)
    products = [each for each in found if isinstance(each, Product)]
    return products, [each for each in found if isinstance(each, RowError)], listing


def test_rows_of_a_sku_become_one_product(tmp_path: Path) -> None:
    """Several barcodes, each with its units; empty cells repeat nothing and erase nothing."""
    text = HEADER + (
        'M-1,9521234001010,,"Mug, blue",A-04,342,serial,\r\n'
        "M-2,,,Pen,,,,SET\r\n"
        "M-1,9521234009016,6,,,,lot,\r\n"
    )
    products, errors, listing = read(tmp_path, text)
    codes = (Barcode("9521234001010"), Barcode("9521234009016", 6))
    assert products == [
        Product("M-1", "Mug, blue", "", "A-04", 342, codes, ("serial", "lot")),
        Product("M-2", "Pen", kit_of="SET"),
    ]
    assert (errors, listing.notes) == ([], ())


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_delimiters_of_spreadsheets_are_accepted(tmp_path: Path, sign: str) -> None:
    """Excel writes semicolons in half of Europe, and tabs when asked for text."""
    text = f'sku{sign}title\nM-1{sign}"a{sign}b ""c"""\n'
    assert read(tmp_path, text)[0] == [Product("M-1", plain(f'a{sign}b "c"'))]


def test_only_the_sku_is_required(tmp_path: Path) -> None:
    """A list of SKUs alone is a product list."""
    assert read(tmp_path, "SKU\nM-1\nM-2\n")[0] == [Product("M-1"), Product("M-2")]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (",1,,,,,,", "sku is empty"),
        ("M-1,1,0,,,,,", "units_per_scan 0 is not between 1 and 9,999"),
        ("M-1,1,-1,,,,,", "units_per_scan -1"),
        ("M-1,1,1e9,,,,,", "not a whole number"),
        ("M-1,1,1000000000,,,,,", "not between"),
        ("M-1,1,,,,heavy,,", "weight_g “heavy” is not a whole number"),
        ("M-1,4.00638E+12,,,,,,", "rounded by a spreadsheet"),
        ('M-1,"4,00638E+12",,,,,,', "rounded by a spreadsheet"),
        (f"M-1,{'9' * 101},,,,,,", "longer than 100"),
        ("M-1,,,,,,seriel,", "did you mean serial?"),
        ("M-1,,,,,,colour,", "known are serial"),
        ("M-1,,,,,,ack:,", "“ack:” without a text"),
        ("M-1,1", "the row has 2 of 8 columns"),
        ('M-1,1,,"open,,,,', "a quotation mark is not closed"),
    ],
)
def test_a_bad_row_is_refused_and_the_rest_is_imported(
    tmp_path: Path, cells: str, words: str
) -> None:
    """The line is named with its reason, and the rows around it stand."""
    text = HEADER + f"M-0,,,,,,,\r\n{cells}\r\n" + "".join(f"N-{n},,,,,,,\r\n" for n in range(12))
    products, errors, _ = read(tmp_path, text)
    assert [product.sku for product in products] == ["M-0", *(f"N-{n}" for n in range(12))]
    assert [error.line for error in errors] == [3]
    assert words in errors[0].reason


def test_a_quoted_title_may_run_over_lines(tmp_path: Path) -> None:
    """A line break that a spreadsheet put into a title is a blank."""
    products, errors, _ = read(tmp_path, 'sku,title\nM-1,"Mug\nblue"\nM-2,Pen\n')
    assert products == [Product("M-1", "Mug blue"), Product("M-2", "Pen")]
    assert errors == []


def test_inch_marks_are_literal(tmp_path: Path) -> None:
    """A quotation mark within a cell is no quotation."""
    products, errors, _ = read(tmp_path, 'sku,title\nM-1,5" pot\nM-2,"9""" pan\n')
    assert [product.title for product in products] == ['5" pot', '9" pan']
    assert errors == []


def test_contradictions_are_noted(tmp_path: Path) -> None:
    """A barcode of two products, a second title, a second weight and a typo are said by line."""
    text = HEADER + (
        "M-1,9521234001010,,Mug,,10,,\r\n"
        "M-2,9521234001010,,Pen,,,,\r\n"
        "M-1,9521234001011,,Cup,,11,,\r\n"
    )
    _, errors, listing = read(tmp_path, text)
    assert errors == []
    assert [note.split(":")[0] for note in listing.notes] == ["Line 3", *["Line 4"] * 3]


def test_a_barcode_cannot_count_differently_in_one_product(tmp_path: Path) -> None:
    """The second count is refused, the same count twice is one barcode."""
    text = "sku,barcode,units_per_scan\nM-1,X1,6\nM-1,X1,6\nM-1,X1,5\n"
    products, errors, _ = read(tmp_path, text)
    assert products == [Product("M-1", barcodes=(Barcode("X1", 6),))]
    assert [error.line for error in errors] == [4]


def test_a_barcode_kept_as_text_loses_its_formula(tmp_path: Path) -> None:
    """`="0360…"` is how spreadsheets are kept from eating zeros."""
    products, _, _ = read(tmp_path, 'sku,barcode\nM-1,="036000291452"\n')
    assert products[0].barcodes == (Barcode("036000291452"),)


def test_requirements_are_words_and_a_text() -> None:
    """Words stand apart by blanks, commas, ; or |, and the text of ack: has blanks."""
    assert requirements("Serial lot,expiry;ack:Sign by hand|transparency serial") == (
        "serial",
        "lot",
        "expiry",
        "ack:Sign by hand",
        "transparency",
    )
    assert requirements("") == ()
    with pytest.raises(BadCell):
        requirements("ack: \x1b")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("column", HEADER.strip().split(","))
def test_hostile_cells_come_out_plain(tmp_path: Path, column: str, text: str) -> None:
    """Whatever a cell holds, the other product is imported and every text is plain."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER.strip().split(","))
    writer.writeheader()
    writer.writerows([{"sku": "M-1", column: text}, {"sku": "M-2"}])
    products, errors, _ = read(tmp_path, out.getvalue())
    assert products[-1] == Product("M-2")
    assert len(products) + len(errors) == 2
    assert all(value == plain(value) for product in products for value in texts_of(product))


def texts_of(product: Product) -> list[str]:
    """Return every outside text of a product."""
    codes = [code.text for code in product.barcodes]
    return [product.sku, product.title, product.bin, product.kit_of, *product.requires, *codes]


CELL = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(CELL, CELL), max_size=12), st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str]], sign: str
) -> None:
    """Titles and bins written by a CSV writer come back plain, in any accepted delimiter."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(["sku", "title", "bin"])
    writer.writerows([f"S{at}", *cells] for at, cells in enumerate(rows))
    products, errors, _ = read(tmp_path, out.getvalue())
    assert errors == []
    assert [(each.title, each.bin) for each in products] == [
        (plain(title), plain(place)) for title, place in rows
    ]
