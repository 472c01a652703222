"""Telling the store how this bench is, and hearing what it must know of people and the audit."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from station.errors import StationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.journal import Journal
    from station.overview import Echo, Pulse
    from station.reach import Reach
    from station.store.port import OrderStore

log = logging.getLogger(__name__)

LEAST_S = 1.0
"""Seconds between two pulses at least."""
MOST_S = 30.0
"""Seconds between two pulses at most, also when nothing has changed."""


class Pulsing:
    """Sends a bench's pulses; for one thread.

    Args:
        station_id: This station.
        store: Where the pulses go.
        journal: Keeps what the store answers.
        reach: Where everybody reads it.
        pulse: Returns how the bench is.
        clock: Seconds that only rise.
    """

    def __init__(
        self,
        station_id: str,
        store: OrderStore,
        journal: Journal,
        reach: Reach,
        pulse: Callable[[], Pulse],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._station_id = station_id
        self._store = store
        self._journal = journal
        self._reach = reach
        self._pulse = pulse
        self._clock = clock
        self._told: Pulse | None = None
        self._at = float("-inf")
        self._refused = ""
        self.is_owed = False
        """Whether something has changed that the store was not told of yet."""

    def once(self) -> bool:
        """Send a pulse where one is due; return whether a screen shows something else now.

        A pulse that fails is no trouble of the way: orders and labels go on without it.
        """
        try:
            return self._tell(self._pulse(), self._clock())
        except StationError as error:
            self._told = None
            self._complain(error.message)
            return False

    def _tell(self, pulse: Pulse, now: float) -> bool:
        since, changed = now - self._at, pulse != self._told
        is_due = since >= LEAST_S and (changed or since >= MOST_S)
        self.is_owed = changed and not is_due
        if not is_due:
            return False
        self._at = now
        echo = self._store.pulse(self._station_id, pulse)
        self._told, self._refused = pulse, ""
        return self._hear(echo, pulse)

    def _complain(self, words: str) -> None:
        if words != self._refused:
            log.info("no pulse was taken: %s", words)
            self._refused = words

    def _hear(self, echo: Echo, pulse: Pulse) -> bool:
        unwelcome = "" if echo.is_welcome else pulse.packer
        before = (self._reach.badges, self._reach.unwelcome)
        self._reach.badges, self._reach.unwelcome = echo.badges, unwelcome
        self._journal.keep_badges(badges=echo.badges)
        self._journal.keep_anchor(echo.head)
        return before != (echo.badges, unwelcome)
