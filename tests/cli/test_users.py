"""`station user` and `station print badges`: people, on the machine that has the store."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from label_reader import read

from labels import render
from station import barcodes, compose, config, forms
from station.acts import Act, ActKind, Signature
from station.errors import StoreRefused
from station.verbs import os_user

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.station_command import Answer, Station

    from labels.layout import Label
    from station.acts import AuditEntry
    from station.store.sql import SqlOrderStore

pytestmark = pytest.mark.usefixtures("cheap_pins")


def opened(station: Station) -> closing[SqlOrderStore]:
    """Return the station's store, to be closed."""
    return closing(compose.open_database(compose.Place(config.load(), station.home)))


def pin_of(answer: Answer) -> str:
    """Return the PIN that a command showed."""
    (found,) = re.findall(r"^PIN    (\d{6})  ", answer.out, re.MULTILINE)
    return str(found)


def audit(station: Station) -> tuple[AuditEntry, ...]:
    """Return the audit log."""
    with opened(station) as store:
        return store.audit()


@pytest.fixture
def owned(station: Station) -> str:
    """Add Olga, who owns it all; return her PIN."""
    return pin_of(station("user", "add", "Olga", "--role", "owner"))


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[Label]:
    """Return the pages that are drawn."""
    drawn: list[Label] = []

    def draw(pages: Sequence[Label], _form: forms.Format) -> bytes:
        drawn.extend(pages)
        return b"%PDF-"

    monkeypatch.setattr(forms, "draw", draw)
    return drawn


def test_the_first_person_is_told_what_it_means(station: Station) -> None:
    """An owner comes first; then the words say that every bench asks for badges from now on."""
    early = station("user", "add", "Bo", "--role", "packer")
    assert (early.code, "must be an owner" in early.err) == (1, True)
    first = station("user", "add", "Olga", "--role", "owner")
    assert (first.code, "every bench asks for badge and PIN" in first.out) == (0, True)
    second = station("user", "add", "Bo", "--role", "packer")
    assert (second.code, "every bench" in second.out) == (0, False)
    assert "station print badges Bo" in second.out


def test_a_pin_is_shown_once_and_works(station: Station, owned: str) -> None:
    """What was printed lets in; neither the list nor the log nor any file holds it again."""
    with opened(station) as store:
        (olga,) = store.people()
        assert store.sign_in("bench-1", olga.badge, owned).name == "Olga"
    assert owned not in station("user", "list").out
    held = [file.read_bytes() for file in station.home.rglob("*") if file.suffix == ".log"]
    assert held
    assert not any(owned.encode() in data for data in held)


def test_the_list_says_who_cannot_come_in(station: Station, owned: str) -> None:
    """Each with role and since when; disabled and locked people are told as such."""
    assert owned
    for name in ("Bo", "Cy"):
        station("user", "add", name, "--role", "packer")
    station("user", "disable", "cy")
    with opened(station) as store, store._database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET fails = 10 WHERE name = 'Bo'")
    bo, cy, olga, count = station("user", "list").out.splitlines()
    assert re.fullmatch(r"Bo +packer +since 20\d\d-\d\d-\d\d, locked after wrong PINs", bo)
    assert re.fullmatch(r"Cy +packer +disabled on 20\d\d-\d\d-\d\d \d\d:\d\d", cy)
    assert re.fullmatch(r"Olga +owner +since 20\d\d-\d\d-\d\d", olga)
    assert count == "3 people"


def test_who_is_locked_out_is_let_try_again(station: Station, owned: str) -> None:
    """`unlock` needs no PIN at the store's machine, and says when there was nothing to unlock."""
    with opened(station) as store, store._database.write() as connection:
        connection.exec_driver_sql("UPDATE people SET fails = 10")
    assert station("user", "unlock", "olga").code == 0
    again = station("user", "unlock", "Olga")
    assert (again.code, "not locked" in again.err) == (1, True)
    unlocked = audit(station)[-1]
    assert (unlocked.act, unlocked.who, unlocked.role) == ("unlock", os_user(), "console")
    with opened(station) as store:
        assert store.sign_in("bench-1", store.people()[0].badge, owned).name == "Olga"


@pytest.mark.parametrize(
    ("options", "badge", "pin"),
    [((), True, True), (("--badge",), True, False), (("--pin",), False, True)],
)
def test_what_is_renewed_is_what_was_named(
    station: Station, owned: str, options: tuple[str, ...], *, badge: bool, pin: bool
) -> None:
    """Badge, PIN or both: the old one ends, a new PIN is shown, the other stays."""
    assert owned
    with opened(station) as store:
        before = store.people()[0].badge
    answer = station("user", "renew", "Olga", *options)
    with opened(station) as store:
        assert (store.people()[0].badge != before) == badge
    assert (answer.code, "PIN    " in answer.out, "Badge  " in answer.out) == (0, pin, badge)


