"""`station board --once` and `station status`: the floor from the store, in words and in JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from cli.test_looks import bring_in, say
from samples import MUG, PRODUCTS, order

from station import beat, cells, compose, config, enrolment
from station.errors import ConfigError
from station.overview import Pulse
from station.store.sql import SqlOrderStore
from station.verbs import boards, status

if TYPE_CHECKING:
    from cli.station_command import Station

    from station.compose import Place

LATER = timedelta(hours=7)


def place_of(station: Station, role: str) -> Place:
    """Return the place of a machine that joined a store on another one."""
    joined = enrolment.Enrolment("https://store.local:8443", "far-1", "k" * 43, role=role)
    settings = config.load()
    store = replace(settings.store, url=joined.url)
    return compose.Place(replace(settings, store=store), station.home, joined)


@pytest.fixture
def far(station: Station, monkeypatch: pytest.MonkeyPatch) -> Station:
    """Return the command where the store of another machine is one at hand."""
    compose.prepare(station.home)
    here = compose.Place(config.load(), station.home)
    monkeypatch.setattr(compose, "open_store", lambda _place: compose.open_database(here))
    return station


def test_the_board_is_printed_where_nobody_sits(station: Station) -> None:
    """Without a terminal the board is a page of 80 columns, and the command ends well."""
    bring_in(station, "111-1", -2)
    say(station, Pulse("Ana", "111-9", 2, 5, printer="paper out"))
    for arguments in (("board", "--once"), ("board",)):
        answer = station(*arguments)
        assert (answer.code, answer.err) == (0, "")
        assert "1 OVERDUE" in answer.out
        assert "bench-1      Ana          111-9" in answer.out
        assert "paper out" in answer.out
        assert max(map(cells.width_of, answer.out.splitlines())) <= 80


def test_the_board_comes_in_ascii_where_that_is_all(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that knows ASCII alone is sent nothing else."""
    bring_in(station, "111-1", -2)
    say(station, Pulse("Zoë"))
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", out)
    assert boards.run(compose.Place(config.load(), station.home), once=True) == 0
    out.seek(0)
    assert "Zoe" in out.read()


def test_a_packed_order_is_on_the_board(station: Station) -> None:
    """What a bench packed and who works there is told by its own pulses and entries."""
    station.stock("111-1", "111-2")
    station.pack("111-1")
    parts = station.parts()
    parts.bench.sign_in("Ana")
    parts.bench.open_order("111-2")
    printed, end = "", monotonic() + 10
    while "111-2 " not in printed and monotonic() < end:  # a pulse is sent once a second at most
        parts.link.once()
        printed = station("board", "--once").out
    parts.close()
    assert "1 left in 24 h" in printed
    assert "amazon             1 pending" in printed
    assert "bench-1      Ana          111-2                    0/1" in printed


def test_an_empty_folder_is_no_quiet_day(station: Station) -> None:
    """Where nobody has imported or joined anything the board says so instead of zeros."""
    answer = station("board", "--once")
    assert (answer.code, "no order store" in answer.err) == (2, True)
    assert not (station.home / "store.db").exists()


def test_a_bench_does_not_open_the_board(far: Station) -> None:
    """With a bench's key the board is refused, with what to do."""
    with pytest.raises(ConfigError, match="station enrol NAME --board"):
        boards.run(place_of(far, "station"), once=True)


def test_a_bench_of_a_far_store_tells_of_itself(far: Station) -> None:
    """Its status has the counts, its own beat, and nothing of the other benches."""
    bring_in(far, "111-1", -2)
    say(far, Pulse("Bo"), "bench-2")
    beat.write(far.home, "bench-1", {"packer": "Ana", "printer": "ok"})
    told = status.gather(place_of(far, "station"))
    assert told["due"] == {"overdue": 1, "today": 0, "later": 0, "will_miss": 1}
    assert [(bench["id"], bench["packer"]) for bench in told["stations"]] == [("bench-1", "Ana")]
    assert told["channels"] == []


@pytest.mark.parametrize("role", ["board", "viewer", "office"])
def test_a_board_of_a_far_store_tells_of_all(far: Station, role: str) -> None:
    """Its status is that of the store's own machine."""
    bring_in(far, "111-1", -2)
    say(far, Pulse("Bo"), "bench-2")
    told = status.gather(place_of(far, role))
    assert [bench["id"] for bench in told["stations"]] == ["bench-2"]
    assert told["channels"][0]["name"] == "amazon"


def test_what_will_miss_is_foretold(station: Station) -> None:
    """Orders that the present rate does not reach in time count among those that will miss."""
    now = datetime.now(UTC)
    compose.prepare(station.home)
    place = compose.Place(config.load(), station.home)
    store = compose.open_database(place)
    due = now + timedelta(minutes=30)
    store.put_products(PRODUCTS)
    many = [order(f"111-{n}", (MUG, 1), ship_by=due) for n in range(60)]
    store.put_orders(many, channel="amazon")
    store.close()
    station.pack("111-0", "111-1", "111-2", "111-3")
    told = json.loads(station("status", "--json").out)
    assert told["due"]["overdue"] == 0
    assert 40 <= told["due"]["will_miss"] < 56
    assert f"{told['due']['will_miss']} more will miss" in station("status").out


def test_a_silent_bench_is_told_with_its_age(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a bench that is not heard of, the status says since when; it fits 80 columns."""
    compose.prepare(station.home)
    path = f"sqlite:///{station.home / 'store.db'}"
    early = SqlOrderStore.open(path, clock=(datetime.now(UTC) - LATER).timestamp)
    early.pulse("bench-with-a-rather-long-name", Pulse("Ana" * 13, "111-" * 9, printer="x" * 70))
    early.close()
    monkeypatch.setenv("COLUMNS", "80")
    printed = station("status").out
    assert "silent 7 h" in printed
    assert max(map(len, printed.splitlines())) <= 80
    (bench,) = json.loads(station("status", "--json").out)["stations"]
    assert abs(bench["seen_s"] - LATER.total_seconds()) < 600
