"""A bench whose store is far: slow, away and back; the packer reads what waits and goes on."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from samples import MUG, SPOON, order
from screens.far_shop import SLOW_S, FarShop, far, press, reads, sentence_of, typed
from screens.shop import due
from screens.test_label import sscc

from station import wording
from station.model import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screens.shop import Packer, Shop

MUG_CODE, BIG_CODE, SPOON_CODE = "9520000000011", "9520000000028", "9520000000035"
A, B, C = "111-1", "111-2", "111-3"


@pytest.fixture
def shop_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> FarShop:
    """Return a shop with a far store and three orders, the first for two mugs and a spoon."""
    shop.stock(
        order(A, (MUG, 2), (SPOON, 1)),
        order(B, ship_by=due(5)),
        order(C, (SPOON, 1), ship_by=due(6)),
    )
    return far(shop, monkeypatch)


@pytest.fixture
def gate(shop_away: FarShop) -> Iterator[threading.Event]:
    """Return the gate at which every call to the store waits until it is opened."""
    opened = threading.Event()
    yield opened
    opened.set()
    shop_away.line.hold = None


def done(ana: Packer) -> int:
    """Return how many units of the order in hand are verified."""
    work = ana.floor.bench.view.work
    return sum(line.done for line in work.pack.lines) if work else -1


async def started(ana: Packer, shop: FarShop) -> None:
    """Take the first order and let the bench get what a cut needs."""
    await ana.press("enter")
    await ana.sees("BLUE MUG 350 ML")
    await shop.once(ana)
    assert ana.floor.bench.claims.ready


# — a store that takes its time —
async def test_scans_of_the_order_in_hand_never_wait(
    shop_away: FarShop, gate: threading.Event
) -> None:
    """While no call to the store comes back at all, units are counted and keys are answered."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        shop_away.line.hold = gate
        await typed(ana, MUG_CODE, SPOON_CODE)
        await ana.sees("RIGHT", "1/2")
        assert done(ana) == 2
        await press(ana, "f3")
        await ana.sees("Taken back: Wooden spoon 30 cm, 0 of 1.")
        gate.set()


async def test_a_claim_says_that_it_asks(shop_away: FarShop) -> None:
    """Where every call takes a second and a half, NEXT says so at once and then gives the order."""
    shop_away.line.delay_s, shop_away.line.slow = SLOW_S, frozenset({"claim"})
    async with shop_away.shop.open() as ana:
        await press(ana, "enter")
        await ana.sees("asking the store …")
        assert ana.screen == "QueueScreen"
        await ana.sees("BLUE MUG 350 ML")
        await ana.sees("store ok")
        shop_away.line.delay_s = 0


async def test_scans_that_come_meanwhile_are_judged_in_their_order(
    shop_away: FarShop, gate: threading.Event
) -> None:
    """What is scanned while the store is asked is judged afterwards, none lost and none glued."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        shop_away.line.hold = gate
        await typed(ana, BIG_CODE, MUG_CODE, "4006381333931", SPOON_CODE, MUG_CODE)
        await ana.sees("asking the store …")
        assert done(ana) == 0
        gate.set()
        await ana.until(lambda: done(ana) == 3, "three units")
        journal = ana.floor.bench._journal
        told = [e.data.get("text") for e in journal.about(A) if e.kind == "scanned"]
        words = [e.data["verdict"] for e in journal.about(A) if e.kind == "scanned"]
        assert told == [BIG_CODE, MUG_CODE, "4006381333931", SPOON_CODE, MUG_CODE]
        assert words == ["WRONG", "RIGHT", "UNKNOWN", "RIGHT", "RIGHT"]


async def test_scans_behind_a_claim_wait_for_its_order(
    shop_away: FarShop, gate: threading.Event
) -> None:
    """Units scanned while NEXT is still being answered count for the order that it brings."""
    async with shop_away.shop.open() as ana:
        await ana.settle()
        shop_away.line.hold = gate
        await press(ana, "enter")
        await typed(ana, MUG_CODE, SPOON_CODE)
        gate.set()
        await ana.until(lambda: done(ana) == 2, "two units")
        await ana.sees("BLUE MUG 350 ML", "1/2", "1/1")


async def test_an_act_that_fails_holds_nothing_up(
    shop_away: FarShop, gate: threading.Event
) -> None:
    """A fault in the middle of a claim is words on the screen, and scans behind it are judged."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        shop_away.line.hold = gate
        shop_away.line.plan("find_product", ValueError("odd"))
        await typed(ana, BIG_CODE, MUG_CODE)
        gate.set()
        await ana.until(lambda: done(ana) == 1, "one unit")
        await typed(ana, MUG_CODE)
        await ana.until(lambda: done(ana) == 2, "two units")


