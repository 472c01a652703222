"""A scan that could not be stored did not happen: REFUSED, and the count stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from samples import MUG, order

from station import compose
from station.config import Settings
from station.errors import JournalError, StoreUnreachable
from station.verbs import status

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"


def disk_full(*_args: object, **_more: object) -> NoReturn:
    """Fail as a journal on a full disk does."""
    raise JournalError("bench-1.journal.db cannot be used: disk is full.", "Free space.")


@pytest.fixture
def three(shop: Shop) -> Shop:
    """Return a shop with an order for three mugs."""
    return shop.stock(order("111-1", (MUG, 3)))


async def first_unit(ana: Packer) -> None:
    """Take the order and scan one mug."""
    await ana.press("enter")
    await ana.scan(MUG_CODE)
    await ana.sees("RIGHT  Blue mug 350 ml, 1 of 3")


async def test_scan_on_a_full_disk_does_not_count(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is REFUSED with the reason and the remedy; the count does not move."""
    async with three.open() as ana:
        await first_unit(ana)
        with monkeypatch.context() as full:
            full.setattr(ana.floor.bench._journal, "append", disk_full)
            await ana.scan(MUG_CODE)
            await ana.sees("✗ REFUSED", "disk is full. Free space.", "1/3")
            await ana.needs("2")
            assert three.rings == 1
        await ana.scan(MUG_CODE)
        await ana.sees("RIGHT  Blue mug 350 ml, 2 of 3", "2/3")
        assert ana.view == ana.floor.bench.view


async def test_refusal_stays_until_the_next_scan(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """News from elsewhere do not bring an earlier RIGHT back over the refusal."""
    async with three.open() as ana:
        await first_unit(ana)
        with monkeypatch.context() as full:
            full.setattr(ana.floor.bench._journal, "append", disk_full)
            await ana.scan(MUG_CODE)
            await ana.sees("✗ REFUSED")
            await ana.hear("bench")
            await ana.hear("queue")
            await ana.sees("✗ REFUSED")
            ana.lacks("RIGHT")


async def test_order_is_not_opened_on_a_full_disk(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order whose opening cannot be stored stays in the queue, in words."""
    async with three.open() as ana:
        with monkeypatch.context() as full:
            full.setattr(ana.floor.bench._journal, "open", disk_full)
            await ana.press("enter")
            await ana.sees("✗ REFUSED", "disk is full")
            assert ana.screen == "QueueScreen"
        await ana.press("enter")
        await ana.sees("BLUE MUG 350 ML")


async def test_every_key_outlives_a_full_disk(three: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command ends the program or changes the order while nothing can be stored."""
    async with three.open() as ana:
        await first_unit(ana)
        monkeypatch.setattr(ana.floor.bench._journal, "append", disk_full)
        for key in ("f2", "f3", "f5", "f6", "f7", "f8", "f9", "f12", "enter"):
            await ana.press(key)
            assert ana.screen == "PackScreen"
            assert ana.view.work
            assert [line.done for line in ana.view.work.pack.lines] == [1]


async def test_trouble_behind_the_screen_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label that was bought but cannot be recorded is told, not waited for in silence."""
    shop.stock(order("111-1"))
    async with shop.open() as ana:
        await ana.press("enter")
        journal = ana.floor.bench._journal
        real = journal.append

        def fails_later(kind: str, *args: object, **more: object) -> object:
            if kind == "bought":
                disk_full()
            return real(kind, *args, **more)  # type: ignore[arg-type]  # handed on as it came

        with monkeypatch.context() as full:
            full.setattr(journal, "append", fails_later)
            await ana.scan(MUG_CODE)
            await ana.sees("disk is full")
        await ana.hear("queue")
        await ana.sees("SCAN THE LABEL")


async def test_store_away_is_a_word_in_the_status(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store is away scans count, and the status says that it is away."""
    async with three.open() as ana:
        await ana.press("enter")
        store = ana.floor.store

        def away(*_args: object, **_more: object) -> NoReturn:
            raise StoreUnreachable("The store does not answer.", "Wait.")

        for name in ("apply", "find_product", "order", "tracking_used", "stops"):
            monkeypatch.setattr(store, name, away)
        await ana.scan(MUG_CODE)
        await ana.sees("RIGHT  Blue mug 350 ml, 1 of 3")
        await ana.until(lambda: bool(ana.floor.reach.trouble), "the store away")
        await ana.hear("bench")
        await ana.hear("queue")
        await ana.sees("store AWAY since", " wait")
        await ana.scan("9529999999993")
        await ana.sees("✗ UNKNOWN")
        (bench,) = status.gather(compose.Place(Settings(), three.home))["stations"]
        assert bench["journal_pending"], "`station status` must tell what waits"


async def test_claim_without_a_store_is_refused(
    three: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No order can be taken while the store is away: REFUSED, in words."""
    async with three.open() as ana:

        def away(*_args: object, **_more: object) -> NoReturn:
            raise StoreUnreachable("The store does not answer.", "Wait.")

        monkeypatch.setattr(ana.floor.store, "claim", away)
        await ana.press("enter")
        await ana.sees("✗ REFUSED  The store does not answer. Wait.")
