"""A store put back from yesterday's backup, with real benches at it over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed import backups
from distributed.conftest import LONG
from distributed.truth import conflicts, remembered
from samples import MUG

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed.conftest import Say
    from distributed.floor import Floor
    from distributed.packers import Station
    from distributed.postgres import Postgres

FOR_LONG = pytest.mark.skipif(not LONG, reason="the others go the same way: for the long run")
WAITING = "The store was restored from a backup: waiting for "


def refusal(station: Station) -> str:
    """Ask for the next order and return why there is none."""
    verdict = station.bench.claim_next().verdict
    assert verdict
    return verdict.text


def a_day_of_work(place: Floor, server: Postgres | None) -> tuple[list[Station], bytes]:
    """Ship orders before a backup and after it; an order is in hand when the store is lost."""
    place.bring(4)
    place.enrol("anna", "bert", "carl")
    stations = [place.station(name, ahead=0) for name in ("anna", "bert", "carl")]
    anna, bert, carl = stations
    for station in stations:
        assert station.drain()
    carl.finish_order()
    anna.finish_order()
    assert carl.drain()
    assert anna.drain()
    backup = backups.taken(place.url, server)
    place.bring(2)
    for _ in range(3):
        bert.pack_on()
    anna.finish_order()
    anna.finish_order()
    assert anna.drain()
    assert bert.drain()
    return stations, backup


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"] if LONG else ["sqlite"])
@pytest.mark.parametrize("told", [True, False] if LONG else [True])
def test_a_restored_store_hears_again_what_it_forgot(
    floor: Callable[..., Floor],
    request: pytest.FixtureRequest,
    say: Say,
    backend: str,
    *,
    told: bool,
) -> None:
    """It gives nothing out until all benches have come, and then no order is packed twice.

    `told` is whether `station restored` was run; else the first bench that was told more tells it.
    """
    server = request.getfixturevalue("server") if backend == "postgresql" else None
    place = floor(backend)
    place.served.start()
    (anna, bert, carl), backup = a_day_of_work(place, server)
    before = len(remembered(place.url).entries)
    place.served.kill()
    backups.put_back(place.url, server, backup)
    forgotten = before - len(remembered(place.url).entries)
    if told:
        words = place.served.command("restored")
        assert "Waiting for anna, bert, carl." in words
    for station in (anna, bert):
        station.link.once()
        assert station.reach.trouble
    place.served.start()
    assert bert.drain()
    bert.finish_order()
    assert bert.drain()
    assert refusal(bert).startswith(WAITING + "anna, carl.")
    assert anna.drain()
    assert refusal(anna).startswith(WAITING + "carl. Switch these benches on")
    said = place.served.command("enrol", "--excuse", "carl")
    assert "carl is not waited for any more." in said
    place.bring_again()
    place.work([anna, bert])
    kept = len(remembered(place.url).entries)
    say(f"entries forgotten on {backend}, heard again and more", (forgotten, kept - before))
    place.gone.append(carl)
    assert place.broken() == []
    assert forgotten > 0
    assert carl.closed == 1


def test_a_restore_that_nobody_noticed_is_heard_of_within_a_minute(
    floor: Callable[..., Floor],
) -> None:
    """Benches that did nothing while the store was away come to the restored one all the same."""
    place = floor()
    place.served.start()
    (anna, bert, _carl), backup = a_day_of_work(place, None)
    place.served.kill()
    backups.put_back(place.url, None, backup)
    place.served.command("restored")
    place.served.start()
    assert refusal(anna).startswith(WAITING + "anna, bert, carl.")
    for station in place.stations:
        station.a_minute_later()
    place.bring_again()
    place.work([anna, bert])
    assert place.broken() == []


@pytest.mark.long
@pytest.mark.parametrize("units", [1, 4] if LONG else [4])
def test_an_order_in_hand_that_the_store_forgot_leaves_once(
    floor: Callable[..., Floor], say: Say, units: int
) -> None:
    """An order that came after the backup is known again with the next report, and leaves once."""
    place = floor()
    place.enrol("anna")
    place.served.start()
    anna = place.station("anna", ahead=0)
    place.bring(1)
    assert anna.drain()
    anna.finish_order()
    backup = backups.taken(place.url, None)
    place.bring(1, (MUG, 4))
    anna.bench.claim_next()
    for _ in range(units):
        anna.scan(MUG.barcodes[0].text)
    anna.bench.settle()
    assert anna.drain()
    place.served.kill()
    backups.put_back(place.url, None, backup)
    anna.link.once()
    place.served.start()
    assert anna.drain()
    view = anna.bench.view
    say(f"{units} of 4 packed, the store forgot it", view.verdict and view.verdict.text)
    place.bring_again()
    place.work([anna])
    assert place.broken() == []


@pytest.mark.long
@FOR_LONG
def test_a_bench_that_was_excused_may_still_come(floor: Callable[..., Floor]) -> None:
    """It was only switched off: what it had told before the backup, and since, is heard then."""
    place = floor()
    place.served.start()
    (anna, bert, carl), backup = a_day_of_work(place, None)
    place.served.kill()
    backups.put_back(place.url, None, backup)
    place.served.command("restored")
    place.served.command("enrol", "--excuse", "carl")
    for station in (anna, bert):
        station.link.once()
    place.served.start()
    assert anna.drain()
    assert bert.drain()
    place.bring_again()
    place.work([anna, bert])
    carl.a_minute_later()
    assert carl.drain()
    assert place.broken() == []


@pytest.mark.long
@FOR_LONG
def test_without_the_command_work_is_in_conflict_but_nothing_is_told_twice(
    floor: Callable[..., Floor], say: Say
) -> None:
    """Why `station restored` is run first: a bench that lost nothing came before those that did.

    It gets an order that another bench has in hand, and a label number that is on a box already.
    """
    place = floor()
    place.served.start()
    (anna, bert, carl), backup = a_day_of_work(place, None)
    place.served.kill()
    backups.put_back(place.url, None, backup)
    for station in place.stations:
        station.link.once()
    place.served.start()
    assert carl.drain()
    carl.finish_order()
    assert carl.drain()
    assert anna.drain()
    assert bert.drain()
    carl.a_minute_later()
    place.bring_again()
    place.work([anna, bert])
    memory = remembered(place.url)
    parked = [row.reason for row in memory.orders if row.state == "problem"]
    say("conflicts shown, orders parked", (conflicts(place.url), parked))
    assert conflicts(place.url) > 0
    assert [words for words in parked if "is on the box of order" not in words] == []
    left = {row.order_id for row in memory.orders if row.state == "shipped"}
    told = [row.order_id for row in memory.confirmations if row.item_id.endswith("-1")]
    assert sorted(told) == sorted(left)
    assert len(left) + len(parked) == len(place.orders)
