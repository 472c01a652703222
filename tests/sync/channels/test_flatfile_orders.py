"""Amazon's Unshipped Orders report as orders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sync.channels.report_files import (
    COLUMNS,
    HOSTILE,
    fresh,
    other,
    read_orders,
    row,
    text_of,
    write,
)

from station.model import Address, Order, OrderItem, ServiceClass
from station.sync.channels.order_cells import service_of
from station.text import plain

if TYPE_CHECKING:
    from pathlib import Path


def reasons(folder: Path, *rows: dict[str, str]) -> list[str]:
    """Return the reasons for rows that were refused; no order may come through."""
    orders, errors, _ = read_orders(fresh(folder, text_of(rows)))
    assert orders == []
    return [error.reason for error in errors]


def test_a_row_becomes_an_order(tmp_path: Path) -> None:
    """Every field of the model is read from its column."""
    changes = {"is-business-order": "true", "purchase-order-number": "PO-7", "ship-address-3": "B"}
    orders, errors, report = read_orders(write(tmp_path, text_of([row(changes)])))
    assert errors == []
    assert orders == [
        Order(
            order_id="111-2233445-6677889",
            items=(OrderItem("70000000000001", "MUG-350-BL", "Blue mug 350 ml", 2),),
            ship_by=datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC),
            purchased=datetime(2026, 11, 20, 10, tzinfo=UTC),
            ship_to=Address(
                name="Ruth Okafor",
                lines=("1184 Larkspur Ave", "B"),
                city="Portland",
                region="OR",
                postal_code="97205",
                country="US",
                phone="+1 206 555 0101",
            ),
            service_level="Standard",
            is_business=True,
            purchase_order="PO-7",
        )
    ]
    assert report.listed == {"111-2233445-6677889"}


def test_rows_of_an_order_are_gathered_from_anywhere(tmp_path: Path) -> None:
    """An order is whole even when another order's row stands between its own."""
    rows = [other(1), other(2), other(1, {"order-item-id": "second"})]
    orders, _, _ = read_orders(write(tmp_path, text_of(rows)))
    assert [len(order.items) for order in orders] == [2, 1]


@pytest.mark.parametrize(
    ("cells", "units"),
    [
        (("5", "0", "3"), 3),
        (("5", "2", ""), 3),
        (("5", "", ""), 5),
        (("9999", "0", "9999"), 9_999),
        (("5", "0", " 2 "), 2),
    ],
)
def test_units_are_what_is_left_to_ship(
    tmp_path: Path, cells: tuple[str, str, str], units: int
) -> None:
    """quantity-to-ship counts, else what was purchased less what was shipped."""
    bought, shipped, left = cells
    changes = {"quantity-purchased": bought, "quantity-shipped": shipped, "quantity-to-ship": left}
    orders, _, _ = read_orders(write(tmp_path, text_of([row(changes)])))
    assert orders[0].units == units


@pytest.mark.parametrize(
    "left", ["-1", "1000000000", "1e9", "1.5", "two", "٣", "1,000", "10000", "+1", "0x1"]
)
def test_a_quantity_that_is_none_is_refused_by_line(tmp_path: Path, left: str) -> None:
    """Negative, huge and odd quantities refuse the order and say so."""
    reason = reasons(tmp_path, row({"quantity-to-ship": left}))[0]
    assert "quantity-to-ship" in reason
    assert "the whole order was left out" in reason


def test_more_shipped_than_bought_is_refused(tmp_path: Path) -> None:
    """A negative rest is a fault, not zero."""
    changes = {"quantity-to-ship": "", "quantity-shipped": "3"}
    assert "3 is more than quantity-purchased 2" in reasons(tmp_path, row(changes))[0]
    empty = {"quantity-to-ship": "", "quantity-purchased": ""}
    assert "quantity-purchased is empty" in reasons(tmp_path, row(empty))[0]


def test_rows_with_nothing_left_are_counted_and_not_listed(tmp_path: Path) -> None:
    """An order shipped elsewhere is no order to pack, and no longer counts as listed."""
    rows = [other(1, {"quantity-to-ship": "0"}), other(2)]
    orders, errors, report = read_orders(write(tmp_path, text_of(rows)))
    assert [order.order_id for order in orders] == [other(2)["order-id"]]
    assert (errors, report.already_shipped) == ([], 1)
    assert report.listed == {other(2)["order-id"]}


