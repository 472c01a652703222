"""Help, problem, search and code: what lies over a screen and leaves it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from samples import BIG_MUG, MUG, SPOON, order
from screens.shop import due, keys_of

from station.coach import DemoCoach
from station.commands import Screen
from station.errors import StoreUnreachable

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """Return a shop with three orders; nothing happens behind the screen."""
    shop.news = False
    return shop.stock(
        order("111-1", (MUG, 2)),
        order("111-2", (SPOON, 1), ship_by=due(5)),
        order("222-1", (BIG_MUG, 1), ship_by=due(6)),
    )


@pytest.mark.parametrize("screen", [Screen.QUEUE, Screen.PACK, Screen.PROBLEM, Screen.LOOKUP])
async def test_help_names_every_key(shelf: Shop, screen: Screen) -> None:
    """The help has each command of a screen with key and sentence, but for the demo's own."""
    async with shelf.open() as ana:
        if screen in {Screen.PACK, Screen.PROBLEM}:
            await ana.press("enter")
        if screen in {Screen.PROBLEM, Screen.LOOKUP}:
            await ana.press("f4" if screen == Screen.PROBLEM else "f6")
        await ana.press("f1")
        await ana.sees("EVERY COMMAND, BY KEY OR BY BARCODE", "Esc back")
        for word, key in keys_of(screen).items():
            if word == "CODE":
                continue
            name = {"enter": "Enter", "escape": "Esc"}.get(key, key.upper())
            assert name in ana.row(f" {word} ")
            assert ana.row(f" {word} ").rstrip(" │").endswith(".")
        ana.fits()
        await ana.press("escape")
        ana.lacks("EVERY COMMAND")


@pytest.mark.parametrize("key", ["enter", "f10"])
async def test_keys_do_nothing_behind_the_help(shelf: Shop, key: str) -> None:
    """While the help covers the queue no key takes an order or signs out unseen."""
    async with shelf.open() as ana:
        await ana.press("f1", key)
        assert ana.view.work is None
        assert ana.view.packer == "Ana"
        assert ana.screen in {"HelpScreen", "QueueScreen"}


async def test_scan_closes_the_help_and_counts(shelf: Shop) -> None:
    """A scan under the help is judged at once, and the help gives way to its verdict."""
    async with shelf.open() as ana:
        await ana.press("enter", "f1")
        await ana.scan(MUG_CODE)
        await ana.sees("✓ RIGHT  Blue mug 350 ml, 1 of 2")
        ana.lacks("EVERY COMMAND")


async def test_problem_names_the_order_and_the_item(shelf: Shop) -> None:
    """The reasons stand in one box with the order and the item they are about."""
    async with shelf.open() as ana:
        await ana.press("enter", "f4")
        await ana.sees("WHAT IS WRONG?", "111-1 · Blue mug 350 ml")
        for words in ("F2  SHORT", "F3  DAMAGED", "F4  MISSING", "F5  OTHER", "Esc back"):
            await ana.sees(words)
        ana.fits()


async def test_problem_parks_the_order_with_its_reason(shelf: Shop) -> None:
    """A reason parks the order; the store and a search show it as a problem."""
    async with shelf.open() as ana:
        await ana.press("enter", "f4", "f3")
        await ana.sees("Parked: damaged. Put everything on the problem shelf.", "2 waiting")
        await ana.delivered()
        await ana.press("f6")
        await ana.type_in("111-1")
        await ana.sees("PROBLEM")


@pytest.mark.parametrize("dialog", ["f1", "f4"])
async def test_news_do_not_close_a_dialog(shelf: Shop, dialog: str) -> None:
    """A label that prints, or an entry that reaches the store, takes no dialog off the screen.

    Otherwise F3, pressed for “damaged”, becomes “undo” under the packer's finger.
    """
    async with shelf.open() as ana:
        await ana.press("enter", dialog)
        before = ana.screen
        assert before in {"HelpScreen", "ProblemScreen"}
        await ana.hear("bench")
        assert ana.screen == before


async def test_news_do_not_close_the_search(shelf: Shop) -> None:
    """What happens behind the screen leaves the search and what was typed where they are."""
    async with shelf.open() as ana:
        await ana.press("f6")
        await ana.scan("111", end="")
        await ana.hear("bench")
        assert ana.screen == "LookupScreen"
        await ana.sees("111▏")


