"""Verifying an order: the next unit huge, each verdict a word, only what is right is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import CARD, MUG, SPOON, order
from screens.shop import due

from station.model import Product, ServiceClass

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE, BIG_MUG_CODE, SPOON_CODE = "9520000000011", "9520000000028", "9520000000035"
SIX_SPOONS = "19520000000032"

OTHERS = {
    "9529999999993": "✗ UNKNOWN  No product has this barcode.",
    "1Z999AA10123456784": "✗ NOT YET  A UPS label; but 5 units are missing.",
    "111-0000002-0000002": "✗ OTHER ORDER  This belongs to order 111-0000002-0000002.",
    "111-0000001-0000001": "• NOTE  This is the order you are packing.",
    "95200000000119520000000028": "✗ SCAN AGAIN  Two codes ran together.",
    "CMD:NEXT:AAAAA": "✗ SCAN AGAIN  This sheet is not from this site",
    "\x01\x02": "✗ SCAN AGAIN  The code holds control characters.",
    "A" * 300: "✗ SCAN AGAIN  The code has",
    SIX_SPOONS: "✗ TOO MANY  This pack counts 6; only 1 more",
}
"""Codes that are no unit of the order, and the verdicts on them."""


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """Return a shop with one order of three lines, and another order."""
    return shop.stock(
        order("111-0000001-0000001", (MUG, 3), (SPOON, 1), (CARD, 1)),
        order("111-0000002-0000002", (SPOON, 8), ship_by=due(9)),
    )


async def take(ana: Packer) -> None:
    """Take the most urgent order."""
    await ana.press("enter")
    await ana.sees("MORE")


async def test_shows_what_to_reach_for(shelf: Shop) -> None:
    """Units left, title, SKU and bin of the next item are the biggest thing on the screen."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.needs("3")
        await ana.sees("MORE", "BLUE MUG 350 ML", "Scan the first Blue mug 350 ml.")
        assert "A-04" in ana.row("MUG-350-BL")
        ana.fits()


async def test_heads_the_order_with_its_deadline(shop: Shop) -> None:
    """The head says who packs which order, how urgent it is and until when it must leave."""
    prime = order("111-1", ship_by=due(0.7), service=ServiceClass.PRIME, is_business=True)
    shop.stock(prime)
    async with shop.open() as ana:
        await take(ana)
        await ana.sees("BENCH-1 · Ana   111-1 · PRIME · BUSINESS", "ship by 12:42  IN 42 MIN")


async def test_head_is_there_at_once(shelf: Shop) -> None:
    """Order and deadline stand on the screen when the order opens, not only after some news."""
    shelf.news = False
    async with shelf.open() as ana:
        await take(ana)
        ana.row("BENCH-1 · Ana   111-0000001-0000001")


async def test_says_that_an_order_is_late(shop: Shop) -> None:
    """A missed deadline is the word LATE, with how long ago it was."""
    shop.stock(order("111-1", ship_by=due(-3)))
    async with shop.open() as ana:
        await take(ana)
        await ana.sees("ship by 09:00  LATE 3 h 00")


async def test_lists_every_line(shelf: Shop) -> None:
    """Each line says done of needed, title, SKU, bin; signs mark the current and the done ones."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(SPOON_CODE)
        await ana.sees("✓    1/1  Wooden spoon 30 cm")
        assert " ".join(ana.row("0/3").split()) == "▸ 0/3 Blue mug 350 ml MUG-350-BL A-04"
        assert ana.row("0/1").startswith("      0/1  Card “Thank you”")


async def test_counts_right_units(shelf: Shop) -> None:
    """A right unit is RIGHT with its count and its code, and the big number goes down."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(MUG_CODE)
        await ana.needs("2")
        assert MUG_CODE in ana.row("✓ RIGHT  Blue mug 350 ml, 1 of 3")
        await ana.sees("1/3", "Scan the next Blue mug 350 ml.")
        assert shelf.rings == 0


async def test_wrong_units_are_named(shelf: Shop) -> None:
    """Another product is WRONG, with what it is, what is needed and where that lies."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(BIG_MUG_CODE)
        await ana.sees(
            "✗ WRONG  this is Blue mug 500 ml. Needed: Blue mug 350 ml, bin A-04.", "0/3"
        )
        await ana.needs("3")
        assert shelf.rings == 1


async def test_wrong_stays_until_the_next_scan(shelf: Shop) -> None:
    """News from elsewhere do not take a WRONG off the screen."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(BIG_MUG_CODE)
        await ana.hear("bench")
        await ana.hear("queue")
        await ana.sees("✗ WRONG")
        await ana.scan(MUG_CODE)
        await ana.sees("✓ RIGHT")
        ana.lacks("WRONG")


