"""Nothing that must be read is cut at 80×24, more room is used, and less crashes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import CARD, MUG, SPOON, order
from screens.test_commands import reach

from station.commands import Screen
from station.devices.simulated import Fault
from station.model import Product
from station.screens.widgets import SIGNS, Line

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"
SIZES = [(120, 40), (40, 12), (7, 3), (1, 1)]


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """Return a shop with an order of two lines."""
    shop.news = False
    return shop.stock(order("111-1", (MUG, 2), (SPOON, 1)), order("111-2", (MUG, 1)))


def whole(ana: Packer) -> None:
    """Make sure that no row of words is longer than the screen is wide."""
    width = ana.app.size.width
    for line in ana.app.screen.query(Line):
        if line.display:
            for told in line._shown.split("\n"):
                assert told.cell_length <= line.size.width <= width, told
                assert told.plain.strip() in ana.text


async def test_item_without_barcode_is_told_whole(shop: Shop) -> None:
    """What to do with an item without barcode is told to the last word, its key too."""
    shop.stock(order("111-1", (CARD, 2)))
    async with shop.open() as ana:
        await ana.press("enter")
        await ana.sees("CARD “THANK YOU”")
        await ana.sees("no barcode", "sign by hand")
        assert "F12" in ana.row(" No barcode")
        whole(ana)


@pytest.mark.parametrize("letters", [50, 200])
async def test_long_titles_leave_the_keys_in_sight(shop: Shop, letters: int) -> None:
    """With the longest title that Amazon allows the sentence still says what to press."""
    title = ("Very long mug " * 20)[:letters].strip()
    shop.stock(order("111-1", (Product("LONG-1", title), 1)), products=[Product("LONG-1", title)])
    async with shop.open() as ana:
        await ana.press("enter")
        await ana.needs("1")
        assert ana.text.count("F12") >= 2, ana.text
        whole(ana)


@pytest.mark.parametrize("fault", [Fault.ABSENT, Fault.DOUBTFUL_LOST])
async def test_status_fits_while_the_printer_is_ill(shop: Shop, fault: Fault) -> None:
    """The printer's trouble leaves the store's state in sight."""
    shop.stock(order("111-1"))
    shop.printer.standing = fault
    async with shop.open() as ana:
        await ana.press("enter")
        await ana.scan(MUG_CODE)
        await ana.sees("LABEL")
        await ana.until(lambda: ana.view.printing is not None, "a print job")
        await ana.until(lambda: ana.floor.printer_words() != "ok", "trouble")
        await ana.hear("bench")
        whole(ana)


async def test_verdicts_are_words_and_signs(shelf: Shop) -> None:
    """Without any colour, every verdict is a word with a sign of its own."""
    assert len(set(SIGNS.values())) == len(SIGNS)
    async with shelf.open() as ana:
        await ana.press("enter")
        for code, words in (
            (MUG_CODE, "✓ RIGHT"),
            ("9520000000028", "✗ WRONG"),
            ("111-1", "• NOTE"),
        ):
            await ana.scan(code)
            await ana.sees(words)


async def test_monochrome_terminals_show_the_same(
    shelf: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With NO_COLOR the words and signs of the screen are the same."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with shelf.open() as ana:
        assert ana.app._filters
        await ana.sees("▸  4 h 00", "OVERDUE 0")
        await ana.press("enter")
        await ana.scan("9520000000028")
        await ana.sees("✗ WRONG  this is Blue mug 500 ml.", "▸    0/2")


@pytest.mark.parametrize("screen", list(Screen))
async def test_every_row_fits_and_every_size_is_survived(shelf: Shop, screen: Screen) -> None:
    """Head, sentence, keys and status are whole at 80×24; any other size is survived.

    Back at 80×24 every screen is as it was.
    """
    async with shelf.open(name="" if screen == Screen.SIGN_IN else "Ana") as ana:
        await reach(ana, screen)
        await ana.hear("queue")
        whole(ana)
        before = ana.rows[:-1]
        for width, height in SIZES:
            await ana.pilot.resize_terminal(width, height)
            await ana.settle()
            ana.fits()
        await ana.pilot.resize_terminal(80, 24)
        await ana.until(lambda: ana.rows[:-1] == before, "the screen as it was")


@pytest.mark.parametrize("size", [(60, 20), (1, 1)])
async def test_small_windows_can_work(shelf: Shop, size: tuple[int, int]) -> None:
    """An order can be packed in a window of any size: rows are lost, scans are not."""
    async with shelf.open(size=size) as ana:
        await ana.press("enter")
        await ana.scan(MUG_CODE)
        await ana.press("f4", "escape", "f1", "escape")
        await ana.scan(MUG_CODE)
        assert ana.view.work
        assert [line.done for line in ana.view.work.pack.lines] == [2, 0]
        ana.fits()


async def test_big_windows_show_all_keys(shelf: Shop) -> None:
    """At 120×40 head, sentence, keys and status are whole."""
    async with shelf.open(size=(120, 40)) as ana:
        await ana.press("enter")
        await ana.hear("queue")
        whole(ana)
        ana.fits()