async def test_search_finds_by_number_and_sku(shelf: Shop) -> None:
    """Orders are found by the beginning of their number or of a SKU, with their state."""
    async with shelf.open() as ana:
        await ana.press("f6")
        await ana.sees("FIND AN ORDER", "Scan or type an order, SKU or tracking id; Enter.")
        await ana.type_in("111")
        await ana.sees("111-1", "111-2", "WAITING", "Wooden spoon 30 cm")
        ana.lacks("222-1")
        await ana.type_in("MUG-500")
        await ana.sees("222-1")
        ana.lacks("111-2")
        ana.fits()
        await ana.press("escape")
        assert ana.screen == "QueueScreen"


async def test_search_shows_every_letter(shelf: Shop) -> None:
    """What is typed grows on the screen; the first Escape clears it, the second goes back."""
    async with shelf.open() as ana:
        await ana.press("f6")
        await ana.scan("ab[/]c", end="")
        await ana.sees("ab[/]c▏")
        await ana.press("escape")
        ana.lacks("ab[/]c")
        assert ana.screen == "LookupScreen"
        await ana.press("escape")
        assert ana.screen == "QueueScreen"


async def test_search_that_finds_nothing_says_so(shelf: Shop) -> None:
    """A word that no order has is answered in words."""
    async with shelf.open() as ana:
        await ana.press("f6")
        await ana.type_in("nothing%")
        await ana.sees("Nothing was found.")


async def test_search_says_that_there_are_more(shop: Shop) -> None:
    """More orders than fit are told of, not cut in silence."""
    shop.stock(*(order(f"111-{n:03}") for n in range(30)))
    async with shop.open() as ana:
        await ana.press("f6")
        await ana.type_in("111")
        await ana.sees("and more: type more of it.")
        ana.fits()


async def test_search_outlives_the_store(shelf: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store is away a search finds nothing, in words, and the program goes on."""
    async with shelf.open() as ana:

        def away(*_args: object) -> None:
            raise StoreUnreachable("The store is away.", "Wait.")

        monkeypatch.setattr(ana.floor.store, "search", away)
        await ana.press("f6")
        for char in "111":
            await ana.press(char)
        try:
            await ana.press("enter")
        finally:
            running = ana.app.is_running and ana.app._exception is None
            ana.app._exception = None
        assert running
        await ana.sees("store is away")


async def test_code_is_only_for_the_demo(shelf: Shop) -> None:
    """Without a demo F11 shows no barcode."""
    async with shelf.open() as ana:
        await ana.press("f11")
        assert ana.screen == "QueueScreen"


@pytest.mark.parametrize(
    ("keys", "size"),
    [(["f11"], (120, 40)), (["enter", "f11"], (80, 24)), (["enter", "f11"], (120, 40))],
)
async def test_code_on_the_screen_can_be_read(
    shelf: Shop, keys: list[str], size: tuple[int, int]
) -> None:
    """The barcode on the screen is read back by an independent reader, as it is drawn."""
    shelf.coach = lambda parts: DemoCoach(parts.bench._site_key)
    async with shelf.open(size=size) as ana:
        await ana.press(*keys)
        await ana.sees("Scan it, or press Esc.")
        wanted = shelf.command("NEXT") if keys == ["f11"] else MUG_CODE
        assert read_back(ana) == [wanted]
        await ana.press("escape")
        assert ana.screen != "CodeScreen"


async def test_code_too_wide_for_the_screen_says_so(shelf: Shop) -> None:
    """A command's barcode needs more than 80 columns, and the screen says how many."""
    shelf.coach = lambda parts: DemoCoach(parts.bench._site_key)
    async with shelf.open() as ana:
        await ana.press("f11")
        await ana.sees("columns wide to see this code")


def read_back(ana: Packer) -> list[str]:
    """Return the barcodes in a picture of the screen, drawn cell by cell."""
    rows = ana.rows
    image = Image.new("L", (len(rows[0]) * 8 + 80, len(rows) * 16), 255)
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        for x, char in enumerate(row):
            left, right = char in "█▌", char in "█▐"
            for half, black in ((0, left), (4, right)):
                if black:
                    x0 = 40 + x * 8 + half
                    pen.rectangle((x0, y * 16, x0 + 3, y * 16 + 15), fill=0)
    return [found.text for found in zxingcpp.read_barcodes(image)]