def test_one_bad_row_refuses_its_whole_order_and_no_other(tmp_path: Path) -> None:
    """A partial order is never packed; the good orders around it are imported."""
    bad = other(2, {"order-item-id": "second", "quantity-to-ship": "x"})
    orders, errors, report = read_orders(
        write(tmp_path, text_of([other(1), other(2), bad, other(3)]))
    )
    assert [order.order_id for order in orders] == [other(1)["order-id"], other(3)["order-id"]]
    assert [error.line for error in errors] == [4]
    assert other(2)["order-id"] in report.listed


def test_the_same_item_twice_counts_once_when_the_rows_agree(tmp_path: Path) -> None:
    """A repeated row adds nothing; one that contradicts refuses the order."""
    orders, errors, _ = read_orders(write(tmp_path, text_of([row(), row()])))
    assert ([order.units for order in orders], errors) == ([2], [])
    twice = reasons(tmp_path, row(), row({"quantity-to-ship": "1"}))
    assert "is there twice, with different contents" in twice[0]


def test_two_addresses_for_one_order_are_refused(tmp_path: Path) -> None:
    """Rows that would send one order to two places are a fault."""
    second = row({"order-item-id": "second", "ship-city": "Salem"})
    assert "address differs" in reasons(tmp_path, row(), second)[0]


@pytest.mark.parametrize(
    "bad", ["", "111 22", "a\u200fb", "x" * 65, "1.11E+17", "1\x002", "<b>", "\uff11\uff12"]
)
def test_an_id_outside_its_alphabet_is_refused(tmp_path: Path, bad: str) -> None:
    """Ids are trimmed, and hold 1 to 64 letters, digits and . _ # - or are refused."""
    for column in ("order-id", "order-item-id"):
        assert column in reasons(tmp_path, row({column: bad}))[0]


def test_blanks_around_an_id_do_not_count(tmp_path: Path) -> None:
    """A padded id is the same order."""
    orders, _, _ = read_orders(write(tmp_path, text_of([row({"order-id": "  A_1.#-z \u00a0"})])))
    assert orders[0].order_id == "A_1.#-z"


def test_a_damaged_id_leaves_out_the_order_it_may_belong_to(tmp_path: Path) -> None:
    """With a blank in one row's id, the order is not imported without that row."""
    stray = row({"order-id": "111-2233445 -6677889", "order-item-id": "second"})
    orders, errors, report = read_orders(write(tmp_path, text_of([row(), stray])))
    assert orders == []
    assert sorted(error.line for error in errors) == [3, 3]
    assert report.nameless == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T23:59:59+01:00",
        "2026-11-24T22:59:59Z",
        "2026-11-24 22:59:59+00:00",
        "2026-11-24T22:59:59.000+0000",
    ],
)
def test_iso_dates_are_read_as_utc(tmp_path: Path, text: str) -> None:
    """Offset, Z, fractions and a blank for the T mean the same moment."""
    orders, errors, _ = read_orders(write(tmp_path, text_of([row({"promise-date": text})])))
    assert errors == []
    assert orders[0].ship_by == datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "24/11/2026",
        "11-24-2026 10:00",
        "24 Nov 2026",
        "2026-11-24T22:59:59",
        "2026-02-30T00:00:00Z",
        "2026-W48-2",
        "20261124",
        "1764025199",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "24.11.2026",
        "2026-11-24T25:00:00Z",
    ],
)
def test_a_date_in_another_format_is_refused(tmp_path: Path, text: str) -> None:
    """Nobody guesses which number is the month."""
    assert "promise-date" in reasons(tmp_path, row({"promise-date": text}))[0]
    assert "purchase-date" in reasons(tmp_path, row({"purchase-date": text}))[0]


def test_bare_days_and_missing_promises_are_noted_once(tmp_path: Path) -> None:
    """A bare promise ends with its day, a missing one is two days, and each is said once."""
    rows = [
        other(1, {"promise-date": "2026-11-24"}),
        other(2, {"promise-date": "2026-11-25"}),
        other(3, {"promise-date": ""}),
    ]
    orders, errors, report = read_orders(write(tmp_path, text_of(rows)))
    assert errors == []
    assert [order.ship_by.isoformat() for order in orders] == [
        "2026-11-24T23:59:59+00:00",
        "2026-11-25T23:59:59+00:00",
        "2026-11-22T10:00:00+00:00",
    ]
    assert len(report.notes) == 2
    assert report.notes[0].startswith("2 rows, the first on line 2")


