"""Acts of the bench that ask a far store, one after the other, so that no screen waits for it.

Whatever comes while one is being done queues up behind it: the order of scans never changes.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

NOTICED_S = 0.3
"""Seconds after which a person wonders whether anything happens."""


class Lane:
    """One thread that does acts in the order they came."""

    def __init__(self) -> None:
        self._acts: deque[Callable[[], None]] = deque()
        self._more = threading.Condition()
        self._began: float | None = None
        self._thread = threading.Thread(target=self._run, name="lane", daemon=True)

    @property
    def is_busy(self) -> bool:
        """Whether an act is being done, or waits."""
        return self._began is not None or bool(self._acts)

    @property
    def is_slow(self) -> bool:
        """Whether an act takes so long that the packer should be told."""
        began = self._began
        return began is not None and monotonic() - began > NOTICED_S

    def put(self, act: Callable[[], None]) -> None:
        """Do an act after those that came before; what it raises is logged."""
        with self._more:
            self._acts.append(act)
            if not self._thread.is_alive():
                self._thread.start()
            self._more.notify()

    def _run(self) -> None:
        while True:
            with self._more:
                while not self._acts:
                    self._more.wait()
                self._began = monotonic()
                act = self._acts.popleft()
            try:
                act()
            except Exception:  # all scans after it would wait for ever
                log.exception("an act of the lane failed")
            finally:
                self._began = None
