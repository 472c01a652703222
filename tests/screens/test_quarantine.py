"""A bench whose memory is not the one that the store knows: it stops, in words, on every screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from screens.far_shop import FarShop, far, reads, sentence_of
from screens.shop import due

from station.errors import Quarantined

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"
A, B = "111-1", "111-2"
WHY = (
    "This bench remembers 1234567 entries, the store has 1234599 of it: its disk was put back from"
    " an old image, or copied."
)
REMEDY = "Work on nothing here; run `station journal renew` at the bench that shall go on."

LONG = bool(os.environ.get("STATION_LONG"))


@pytest.fixture
def copied(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> FarShop:
    """Return a shop with a far store, an order for two mugs and another one."""
    shop.stock(order(A, (MUG, 2)), order(B, ship_by=due(5)))
    return far(shop, monkeypatch)


async def quarantine(copied: FarShop, ana: Packer) -> None:
    """Let the store refuse this bench's memory from now on."""
    await ana.settle()
    copied.line.plan("hello", *[Quarantined(WHY, REMEDY)] * 50)
    await copied.cut(ana)
    await copied.mend(ana)
    await ana.sees("STOP: THIS BENCH IS QUARANTINED")


async def begun(ana: Packer) -> None:
    """Take the first order and scan its first mug."""
    await ana.press("enter")
    await ana.sees("BLUE MUG 350 ML")
    await ana.scan(MUG_CODE)
    await ana.sees("✓ RIGHT", "1/2")


async def tells_all(ana: Packer) -> None:
    """Make sure that a person can read what happened and what to do, whole."""
    title = "STOP: THIS BENCH IS QUARANTINED"
    sentence = "Call the supervisor: this bench may not pack."
    if ana.screen == "PackScreen":
        sentence += " Enter signs you out."
    await reads(ana, title, f"{WHY} {REMEDY}", sentence, "store QUARANTINED")
    assert sentence_of(ana) == sentence
    ana.fits()


async def test_it_fills_the_queue(copied: FarShop) -> None:
    """At the queue there is nothing to choose any more, only why and what to do; it rings once."""
    async with copied.shop.open() as ana:
        await quarantine(copied, ana)
        await tells_all(ana)
        ana.lacks(A, B, "DUE IN", "STORE AWAY")
        assert copied.shop.rings == 1


async def test_it_fills_the_pack_screen(copied: FarShop) -> None:
    """With an order in hand the same stands over it, in place of the next item."""
    async with copied.shop.open() as ana:
        await begun(ana)
        await quarantine(copied, ana)
        await tells_all(ana)
        ana.lacks("MORE", "Scan the next")
        assert (ana.big, copied.shop.rings) == ("", 1)


@pytest.mark.parametrize("key", ["f3", "f5", "f6", "f8", "f9", "f12"] if LONG else ["f3", "f9"])
async def test_no_key_does_anything(copied: FarShop, key: str) -> None:
    """Every command of the pack screen is refused with the words; the order stays as it is."""
    async with copied.shop.open() as ana:
        await begun(ana)
        await quarantine(copied, ana)
        before = ana.floor.bench.view.work
        await ana.press(key)
        await ana.scan(MUG_CODE)
        await ana.sees("✗ REFUSED")
        assert ana.floor.bench.view.work == before
        assert ana.screen == "PackScreen"
        await tells_all(ana)


@pytest.mark.parametrize("key", ["enter", "f7"])
async def test_the_packer_can_leave(copied: FarShop, key: str) -> None:
    """Enter signs out, so that the program can be ended; the order in hand stays."""
    async with copied.shop.open() as ana:
        await begun(ana)
        await quarantine(copied, ana)
        await ana.press(key)
        await ana.sees("Who packs here?")
        assert A in ana.floor.bench.leased()


async def test_nothing_is_taken_from_the_queue(copied: FarShop) -> None:
    """Neither NEXT nor an order's number nor an item opens anything."""
    async with copied.shop.open() as ana:
        await quarantine(copied, ana)
        await ana.press("enter")
        for code in (B, MUG_CODE, copied.shop.command("NEXT")):
            await ana.scan(code)
            await ana.sees("✗ REFUSED")
        assert (ana.screen, ana.floor.bench.leased()) == ("QueueScreen", {})
        await tells_all(ana)


async def test_it_does_not_ring_again(copied: FarShop) -> None:
    """However often the clock looks and the store refuses, it rings once."""
    async with copied.shop.open() as ana:
        await quarantine(copied, ana)
        for _ in range(4):
            ana.app._desk.refresh()  # type: ignore[union-attr]  # the clock of the app does it
            await copied.once(ana)
        assert copied.shop.rings == 1


async def test_the_next_one_who_signs_in_reads_it(copied: FarShop) -> None:
    """Signing out and in shows it again; the program can be left."""
    async with copied.shop.open() as ana:
        await quarantine(copied, ana)
        await ana.press("f10")
        await ana.sees("Who packs here?")
        await ana.type_in("Ben")
        await ana.sees("STOP: THIS BENCH IS QUARANTINED", "Ben")
        await tells_all(ana)


async def test_it_ends_when_a_person_decided(copied: FarShop) -> None:
    """Once the store takes the bench in again, the order in hand goes on at the same unit."""
    async with copied.shop.open() as ana:
        await begun(ana)
        await quarantine(copied, ana)
        copied.line._next.clear()
        await copied.once(ana)
        await ana.needs("1")
        await ana.scan(MUG_CODE)
        await ana.sees("SCAN THE LABEL")