async def test_other_codes_do_not_count(shelf: Shop) -> None:
    """Whatever else is scanned gets its own word, and no unit is counted."""
    async with shelf.open() as ana:
        await take(ana)
        for code, verdict in OTHERS.items():
            await ana.scan(code)
            await ana.sees(verdict)
            assert ana.view.work
            assert [line.done for line in ana.view.work.pack.lines] == [0, 0, 0], code
            ana.fits()


async def test_one_unit_too_many(shelf: Shop) -> None:
    """A unit of a complete line is TOO MANY, and says to take it out of the box."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(SPOON_CODE)
        await ana.scan(SPOON_CODE)
        await ana.sees("✗ TOO MANY  Wooden spoon 30 cm is complete: take this one out of the box.")
        await ana.sees("✓    1/1  Wooden spoon 30 cm")


async def test_one_scan_of_a_wrap_counts_its_units(shelf: Shop) -> None:
    """The code on a six-pack counts six units."""
    async with shelf.open() as ana:
        await ana.scan("111-0000002-0000002")
        await ana.needs("8")
        await ana.scan(SIX_SPOONS)
        await ana.sees("RIGHT  Wooden spoon 30 cm, 6 of 8")
        await ana.needs("2")


async def test_broken_scan_is_asked_again(shelf: Shop) -> None:
    """A code that broke off is SCAN AGAIN, and none of it is used."""
    async with shelf.open(pause_s=0.05) as ana:
        await take(ana)
        await ana.break_off(MUG_CODE[:6])
        await ana.sees("✗ SCAN AGAIN  The code broke off after 6 signs.", "0/3")


async def test_each_end_of_a_scanner_ends_a_scan_once(shelf: Shop) -> None:
    """CR, LF, CRLF, TAB and a paste all end a code, and count it once."""
    async with shelf.open() as ana:
        await ana.scan("111-0000002-0000002")
        for end in ("\r", "\n", "\r\n", "\t"):
            await ana.scan(SPOON_CODE, end)
        await ana.sees("4/8")
        await ana.paste(f"{SPOON_CODE}\n{SPOON_CODE}")
        await ana.sees("6/8")
        assert ana.screen == "PackScreen"


async def test_takes_back_the_last_unit(shelf: Shop) -> None:
    """F3 takes the last unit back, in words, until there is nothing to take back."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.scan(MUG_CODE)
        await ana.press("f3")
        await ana.sees("• NOTE  Taken back: Blue mug 350 ml, 0 of 3.", "0/3")
        await ana.press("f3")
        await ana.sees("There is nothing to take back.")


async def test_counts_units_without_barcode_by_eye(shelf: Shop) -> None:
    """An item without barcode says so, asks for F12, and is marked as not scanned."""
    async with shelf.open() as ana:
        await take(ana)
        for code in (MUG_CODE, MUG_CODE, MUG_CODE, SPOON_CODE):
            await ana.scan(code)
        await ana.sees("No barcode on file")
        await ana.press("f12")
        await ana.sees("✓ RIGHT  Card “Thank you”, 1 of 1, not scanned")


async def test_keeps_the_current_line_in_sight(shop: Shop) -> None:
    """In an order of 24 lines the current one is always shown, and how many more there are."""
    products = [Product(f"SKU-{n:02}", f"Thing number {n:02}") for n in range(24)]
    shop.stock(order("111-1", *((product, 1) for product in products)), products=products)
    async with shop.open() as ana:
        await take(ana)
        await ana.sees("… ", "more")
        for n in range(24):
            await ana.sees(f"▸    0/1  Thing number {n:02}")
            await ana.scan(f"SKU-{n:02}")
        ana.fits()


async def test_finished_orders_lead_back_to_the_queue(shelf: Shop) -> None:
    """A parked order leaves the bench, and the queue says what became of it."""
    async with shelf.open() as ana:
        await take(ana)
        await ana.press("f4", "f2")
        await ana.sees("• NOTE  Parked: short. Put everything on the problem shelf.")
        assert ana.screen == "QueueScreen"
        await ana.sees("1 waiting", "111-0000002")
        ana.lacks("111-0000001")
