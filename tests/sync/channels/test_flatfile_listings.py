"""Amazon's listings report as products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sync.channels.report_files import HOSTILE, text_of, write

from station.gs1 import is_gtin
from station.model import Barcode, Product
from station.sync.channels.flatfile_listings import ListingsReport
from station.sync.channels.gtin import ean_of_isbn, restored
from station.sync.channels.port import RowError
from station.sync.channels.shapes import LISTINGS
from station.sync.channels.tabular import open_table
from station.text import plain

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "item-name",
    "seller-sku",
    "asin1",
    "product-id",
    "product-id-type",
    "fulfillment-channel",
)


def read(folder: Path, *cells: str) -> tuple[list[Product | RowError], ListingsReport]:
    """Read a report whose rows are given as cells apart by `|`."""
    rows = [dict(zip(COLUMNS, each.split("|"), strict=True)) for each in cells]
    report = ListingsReport(open_table(write(folder, text_of(rows, COLUMNS)), LISTINGS))
    return list(report), report


@pytest.mark.parametrize(
    ("number", "kind", "code", "asin"),
    [
        ("B0DEMO0101", "1", "", "B0DEMO0101"),
        ("0306406152", "2", "9780306406157", ""),
        ("0-8044-2957-X", "2", "9780804429573", ""),
        ("9780306406157", "2", "9780306406157", ""),
        ("614141123452", "3", "614141123452", ""),
        ("36000291452", "3", "036000291452", ""),
        ("4006381333931", "4", "4006381333931", ""),
        ("96385074", "4", "96385074", ""),
        ("", "4", "", ""),
        ("4006381333931", "", "", ""),
    ],
)
def test_product_ids_become_barcodes(
    tmp_path: Path, number: str, kind: str, code: str, asin: str
) -> None:
    """1 is an ASIN, 2 an ISBN, 3 a UPC, 4 an EAN; lost leading zeros come back."""
    found, report = read(tmp_path, f"Mug|M-1||{number}|{kind}|DEFAULT")
    codes = (Barcode(code),) if code else ()
    assert found == [Product("M-1", "Mug", asin=asin, barcodes=codes)]
    assert len(report.notes) == 1


@pytest.mark.parametrize(
    ("number", "kind"),
    [("4006381333932", "4"), ("4.00638E+12", "4"), ("123", "3"), ("X", "2"), ("0306406153", "2")],
)
def test_a_wrong_check_digit_costs_the_barcode_only(tmp_path: Path, number: str, kind: str) -> None:
    """The product is imported without the code, and the line is named."""
    found, report = read(tmp_path, f"Mug|M-1|B0|{number}|{kind}|")
    assert found == [Product("M-1", "Mug", asin="B0")]
    assert report.notes[1].startswith("Line 2: product-id")


def test_all_listings_are_imported_and_the_merchants_are_counted(tmp_path: Path) -> None:
    """Amazon's own stock does no harm; a row without a SKU is refused by line."""
    found, report = read(
        tmp_path, "A|a|||1|DEFAULT", "B|b|||1|", "C|c|||1|AMAZON_NA", "D||||1|DEFAULT"
    )
    assert [each.sku for each in found if isinstance(each, Product)] == ["a", "b", "c"]
    assert [each for each in found if isinstance(each, RowError)] == [
        RowError(5, "seller-sku is empty")
    ]
    assert report.notes == ("2 of 4 listings are shipped by the merchant.",)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("column", COLUMNS)
def test_hostile_listings_come_out_plain(tmp_path: Path, column: str, text: str) -> None:
    """Whatever a cell holds, the other listing is imported and every text is plain."""
    bad = {"seller-sku": "M-1", column: text}
    rows = [bad, {"seller-sku": "M-2"}]
    table = open_table(write(tmp_path, text_of(rows, COLUMNS)), LISTINGS)
    products = [each for each in ListingsReport(table) if isinstance(each, Product)]
    assert products[-1] == Product("M-2")
    texts = [text for each in products for text in (each.sku, each.title, each.asin)]
    assert all(text == plain(text) for text in texts)


def test_check_digits_are_those_of_gs1() -> None:
    """Published numbers hold, a changed digit does not, and letters are no number."""
    assert all(map(is_gtin, ("96385074", "614141123452", "4006381333931", "10614141123459")))
    assert not any(map(is_gtin, ("96385075", "", "4006381333932", "٤٠٠٦٣٨١٣٣٣٩٣١", "B0DEMO010100")))
    assert restored("12345", 12) == ""
    assert ean_of_isbn("97803064061577") == ""
