"""How the printers of a pool are while nothing is printed: asked by a thread of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.pool import Pool

EVERY_S = 30.0
"""Seconds after which a printer that was not used is asked how it is."""

LEAST_S = 1.0
"""Seconds between two rounds, whatever happens."""


class Watch:
    """Asks each printer of a pool from time to time; one that is printing is left alone.

    Args:
        pool: The printers.
        changed: Told from the thread when a printer is another way than before.
        every_s: See `EVERY_S`.
    """

    def __init__(
        self, pool: Pool, changed: Callable[[], object], *, every_s: float = EVERY_S
    ) -> None:
        self._pool = pool
        self._changed = changed
        self._every_s = every_s
        self._told = pool.each()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printers", daemon=True)

    def start(self) -> None:
        """Begin; the thread dies with the process."""
        self._thread.start()

    def stop(self, timeout_s: float = 0.0) -> None:
        """Ask no more; an answer that is waited for is not waited for here."""
        self._stopping.set()
        self._pool.uneasy.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def look(self) -> None:
        """Ask every printer that was not used for a while, and tell what is new."""
        self._pool.uneasy.clear()
        before = self._pool.each()  # a print may have told of its own since the last look
        for name in self._pool.printers:
            idle = self._pool.idle_s(name)
            if not self._stopping.is_set() and (idle is None or idle >= self._every_s):
                self._pool.ask(name)
        now = self._pool.each()
        if now != before or now != self._told:
            self._told = now
            self._changed()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(min(LEAST_S, self._every_s))
            self._pool.uneasy.wait(self._left())

    def _left(self) -> float:
        idles = [self._pool.idle_s(name) for name in self._pool.printers]
        return max(0.0, min(0.0 if idle is None else self._every_s - idle for idle in idles))
