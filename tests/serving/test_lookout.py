"""Boards that wait: what they are told, when, and what their waiting costs."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from serving.test_buckets import Clock
from store.samples import MIDNIGHT, NOON
from sync.people_cases import BOARD

from station.errors import StoreUnreachable
from station.overview import Board, digest
from station.store.service.lookout import DAYS, UNCHANGED, Lookout, TooManyDays
from station.wire import from_json

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from station.store.sql import SqlOrderStore

QUICK_S = 0.005
KNOWN = digest(BOARD)


class Floors:
    """A store that knows nothing but the floor."""

    def __init__(self) -> None:
        self.floor = BOARD
        self.looks: list[datetime] = []
        self.away = False
        self.open = threading.Event()
        self.open.set()

    def now(self) -> datetime:
        """Return the store's time."""
        return NOON

    def board(self, now: datetime, day_end: datetime, *, known: str = "") -> Board | None:
        """Return the floor."""
        assert (now, known) == (NOON, "")
        self.looks.append(day_end)
        assert self.open.wait(30)
        if self.away:
            raise StoreUnreachable("The order store does not answer.", "It is tried again.")
        return self.floor


class Screen:
    """Somebody who looks, and may leave."""

    def __init__(self, lookout: Lookout, floors: Floors) -> None:
        self._lookout, self._floors = lookout, floors
        self.gone = False
        self.asked = 0
        self.waits = asyncio.Event()
        """Set when it has looked three times."""

    async def _left(self) -> bool:
        self.asked += 1
        if self.asked == 3:
            self.waits.set()
        return self.gone

    def look(
        self, known: str = "", day_end: datetime = MIDNIGHT, *, viewer: bool = False
    ) -> Awaitable[bytes]:
        """Ask for the floor."""
        store = cast("SqlOrderStore", self._floors)
        return self._lookout.floor(store, day_end, known, viewer=viewer, left=self._left)


@pytest.fixture
def floors() -> Floors:
    """Return a store with one floor."""
    return Floors()


def _quick(wait_s: float = 60.0) -> Lookout:
    return Lookout(wait_s, QUICK_S)


def _read(body: bytes) -> Board:
    told: dict[str, Any] = json.loads(body)
    return from_json(Board, told["board"])


async def test_a_floor_that_is_not_known_comes_at_once(floors: Floors) -> None:
    """Without a digest, and with that of another floor, nobody waits."""
    screen = Screen(_quick(), floors)
    assert _read(await screen.look()) == BOARD
    assert _read(await screen.look("ab" * 16)) == BOARD
    assert screen.asked == 0


async def test_the_digest_is_the_same_on_both_sides(floors: Floors) -> None:
    """What a board reads out of the answer has the digest that the service compares with."""
    screen = Screen(_quick(0), floors)
    for viewer in (False, True):
        seen = _read(await screen.look(viewer=viewer))
        assert await screen.look(digest(seen), viewer=viewer) == UNCHANGED


async def test_a_known_floor_is_waited_for(floors: Floors) -> None:
    """The answer comes when the floor becomes another one."""
    screen = Screen(_quick(), floors)
    waiting = asyncio.ensure_future(screen.look(KNOWN))
    await screen.waits.wait()
    assert not waiting.done()
    floors.floor = Board(BOARD.states, 2, 2, 3)
    assert _read(await waiting) == floors.floor


async def test_waiting_ends(floors: Floors) -> None:
    """After the longest wait the answer is that nothing changed, in a few bytes."""
    assert await Screen(_quick(3 * QUICK_S), floors).look(KNOWN) == UNCHANGED
    assert len(UNCHANGED) < 20


async def test_who_left_is_waited_for_no_longer(floors: Floors) -> None:
    """A board that went away leaves nothing behind that looks for it."""
    screen = Screen(_quick(), floors)
    screen.gone = True
    assert await screen.look(KNOWN) == UNCHANGED
    assert len(floors.looks) == 1


