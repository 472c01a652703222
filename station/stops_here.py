"""Orders that the store stopped while this bench has them: they stay until the packer read why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from station import events
from station.claiming import ELSEWHERE
from station.pack import HALTED, OVER

if TYPE_CHECKING:
    import threading

    from station.claiming import Claims
    from station.events import Event
    from station.journal import Journal
    from station.model import Stop
    from station.pack import Verdict
    from station.view import View, Work


class StopsHere(ABC):
    """The part of the bench that takes in stops."""

    claims: Claims
    _lock: threading.RLock
    _journal: Journal
    _packer: str
    _open: dict[str, Work]
    _hand: str | None
    _behind: str | None
    _read: set[str]
    _verdict: Verdict | None

    @property
    @abstractmethod
    def view(self) -> View:
        """The bench as it is now."""

    @abstractmethod
    def _take(self, event: Event, order_id: str | None = None, *, aloud: bool = False) -> View: ...

    @abstractmethod
    def _leave(self, work: Work) -> None: ...

    def take_stop(self, stop: Stop) -> None:
        """Take in what the store says about an order of this bench."""
        with self._lock:
            order_id, work = stop.order_id, self._open.get(stop.order_id)
            if work is None:
                self.claims.take_stop(stop, self._packer)
            elif work.pack.stage not in OVER:
                self._take(events.Stopped(stop.reason, stop.kind), order_id, aloud=True)
                self._show_halted(order_id)
            elif stop.kind in ELSEWHERE and work.pack.stage not in HALTED:
                self._journal.forget(order_id)  # its label is not ours to make void any more
                del self._open[order_id]

    def _show_halted(self, order_id: str | None) -> None:
        """Put a halted order before the packer; what he had in hand comes back after it."""
        if self._is_live(self._hand):
            self._behind = self._hand
        back = self._behind if self._is_live(self._behind) else None
        self._hand = order_id or back

    def _is_live(self, order_id: str | None) -> bool:
        work = self._open.get(order_id or "")
        return work is not None and work.pack.stage not in OVER

    def _unread(self) -> str | None:
        halted = (i for i, work in self._open.items() if work.pack.stage in HALTED)
        return next((order_id for order_id in halted if order_id not in self._read), None)

    def dismiss(self) -> View:
        """Leave an order that is over; the packer has read why."""
        with self._lock:
            work = self._open.get(self._hand or "")
            if work and work.pack.stage in OVER:
                self._read.add(work.order.order_id)
                self._verdict = None
                self._leave(work)
                self._show_halted(self._unread())
            return self.view
