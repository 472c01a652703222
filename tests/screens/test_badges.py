"""Badges and PINs at the bench: who gets in, with what, and under whose name work goes on."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

from rich.console import Console
from rich.traceback import Traceback
from samples import MUG, SPOON, order
from screens.badged_shop import BadgedShop, enter, journal

from station import proofs
from station.errors import StoreUnreachable

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MUG_CODE = "9520000000011"


async def test_badge_and_pin_let_somebody_in(badged: BadgedShop) -> None:
    """The screen asks for a badge, then for the PIN, which it shows as dots, and lets him in."""
    ana = badged.people["Ana"]
    async with badged.open(name="") as packer:
        await packer.sees("Scan your badge.", "Ready.")
        packer.lacks("Type your name")
        await packer.scan(ana.badge)
        await packer.sees("Type your PIN.")
        packer.lacks("Ana")
        await packer.scan(ana.pin, end="")
        await packer.sees("••••••")
        packer.lacks(ana.pin)
        await packer.press("enter")
        await packer.sees("BENCH-1 · Ana")
        assert [entry.data for entry in journal(packer, "signed-in")] == [{"by": "pin"}]


async def test_wrong_pin_is_refused_in_words(badged: BadgedShop) -> None:
    """A wrong PIN rings, says so, and may be typed again; Esc asks for another badge."""
    ana = badged.people["Ana"]
    async with badged.open(name="") as packer:
        await packer.scan(ana.badge)
        await packer.sees("Type your PIN.")
        await packer.type_in(ana.wrong_pin)
        await packer.until(lambda: badged.rings == 1, "a bell")
        await packer.sees("Type your PIN.", "PIN")
        packer.lacks("Ana", ana.wrong_pin)
        await packer.type_in("12a456")
        await packer.sees("A PIN is six digits")
        await packer.press("escape")
        await packer.sees("Scan your badge.")


async def test_names_are_not_taken_where_badges_are(badged: BadgedShop) -> None:
    """A typed name signs nobody in, nor does a badge of another site or a command."""
    async with badged.open(name="") as packer:
        for text in ("Ana", "BDG:ABCDEFGH:ABCDE", badged.command("NEXT"), MUG_CODE):
            await packer.scan(text)
            await packer.sees("This is no badge of this site")
        assert packer.screen == "SignIn"
        assert badged.rings == 4
        assert not journal(packer, "signed-in")


async def test_another_badge_while_the_pin_is_asked_begins_again(badged: BadgedShop) -> None:
    """A badge scanned where a PIN is asked for is the badge whose PIN is asked for then."""
    async with badged.open(name="") as packer:
        await packer.scan(badged.people["Ana"].badge)
        await packer.sees("Type your PIN.")
        await enter(packer, badged, "Bo")


async def test_pin_typed_before_the_store_is_open_is_no_name(badged: BadgedShop) -> None:
    """A badge scanned while the store is being opened is taken as soon as it is."""
    async with badged.run(badged.floor) as packer:
        await packer.scan(badged.people["Ana"].badge)
        await packer.sees("Type your PIN.")


async def test_one_scan_hands_the_order_over(badged: BadgedShop) -> None:
    """Two people who were here hand an order over with one scan each; it stays at its unit."""
    badged.stock(order("111-1", (MUG, 3)))
    async with badged.open(name="") as packer:
        await enter(packer, badged, "Bo")
        await packer.scan(badged.people["Ana"].badge)
        await packer.type_in(badged.people["Ana"].pin)
        await packer.sees("BENCH-1 · Ana")
        await packer.press("enter")
        await packer.scan(MUG_CODE)
        await packer.needs("2")
        await packer.scan(badged.people["Bo"].badge)
        await packer.sees("BENCH-1 · Bo")
        await packer.scan(MUG_CODE)
        await packer.needs("1")
        await packer.scan(badged.people["Bo"].badge)
        await packer.sees("Bo is signed in.")
        about = packer.floor.bench._journal.about("111-1")
        assert [entry.packer for entry in about] == ["Ana", "Ana", "Bo"]
        last = journal(packer, "signed-out", "signed-in")[-2:]
        assert [(e.kind, e.packer, e.data) for e in last] == [
            ("signed-out", "Ana", {"by": "badge"}),
            ("signed-in", "Bo", {"by": "badge"}),
        ]


async def test_pin_that_nobody_asked_for_is_no_scan(badged: BadgedShop) -> None:
    """A PIN typed by habit after a badge that sufficed is not taken for a code, nor kept."""
    badged.stock(order("111-1", (MUG, 3)))
    ana = badged.people["Ana"]
    async with badged.open(name="") as packer:
        await enter(packer, badged, "Ana")
        await packer.press("enter", "f9")
        await packer.press("f10")
        await packer.scan(ana.badge)
        await packer.type_in(ana.pin)
        await packer.sees("BENCH-1 · Ana", "No PIN was needed.")
        await packer.press("enter")
        await packer.scan(ana.badge)
        await packer.type_in(ana.pin)
        await packer.sees("No PIN was needed.")
        await packer.scan(MUG_CODE)
        await packer.needs("2")
        texts = [entry.data["text"] for entry in journal(packer, "scanned")]
        assert texts == [MUG_CODE]


async def test_a_stranger_over_an_order_is_asked_for_his_pin(badged: BadgedShop) -> None:
    """A badge that was not here today signs the packer out; scans count nothing meanwhile."""
    badged.stock(order("111-1", (MUG, 3)))
    async with badged.open(name="") as packer:
        await enter(packer, badged, "Ana")
        await packer.press("enter")
        await packer.scan(MUG_CODE)
        await packer.scan(badged.people["Bo"].badge)
        await packer.sees("Type your PIN.")
        packer.floor.bench.take_scan(MUG_CODE)
        assert len(journal(packer, "scanned")) == 1
        await packer.type_in(badged.people["Bo"].pin)
        await packer.needs("2")
        await packer.sees("BENCH-1 · Bo")


async def test_store_that_is_away_keeps_nobody_out_who_was_here(
    badged: BadgedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store is away badge and PIN are checked here; who was not here is told so."""
    badged.stock(order("111-1", (MUG, 3)))

    def away(*_args: object) -> object:
        raise StoreUnreachable("The store does not answer.")

    async with badged.open(name="") as packer:
        await enter(packer, badged, "Bo")
        await enter(packer, badged, "Ana")
        await packer.press("enter")
        monkeypatch.setattr(packer.floor.store, "sign_in", away)
        await packer.scan(badged.people["Bo"].badge)
        await packer.sees("BENCH-1 · Bo")
        await packer.scan(badged.people["Sue"].badge)
        await packer.sees("nobody can be let in here who was not here")
        await packer.sees("BENCH-1 · Bo")
        badged.seconds += 14 * 60
        await packer.scan(MUG_CODE)
        badged.seconds += 2 * 60
        await packer.scan(badged.people["Ana"].badge)
        await packer.sees("Type your PIN.")
        await packer.type_in(badged.people["Ana"].wrong_pin)
        await packer.sees("Badge and PIN do not fit.")
        await packer.type_in(badged.people["Ana"].pin)
        await packer.sees("BENCH-1 · Ana")
        await packer.needs("2")
        last = journal(packer, "signed-in")[-1]
        assert (last.packer, last.data) == ("Ana", {"by": "offline"})


