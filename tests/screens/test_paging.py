"""Moving over 500 orders: the rows in sight are always those of the store, in its order."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from screens.shop import due

from station.coach import DemoCoach
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from screens.shop import Packer, Shop

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


def in_sight(ana: Packer) -> list[str]:
    """Return the order ids on the screen, from top to bottom."""
    return [word for row in ana.rows for word in row.split() if len(word) == 8 and "111-" in word]


def marked(ana: Packer) -> str:
    """Return the order on the row with the cursor."""
    rows = [row for row in ana.rows if row.startswith(" ▸")]
    assert len(rows) == 1, ana.text
    return next(word for word in rows[0].split() if word.startswith("111-"))


def place(ana: Packer, ids: list[str]) -> tuple[int, int]:
    """Return index of the first row and of the cursor, having checked the rows in between."""
    seen = in_sight(ana)
    first = ids.index(seen[0])
    assert seen == ids[first : first + len(seen)]
    return first, ids.index(marked(ana))


async def test_page_keys_show_the_right_rows(crowd: Shop) -> None:
    """PageDown, PageUp, End and Home show full pages of the store's order."""
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(f"{ORDERS} waiting", ids[0])
        assert place(ana, ids) == (0, 0)
        await ana.press("pagedown")
        assert place(ana, ids) == (PAGE, PAGE)
        await ana.press("pagedown")
        assert place(ana, ids) == (2 * PAGE, 2 * PAGE)
        await ana.press("pageup")
        assert place(ana, ids) == (PAGE, 2 * PAGE - 1)
        await ana.press("end")
        assert place(ana, ids) == (ORDERS - PAGE, ORDERS - 1)
        await ana.press("pageup")
        assert len(in_sight(ana)) == PAGE
        await ana.press("home")
        assert place(ana, ids) == (0, 0)


async def test_arrows_reach_every_row(crowd: Shop) -> None:
    """Down goes through the store's order one by one over the end of a page, and Up back."""
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(ids[0])
        went = [marked(ana)]
        for _ in range(PAGE + 3):
            await ana.press("down")
            went.append(marked(ana))
        assert went == ids[: PAGE + 4]
        for _ in range(4):
            await ana.press("up")
            place(ana, ids)
        assert marked(ana) == ids[PAGE - 1]


async def test_ends_are_ends(crowd: Shop) -> None:
    """Up at the first row and Down at the last one change nothing."""
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(ids[0])
        await ana.press("up", "pageup")
        assert marked(ana) == ids[0]
        await ana.press("end", "down", "pagedown")
        assert place(ana, ids) == (ORDERS - PAGE, ORDERS - 1)


async def test_page_up_near_the_top_shows_a_full_page(crowd: Shop) -> None:
    """PageUp from rows that lie less than a page below the top fills the screen all the same."""
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(ids[0])
        await ana.press("end")
        for _ in range(ORDERS // PAGE + 1):
            await ana.press("pageup")
        assert place(ana, ids)[0] == 0
        assert len(in_sight(ana)) == PAGE


async def test_enter_opens_the_marked_order(crowd: Shop) -> None:
    """After a move the sentence names the order that Enter takes, and Enter takes it."""
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(ids[0])
        await ana.press("pagedown", "down", "down")
        wanted = ids[PAGE + 2]
        await ana.sees(f"Enter takes {wanted}.")
        await ana.press("enter")
        assert ana.screen == "PackScreen"
        await ana.sees(f"BENCH-1 · Ana   {wanted}")


@pytest.mark.parametrize("keys", [["down"] * 3, ["pagedown", "down"], ["end"]])
async def test_news_do_not_move_the_cursor(crowd: Shop, keys: list[str]) -> None:
    """Rows are looked up again every few seconds, and the packer stays where he is."""
    async with crowd.open() as ana:
        await ana.sees("500 waiting")
        await ana.press(*keys)
        before = marked(ana)
        await ana.hear("queue")
        assert marked(ana) == before
        await ana.press("enter")
        await ana.sees(f"BENCH-1 · Ana   {before}")


async def test_cursor_stays_in_sight_in_the_demo(crowd: Shop) -> None:
    """The demo's extra row takes no row of the queue away: the cursor can always be seen."""
    crowd.coach = lambda _parts: DemoCoach(b"key")
    async with crowd.open() as ana:
        ids = in_order(ana.floor.store)
        await ana.sees("DEMO", ids[0])
        for at in range(1, PAGE + 2):
            await ana.press("down")
            assert marked(ana) == ids[at]


async def test_taller_screens_show_more(crowd: Shop) -> None:
    """At 120×40 there are thirty rows, and PageDown moves by as many."""
    async with crowd.open(size=(120, 40)) as ana:
        ids = in_order(ana.floor.store)
        await ana.sees(ids[29])
        assert len(in_sight(ana)) == 30
        await ana.press("pagedown")
        assert place(ana, ids) == (30, 30)
        ana.fits()
