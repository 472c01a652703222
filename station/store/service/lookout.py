"""Boards that wait for a change: one look at the floor a second, however many of them wait.

A waiting board is a coroutine that sleeps. It takes no worker thread: the one look that all of
them share does, for the milliseconds that it lasts, and only while somebody waits.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from starlette.concurrency import run_in_threadpool

from station.overview import digest
from station.store.service.answers import LatestBoard, answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from station.overview import Board
    from station.store.sql import SqlOrderStore

    _Key = tuple[SqlOrderStore, datetime]

LOOK_S = 1.0
"""Seconds between two looks at the same day."""
WAIT_S = 20.0
"""Seconds for which a board waits for a change."""
DAYS = 8
"""Ends of day that are looked at; boards of one house have one, or a few."""

ENDING = "ending"
"""The name in a request's state under which stands what tells whether the server is to end."""

UNCHANGED = bytes(answer(LatestBoard(None)).body)


class Shown(NamedTuple):
    """A floor as it is sent."""

    digest: str
    body: bytes


class Sight(NamedTuple):
    """What one look saw."""

    whole: Shown
    for_viewers: Shown


@dataclass(frozen=True, slots=True)
class _Look:
    began: float
    task: asyncio.Task[Sight]


class TooManyDays(Exception):  # noqa: N818 - a finding about what was asked, no failure of ours
    """Boards wait for more ends of day than are looked at."""


class Lookout:
    """Looks at the floor for all boards that wait; for the thread of one event loop.

    Args:
        wait_s: Seconds for which a board waits for a change.
        look_s: Seconds between two looks at the same day.
        clock: Seconds that only rise.
    """

    def __init__(
        self,
        wait_s: float = WAIT_S,
        look_s: float = LOOK_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wait_s = wait_s
        self._look_s = look_s
        self._clock = clock
        self._looks: dict[_Key, _Look] = {}

    async def floor(
        self,
        store: SqlOrderStore,
        day_end: datetime,
        known: str,
        *,
        viewer: bool,
        left: Callable[[], Awaitable[bool]],
    ) -> bytes:
        """Return the floor as JSON, as soon as it is another one than the known.

        Args:
            store: Where the orders are.
            day_end: The end of the day that the board shows.
            known: The digest of the floor that the board has; empty: none.
            viewer: Whether names of people and what they typed are left out.
            left: Tells whether nobody waits any more.

        Raises:
            TooManyDays: Nothing was looked at.
            StoreError: The store does not answer.
        """
        ends = self._clock() + self._wait_s
        while True:
            look = self._latest(store, day_end)
            # Whoever leaves must not end the look of the others.
            sight = await asyncio.shield(look.task)
            shown = sight.for_viewers if viewer else sight.whole
            if shown.digest != known:
                return shown.body
            again = look.began + self._look_s
            if again > ends or await left():
                return UNCHANGED
            # All wake for the same look; one that took long is not followed by the next at once.
            await asyncio.sleep(max(again - self._clock(), self._look_s / 4))

    def _latest(self, store: SqlOrderStore, day_end: datetime) -> _Look:
        """Return a look that is no older than is allowed, begun by whoever came first."""
        now, key = self._clock(), (store, day_end)
        look = self._looks.get(key)
        if look is None or _is_lost(look.task):
            return self._begin(key, now)
        is_old = look.task.done() and look.began + self._look_s <= now
        return self._begin(key, now) if is_old else look

    def _begin(self, key: _Key, now: float) -> _Look:
        old = now - 2 * self._look_s
        kept = self._looks.items()
        self._looks = {k: v for k, v in kept if v.began > old or not v.task.done()}
        if key not in self._looks and len(self._looks) >= DAYS:
            raise TooManyDays
        task = asyncio.create_task(run_in_threadpool(_seen, *key))
        task.add_done_callback(_heard)
        self._looks[key] = look = _Look(now, task)
        return look


def _seen(store: SqlOrderStore, day_end: datetime) -> Sight:
    board = cast("Board", store.board(store.now(), day_end))  # None only for a known one
    return Sight(_shown(board), _shown(board.for_viewers()))


def _shown(board: Board) -> Shown:
    return Shown(digest(board), bytes(answer(LatestBoard(board)).body))


def _is_lost(task: asyncio.Task[Sight]) -> bool:
    return task.cancelled() or task.get_loop() is not asyncio.get_running_loop()


def _heard(task: asyncio.Task[Sight]) -> None:
    # When all who waited have left, nobody else asks how it ended.
    if not task.cancelled():
        task.exception()
