"""The queue: what is late, what is due when, and every way into an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import MUG, NOON, SPOON, order
from screens.shop import due

from station.model import OrderState, ServiceClass
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from screens.shop import Shop


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """Return a shop with a late order, two due today and one due later."""
    return shop.stock(
        order("111-LATER", (SPOON, 2), ship_by=due(30)),
        order("111-TODAY", (MUG, 1), (SPOON, 2), ship_by=due(2.5)),
        order("111-PRIME", (SPOON, 3), ship_by=due(2.5), service=ServiceClass.PRIME),
        order("111-LATE", (MUG, 1), ship_by=due(-1)),
    )


async def test_counts_what_is_due(busy: Shop) -> None:
    """The head says in words how much is overdue, due today, due later, and in which hour."""
    async with busy.open() as ana:
        await ana.sees("OVERDUE 1   DUE TODAY 2   LATER 1   ·   4 waiting")
        assert "14h   2 ▪▪" in ana.row("by hour")
        assert ana.row("BENCH-1 · Ana").rstrip().endswith("12:00")
        ana.fits()


async def test_lists_the_most_urgent_first(busy: Shop) -> None:
    """Each row says the time left, class, units, lines, order and first item, without colours."""
    async with busy.open() as ana:
        await ana.sees("111-LATE", "111-LATER")
        start = ana.rows.index(ana.row("FIRST ITEM")) + 1
        rows = [row.split() for row in ana.rows[start : start + 4]]
    late = "▸! LATE 1 h 00 1 1 111-LATE Blue mug 350 ml"
    prime = "2 h 30 PRIME 3 1 111-PRIME Wooden spoon 30 cm"
    today = "2 h 30 3 2 111-TODAY Blue mug 350 ml"
    later = "30 h 00 2 1 111-LATER Wooden spoon 30 cm"
    assert [" ".join(row) for row in rows] == [late, prime, today, later]


async def test_headings_stand_over_their_columns(busy: Shop) -> None:
    """Every heading begins where its column begins, or ends where a number ends."""
    async with busy.open() as ana:
        await ana.sees("111-PRIME")
        heads, row = ana.row("FIRST ITEM"), ana.row("111-PRIME")
    for head, cell in (("DUE IN", "2 h 30"), ("CLASS", "PRIME"), ("ORDER", "111-PRIME")):
        assert heads.index(head) == row.index(cell)
    assert heads.index("FIRST ITEM") == row.index("Wooden")
    assert heads.index("UNITS") + len("UNITS") == row.index("3", 20) + 1


async def test_says_what_can_be_done(busy: Shop) -> None:
    """The sentence and the keys of the queue are whole at 80 columns."""
    async with busy.open() as ana:
        await ana.sees("Scan NEXT or press Enter; or scan an order, or an order’s only item.")
        await ana.sees("Enter next order  F1 help  F6 look up  F7 devices  F10 sign out")
        await ana.sees("printer ok · store ok")


async def test_enter_takes_the_most_urgent(busy: Shop) -> None:
    """Enter opens the order that must leave first."""
    async with busy.open() as ana:
        await ana.press("enter")
        await ana.sees("111-LATE", "LATE 1 h 00")
        assert ana.screen == "PackScreen"


async def test_scanned_number_opens_its_order(busy: Shop) -> None:
    """The barcode of an order opens it, however late others are."""
    async with busy.open() as ana:
        await ana.scan("111-LATER")
        await ana.sees("111-LATER", "WOODEN SPOON 30 CM")
        await ana.needs("2")


async def test_scanned_only_item_opens_and_counts(busy: Shop) -> None:
    """A product that is all of an order opens the order and is counted with the same scan."""
    async with busy.open() as ana:
        await ana.scan("9520000000011")
        await ana.sees("RIGHT  Blue mug 350 ml, 1 of 1", "111-LATE")


async def test_unknown_codes_change_nothing(busy: Shop) -> None:
    """A code that is no order and no product is UNKNOWN, shown, and rings."""
    async with busy.open() as ana:
        await ana.scan("9529999999993")
        await ana.sees("✗ UNKNOWN  No order and no product has this code.", "9529999999993")
        assert (ana.screen, busy.rings) == ("QueueScreen", 1)


async def test_order_of_another_bench_is_refused(busy: Shop) -> None:
    """An order that somebody else packs is refused with his name."""
    async with busy.open() as ana:
        ana.floor.store.claim("bench-2", "Bo", order_id="111-TODAY")
        await ana.scan("111-TODAY")
        await ana.sees("✗ REFUSED", "Bo")
        assert ana.screen == "QueueScreen"


async def test_says_that_nothing_waits(shop: Shop) -> None:
    """An empty queue says so, and Enter too."""
    async with shop.open() as ana:
        await ana.sees("Nothing is waiting.", "OVERDUE 0", "Nothing more is due today.")
        await ana.press("enter")
        await ana.sees("• NOTE  Nothing is waiting. Well done.")
        assert ana.screen == "QueueScreen"


async def test_shows_what_comes_in_later(shop: Shop) -> None:
    """Orders that were imported while the queue is on the screen appear with the next look."""
    async with shop.open() as ana:
        await ana.sees("Nothing is waiting.")
        shop.stock(order("111-NEW", ship_by=NOON))
        await ana.hear("queue")
        await ana.sees("111-NEW", "1 waiting")


async def test_resumes_after_a_crash(shop: Shop) -> None:
    """After a power cut the order in hand is back at the same unit, once somebody signs in."""
    shop.stock(order("111-1", (SPOON, 3)))
    async with shop.open() as ana:
        await ana.press("enter")
        await ana.scan("9520000000035")
        await ana.delivered()
    async with shop.open(name="Bo") as bo:
        await bo.sees("BENCH-1 · Bo", "111-1", "1/3  Wooden spoon")
        await bo.needs("2")
    store = SqlOrderStore.open(f"sqlite:///{shop.home / 'store.db'}")
    found = store.order("111-1")
    store.close()
    assert found
    assert found[1] == OrderState.PACKING
