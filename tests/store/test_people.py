"""People in the store: who gets in, with what, and who does not any more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from store.decisions import behind, on_one

from station.acts import Pass, Role, Signature
from station.errors import InputError, StoreRefused
from station.store import people, roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.samples import Clock

    from station.acts import Person
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore

pytestmark = pytest.mark.usefixtures("cheap_pins")

SHIFT_S = 10 * 3600
SWITCH_S = 15 * 60


def staffed(store: SqlOrderStore, *names: str) -> list[tuple[Person, str]]:
    """Add an owner called Olga, and packers; return each with his PIN."""
    added = [store.add_person("Olga", Role.OWNER)]
    return [*added, *(store.add_person(name, Role.PACKER) for name in names)]


def other(pin: str) -> str:
    """Return a PIN that is not this one."""
    return f"{(int(pin) + 1) % 10**6:06}"


def refused(call: Callable[[], object]) -> str:
    """Return the words with which a call is refused."""
    with pytest.raises(StoreRefused) as told:
        call()
    return str(told.value)


def log(store: SqlOrderStore) -> list[tuple[str, str, str]]:
    """Return (act, who, role) of every line of the audit log."""
    return [(line.act, line.who, line.role) for line in store.audit()]


def test_badge_and_pin_let_in(sql_store: SqlOrderStore) -> None:
    """The number on the badge and the PIN give a pass for a shift, as the role that was given."""
    (olga, pin), (bo, his) = staffed(sql_store, "Bo")
    assert sql_store.sign_in("bench-1", olga.badge, pin) == Pass("Olga", Role.OWNER, SHIFT_S)
    assert sql_store.sign_in("bench-1", bo.badge, his) == Pass("Bo", Role.PACKER, SHIFT_S)
    assert [len(pin), pin.isdigit(), len(bo.badge)] == [6, True, 8]


def test_the_way_in_is_the_same_over_https(
    request: pytest.FixtureRequest, store: OrderStore
) -> None:
    """In process and over HTTP: the PIN lets in, then one scan does, and a wrong PIN has words."""
    here = behind(request, store)
    _, (bo, pin) = staffed(here, "Bo")
    assert store.sign_in("bench-1", bo.badge, pin) == Pass("Bo", Role.PACKER, SHIFT_S)
    assert store.sign_in("bench-1", bo.badge) == Pass("Bo", Role.PACKER, SHIFT_S)
    told = [
        refused(partial(store.sign_in, "bench-2", bo.badge, shown))
        for shown in ("", "12345", other(pin))
    ]
    assert told == [
        "The badge alone will not do here. Type your PIN.",
        "A PIN has 6 digits. Type it again.",
        "Badge or PIN is wrong. Try again.",
    ]
    assert [line.station for line in here.audit()][2:] == ["bench-2"]


@on_one
def test_a_number_typed_by_hand_is_understood(sql_store: SqlOrderStore) -> None:
    """Small letters and letters that look like a digit mean what is printed on the badge."""
    ((olga, pin),) = staffed(sql_store)
    with sql_store._database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET badge = '01AB01CD'")
    assert olga.badge != "01AB01CD"
    assert sql_store.sign_in("bench-1", " olaboicd ", pin).name == "Olga"


def test_one_scan_lets_back_in(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Where somebody worked within a quarter of an hour his badge alone will do, and only there."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")
    words = refused(lambda: sql_store.sign_in("bench-1", bo.badge))
    sql_store.sign_in("bench-1", bo.badge, pin)
    clock.move(SWITCH_S - 1)
    assert sql_store.sign_in("bench-1", bo.badge).lasts_s == SHIFT_S - SWITCH_S + 1
    clock.move(SWITCH_S - 1)
    sql_store.sign_in("bench-1", bo.badge)
    assert refused(lambda: sql_store.sign_in("bench-2", bo.badge)) == words
    clock.move(SWITCH_S)
    assert refused(lambda: sql_store.sign_in("bench-1", bo.badge)) == words
    assert "PIN" in words


@on_one
def test_work_at_the_bench_counts_as_being_there(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Who was heard of at work a moment ago is let back in, until the pass ends after a shift."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")
    sql_store.sign_in("bench-1", bo.badge, pin)
    for _ in range(SHIFT_S // 600 - 1):
        clock.move(600)
        sql_store._database.change(lambda c: people.at_work(c, "bench-1", "Bo", int(clock())))
        sql_store.sign_in("bench-1", bo.badge)
    clock.move(600)
    assert "PIN" in refused(lambda: sql_store.sign_in("bench-1", bo.badge))


@on_one
@pytest.mark.parametrize("seconds", [-3600, -SHIFT_S * 10])
def test_a_clock_set_back_keeps_no_pass_alive(
    sql_store: SqlOrderStore, clock: Clock, seconds: int
) -> None:
    """With the clock an hour or days behind, the PIN is asked for again."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")
    sql_store.sign_in("bench-1", bo.badge, pin)
    clock.move(seconds)
    assert "PIN" in refused(lambda: sql_store.sign_in("bench-1", bo.badge))