async def test_all_boards_share_one_look(floors: Floors) -> None:
    """A hundred boards of the same day cost one look, and of two days two."""
    lookout = Lookout(60, 1, clock=Clock())
    screens = [Screen(lookout, floors) for _ in range(100)]
    bodies = await asyncio.gather(*(screen.look() for screen in screens))
    assert len({*bodies}) == 1
    assert floors.looks == [MIDNIGHT]
    await screens[0].look(day_end=MIDNIGHT + timedelta(hours=1))
    assert len(floors.looks) == 2


async def test_a_look_is_not_used_for_longer_than_a_second(floors: Floors) -> None:
    """Within a second the last look is good enough, then there is another one."""
    clock = Clock()
    screen = Screen(Lookout(60, 1, clock=clock), floors)
    for step, looks in ((0.0, 1), (0.5, 1), (0.4, 1), (0.2, 2)):
        clock.now += step
        await screen.look()
        assert len(floors.looks) == looks


async def test_a_slow_look_is_waited_for(floors: Floors) -> None:
    """While the store takes long there is one look, however many boards come meanwhile."""
    clock = Clock()
    screen = Screen(Lookout(60, 1, clock=clock), floors)
    floors.open.clear()
    first = asyncio.ensure_future(screen.look())
    await asyncio.sleep(0)
    clock.now += 30
    second = asyncio.ensure_future(screen.look())
    await asyncio.sleep(0)
    floors.open.set()
    assert await first == await second
    assert floors.looks == [MIDNIGHT]


async def test_nobody_looks_while_nobody_waits(floors: Floors) -> None:
    """When all boards have their answer, the database is left alone."""
    screen = Screen(_quick(), floors)
    await screen.look()
    await asyncio.sleep(10 * QUICK_S)
    assert len(floors.looks) == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_board_that_goes_away_does_not_end_the_look_of_others(floors: Floors) -> None:
    """The first of two boards is cut off in the middle of the look that both wait for."""
    lookout = Lookout(60, 1, clock=Clock())
    first, second = (asyncio.ensure_future(Screen(lookout, floors).look()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert _read(await second) == BOARD
    assert floors.looks == [MIDNIGHT]


async def test_a_store_that_is_away_is_told_to_all_who_wait(floors: Floors) -> None:
    """Each waiting board hears it, and the next look finds the store again."""
    screen = Screen(_quick(), floors)
    floors.away = True
    told = await asyncio.gather(screen.look(), screen.look(KNOWN), return_exceptions=True)
    assert [type(failure) for failure in told] == [StoreUnreachable] * 2
    floors.away = False
    await asyncio.sleep(2 * QUICK_S)
    assert _read(await screen.look()) == BOARD


async def test_only_so_many_days_are_looked_at(floors: Floors) -> None:
    """A board that asks for ever other days is refused; those with the usual ones are served."""
    clock = Clock()
    screen = Screen(Lookout(60, 1, clock=clock), floors)
    days = [MIDNIGHT + timedelta(minutes=n) for n in range(DAYS + 1)]
    for day in days[:DAYS]:
        await screen.look(day_end=day)
    with pytest.raises(TooManyDays):
        await screen.look(day_end=days[DAYS])
    assert _read(await screen.look(day_end=days[0])) == BOARD
    assert len(floors.looks) == DAYS
    clock.now += 2
    assert _read(await screen.look(day_end=days[DAYS])) == BOARD


def test_each_event_loop_has_looks_of_its_own(floors: Floors) -> None:
    """A look that another loop left unfinished is not waited for."""
    lookout = Lookout(60, 1, clock=Clock())

    async def left() -> None:
        asked = asyncio.ensure_future(Screen(lookout, floors).look())
        await asyncio.sleep(0)
        asked.cancel()

    async def served() -> bytes:
        return await Screen(lookout, floors).look()

    asyncio.run(left())
    assert _read(asyncio.run(served())) == BOARD
