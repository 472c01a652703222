"""PINs cannot be guessed: not one after the other, not many at once, not by moving the clock."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from store.decisions import on_one
from store.test_people import log, other, refused, staffed

from station.acts import Role
from station.errors import StoreRefused
from station.store import guessing, people, pins
from station.store.guessing import QUIET_S

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from store.samples import Clock

    from station.store.sql import SqlOrderStore

THREADS = 30
WAITS = (30, 60, 120, 240, 480)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch, cheap_pins: None) -> list[str]:
    """Return the PINs that are looked at, as they are."""
    del cheap_pins
    seen: list[str] = []
    matches = pins.matches

    def counted(pin: str, kept: str) -> bool:
        seen.append(pin)
        return matches(pin, kept)

    monkeypatch.setattr(pins, "matches", counted)
    return seen


def locked_out(store: SqlOrderStore, clock: Clock, badge: str, pin: str) -> list[str]:
    """Guess wrong until it is no use any more; return what was said."""
    told = []
    for wait_s in (0, 0, 0, 0, 0, *WAITS):
        clock.move(wait_s)
        told.append(refused(lambda: store.sign_in("bench-1", badge, other(pin))))
    return told


@on_one
def test_wrong_pins_cost_time_and_then_the_way_in(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Four may be wrong, then each waits twice as long, and after ten a supervisor must help."""
    _, (bo, pin) = staffed(sql_store, "Bo")
    told = locked_out(sql_store, clock, bo.badge, pin)
    wrong, locked = "Badge or PIN is wrong. Try again", "Bo is locked after too many wrong PINs."
    waits = [" in 30 s", " in 60 s", " in 2 min", " in 4 min", " in 8 min"]
    assert told == [
        *[f"{wrong}."] * 4,
        *[f"{wrong}{wait}." for wait in waits],
        f"{locked} A supervisor can unlock it.",
    ]
    clock.move(10**6)
    assert refused(lambda: sql_store.sign_in("bench-2", bo.badge, pin)) == told[-1]
    assert [one.locked for one in sql_store.people()] == [True, False]
    tries = [("wrong-pin", "Bo", "packer")] * 10
    assert log(sql_store)[2:] == [*tries, ("locked", "Bo", "packer")]
    assert [line.station for line in sql_store.audit()][2:] == ["bench-1"] * 11


@on_one
def test_a_wait_is_waited_with_the_right_pin_too(
    sql_store: SqlOrderStore, clock: Clock, compared: list[str]
) -> None:
    """Before its end no PIN is looked at, after it the right one lets in and all is forgotten."""
    ((olga, pin),) = staffed(sql_store)
    for _ in range(pins.FREE):
        refused(lambda: sql_store.sign_in("bench-1", olga.badge, other(pin)))
    clock.move(29)
    words = refused(lambda: sql_store.sign_in("bench-1", olga.badge, pin))
    assert (words, len(compared)) == ("Too many wrong PINs. Try again in 1 s.", pins.FREE)
    clock.move(1)
    assert sql_store.sign_in("bench-1", olga.badge, pin).name == "Olga"
    for _ in range(pins.FREE - 1):
        refused(lambda: sql_store.sign_in("bench-1", olga.badge, other(pin)))
    assert sql_store.sign_in("bench-1", olga.badge, pin).name == "Olga"