def test_nobody_else_learns_which_was_wrong(sql_store: SqlOrderStore) -> None:
    """An unknown badge, a wrong PIN and somebody disabled are refused in the same words."""
    (_, _), (bo, pin), (cy, hers) = staffed(sql_store, "Bo", "Cy")
    sql_store.disable_person("Cy")
    words = {
        refused(lambda: sql_store.sign_in("bench-1", "ZZZZZZZZ", pin)),
        refused(lambda: sql_store.sign_in("bench-1", bo.badge, other(pin))),
        refused(lambda: sql_store.sign_in("bench-1", cy.badge, hers)),
    }
    assert words == {"Badge or PIN is wrong. Try again."}
    badges = (bo.badge, cy.badge, "ZZZZZZZZ", "", "\0\udcff" * 500)
    assert len({refused(partial(sql_store.sign_in, "bench-1", b)) for b in badges}) == 1


@on_one
def test_what_can_be_no_pin_is_no_guess(sql_store: SqlOrderStore) -> None:
    """A barcode scanned where the PIN is asked for costs no try, and is written down nowhere."""
    ((olga, pin),) = staffed(sql_store)
    for text in ("4006381333931", "12345", "١٢٣٤٥٦", "12345\n", "9" * 100_000, "\udcff" * 6):
        assert "6 digits" in refused(partial(sql_store.sign_in, "bench-1", olga.badge, text))
    assert log(sql_store) == [("person-added", "", "console")]
    assert sql_store.sign_in("bench-1", olga.badge, pin).name == "Olga"


@on_one
def test_a_signature_is_by_badge_or_where_allowed_by_name(sql_store: SqlOrderStore) -> None:
    """The name signs at the board and in the office, in any case; at a bench only the badge."""
    ((olga, pin),) = staffed(sql_store)

    def signed(who: str, *, by_name: bool, with_: str = pin) -> str:
        signature = Signature(who, with_, "late")
        now = sql_store._now
        return people.proven(sql_store._database, "up", signature, now, by_name=by_name).name

    assert {signed(who, by_name=True) for who in (olga.badge, "Olga", "OLGA ")} == {"Olga"}
    assert signed(olga.badge, by_name=False) == "Olga"
    assert "Badge or PIN" in refused(lambda: signed("Olga", by_name=False))
    assert "Name or PIN" in refused(lambda: signed("Nina", by_name=True))
    assert "Name or PIN" in refused(lambda: signed("Olga", by_name=True, with_=other(pin)))
    assert log(sql_store)[1:] == [
        ("unknown-badge", "", ""),
        ("wrong-pin", "Olga", "owner"),
    ]


def test_who_leaves_is_out_at_once(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Disabled: no badge, no PIN, no pass, no act, and the bench is told; his name stays taken."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")
    database = sql_store._database
    sql_store.sign_in("bench-1", bo.badge, pin)
    assert database.look(lambda c: people.is_welcome(c, "Bo"))
    assert sql_store.disable_person("bo", by="root")
    assert not sql_store.disable_person("Bo", by="root")
    for shown in ("", pin):
        refused(partial(sql_store.sign_in, "bench-1", bo.badge, shown))
    refused(lambda: database.change(lambda c: people.still_good(c, "Bo", int(clock()))))
    assert not database.look(lambda c: people.is_welcome(c, "Bo"))
    assert "Bo worked here" in refused(lambda: sql_store.add_person("BO", Role.PACKER))
    assert "was disabled" in refused(lambda: sql_store.renew_person("Bo", badge=True, pin=True))
    assert [one.disabled is None for one in sql_store.people()] == [False, True]