@pytest.mark.parametrize(
    ("prime", "level", "service"),
    [
        ("true", "Standard", ServiceClass.PRIME),
        ("TRUE", "NextDay", ServiceClass.PRIME),
        ("false", "NextDay", ServiceClass.PREMIUM),
        ("", "Same-Day Delivery", ServiceClass.PREMIUM),
        ("", "Std US Priority", ServiceClass.PREMIUM),
        ("", "SecondDay", ServiceClass.EXPEDITED),
        ("", "Expedited", ServiceClass.EXPEDITED),
        ("", "Standard", ServiceClass.STANDARD),
        ("", "", ServiceClass.STANDARD),
    ],
)
def test_the_service_class_follows_prime_and_the_level(
    prime: str, level: str, service: ServiceClass
) -> None:
    """Prime first, then Amazon's word for the service."""
    assert service_of(prime, level) is service


def test_short_and_long_rows_are_refused_by_line(tmp_path: Path) -> None:
    """Rows with missing or surplus cells refuse their order; blank surplus is none."""
    lines = text_of([other(1), other(2), other(3), other(4)]).split("\r\n")
    lines[1] = lines[1].rsplit("\t", 4)[0]
    lines[2] += "\tsurplus"
    lines[3] += "\t\t "
    orders, errors, _ = read_orders(write(tmp_path, "\r\n".join(lines)))
    assert [order.order_id for order in orders] == [other(3)["order-id"], other(4)["order-id"]]
    assert [error.line for error in errors] == [2, 3]
    assert "19 of 23 columns" in errors[0].reason
    assert "24 columns instead of 23" in errors[1].reason


def test_an_id_cut_off_at_the_end_refuses_the_order_above(tmp_path: Path) -> None:
    """When the file breaks within a further row of an order, that order is left out."""
    text = text_of([other(1), other(2)]) + other(2)["order-id"][:6]
    orders, errors, report = read_orders(write(tmp_path, text))
    assert [order.order_id for order in orders] == [other(1)["order-id"]]
    assert [error.line for error in errors] == [4]
    assert report.cut_off


TEXTS = ("buyer", "ship", "recipient", "product", "purchase-order")


@pytest.mark.parametrize("column", [name for name in COLUMNS if name.startswith(TEXTS)])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_plain(tmp_path: Path, column: str, text: str) -> None:
    """Escapes, markup, ZPL, NUL, direction marks and 10 kB strings are literals, nothing more."""
    orders, errors, _ = read_orders(write(tmp_path, text_of([row({column: text}), other(2)])))
    assert errors == []
    assert len(orders) == 2
    assert all(value == plain(value) for value in texts_of(orders[0]))
    assert len(orders[0].items[0].title) <= 500


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_sku_is_plain_or_refused(tmp_path: Path, text: str) -> None:
    """A SKU is a literal, or its order is refused by its line; the next order is imported."""
    orders, errors, _ = read_orders(write(tmp_path, text_of([row({"sku": text}), other(2)])))
    assert len(orders) + len(errors) == 2
    assert all(order.items[0].sku == plain(order.items[0].sku) for order in orders)


def texts_of(order: Order) -> list[str]:
    """Return every outside text of an order."""
    to = order.ship_to
    address = [to.name, *to.lines, to.city, to.region, to.postal_code, to.country, to.phone]
    items = [text for item in order.items for text in (item.sku, item.title)]
    return [*address, *items, order.service_level, order.purchase_order]


FIXTURE = HealthCheck.function_scoped_fixture

CELL = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[FIXTURE])
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9_999), CELL), min_size=1, max_size=20))
def test_what_is_written_is_read_back(tmp_path: Path, rows: list[tuple[int, int, str]]) -> None:
    """Any orders written as a report come back with the same items, units and plain texts."""
    cells = [
        other(
            number,
            {"order-item-id": str(at), "quantity-to-ship": str(units), "product-name": title},
        )
        for at, (number, units, title) in enumerate(rows)
    ]
    orders, errors, _ = read_orders(fresh(tmp_path, text_of(cells)))
    assert errors == []
    found = {item.item_id: (order.order_id, item) for order in orders for item in order.items}
    assert len(found) == len(rows)
    for cell in cells:
        order_id, item = found[cell["order-item-id"]]
        assert order_id == cell["order-id"]
        assert item.quantity == int(cell["quantity-to-ship"])
        assert item.title == plain(cell["product-name"])
