"""`station report day`: what left, who packed it, what was signed, and where the audit log ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from cli.station_command import MUG_CODE, ups
from samples import MUG, order

from station import compose, config
from station.acts import Head
from station.cells import ASCII, width_of
from station.store import audit
from station.store.reports import AuditLine, Facts, Parcel
from station.verbs.day import day_of, span
from station.verbs.day_words import lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cli.station_command import Station

    from station.store.sql import SqlOrderStore

TODAY = datetime(2026, 11, 23, tzinfo=UTC).date()
HEAD = Head(1234567, "f" * 64)


@pytest.fixture
def store(station: Station) -> Iterator[SqlOrderStore]:
    """Return the store of the data folder, with two orders: one of them was due yesterday."""
    station.stock("111-1")
    made = compose.open_database(compose.Place(config.load(), station.home))
    due = datetime.now(UTC) - timedelta(days=1)
    made.put_orders([order("111-2", (MUG, 1), ship_by=due)], channel="amazon")
    yield made
    made.close()


def sign(store: SqlOrderStore, act: str, order_id: str = "", reason: str = "") -> Head:
    """Write a line of the audit log as an act does."""
    now = int(datetime.now(UTC).timestamp())
    return store._database.change(
        lambda c: audit.append(
            c, now, who="Sue", role="supervisor", act=act, order_id=order_id, reason=reason
        )
    )


def packed(station: Station) -> None:
    """Pack both orders; before the second one a wrong item is scanned."""
    station.pack("111-1")
    parts = station.parts()
    parts.bench.sign_in("Bo")
    parts.bench.open_order("111-2")
    for code in ("9520000000028", MUG_CODE, ups(2)):
        parts.bench.take_scan(code)
        parts.bench.settle()
    parts.close()


def test_a_day_is_told_whole(station: Station, store: SqlOrderStore) -> None:
    """Orders, late ones, hours, packers with their wrong scans, what was signed, and the head."""
    packed(station)
    sign(store, "hold", "111-9", "buyer asked")
    sign(store, "wrong-pin")
    head = sign(store, "person-added")

    answer = station("report", "day", "--format", "json")

    told = json.loads(answer.out)
    assert answer.code == 0
    assert (told["orders"], told["packages"], told["units"]) == (2, 2, 2)
    assert [(late["order"], late["packer"]) for late in told["late"]] == [("111-2", "Bo")]
    assert sum(told["hours"].values()) == 2
    assert told["packers"] == [
        {"name": "Ana", "orders": 1, "units": 1, "wrong_scans": 0},
        {"name": "Bo", "orders": 1, "units": 1, "wrong_scans": 1},
    ]
    assert [(a["who"], a["act"], a["order"], a["reason"]) for a in told["acts"]] == [
        ("Sue", "hold", "111-9", "buyer asked")
    ]
    assert (told["wrong_pins"], told["other_audit_lines"]) == (1, {"person-added": 1})
    assert told["audit"] == {"seq": head.seq, "hash": head.hash}


def test_the_text_ends_in_an_anchor(station: Station, store: SqlOrderStore) -> None:
    """The last line of the report is what `journal verify --anchor` takes."""
    packed(station)
    head = sign(store, "hold", "111-9", "buyer asked")

    answer = station("report", "day")

    assert "shipped    2 orders, 2 packages, 2 units" in answer.out
    assert "late       1 left after their ship-by" in answer.out
    assert "hold 111-9: Sue (supervisor): buyer asked" in answer.out
    assert max(map(width_of, answer.out.splitlines())) <= 80
    last = answer.out.splitlines()[-1]
    assert last == f"audit {head.seq}:{head.hash}"
    good = station("journal", "verify", "--anchor", last.removeprefix("audit "))
    assert (good.code, "and the report's" in good.out) == (0, True)
    bad = station("journal", "verify", "--anchor", f"{head.seq}:{'0' * 64}")
    assert bad.code == 1
    assert f"LOOK  audit log  Audit entry {head.seq} is not the one of the report." in bad.out


def test_another_day_is_empty(station: Station, store: SqlOrderStore) -> None:
    """What left today is not in the report of another day; the head is today's all the same."""
    packed(station)
    head = sign(store, "hold", "111-9")

    told = json.loads(station("report", "day", "--date", "2020-02-29", "--format", "json").out)

    assert (told["date"], told["orders"], told["packers"], told["acts"]) == (
        "2020-02-29",
        0,
        [],
        [],
    )
    assert told["audit"]["seq"] == head.seq


def test_an_empty_house_has_a_report(station: Station) -> None:
    """Where nothing happened the report says so."""
    answer = station("report", "day")

    assert answer.code == 0
    assert "0 orders" in answer.out
    assert answer.out.endswith("audit: nothing yet\n")


@pytest.mark.parametrize("argument", [
    ("report", "day", "--date", "23.11.2026"), ("report", "day", "--date", "2026-02-30"),
    ("journal", "verify", "--anchor", "57"), ("journal", "verify", "--anchor", "0:" + "a" * 64),
    ("journal", "verify", "--anchor", "1:" + "g" * 64),
])  # fmt: skip
def test_what_cannot_be_read_is_wrong_usage(station: Station, argument: tuple[str, ...]) -> None:
    """A date or an anchor that is none is told as wrong usage."""
    assert station(*argument).code == 2


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-11-23", 24), ("2026-10-25", 25)]
)
def test_a_day_is_a_local_day(day: str, hours: int) -> None:
    """A day begins and ends at midnight here, also when the clocks change."""
    start, end = span(_date(day), ZoneInfo("Europe/Berlin"))

    assert end - start == hours * 3600
    assert datetime.fromtimestamp(start, ZoneInfo("Europe/Berlin")).hour == 0


def test_hostile_names_and_reasons_stay_in_their_lines() -> None:
    """Whatever somebody typed: no line is longer than 80 columns, and none is a command."""
    line = AuditLine(0, "苏" * 40, "x" * 50, "b" * 90, "hold", "9" * 300, "\x1b[2J\n" + "漢 " * 90)
    parcel = Parcel("9" * 200, 1, "名" * 60, 10**9, 100, 50)
    facts = Facts((parcel,), {"名" * 60: 10**6, "": 1}, {}, (line,) * 2, HEAD)

    told = list(lines(day_of(TODAY, facts, is_whole=True, zone=UTC), ASCII))

    assert max(map(width_of, told)) <= 80
    assert not any(char < " " for text in told for char in text)
    assert told[-1] == f"audit {HEAD.seq}:{HEAD.hash}"


def _date(text: str) -> date:
    return datetime.fromisoformat(text).date()