def test_a_lost_badge_ends_with_the_new_one(sql_store: SqlOrderStore) -> None:
    """A new badge ends the old one and every pass, a new PIN the old PIN."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")
    sql_store.sign_in("bench-1", bo.badge, pin)
    fresh, none = sql_store.renew_person("bo", badge=True, pin=False, by="root")
    assert (fresh.badge != bo.badge, none) == (True, "")
    refused(lambda: sql_store.sign_in("bench-1", bo.badge, pin))
    refused(lambda: sql_store.sign_in("bench-1", fresh.badge))
    assert sql_store.sign_in("bench-1", fresh.badge, pin).name == "Bo"
    same, new = sql_store.renew_person("Bo", badge=False, pin=True, by="root")
    assert same.badge == fresh.badge
    if new != pin:  # one in a million
        refused(lambda: sql_store.sign_in("bench-1", fresh.badge, pin))
    assert sql_store.sign_in("bench-1", fresh.badge, new).name == "Bo"


@on_one
def test_a_right_pin_of_a_badge_that_ends_meanwhile_is_wrong(
    sql_store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody disabled while his PIN is looked at does not get in."""
    (_, _), (bo, pin) = staffed(sql_store, "Bo")

    def slow(_pin: str, _kept: str) -> bool:
        return sql_store.disable_person("Bo")

    monkeypatch.setattr("station.store.pins.matches", slow)
    assert "wrong" in refused(lambda: sql_store.sign_in("bench-1", bo.badge, pin))


@on_one
def test_the_first_person_is_an_owner_and_one_stays(sql_store: SqlOrderStore) -> None:
    """Without an owner nobody could unlock the others: none is added first, none leaves last."""
    database = sql_store._database
    for role in (Role.PACKER, Role.SUPERVISOR):
        assert "must be an owner" in refused(partial(sql_store.add_person, "Ana", role))
    assert not database.look(people.any_known)
    assert database.look(lambda c: people.is_welcome(c, "Ana"))
    staffed(sql_store, "Bo")
    assert database.look(people.any_known)
    assert "only owner" in refused(lambda: sql_store.disable_person("Olga"))
    sql_store.add_person("Pia", Role.OWNER)
    assert sql_store.disable_person("Olga")
    assert "only owner" in refused(lambda: sql_store.disable_person("Pia"))
    assert database.look(lambda c: people.is_welcome(c, "a name typed before badges came"))


def test_a_name_is_one_persons(sql_store: SqlOrderStore) -> None:
    """Names are unique whatever their case or the width of their letters."""
    staffed(sql_store, "Straße")
    for name in ("STRASSE", "olga", " OLGA  ", "\uff2f\uff4c\uff47\uff41", "Ol\u202ega"):
        assert "has that name" in refused(partial(sql_store.add_person, name, Role.PACKER))
    assert [one.name for one in sql_store.people()] == ["Olga", "Straße"]


@pytest.mark.parametrize(
    "name", ["", " ", "1234", "CMD:NEXT:ABCDE", "x" * 41, "\x1b[2J", "9520000000011", "\0"]
)
def test_not_everything_is_a_name(name: str) -> None:
    """Codes, numbers, nothing at all and more than forty characters are no name."""
    with pytest.raises(InputError):
        roster.cleaned(name)


@on_one
def test_everything_is_written_down(sql_store: SqlOrderStore) -> None:
    """Adding, renewing and disabling stand in the audit log with who did it, and no secret."""
    _, pin = sql_store.add_person("Olga", Role.OWNER, by="root")
    bo, his = sql_store.add_person("Bo", Role.SUPERVISOR, by="root")
    _, new = sql_store.renew_person("Bo", badge=False, pin=True, by="anna")
    sql_store.disable_person("Bo", by="root")
    lines = sql_store.audit()
    assert [(line.act, line.who, line.role, line.data) for line in lines] == [
        ("person-added", "root", "console", {"person": "Olga", "role": "owner"}),
        ("person-added", "root", "console", {"person": "Bo", "role": "supervisor"}),
        (
            "person-renewed",
            "anna",
            "console",
            {"person": "Bo", "role": "supervisor", "badge": False, "pin": True},
        ),
        ("person-disabled", "root", "console", {"person": "Bo", "role": "supervisor"}),
    ]
    told = repr([line.data for line in lines])
    assert not any(secret in told for secret in (pin, his, new, bo.badge))