def guess_at_once(store: SqlOrderStore) -> int:
    """Try thirty wrong PINs at the same moment; return how many were refused."""
    ((olga, pin),) = staffed(store)
    start, failures = threading.Barrier(THREADS), []

    def guess(number: int) -> None:
        wrong = f"{(int(pin) + 1 + number) % 10**6:06}"
        start.wait()
        try:
            store.sign_in(f"bench-{number % 3}", olga.badge, wrong)
        except StoreRefused as refusal:
            failures.append(str(refusal))

    running = [threading.Thread(target=guess, args=(n,)) for n in range(THREADS)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return len(failures)


def test_many_guesses_at_once_are_counted_all(
    sql_store: SqlOrderStore, compared: list[str]
) -> None:
    """Of thirty at the same moment five are looked at, whatever each of them knew of the others."""
    assert guess_at_once(sql_store) == THREADS
    assert len(compared) == pins.FREE
    assert len([act for act, _, _ in log(sql_store) if act == "wrong-pin"]) == pins.FREE


@on_one
def test_guesses_that_nobody_counts_are_seen(
    sql_store: SqlOrderStore, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the count all thirty would be looked at: the test above would notice."""

    def careless(connection: Connection, who: str, _now: int, *, by_name: bool) -> guessing._Try:
        return guessing._Try(guessing.found(connection, who, by_name=by_name), 1)

    monkeypatch.setattr(guessing, "_counted", careless)
    assert guess_at_once(sql_store) == THREADS
    assert len(compared) == THREADS


@on_one
def test_a_try_is_counted_before_it_is_looked_at(
    sql_store: SqlOrderStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store killed while it looks at a PIN has counted it: ten such tries lock."""

    def killed(_pin: str, _kept: str) -> bool:
        raise InterruptedError

    ((olga, pin),) = staffed(sql_store)
    with monkeypatch.context() as patched:
        patched.setattr(pins, "matches", killed)
        for wait_s in (0, 0, 0, 0, 0, *WAITS):
            clock.move(wait_s)
            with pytest.raises(InterruptedError):
                sql_store.sign_in("bench-1", olga.badge, pin)
    assert "locked" in refused(lambda: sql_store.sign_in("bench-1", olga.badge, pin))


@on_one
@pytest.mark.usefixtures("cheap_pins")
def test_a_clock_set_back_makes_nobody_wait_for_ever(
    sql_store: SqlOrderStore, clock: Clock
) -> None:
    """The wait begins again when the clock goes back a year, and lasts no longer than it would."""
    ((olga, pin),) = staffed(sql_store)
    for _ in range(pins.FREE):
        refused(lambda: sql_store.sign_in("bench-1", olga.badge, other(pin)))
    clock.move(-365 * 86400)
    for left in (30, 20, 10):
        words = refused(lambda: sql_store.sign_in("bench-1", olga.badge, pin))
        assert words == f"Too many wrong PINs. Try again in {left} s."
        clock.move(10)
    assert sql_store.sign_in("bench-1", olga.badge, pin).name == "Olga"


@on_one
@pytest.mark.usefixtures("cheap_pins")
def test_who_is_locked_has_no_one_scan_either(sql_store: SqlOrderStore, clock: Clock) -> None:
    """A pass does not help while its owner is locked out; unlocked, he needs his PIN no more."""
    _, (bo, pin) = staffed(sql_store, "Bo")
    locked_out(sql_store, clock, bo.badge, pin)
    unlock = sql_store._database.change
    unlock(lambda c: people.unlock(c, "BO"))
    sql_store.sign_in("bench-1", bo.badge, pin)
    clock.move(-sum(WAITS))
    locked_out(sql_store, clock, bo.badge, pin)
    assert "PIN" in refused(lambda: sql_store.sign_in("bench-1", bo.badge))
    unlock(lambda c: people.unlock(c, "Bo"))
    assert sql_store.sign_in("bench-1", bo.badge).name == "Bo"
    assert "not locked" in refused(lambda: unlock(lambda c: people.unlock(c, "Bo")))
    assert "has that name" in refused(lambda: unlock(lambda c: people.unlock(c, "Zed")))


@on_one
@pytest.mark.usefixtures("cheap_pins")
def test_a_new_pin_ends_a_lock_and_a_new_badge_does_not(
    sql_store: SqlOrderStore, clock: Clock
) -> None:
    """Who is locked out and gets a new PIN may come in; a new badge alone leaves the lock."""
    ((olga, pin),) = staffed(sql_store)
    told = locked_out(sql_store, clock, olga.badge, pin)
    assert told[-1].endswith("An owner can unlock it.")
    fresh, _ = sql_store.renew_person("Olga", badge=True, pin=False)
    assert fresh.locked
    same, new = sql_store.renew_person("Olga", badge=False, pin=True)
    assert not same.locked
    assert sql_store.sign_in("bench-1", fresh.badge, new).role is Role.OWNER


@pytest.mark.usefixtures("cheap_pins")
def test_strangers_cannot_fill_the_audit_log(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Unknown badges at one station are one line a minute, and what was shown is not in it."""
    _, (bo, pin) = staffed(sql_store, "Bo")
    for number in range(20):
        refused(partial(sql_store.sign_in, "bench-1", f"ZZZZ{number:04}", pin))
    refused(lambda: sql_store.sign_in("bench-2", "ZZZZZZZZ", pin))
    clock.move(QUIET_S)
    refused(lambda: sql_store.sign_in("bench-2", "ZZZZZZZZ", pin))
    sql_store.disable_person("Bo")
    refused(lambda: sql_store.sign_in("bench-2", bo.badge, pin))
    refused(lambda: sql_store.sign_in("bench-2", bo.badge, pin))
    unknown = ("unknown-badge", "", "")
    assert log(sql_store)[2:] == [
        *[unknown] * 3,
        ("person-disabled", "", "console"),
        ("disabled-badge", "Bo", "packer"),
    ]
    assert all(not line.data for line in sql_store.audit() if line.act == "unknown-badge")


def test_a_stranger_costs_the_same_look(
    sql_store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown badge is answered after the same work as a known one: looks and commits."""
    looks: list[pins.Cost] = []
    derived = pins._derived
    database = sql_store._database

    def counted(pin: str, salt: bytes, cost: pins.Cost) -> bytes:
        looks.append(cost)
        return derived(pin, salt, pins.Cost(memory_kib=8, passes=1))

    def work(badge: str) -> tuple[int, list[str]]:
        looks.clear()
        wrote: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if statement.startswith(("INSERT", "UPDATE")):
                wrote.append(statement)

        def commit(_connection: Connection) -> None:
            kept.append("wrote" if wrote else "nothing")
            wrote.clear()

        kept: list[str] = []
        event.listen(database._writer, "before_cursor_execute", note)
        event.listen(database._writer, "commit", commit)
        refused(lambda: sql_store.sign_in("bench-1", badge, other(pin)))
        event.remove(database._writer, "before_cursor_execute", note)
        event.remove(database._writer, "commit", commit)
        return len(looks), kept

    monkeypatch.setattr(pins, "_derived", counted)
    ((olga, pin),) = staffed(sql_store)
    usual = (1, ["wrote", "wrote"])
    assert work(olga.badge) == usual
    assert [work("ZZZZZZZZ") for _ in range(2)] == [usual] * 2
