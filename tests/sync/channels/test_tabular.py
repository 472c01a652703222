"""Headers checked in words, and rows with their line numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sync.channels.report_files import COLUMNS, other, read_orders, row, text_of, write

from station.errors import InputError
from station.sync.channels.imports import sniff
from station.sync.channels.shapes import LISTINGS, ORDERS, PRODUCTS, Shape
from station.sync.channels.tabular import open_table

if TYPE_CHECKING:
    from pathlib import Path


def problem(path: Path, shape: Shape = ORDERS) -> InputError:
    """Return the error of opening a file as a shape."""
    with pytest.raises(InputError) as caught:
        open_table(path, shape)
    return caught.value


def test_a_missing_column_is_named_with_the_nearest_there_is(tmp_path: Path) -> None:
    """The person reads which column is missing and what may have been meant."""
    columns = ["promise_date" if name == "promise-date" else name for name in COLUMNS]
    error = problem(write(tmp_path, text_of([row()], columns)))
    assert "the column promise-date is missing (there is “promise_date”)" in error.message


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Nobody can say which of two quantity columns is right."""
    error = problem(write(tmp_path, text_of([row()], [*COLUMNS, "quantity-to-ship"])))
    assert "the column quantity-to-ship more than once" in error.message


@pytest.mark.parametrize(("sign", "word"), [(",", "commas"), (";", "semicolons"), ("|", "bars")])
def test_a_wrong_delimiter_is_named(tmp_path: Path, sign: str, word: str) -> None:
    """A report that a spreadsheet saved as CSV is refused with the sign it uses."""
    error = problem(write(tmp_path, text_of([row()], sign=sign)))
    assert f"separated by {word}" in error.message or "vertical bars" in error.message
    assert "not by tabs" in error.message


def test_unknown_columns_are_kept_aside_and_listed(tmp_path: Path) -> None:
    """A new column of Amazon's changes nothing."""
    columns = ["brand-new", *COLUMNS, "Other-Thing"]
    table = open_table(write(tmp_path, text_of([row()], columns)), ORDERS)
    assert table.unknown == ("brand-new", "other-thing")
    assert [found.get("order-id") for found in table.rows()] == [row()["order-id"]]


LISTING = "item-name\tseller-sku\tasin1\tproduct-id\tproduct-id-type\r\nMug\tM-1\tB0\t\t\r\n"


@pytest.mark.parametrize(
    ("content", "shape", "kind"),
    [
        (LISTING, ORDERS, "listings"),
        (LISTING, PRODUCTS, "listings"),
        (text_of([row()]), PRODUCTS, "orders"),
        (text_of([row()]), LISTINGS, "orders"),
        ("sku,barcode,bin\nM-1,1,A\n", ORDERS, "products"),
        ("sku;barcode;bin\nM-1;1;A\n", LISTINGS, "products"),
    ],
)
def test_a_wrong_kind_of_file_is_told(
    tmp_path: Path, content: str, shape: Shape, kind: str
) -> None:
    """The wrong file is recognised by its header, and the right command is named."""
    path = write(tmp_path, content)
    assert f"`station import {kind}`" in problem(path, shape).remedy
    assert sniff(path) == kind


def test_sniffing_a_strange_header_shows_it(tmp_path: Path) -> None:
    """A file of no known kind is refused with its columns."""
    with pytest.raises(InputError, match="its columns are name, town"):
        sniff(write(tmp_path, "name\ttown\nRuth\tPortland\n"))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_rows_carry_the_line_they_start_on(tmp_path: Path, end: str) -> None:
    """Blank lines count as lines and are no rows, whatever ends a line."""
    text = text_of([other(1), other(2)]).replace("\r\n", end)
    header, first, second, _ = text.split(end)
    content = end.join([header, "", first, "\t\t", second, ""])
    table = open_table(write(tmp_path, content), ORDERS)
    assert [found.line for found in table.rows()] == [3, 5]


def test_quotation_marks_in_amazons_files_are_literal(tmp_path: Path) -> None:
    """An inch mark in a title swallows neither cells nor rows."""
    rows = [other(1, {"product-name": '"5" pot'}), other(2)]
    orders, errors, _ = read_orders(write(tmp_path, text_of(rows)))
    assert [order.items[0].title for order in orders] == ['"5" pot', "Blue mug 350 ml"]
    assert errors == []


def test_a_monstrous_line_is_one_bad_row(tmp_path: Path) -> None:
    """A line of three million characters is refused alone; the rows after it are read."""
    rows = [other(1, {"ship-city": "x" * 3_000_000}), other(2)]
    orders, errors, _ = read_orders(write(tmp_path, text_of(rows)))
    assert [order.order_id for order in orders] == [other(2)["order-id"]]
    assert [(error.line, "longer than a million" in error.reason) for error in errors] == [
        (2, True)
    ]


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    """Reading tells how far it is, never falling and never above one."""
    seen: list[float] = []
    path = write(tmp_path, text_of([other(number) for number in range(9_000)]))
    table = open_table(path, ORDERS, seen.append)
    assert sum(1 for _ in table.rows()) == 9_000
    assert seen == sorted(seen)
    assert 0 < seen[0] < 1
    assert seen[-1] <= 1
