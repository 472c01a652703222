"""Every command does what it says, by its key and by its barcode alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from samples import CARD, MUG, order
from screens.shop import keys_of

from station.coach import DemoCoach
from station.commands import BY_WORD, Screen

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"

DOES = {
    Screen.SIGN_IN: {"QUIT": ("SignIn", "")},
    Screen.QUEUE: {
        "HELP": ("HelpScreen", "Take the most urgent order of the queue."),
        "LOOKUP": ("LookupScreen", "FIND AN ORDER"),
        "DEVICES": ("DevicesScreen", "PRINTERS"),
        "LOGOUT": ("SignIn", "Who packs here?"),
        "CODE": ("CodeScreen", "Scan it, or press Esc."),
        "NEXT": ("PackScreen", "BLUE MUG 350 ML"),
    },
    Screen.PACK: {
        "DONE": ("PackScreen", "✗ NOT YET  2 units are missing."),
        "HELP": ("HelpScreen", "Take back the last scanned unit."),
        "WEIGH": ("PackScreen", "✗ REFUSED  Nothing is to be weighed now."),
        "PROBLEM": ("ProblemScreen", "WHAT IS WRONG?"),
        "REPRINT": ("PackScreen", "✗ REFUSED  There is no label of ours to print."),
        "PREVIEW": ("PackScreen", "• NOTE  There is no label of ours to show."),
        "SET-ASIDE": ("PackScreen", "✗ REFUSED  Only a packed order"),
        "YES": ("PackScreen", "• NOTE  Nothing was asked."),
        "NO": ("PackScreen", "• NOTE  Nothing was asked."),
        "CODE": ("CodeScreen", MUG_CODE),
        "UNDO": ("PackScreen", "• NOTE  Taken back: Blue mug 350 ml, 0 of 2."),
        "NOCODE": ("PackScreen", "✓ RIGHT  Card “Thank you”, 1 of 1, not scanned"),
        "GIVE-BACK": ("PackScreen", "Give the order back and put every unit back?"),
    },
    Screen.PROBLEM: {
        "HELP": ("HelpScreen", "Park the order: a unit is damaged."),
        "SHORT": ("QueueScreen", "Parked: short."),
        "DAMAGED": ("QueueScreen", "Parked: damaged."),
        "MISSING": ("QueueScreen", "Parked: missing."),
        "OTHER": ("QueueScreen", "Parked: other."),
        "BACK": ("PackScreen", "RIGHT  Blue mug 350 ml, 1 of 2"),
        "SHIP-SHORT": ("PackScreen", "Nobody can sign here yet"),
        "TEACH": ("PackScreen", "First scan the code that is not known."),
        "PROPOSE": ("PackScreen", "First scan the code that is not known."),
        "VOID": ("PackScreen", "There is no label on this package."),
        "WEIGHT": ("PackScreen", "No weight is wrong."),
    },
    Screen.LOOKUP: {
        "HELP": ("HelpScreen", "Go back without changing anything."),
        "REPRINT": ("LookupScreen", "First find the one order"),
        "BACK": ("QueueScreen", "DUE IN"),
    },
}
"""For each screen: the command → the screen afterwards and words on it, tried in this order."""

NAMES = {
    Screen.SIGN_IN: "SignIn",
    Screen.QUEUE: "QueueScreen",
    Screen.PACK: "PackScreen",
    Screen.PROBLEM: "ProblemScreen",
    Screen.LOOKUP: "LookupScreen",
}

LONG = bool(os.environ.get("STATION_LONG"))


async def reach(ana: Packer, screen: Screen) -> None:
    """Go to a screen from wherever we are; a pack screen that is new gets one unit counted."""
    while ana.screen != NAMES[screen] and ana.screen in {"HelpScreen", "CodeScreen"}:
        await ana.press("escape")
    if ana.screen == NAMES[screen]:
        return
    if ana.screen == "SignIn":
        await ana.type_in("Ana")
    if ana.screen in {"ProblemScreen", "LookupScreen", "DevicesScreen"}:
        await ana.press("escape")
    if screen in {Screen.PACK, Screen.PROBLEM} and ana.screen != "PackScreen":
        await ana.press("enter")
        await ana.scan(MUG_CODE)
        await ana.sees("RIGHT", "1/2")
    if screen in {Screen.PROBLEM, Screen.LOOKUP}:
        await ana.press("f4" if screen == Screen.PROBLEM else "f6")
        await ana.sees("WHAT IS WRONG?" if screen == Screen.PROBLEM else "FIND AN ORDER")
    assert ana.screen == NAMES[screen]


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """Return a demo shop with six orders for two mugs and a card each."""
    shop.news = False
    shop.coach = lambda _parts: DemoCoach(b"key")
    return shop.stock(*(order(f"111-{n}", (MUG, 2), (CARD, 1)) for n in range(6)))


def test_every_key_is_tried() -> None:
    """The table above has every command that has a key, on every screen."""
    assert {screen: set(words) for screen, words in DOES.items()} == {
        screen: set(keys_of(screen)) for screen in Screen
    }


@pytest.mark.parametrize(
    ("screen", "by"),
    [
        (screen, by)
        for screen in Screen
        for by in ("key", "barcode")
        if screen != Screen.SIGN_IN and (LONG or by == "key" or screen == Screen.PACK)
    ],
)
async def test_commands_do_what_they_say(shelf: Shop, screen: Screen, by: str) -> None:
    """A command does on its screen what the help says, by its key and by its barcode alike."""
    async with shelf.open() as ana:
        for word, (after, words) in DOES[screen].items():
            await reach(ana, screen)
            if by == "key":
                await ana.press(keys_of(screen)[word])
            else:
                await ana.scan(shelf.command(word))
            await ana.sees(words)
            assert ana.screen == after, word


@pytest.mark.parametrize("screen", [Screen.QUEUE, Screen.PACK])
async def test_strange_command_sheets_do_nothing(shelf: Shop, screen: Screen) -> None:
    """A command barcode that was not signed here is SCAN AGAIN, whatever it says."""
    async with shelf.open() as ana:
        await reach(ana, screen)
        before = ana.screen, ana.view.work
        for word in BY_WORD:
            await ana.scan(f"CMD:{word}:AAAAA")
            await ana.sees("✗ SCAN AGAIN  This sheet is not from this site")
            assert (ana.screen, ana.view.work) == before


async def test_strange_command_sheets_do_nothing_in_dialogs(shelf: Shop) -> None:
    """Over a dialog too, nothing happens to the order, and the program goes on."""
    async with shelf.open() as ana:
        await reach(ana, Screen.PROBLEM)
        before = ana.view.work
        for word in ("SHORT", "QUIT", "BACK"):
            await ana.scan(f"CMD:{word}:AAAAA")
        assert ana.view.work == before
        assert not ana.app._exit


async def test_commands_out_of_place_are_answered(shelf: Shop) -> None:
    """A command that has no meaning here is answered by words or by the bell, never by silence."""
    async with shelf.open() as ana:
        for word in ("SHORT", "UNDO", "PROBLEM", "REPRINT", "YES", "GIVE-BACK", "NOCODE", "BACK"):
            rings, verdict = shelf.rings, ana.view.verdict
            await ana.scan(shelf.command(word))
            assert shelf.rings > rings or ana.view.verdict != verdict or ana.view.verdict, word
            assert ana.screen == "QueueScreen"


async def test_keys_of_other_screens_do_nothing(shelf: Shop) -> None:
    """A function key that the screen does not name changes nothing."""
    async with shelf.open() as ana:
        named = set(keys_of(Screen.QUEUE).values())
        await ana.hear("queue")
        await ana.sees("111-0", "DEMO")
        before = ana.rows[:-1]
        for number in range(1, 25):
            if f"f{number}" not in named:
                await ana.press(f"f{number}")
        assert (ana.screen, ana.rows[:-1]) == ("QueueScreen", before)


async def test_enter_right_after_a_scan_is_its_tail(shelf: Shop) -> None:
    """The second end of a CR-CR scanner presses no Enter: no command follows a scan by itself."""
    async with shelf.open() as ana:
        await reach(ana, Screen.PACK)
        await ana.scan(MUG_CODE, "\r\r")
        await ana.sees("2 of 2")
        ana.lacks("NOT YET")
