"""An order that changes while it is packed: STOP, what to put back, and on with the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import MUG, SPOON, order
from screens.shop import due
from screens.test_label import verify

from station.model import OrderState

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"
ORDER = order("111-1", (MUG, 3), (SPOON, 1))


@pytest.fixture
def changing(shop: Shop) -> Shop:
    """Return a shop with an order that will change, and another one."""
    return shop.stock(ORDER, order("111-2", ship_by=due(6)))


async def stopped(ana: Packer, shop: Shop) -> None:
    """Pack two mugs of the order, then import it with fewer units."""
    await ana.press("enter")
    await ana.scan(MUG_CODE)
    await ana.scan(MUG_CODE)
    await ana.delivered()
    fewer = replace(ORDER.items[0], quantity=1)
    shop.stock(replace(ORDER, items=(fewer, *ORDER.items[1:])))
    await ana.hear("queue")
    await ana.sees("STOP")


async def test_stop_fills_the_screen(changing: Shop) -> None:
    """A changed order is STOP with the reason, rings, and says which units go back where."""
    async with changing.open() as ana:
        await stopped(ana, changing)
        await ana.sees("✗ REFUSED  The order changed", "Put back: 2 × MUG-350-BL to A-04.")
        assert changing.rings == 1
        ana.fits()


async def test_stop_says_how_to_go_on(changing: Shop) -> None:
    """The whole sentence of a stop can be read at 80 columns, its last words too."""
    async with changing.open() as ana:
        await stopped(ana, changing)
        text = " ".join(ana.text.split())
        assert "estroy any label" in text
        assert "press Enter or scan YES." in text


async def test_stopped_order_takes_no_unit(changing: Shop) -> None:
    """A unit that is scanned after the stop is not counted."""
    async with changing.open() as ana:
        await stopped(ana, changing)
        await ana.scan(MUG_CODE)
        await ana.sees("✗ REFUSED  This order is no longer on the bench.", "2/3")


@pytest.mark.parametrize("key", ["enter", "f7"])
async def test_leads_back_to_the_queue(changing: Shop, key: str) -> None:
    """Enter or YES leave the stopped order; it waits again, as it is now."""
    async with changing.open() as ana:
        await stopped(ana, changing)
        await ana.press(key)
        await ana.sees("waiting")
        assert ana.screen == "QueueScreen"
        await ana.delivered()
        found = ana.floor.store.order("111-1")
        assert found
        assert (found[1], found[0].units) == (OrderState.WAITING, 2)


async def test_changed_order_gets_no_label(shop: Shop) -> None:
    """An order that changed before its last unit was scanned gets no label, and STOP comes."""
    shop.stock(order("111-1"))
    async with shop.open() as ana:
        await ana.press("enter")
        shop.stock(order("111-1", (MUG, 2)))
        await ana.scan(MUG_CODE)
        await ana.hear("queue")
        await ana.sees("STOP", "The order changed")
        assert shop.printer.came_out == []


async def test_stop_after_the_label_makes_it_void(shop: Shop) -> None:
    """An order that changes when its label is printed is STOP, and the label is void."""
    shop.stock(order("111-1"))
    async with shop.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.delivered()
        shop.stock(order("111-1", (MUG, 2)))
        await ana.hear("queue")
        await ana.sees("STOP", "Put back: 1 × MUG-350-BL to A-04.")
        await ana.until(lambda: ana.floor.store.label("111-1") is None, "a void label")
