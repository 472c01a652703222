from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, Bench, Clock, order, put

from station.acts import Head, Role
from station.overview import Pulse, digest
from station.store.records import moment

if TYPE_CHECKING:
    from station.overview import BenchRow, Board
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore

ANA = Pulse("Ana", "111-1", 2, 5, NOON, 1, "ok", 12)
HASHES = "ab" * 32, "cd" * 32


def floor(store: OrderStore, clock: Clock) -> Board:
    """Return the board at the store's time."""
    board = store.board(moment(clock.now), MIDNIGHT)
    assert board is not None
    return board


def benches(store: OrderStore, clock: Clock) -> tuple[BenchRow, ...]:
    """Return the stations on the board."""
    return floor(store, clock).benches


def test_a_pulse_is_on_the_board(store: OrderStore, clock: Clock) -> None:
    """What a station said last is shown; its chain's head is no business of the board."""
    store.pulse("bench-1", Pulse("Bo"))
    store.pulse("bench-1", ANA)
    store.pulse("bench-2", Pulse(journal=Head(3, HASHES[0])))
    found = [(row.station, row.pulse, row.silent) for row in benches(store, clock)]
    assert found == [("bench-1", ANA, False), ("bench-2", Pulse(), False)]


def test_an_idle_floor_stays_the_same(sql_store: SqlOrderStore, clock: Clock) -> None:
    """For ten minutes of pulses that say nothing new, the board has one digest."""
    seen = set()
    for _ in range(19):
        sql_store.pulse("bench-1", ANA)
        seen.add(digest(floor(sql_store, clock)))
        clock.move(30)
    assert len(seen) == 1


def test_a_silent_station_is_told_to_the_minute(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Two minutes after the last pulse a station is silent, and after a day it is gone."""
    clock.move(130)
    sql_store.pulse("bench-1", ANA)
    clock.move(120)
    (row,) = benches(sql_store, clock)
    assert (row.silent, row.seen) == (False, NOON)
    clock.move(1)
    (row,) = benches(sql_store, clock)
    assert (row.silent, row.seen) == (True, NOON + timedelta(minutes=2))
    clock.move(24 * 3600)
    assert benches(sql_store, clock) == ()


def test_the_head_of_a_journal_is_never_taken_back(sql_store: SqlOrderStore) -> None:
    """A lower line, and another hash for the same line, change nothing."""
    put(sql_store, order())
    bench = Bench(sql_store)
    bench.tell(bench.claim(), None)
    for head in (Head(7, HASHES[0]), Head(6, HASHES[1]), Head(7, HASHES[1]), Head()):
        sql_store.pulse("bench-1", Pulse(journal=head))
        assert sql_store.anchors("bench-1").journal == Head(7, HASHES[0])
    sql_store.pulse("bench-1", Pulse(journal=Head(9, HASHES[1])))
    assert sql_store.anchors("bench-1").journal == Head(9, HASHES[1])


@pytest.mark.usefixtures("cheap_pins")
def test_a_station_hears_about_people_and_the_audit(sql_store: SqlOrderStore) -> None:
    """Whether badges are needed, whether its packer may go on, and the newest audit line."""
    echo = sql_store.pulse("bench-1", ANA)
    assert (echo.badges, echo.is_welcome, echo.head) == (False, True, Head())
    sql_store.add_person("Olga", Role.OWNER)
    sql_store.add_person("Ana", Role.PACKER)
    echo = sql_store.pulse("bench-1", ANA)
    newest = sql_store.audit()[-1]
    assert (echo.badges, echo.is_welcome) == (True, True)
    assert echo.head == Head(newest.seq, newest.hash)
    sql_store.disable_person("Ana")
    assert not sql_store.pulse("bench-1", ANA).is_welcome
    assert sql_store.pulse("bench-1", Pulse()).is_welcome


@pytest.mark.usefixtures("cheap_pins")
def test_whoever_works_may_come_back_with_one_scan(sql_store: SqlOrderStore, clock: Clock) -> None:
    """An hour after his PIN the badge alone lets him in where he has packed until now."""
    sql_store.add_person("Olga", Role.OWNER)
    ana, pin = sql_store.add_person("Ana", Role.PACKER)
    sql_store.sign_in("bench-1", ana.badge, pin)
    for _ in range(6):
        clock.move(600)
        sql_store.pulse("bench-1", ANA)
    assert sql_store.sign_in("bench-1", ana.badge).name == "Ana"


@pytest.mark.parametrize(
    "pulse",
    [
        Pulse(done=-5, units=-1, backlog=-9, scan_p99_ms=-2),
        Pulse("\x1b[31m" + "x" * 900, "\x00\ud800" * 90, printer="\u202e" * 300 + "y" * 900),
        Pulse(done=10**30, units=10**30, backlog=10**30, scan_p99_ms=10**30),
        Pulse(journal=Head(10**30, "'; DROP TABLE pulses --" * 99)),
    ],
)
def test_a_pulse_of_nonsense_harms_nobody(
    sql_store: SqlOrderStore, clock: Clock, pulse: Pulse
) -> None:
    """Numbers are bounded, words are plain and short, whatever a station says."""
    sql_store.pulse("bench-1", pulse)
    (row,) = benches(sql_store, clock)
    told = row.pulse
    numbers = (told.done, told.units, told.backlog, told.scan_p99_ms or 0)
    assert all(0 <= number <= 10**9 for number in numbers)
    words = told.packer + told.order_id + told.printer
    assert words.isprintable()
    assert len(words) <= 200
    assert isinstance(row.seen, datetime)
