"""An order that changes while it is packed: STOP, what to put back, and on with the next."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import BIG_MUG, LAMP, MUG, SPOON, order
from screens.far_shop import far, reads, sentence_of
from screens.shop import due
from screens.test_label import sscc, verify

from station.model import OrderState, Stop, StopKind
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MANY = bool(os.environ.get("STATION_LONG"))
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


HALTS = {
    OrderState.HELD: "STOP: ON HOLD",
    OrderState.CANCELLED: "STOP: CANCELLED",
}
TITLES = {
    StopKind.HELD: "STOP: ON HOLD",
    StopKind.CANCELLED: "STOP: CANCELLED",
    StopKind.CHANGED: "STOP",
    StopKind.VANISHED: "STOP",
    StopKind.TAKEN_OVER: "STOP: NOT HERE ANY MORE",
    StopKind.LOST: "STOP: NOT HERE ANY MORE",
    StopKind.RELEASED: "STOP: NOT HERE ANY MORE",
}
LONG = "The buyer wrote that the address is wrong and asks to wait until tomorrow; " * 3


@pytest.mark.parametrize("to", HALTS)
async def test_a_halted_order_fills_the_screen(shop: Shop, to: OrderState) -> None:
    """On hold or cancelled: the word, the reason, what goes where, and the label to destroy."""
    shop.stock(order("111-1"))
    async with shop.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        number = sscc(ana)[-6:]
        await ana.delivered()
        store = SqlOrderStore.open(f"sqlite:///{shop.home / 'store.db'}")
        store.halt("111-1", to, "Call the buyer first.")
        await ana.hear("queue")
        await ana.sees(HALTS[to], "! Call the buyer first.", "Put back: 1 × MUG-350-BL to A-04.")
        assert sentence_of(ana) in {
            f"Put units back, destroy label …{number} (void requested); Enter or scan YES.",
            "Put every unit back, destroy the label (it is void); Enter or scan YES.",
        }
        assert shop.rings == 1
        await ana.press("enter")
        await ana.delivered()
        found = store.order("111-1")
        assert found
        assert found[1] == to
        store.close()


@pytest.mark.parametrize("kind", list(StopKind))
@pytest.mark.parametrize("labelled", [False, True] if MANY else [True])
async def test_every_stop_can_be_read_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: StopKind, *, labelled: bool
) -> None:
    """Title, a long reason, four bins and the next step stand whole at 80 columns, away or not."""
    wants = ((MUG, 2), (SPOON, 12), (BIG_MUG, 1), (LAMP, 1))
    shop.stock(order("111-1", *(wants[:1] if labelled else wants)))
    away = far(shop, monkeypatch)
    async with shop.open() as ana:
        await ana.press("enter")
        await ana.sees("MORE")
        for code in ("9520000000035", "9520000000028", "9520000000042")[: 0 if labelled else 3]:
            await ana.scan(code)
        for code in ("AZ:" + "7" * 26, "SN-1")[: 0 if labelled else 2]:
            await ana.scan(code)
        for _ in range(2):
            await ana.scan("9520000000011")
        if labelled:
            await ana.sees("SCAN THE LABEL")
        else:
            await ana.sees("2/2", "1/12", "1/1")
            await ana.until(lambda: ana.floor.bench.view.work.pack.left == 11, "5 units")  # type: ignore[union-attr]
        await away.cut(ana)
        ana.floor.bench.take_stop(Stop(0, "111-1", LONG.strip(), kind))
        await ana.hear("bench")
        back = "Put back: 2 × MUG-350-BL to A-04"
        if not labelled:
            back += ", 1 × SPOON-30 to B-02, 1 × MUG-500-BL to A-05, 1 × LAMP-1 to D-01"
        where = f"{2 if labelled else 5} units are in the box."
        step = where if kind in {StopKind.TAKEN_OVER, StopKind.RELEASED} else f"{back}."
        await reads(ana, TITLES[kind], f"! {LONG.strip()}", step)
        assert sentence_of(ana).endswith(" scan YES.")
        ana.fits()


async def test_a_taken_over_order_is_not_here_any_more(shop: Shop) -> None:
    """When its packer opens it elsewhere, this bench says where the box goes; nothing is void."""
    shop.stock(order("111-1"))
    async with shop.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.delivered()
        store = SqlOrderStore.open(f"sqlite:///{shop.home / 'store.db'}")
        lease = store.claim("bench-2", "Ana", order_id="111-1")
        assert lease is not None
        assert lease.entries
        await ana.hear("queue")
        await ana.sees("STOP: NOT HERE ANY MORE", "1 unit is in the box.")
        await reads(ana, "Ana goes on with this order at bench-2. Bring the box there.")
        assert sentence_of(ana).startswith("Bring the box there, with its label;")
        await ana.press("f7")
        assert ana.screen == "QueueScreen"
        await ana.delivered()
        assert store.label("111-1") is not None
        store.close()
