"""The way between a station and the store: journal up, in order, exactly once in effect.

It never waits for the screen, and the screen never for it.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import TYPE_CHECKING

from station.errors import StationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.journal import Journal
    from station.store.port import OrderStore

log = logging.getLogger(__name__)

RENEW_S = 60.0
"""Seconds between two renewals of the leases; a lease lasts ten times as long."""
GATHER_S = 0.25
"""Seconds in which entries are gathered, so that a run of scans is one transaction."""
_PAUSES_S = (1.0, 30.0)


class Link:
    """Carries journal entries to the store and keeps the station's leases alive.

    Args:
        leased: Returns the ids of the orders that are on the bench.
        changed: Called in the link's thread after the store took something over.
    """

    def __init__(
        self,
        station_id: str,
        journal: Journal,
        store: OrderStore,
        leased: Callable[[], tuple[str, ...]],
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._station_id = station_id
        self._journal = journal
        self._store = store
        self._leased = leased
        self._changed = changed
        self._awake = threading.Event()
        self._urgent = threading.Event()
        self._stopping = threading.Event()
        self._draining = threading.Lock()
        self._trouble = ""
        self._backlog = 0
        self._failed = 0
        self._renewed = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    @property
    def words(self) -> str:
        """How the way to the store is, in a few words."""
        waits = f" ({self._backlog} wait)" if self._backlog else ""
        return f"AWAY: {self._trouble}{waits}" if self._trouble else "ok"

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing depends on it being called."""
        self._stopping.set()
        self._urgent.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def wake(self, *, urgent: bool = False) -> None:
        """Say that the journal has something new; urgent when an order left the bench."""
        if urgent:
            self._urgent.set()
        self._awake.set()

    def drain(self) -> int:
        """Hand over everything that waits; return how many entries the store took.

        Raises:
            StationError: The store is away or refuses; nothing is lost, the rest stays.
        """
        taken = 0
        with self._draining:
            while entries := self._journal.pending():
                applied = self._store.apply(self._station_id, entries)
                if applied.conflicts:
                    log.warning("the store kept %s without effect", applied.conflicts)
                self._journal.sent(applied.upto)
                taken += len(entries)
        return taken

    def renew(self) -> None:
        """Keep the leases of the orders on the bench."""
        if ids := self._leased():
            self._store.renew(self._station_id, ids)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._awake.clear()
            self._once()
            if self._awake.wait(self._pause()) and not self._urgent.is_set():
                self._urgent.wait(GATHER_S)
            self._urgent.clear()

    def _once(self) -> None:
        try:
            taken = self.drain()
            if time.monotonic() - self._renewed > RENEW_S:
                self.renew()
                self._renewed = time.monotonic()
        except StationError as error:
            if not self._trouble:
                log.warning("the store is away: %s", error)
            self._fail(error.message)
            return
        except Exception:  # a thread that dies would leave orders unconfirmed without a word
            log.exception("the link failed")
            self._fail("a fault of the program, see station.log")
            return
        if self._trouble:
            log.info("the store is back")
        self._trouble, self._failed = "", 0
        if taken:
            self._changed()

    def _fail(self, words: str) -> None:
        self._backlog = self._journal.backlog()
        self._trouble = words
        self._failed += 1

    def _pause(self) -> float:
        """Return seconds to wait: longer with each failure, never the same for two stations."""
        if not self._failed:
            return RENEW_S / 4
        first, longest = _PAUSES_S
        return random.uniform(0.5, 1) * min(longest, first * 2.0 ** min(self._failed, 10))