async def test_who_was_disabled_is_signed_out(badged: BadgedShop) -> None:
    """A packer who is disabled is signed out with words; his order stays for the next."""
    badged.stock(order("111-1", (MUG, 3)))
    async with badged.open(name="") as packer:
        await enter(packer, badged, "Ana")
        await packer.press("enter")
        await packer.scan(MUG_CODE)
        packer.floor.reach.unwelcome = "Ana"
        await packer.sees("You were signed out: ask the supervisor why.")
        packer.floor.reach.unwelcome = ""
        await enter(packer, badged, "Bo")
        await packer.needs("2")


async def test_first_person_added_ends_the_names(badged: BadgedShop, stocked: Path) -> None:
    """Whoever is here by name when the first badge is made is asked to scan one."""
    (badged.home / "store.db").unlink()
    shutil.copy(stocked, badged.home / "store.db")
    async with badged.open(name="Ana") as packer:
        await packer.sees("BENCH-1 · Ana")
        badged.hire()
        packer.floor.reach.badges = True
        await packer.sees("Scan your badge.", "names are not taken here any more")
        await enter(packer, badged, "Bo")


async def test_no_pin_is_written_anywhere(badged: BadgedShop) -> None:
    """After right and wrong PINs no file of the bench or its runtime folder holds one."""
    ana = badged.people["Ana"]
    badged.stock(order("111-1", (MUG, 1), (SPOON, 1)))
    async with badged.open(name="") as packer:
        await packer.scan(ana.badge)
        await packer.sees("Type your PIN.")
        await packer.type_in(ana.wrong_pin)
        await packer.until(lambda: badged.rings == 1, "a bell")
        await packer.type_in(ana.pin)
        await packer.sees("BENCH-1 · Ana")
        await packer.delivered()
    kept = [file for file in badged.home.parent.rglob("*") if file.is_file()]
    assert any(file.suffix == ".proofs" for file in kept)
    for file in kept:
        for pin in (ana.pin, ana.wrong_pin):
            assert pin.encode() not in file.read_bytes(), file


async def test_a_crash_shows_no_pin(badged: BadgedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fault of the program writes down about a sign-in does not hold the PIN."""
    pictures: list[str] = []

    def broken(*_args: object) -> object:
        raise RuntimeError("a fault in the middle of a sign-in")

    monkeypatch.setattr(proofs.Proofs, "knows", broken)
    monkeypatch.setattr(proofs.Proofs, "keep", broken)
    ana = badged.people["Ana"]

    def picture(_message: str, *_args: object) -> None:
        out = io.StringIO()
        Console(file=out, width=200).print(Traceback(show_locals=True))
        pictures.append(out.getvalue())

    monkeypatch.setattr("station.desk.log.exception", picture)
    async with badged.open(name="") as packer:
        await packer.scan(ana.badge)
        await packer.sees("Type your PIN.")
        await packer.type_in(ana.pin)
        await packer.sees("A fault of the program")
    assert pictures
    assert all(ana.pin not in each for each in pictures)
