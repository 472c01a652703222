"""Moving over 500 orders: the rows in sight are always those of the store, in its order."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from samples import MUG, order
from screens.shop import PATIENCE_S, due
from textual.events import Key

from station.coach import DemoCoach
from station.messages import BenchChanged
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from screens.shop import Packer, Shop

    from station.model import QueueRow
    from station.store.port import OrderStore

ORDERS = 500
PAGE = 14
"""Rows of the queue at 80×24."""


@pytest.fixture(scope="session")
def crowded(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with 500 orders, of which many are due at the same time."""
    path = tmp_path_factory.mktemp("crowded") / "store.db"
    shutil.copy(stocked, path)
    store = SqlOrderStore.open(f"sqlite:///{path}")
    many = [
        replace(order(f"111-{n * 7919 % ORDERS:04}", (MUG, 1 + n % 3)), ship_by=due(n % 50 / 2))
        for n in range(ORDERS)
    ]
    store.put_orders(many, channel="amazon")
    store.close()
    return path


@pytest.fixture
def crowd(shop: Shop, crowded: Path) -> Shop:
    """Return a shop with 500 orders."""
    shutil.copy(crowded, shop.home / "store.db")
    return shop


def in_order(store: OrderStore) -> list[str]:
    """Return the ids of the whole queue as the store orders them."""
    rows = list(store.queue(200))
    while more := store.queue(200, after=rows[-1]):
        rows += more
    return [row.order_id for row in rows]


async def ready(ana: Packer) -> list[str]:
    """Wait until the queue stands on the screen; return its ids in the store's order."""
    ids = in_order(ana.floor.store)
    await ana.sees(ids[0])
    await ana.settle()
    return ids


def in_sight(ana: Packer) -> list[str]:
    """Return the order ids on the screen, from top to bottom."""
    return [word for row in ana.rows for word in row.split() if len(word) == 8 and "111-" in word]


def marked(ana: Packer) -> str:
    """Return the order on the row with the cursor; empty when there is no such row."""
    rows = [row for row in ana.rows if row.startswith(" ▸")]
    return next((word for word in rows[0].split() if word.startswith("111-")), "") if rows else ""


async def at(ana: Packer, ids: list[str], first: int, cursor: int, rows: int = PAGE) -> None:
    """Wait until these rows of the store's queue are in sight, with the cursor on one of them."""

    def true() -> bool:
        return in_sight(ana) == ids[first : first + rows] and marked(ana) == ids[cursor]

    await ana.until(true, f"rows from {first}, the cursor on {ids[cursor]}")


async def test_page_keys_show_the_right_rows(crowd: Shop) -> None:
    """PageDown, PageUp, End and Home show full pages of the store's order."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.sees(f"{ORDERS} waiting")
        await at(ana, ids, 0, 0)
        await ana.press("pagedown")
        await at(ana, ids, PAGE, PAGE)
        await ana.press("pagedown")
        await at(ana, ids, 2 * PAGE, 2 * PAGE)
        await ana.press("pageup")
        await at(ana, ids, PAGE, 2 * PAGE - 1)
        await ana.press("end")
        await at(ana, ids, ORDERS - PAGE, ORDERS - 1)
        await ana.press("home")
        await at(ana, ids, 0, 0)


async def test_arrows_reach_every_row(crowd: Shop) -> None:
    """Down goes through the store's order one by one over the end of a page, and Up back."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        for n in range(1, PAGE + 3):
            await ana.press("down")
            top = 0 if n < PAGE else PAGE
            await at(ana, ids, top, n)
        await ana.press("up", "up", "up")
        await at(ana, ids, 0, PAGE - 1)


async def test_ends_are_ends(crowd: Shop) -> None:
    """Up at the first row and Down at the last one change nothing."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.press("up", "pageup")
        await at(ana, ids, 0, 0)
        await ana.press("end")
        await at(ana, ids, ORDERS - PAGE, ORDERS - 1)
        await ana.press("down", "pagedown")
        await at(ana, ids, ORDERS - PAGE, ORDERS - 1)


async def test_page_up_near_the_top_shows_a_full_page(crowd: Shop) -> None:
    """PageUp from rows that lie less than a page below the top fills the screen all the same."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.press("end")
        await at(ana, ids, ORDERS - PAGE, ORDERS - 1)
        for page in range(1, ORDERS // PAGE):
            await ana.press("pageup")
            last = ORDERS - page * PAGE
            await at(ana, ids, last - PAGE, last - 1)
        await ana.press("pageup")
        await ana.until(lambda: in_sight(ana) == ids[:PAGE], "the first page, full")


async def test_enter_opens_the_marked_order(crowd: Shop) -> None:
    """After a move the sentence names the order that Enter takes, and Enter takes it."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.press("pagedown")
        await at(ana, ids, PAGE, PAGE)
        await ana.press("down", "down")
        wanted = ids[PAGE + 2]
        await ana.sees(f"Enter takes {wanted}.")
        await ana.press("enter")
        assert ana.screen == "PackScreen"
        await ana.sees(f"BENCH-1 · Ana   {wanted}")


@pytest.mark.parametrize(("key", "first", "cursor"), [("pagedown", 14, 14), ("end", 486, 499)])
async def test_news_do_not_move_the_cursor(crowd: Shop, key: str, first: int, cursor: int) -> None:
    """Rows are looked up again every few seconds, and the packer stays where he is."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.press(key)
        await at(ana, ids, first, cursor)
        await ana.hear("queue")
        await ana.settle()
        await at(ana, ids, first, cursor)
        await ana.press("enter")
        await ana.sees(f"BENCH-1 · Ana   {ids[cursor]}")


async def test_late_answers_change_nothing(crowd: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer about an earlier page that comes late does not take the packer back there."""
    async with crowd.open() as ana:
        ids = await ready(ana)
        store, late = ana.floor.store, threading.Event()
        real = store.queue

        def slow_at_the_top(limit: int, **more: Any) -> tuple[QueueRow, ...]:
            rows = real(limit, **more)
            assert more or late.wait(PATIENCE_S)
            return rows

        monkeypatch.setattr(store, "queue", slow_at_the_top)
        ana.app.post_message(BenchChanged())
        await ana.pilot.pause(0.05)
        ana._key(Key("pagedown", None), 0.5)
        await ana.sees(ids[PAGE])
        late.set()
        await ana.settle()
        await ana.settle()
        await at(ana, ids, PAGE, PAGE)


async def test_cursor_stays_in_sight_in_the_demo(crowd: Shop) -> None:
    """The demo's extra row takes no row of the queue away: the cursor can always be seen."""
    crowd.coach = lambda _parts: DemoCoach(b"key")
    async with crowd.open() as ana:
        ids = await ready(ana)
        await ana.sees("DEMO")
        for n in range(1, PAGE + 2):
            await ana.press("down")
            top, rows = (0, PAGE - 1) if n < PAGE - 1 else (PAGE - 1, PAGE - 1)
            await at(ana, ids, top, n, rows)


async def test_taller_screens_show_more(crowd: Shop) -> None:
    """At 120×40 there are thirty rows, and PageDown moves by as many."""
    async with crowd.open(size=(120, 40)) as ana:
        ids = await ready(ana)
        await at(ana, ids, 0, 0, 30)
        await ana.press("pagedown")
        await at(ana, ids, 30, 30, 30)
        ana.fits()
