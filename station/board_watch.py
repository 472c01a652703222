"""Looks at the floor again and again, in a thread of its own, and tells what changed."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from station import wording
from station.errors import StationError
from station.overview import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.overview import Board
    from station.store.port import OrderStore

log = logging.getLogger(__name__)

PAUSE_S = 1.0
"""Seconds between two looks at least."""
MAX_PAUSE_S = 15.0
"""Seconds between two looks at most, while the store is away."""


class FloorSeen(Message, bubble=False):
    """The store answered: with another floor, or with None for the one that it told last."""

    def __init__(self, board: Board | None) -> None:
        super().__init__()
        self.board = board


class FloorAway(Message, bubble=False):
    """The store could not be asked, for a reason in words."""

    def __init__(self, words: str, since: datetime) -> None:
        super().__init__()
        self.words = words
        self.since = since


class Watch:
    """One thread that looks.

    Args:
        open_store: Opens the store; called again until it succeeds.
        day_ends: Local time of the last pick-up.
        clock: Tells the time, UTC.
        post: Takes messages, from any thread.
    """

    def __init__(
        self,
        open_store: Callable[[], OrderStore],
        day_ends: str,
        clock: Callable[[], datetime],
        post: Callable[[Message], object],
    ) -> None:
        self._open_store = open_store
        self._day_ends = day_ends
        self._clock = clock
        self._post = post
        self._store: OrderStore | None = None
        self._opening = threading.Lock()
        self._known = ""
        self._trouble = ""
        self._since: datetime | None = None
        self._now = threading.Event()
        self._is_over = False
        self._asked = monotonic()
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a look that is under way ends by itself."""
        self._is_over = True
        self._now.set()

    def look_now(self) -> None:
        """Look without waiting: something was decided."""
        self._now.set()

    def store(self) -> OrderStore:
        """Return the store, opened at the first call.

        Raises:
            StationError: It cannot be opened.
        """
        with self._opening:
            if self._store is None:
                self._store = self._open_store()
            return self._store

    @property
    def silent_s(self) -> float:
        """Seconds since the store was asked and answered, or did not: many when this has died."""
        return monotonic() - self._asked

    def _run(self) -> None:
        pause = PAUSE_S
        while not self._is_over:
            began = monotonic()
            pause = PAUSE_S if self.once() else min(MAX_PAUSE_S, pause * 2)
            self._now.wait(max(0.0, pause - (monotonic() - began)))
            self._now.clear()
        if self._store is not None:
            self._store.close()

    def once(self) -> bool:
        """Look once and tell; return whether the store answered."""
        now = self._clock()
        self._asked = monotonic()
        try:
            board = self.store().board(now, self._end(now), known=self._known)
        except StationError as error:
            self._tell_trouble(str(error), now)
            return False
        if board is not None:
            self._known = digest(board)
        if board is not None or self._trouble:
            self._trouble, self._since = "", None
            self._tell(FloorSeen(board))
        return True

    def _end(self, now: datetime) -> datetime:
        """Return the end of the day; after it the same one for ten minutes.

        The server looks once for all boards that show the same day.
        """
        end = wording.day_end(now, self._day_ends)
        if end != now + timedelta(hours=1):
            return end
        return datetime.fromtimestamp((end.timestamp() // 600 + 1) * 600, UTC)

    def _tell_trouble(self, words: str, now: datetime) -> None:
        if words != self._trouble:
            log.warning("the board cannot be read: %s", words)
            self._trouble, self._since = words, self._since or now
            self._tell(FloorAway(words, self._since))

    def _tell(self, message: Message) -> None:
        if not self._is_over:
            self._post(message)
