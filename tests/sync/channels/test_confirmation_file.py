"""Amazon's shipping confirmation file as bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sync.channels.report_files import HOSTILE

from station.model import ConfirmationLine
from station.sync.channels.carrier_codes import CODES, carrier_cells
from station.sync.channels.confirmation_file import COLUMNS, confirmation_file, rows_of
from station.text import plain

LATE = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
SPEC = Path("/work/shared/specs/carrier_codes_legacy.json")


def line(**changes: object) -> ConfirmationLine:
    """Return a good line with some fields changed."""
    good: dict[str, object] = {
        "order_id": "111-2233445-6677889",
        "item_id": "70000000000001",
        "quantity": 2,
        "shipped": LATE,
        "carrier_code": "UPS",
        "carrier_name": "",
        "tracking_id": "1Z999AA10123456784",
        "ship_method": "Ground",
    }
    return ConfirmationLine(**{**good, **changes})  # type: ignore[arg-type]


def test_the_file_is_what_seller_central_takes() -> None:
    """Tabs, CRLF, the template's header and the ship date in the seller's zone."""
    content = confirmation_file([line()], ZoneInfo("America/Los_Angeles"))
    assert content == (
        b"order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\t"
        b"tracking-number\tship-method\ttransparency_code\r\n"
        b"111-2233445-6677889\t70000000000001\t2\t2026-11-22\tUPS\t\t"
        b"1Z999AA10123456784\tGround\t\r\n"
    )


def test_the_ship_date_follows_the_zone() -> None:
    """Half past three in the night in UTC is still yesterday in Seattle."""
    assert rows_of(line(), UTC)[0][3] == "2026-11-23"
    assert rows_of(line(), ZoneInfo("Asia/Tokyo"))[0][3] == "2026-11-23"
    assert len(rows_of(line())[0][3]) == 10


@pytest.mark.parametrize(
    ("code", "name", "cells"),
    [
        ("UPS", "UPS", ("UPS", "")),
        ("ups", "", ("UPS", "")),
        ("royal mail", "", ("Royal Mail", "")),
        ("", "FedEx", ("FedEx", "")),
        ("Other", "Bike Courier", ("Other", "Bike Courier")),
        ("BIKE", "Bike Courier", ("Other", "Bike Courier")),
        ("BIKE", "", ("Other", "BIKE")),
        ("Other", "", ("Other", "Unknown carrier")),
        ("", "", ("Other", "Unknown carrier")),
    ],
)
def test_an_unlisted_carrier_is_other_with_its_name(
    code: str, name: str, cells: tuple[str, str]
) -> None:
    """Amazon's spelling of a listed code, else Other and the name."""
    assert carrier_cells(code, name) == cells


@pytest.mark.skipif(not SPEC.exists(), reason="the vendor's list is not at hand")
def test_the_codes_are_those_of_amazons_list() -> None:
    """Every code of the vendor's enumeration is known, in its spelling."""
    listed = set(json.loads(SPEC.read_text())["codes"])
    assert listed - {"Other"} == set(CODES)


def test_each_transparency_code_has_its_row() -> None:
    """Quantities add up to the line's, whether codes are missing or too many."""
    rows = rows_of(line(quantity=3, transparency_codes=("AZ1", "AZ2")), UTC)
    assert [(row[2], row[8]) for row in rows] == [("1", "AZ1"), ("2", "AZ2")]
    surplus = rows_of(line(quantity=1, transparency_codes=("AZ1", "AZ2")), UTC)
    assert [(row[2], row[8]) for row in surplus] == [("1", "AZ1")]


TEXT = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_no_value_breaks_the_file(
    code: str, name: str, tracking: str, method: str, item: str
) -> None:
    """Whatever the values hold, the file has one row of nine cells and no cell is a formula."""
    changed = line(
        carrier_code=code, carrier_name=name, tracking_id=tracking, ship_method=method, item_id=item
    )
    text = confirmation_file([changed], UTC).decode()
    header, row, end = text.split("\r\n")
    cells = row.split("\t")
    assert (header.split("\t"), end, len(cells)) == (list(COLUMNS), "", 9)
    assert all(cell == plain(cell) for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", '"')) for cell in cells[4:])
    assert len(cells[5]) <= 50
