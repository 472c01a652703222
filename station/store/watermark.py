"""How far down the queue all orders are taken: where the next claim begins to look.

Claimed orders leave dead entries at the head of PostgreSQL's index, and while a report or a
backup holds an old snapshot nothing may remove them: a claim from the head reads them all.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Key = tuple[int, int, int, int, str]
"""The values of `schema.QUEUE_ORDER`."""

HEAD: Key = (-(2**63), -(2**63), -(2**63), -(2**63), "")
"""Before every order."""

LOOK_S = 1.0
"""Seconds that an order which another program made more urgent may be passed by."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where one claim looks from."""

    key: Key
    entered: int
    """What `entered` returned when it began."""


class Watermark:
    """The key of the last claim, shared by the threads of one program."""

    def __init__(self, entered: Callable[[], int], clock: Callable[[], float] = monotonic) -> None:
        self._entered = entered
        self._clock = clock
        self._lock = threading.Lock()
        self._known = entered()
        self._key = HEAD
        self._looked = float("-inf")

    def start(self, *, skips: bool) -> Start:
        """Return where to look from: the head once a second and when this program added orders.

        A claim that skips orders proves nothing about them: it does not count as such a look.
        """
        with self._lock:
            entered = self._entered()
            if entered != self._known:
                self._known, self._key = entered, HEAD
            now = self._clock()
            key = self._key if now < self._looked + LOOK_S else HEAD
            if key == HEAD and not skips:
                self._looked = now
            return Start(key, entered)

    def taken(self, start: Start, key: Key) -> None:
        """Go on from the key of an order that was claimed, unless orders came in meanwhile."""
        with self._lock:
            if start.entered == self._known:
                self._key = key

    def empty(self) -> None:
        """Look from the head again: nothing was found."""
        with self._lock:
            self._key = HEAD