async def test_the_queue_does_not_wait_for_its_page(
    shop_away: FarShop, gate: threading.Event
) -> None:
    """With a store that does not answer, the queue is up, takes keys, and shows its help."""
    async with shop_away.shop.open("") as ana:
        shop_away.line.hold = gate
        await typed(ana, "Ana")
        await ana.sees("DUE IN")
        await press(ana, "f1")
        await ana.sees("Take the most urgent order of the queue.")
        await press(ana, "escape")
        gate.set()
        await ana.sees(A)


async def test_a_search_says_that_it_asks(shop_away: FarShop, gate: threading.Event) -> None:
    """The look-up says that the store is being asked, then what was found."""
    async with shop_away.shop.open() as ana:
        await ana.press("f6")
        shop_away.line.hold = gate
        await typed(ana, "111")
        await ana.sees("Asking the store …")
        gate.set()
        await ana.sees(A, B, C)


async def test_it_ends_while_the_store_is_asked(shop_away: FarShop, gate: threading.Event) -> None:
    """The program can be left while a claim waits for an answer that does not come."""
    async with shop_away.shop.open() as ana:
        await ana.settle()
        shop_away.line.hold = gate
        await press(ana, "enter")
        await ana.sees("asking the store …")
        ana.app.exit()
        await ana.until(lambda: not ana.app.is_running or ana.app._exit, "the end")
        gate.set()


# — a store that is away —
async def test_the_status_says_since_when_and_how_much_waits(shop_away: FarShop) -> None:
    """AWAY, since when, how many facts wait and how old the oldest is, all within the row."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        await shop_away.cut(ana)
        await ana.scan(MUG_CODE)
        await ana.scan(MUG_CODE)
        await shop_away.once(ana)
        since = ana.floor.reach.since
        assert since is not None
        await ana.sees(f"store AWAY since {wording.clock(since)}, 2 wait (oldest ", " min)")
        ana.fits()
        await shop_away.mend(ana)
        await ana.sees("store ok")


async def test_the_status_is_readable_with_a_printer_in_trouble_too(shop_away: FarShop) -> None:
    """When the printer is away as well, the store's trouble still stands whole in the row."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        await shop_away.cut(ana)
        await ana.scan(MUG_CODE)
        await shop_away.once(ana)
        ana.floor.printer_words  # noqa: B018 - read once, so that it is known
        await ana.sees("1 waits (oldest ", " min) · printer ok")
        assert ana.rows[-1].index("store AWAY") < ana.rows[-1].index("printer")


async def test_the_queue_says_that_its_list_is_old(shop_away: FarShop) -> None:
    """What was shown stays, under words that the store is away, since when, and why."""
    async with shop_away.shop.open() as ana:
        await ana.sees(A, B, C)
        await shop_away.cut(ana)
        ana.app._desk.refresh()  # type: ignore[union-attr]  # the clock of the app does it
        await ana.sees("STORE AWAY SINCE", "THE LIST IS OLD: The store does not answer.", A)
        ana.fits()
        await shop_away.mend(ana)
        await ana.sees("OVERDUE 0")


async def test_the_head_names_who_packs_without_the_store(shop_away: FarShop) -> None:
    """Who signs in while the store is away sees his own name, not that of the one before."""
    async with shop_away.shop.open() as ana:
        await shop_away.cut(ana)
        await ana.press("f10")
        await ana.type_in("Ben")
        await ana.sees("BENCH-1 · Ben", "THE LIST IS OLD")