def test_a_disabled_person_signs_nothing(station: Station, owned: str) -> None:
    """After `disable` the badge is worth nothing, a second time says so, and nobody is unknown."""
    assert owned
    pin = pin_of(station("user", "add", "Sue", "--role", "supervisor"))
    with opened(station) as store:
        badge = next(one.badge for one in store.people() if one.name == "Sue")
    assert station("user", "disable", "Sue").code == 0
    again = station("user", "disable", "Sue")
    assert (again.code, "was disabled before" in again.err) == (1, True)
    last = station("user", "disable", "Olga")
    assert (last.code, "only owner" in last.err) == (1, True)
    assert station("user", "disable", "Zed").code == 1
    with opened(station) as store, pytest.raises(StoreRefused):
        store.act("", Act(ActKind.HOLD, "111-1"), Signature(badge, pin, "late"))


def test_all_of_it_is_written_down(station: Station, owned: str) -> None:
    """Each change stands in the audit log under the name of the system's user."""
    station("user", "renew", "Olga", "--pin")
    station("user", "add", "Bo", "--role", "packer")
    station("user", "disable", "Bo")
    lines = [(line.act, line.who, line.role, line.data["person"]) for line in audit(station)]
    acts = ("person-added", "person-renewed", "person-added", "person-disabled")
    names = ("Olga", "Olga", "Bo", "Bo")
    assert lines == [
        (act, os_user(), "console", name) for act, name in zip(acts, names, strict=True)
    ]
    assert owned not in repr([line.data for line in audit(station)])


def test_variables_do_not_say_who_somebody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit log gets the name that the system knows, not one from the environment."""
    was = os_user()
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody-else")
    assert os_user() == was != "somebody-else"


@pytest.mark.parametrize("name", ["1234", "CMD:NEXT:ABCDE", "", "x" * 41, "\x1b]0;x\x07"])
def test_a_name_that_is_none_is_refused_in_words(station: Station, name: str) -> None:
    """Nobody is added under a code, and nothing of it acts on the terminal."""
    answer = station("user", "add", name, "--role", "owner")
    assert (answer.code, "\x1b" in answer.err, "is no name" in answer.err) == (1, False, True)
    assert station("user", "list").out == "0 people\n"


@pytest.mark.parametrize("deed", ["list", "add", "disable", "renew", "unlock", "badges"])
def test_on_a_bench_people_belong_elsewhere(station: Station, deed: str) -> None:
    """Where the store is behind another machine's server, the words say where to run it."""
    station.configure('[store]\nurl = "https://packing.example:8443"\n')
    more = {"list": [], "add": ["Bo", "--role", "owner"], "badges": []}.get(deed, ["Bo"])
    answer = station(*(["print"] if deed == "badges" else ["user"]), deed, *more)
    assert (answer.code, "on another machine" in answer.err) == (2, True)


def test_badges_are_printed_and_let_in(
    station: Station, owned: str, sheets: list[Label], tmp_path: Path
) -> None:
    """The code on the card is a badge of this site, and its number is the person's."""
    answer = station("print", "badges", "-o", tmp_path / "b.pdf")
    assert (answer.code, "1 badge." in answer.out) == (0, True)
    (text,) = read(render.image(sheets[0], 203))
    code = barcodes.read(text, compose.site_key(station.home))
    assert code.kind is barcodes.Kind.BADGE
    assert barcodes.read(text, b"another site").kind is barcodes.Kind.BAD
    with opened(station) as store:
        assert store.sign_in("bench-1", code.word, owned).name == "Olga"


def test_badges_are_of_those_who_work_here(
    station: Station, owned: str, sheets: list[Label]
) -> None:
    """Without names everybody who may sign in, with names those alone; others are told."""
    nobody = station("--home", station.home / "other", "print", "badges")
    assert (nobody.code, "Nobody has a badge yet" in nobody.err) == (1, True)
    assert owned
    for name in ("Bo", "Cy", "Dee"):
        station("user", "add", name, "--role", "packer")
    station("user", "disable", "Dee")
    assert "3 badges." in station("print", "badges").out
    assert (station.home / "badges.pdf").read_bytes() == b"%PDF-"
    assert "2 badges." in station("print", "badges", "bo", "Cy").out
    shown = [getattr(each, "value", "") for each in sheets[1].elements]
    assert [name for name in ("Olga", "Bo", "Cy") if name in shown] == ["Bo", "Cy"]
    for name in ("Dee", "Zed", "\x1b[2J"):
        answer = station("print", "badges", name)
        assert (answer.code, "Nobody here is called" in answer.err) == (1, True)
        assert "\x1b" not in answer.err