async def test_two_orders_are_packed_without_the_store(shop_away: FarShop) -> None:
    """The order in hand and the ready one are labelled and closed; the store hears of it later."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        await shop_away.cut(ana)
        printed = shop_away.shop.printer.came_out
        for n, codes in enumerate(((MUG_CODE, SPOON_CODE, MUG_CODE), (MUG_CODE,)), 1):
            for code in codes:
                await ana.scan(code)
            await ana.sees("SCAN THE LABEL")
            await ana.until(lambda n=n: len(printed) == n, "the label")  # type: ignore[misc]
            await ana.scan(sscc(ana))
            await ana.sees("✓ DONE")
            await ana.press("enter")
        await ana.sees("✗ REFUSED  No other order can be taken")
        await reads(ana, "nothing is lost")
        assert len(printed) == 2
        await shop_away.mend(ana)
        await ana.delivered()
        store = shop_away.store
        for order_id in (A, B):
            found = store.order(order_id)
            assert found
            assert found[1] == OrderState.SHIPPED
        store.close()


async def test_a_label_that_waits_is_told(shop_away: FarShop) -> None:
    """Without a number in reserve the screen says that the label comes when the store is back."""
    async with shop_away.shop.open() as ana:
        await ana.press("enter")
        await ana.sees("MORE")
        await shop_away.cut(ana)
        journal = ana.floor.bench._journal
        while journal.serials_left:
            journal.give_serial(f"other/{journal.serials_left}")
        for code in (MUG_CODE, SPOON_CODE, MUG_CODE):
            await ana.scan(code)
        await ana.sees("THE STORE IS AWAY", "The label is bought when it is back.")
        assert sentence_of(ana) == "Close the box and keep it here: its label waits for the store."
        ana.fits()
        await shop_away.mend(ana)
        await ana.sees("SCAN THE LABEL")


async def test_a_look_up_says_that_it_waits(shop_away: FarShop) -> None:
    """A code at the queue and a search say that the store is away, not that nothing was found."""
    async with shop_away.shop.open() as ana:
        await shop_away.cut(ana)
        await ana.scan(C)
        await reads(ana, "This cannot be looked up: The store does not answer.")
        await reads(ana, "NEXT for an order kept ready.")
        await ana.press("f6")
        await ana.scan("111")
        await ana.sees("The store does not answer.")
        ana.lacks("Nothing was found.")
        ana.fits()


async def test_a_void_that_waits_is_told(shop_away: FarShop) -> None:
    """Parking an order whose label the store has says which label to destroy, and that it waits."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        for code in (MUG_CODE, SPOON_CODE, MUG_CODE):
            await ana.scan(code)
        await ana.sees("SCAN THE LABEL")
        number = sscc(ana)[-6:]
        await shop_away.cut(ana)
        await ana.press("f4", "f3")
        await reads(ana, f"Destroy label …{number}: it is made void when the store is back.")
        ana.lacks("set aside")
        await shop_away.mend(ana)
        await ana.until(lambda: shop_away_label(shop_away) is None, "a void label")


def shop_away_label(shop: FarShop) -> object:
    """Return the live label of the first order."""
    store = shop.store
    found = store.label(A)
    store.close()
    return found


async def test_nothing_rings_while_it_is_away(shop_away: FarShop) -> None:
    """However often the clock looks and the link fails, only the packer's own mistakes ring."""
    async with shop_away.shop.open() as ana:
        await started(ana, shop_away)
        for code in (MUG_CODE, SPOON_CODE, MUG_CODE):
            await ana.scan(code)
        await shop_away.cut(ana)
        for _ in range(5):
            ana.app._desk.refresh()  # type: ignore[union-attr]  # the clock of the app does it
            await shop_away.once(ana)
        assert shop_away.shop.rings == 0
        await asyncio.sleep(0)


async def test_the_queue_says_what_can_be_taken_without_the_store(shop_away: FarShop) -> None:
    """Away, Enter is offered while an order is kept ready, and not offered when none is."""
    async with shop_away.shop.open() as ana:
        await ana.press("enter")
        await ana.sees("BLUE MUG 350 ML")
        await shop_away.once(ana)
        await shop_away.cut(ana)
        await ana.press("f9")
        await ana.sees("Scan NEXT or press Enter: an order is kept ready.")
        await ana.press("enter")
        await ana.sees("BLUE MUG 350 ML")
        await ana.press("f9")
        await ana.sees("No order can be taken until the store is back.")
        ana.fits()
        await shop_away.mend(ana)
        await ana.sees("• NOTE  The store is back.", "Scan NEXT or press Enter; or scan an order")
