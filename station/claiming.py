"""How a bench comes by its next order: one kept ready, one it was given before, or a new one.

The store is asked without any lock of the bench, so that nothing on the screen waits for it.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from station import packing
from station.errors import StoreRefused, StoreUnreachable
from station.model import OrderState, StopKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from station.journal import Journal
    from station.model import Lease, Stop
    from station.pack import Pack, Rules
    from station.reach import Reach
    from station.store.port import OrderStore

ELSEWHERE = frozenset({StopKind.LOST, StopKind.TAKEN_OVER, StopKind.RELEASED})
"""Stops of an order that is not this bench's any more."""

GIVEN_LOOK_S = 3.0
"""Seconds between two looks for an order that a supervisor gave to this station."""


def resumed(journal: Journal, rules: Rules) -> Iterator[tuple[Lease, Pack]]:
    """Return what was on the bench when the journal was last written, as far as it was."""
    for opened in journal.open_orders():
        pack = packing.start(opened.lease, rules)
        yield opened.lease, packing.replayed(pack, opened.entries, rules)


class Claims:
    """The orders that one station has leased and not opened, and the way to more of them.

    Args:
        station_id: The station's name at the store.
        journal: Remembers what is kept ready.
        store: Is asked for orders.
        reach: Tells whether it can be asked now.
    """

    def __init__(
        self,
        station_id: str,
        journal: Journal,
        store: OrderStore,
        reach: Reach,
    ) -> None:
        self._station_id = station_id
        self._journal = journal
        self._store = store
        self._reach = reach
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._ready = {lease.order.order_id: lease for lease in journal.ready()}
        self._given_back: list[str] = []
        self._handed = ""
        self._is_given = False
        self._looked = float("-inf")

    @property
    def ready(self) -> dict[str, int]:
        """The fences of the orders that are kept ready, by order id."""
        with self._lock:
            return {order_id: lease.fence for order_id, lease in self._ready.items()}

    def next(self, packer: str, on_bench: Collection[str]) -> Lease | None:
        """Lease the next order, most urgent first; None when nothing waits.

        Raises:
            StoreUnreachable: No order is kept ready, and the store is away.
        """
        self._journal.need_room()
        self._handed = ""  # it was opened, or could not be
        given = self._given_first(packer, on_bench) if self._is_given else None
        return given or self._hand(self._first()) or self._ask(packer, on_bench)

    def _given_first(self, packer: str, on_bench: Collection[str]) -> Lease | None:
        """Lease what a supervisor gave to this station: it goes before what is kept ready."""
        with suppress(StoreUnreachable, StoreRefused), self._asking:
            self._need_store()
            left = self._left_behind(on_bench)
            self._is_given = False
            return self._hand(self._claim(packer, left)) if left else None
        return None

    def named(self, packer: str, order_id: str) -> Lease | None:
        """Lease one order, which the packer may have begun at another station.

        Raises:
            StoreUnreachable: It is not kept ready, and the store is away.
            StoreRefused: Somebody else has it, or it is on its way back from here.
        """
        self._journal.need_room()
        self._handed = ""  # it was opened, or could not be
        if order_id not in self.ready:
            self._need_store()
        with self._asking:
            with self._lock:
                lease = self._ready.get(order_id)
            return self._hand(lease or self._claim(packer, order_id))

    def _hand(self, lease: Lease | None) -> Lease | None:
        # Until it is opened, the store alone knows that it is not left behind.
        self._handed = lease.order.order_id if lease else ""
        return lease

    def _first(self) -> Lease | None:
        with self._lock:
            return next(iter(self._ready.values()), None)

    def opened(self, lease: Lease, packer: str) -> None:
        """Remember in the journal that an order is on the bench now."""
        self._journal.open(lease, packer)
        with self._lock:
            self._ready.pop(lease.order.order_id, None)

    def gave_back(self, order_id: str) -> None:
        """Remember that the packer wants another order first."""
        self._given_back.append(order_id)

    def look(self, on_bench: Collection[str]) -> None:
        """Look now and then for an order given to this station; called by the link, as `fill`.

        Only while one is kept ready, which would be next: else the next claim asks.
        """
        if self.ready and not self._is_given and monotonic() > self._looked + GIVEN_LOOK_S:
            self._looked = monotonic()
            with self._asking:
                self._is_given = self._left_behind(on_bench) is not None

    def fill(self, packer: str, wanted: int, on_bench: Collection[str] = ()) -> None:
        """Lease orders until so many are kept ready; called by the link, never by a screen."""
        while len(self.ready) < wanted:
            with self._asking:
                # While it waited, the packer may have been given the one that it was about.
                left = self._left_behind(on_bench)
                lease = self._claim(packer, left) if len(self.ready) < wanted else None
                if lease is None:
                    return
                self._journal.keep_ready(lease)
                with self._lock:
                    self._ready[lease.order.order_id] = lease

    def let_go(self, packer: str) -> None:
        """Give back to the queue what is kept ready: nobody works here any more."""
        for order_id in self.ready:
            self._let_go(order_id, packer)

    def take_stop(self, stop: Stop, packer: str) -> None:
        """Let go of an order that is kept ready and must not be packed here."""
        if stop.kind in ELSEWHERE:
            with self._lock:
                lost = self._ready.pop(stop.order_id, None)
            if lost is not None:
                self._journal.forget(stop.order_id)
        elif stop.order_id in self.ready:
            self._let_go(stop.order_id, packer)

    def _let_go(self, order_id: str, packer: str) -> None:
        with self._lock:
            lease = self._ready.pop(order_id, None)
        if lease is not None:
            self._journal.append(
                "let-go", order_id, lease.fence, packer, OrderState.WAITING, over=True
            )

    def _ask(self, packer: str, on_bench: Collection[str]) -> Lease | None:
        self._need_store()
        with self._asking:
            # While it waited, the link may have leased one ahead.
            if lease := self._first():
                return self._hand(lease)
            left = self._left_behind(on_bench)
            lease = self._claim(packer, left)
            if lease is None and self._given_back:
                self._given_back.clear()
                lease = self._claim(packer)
            return self._hand(lease)

    def _claim(self, packer: str, order_id: str | None = None) -> Lease | None:
        if order_id is not None and not self._journal.is_told(order_id):
            # Else the store would renew a lease which our next word to it ends.
            raise StoreRefused(
                f"What was done to order {order_id} here is on its way to the store.",
                "Take it again in a moment.",
            )
        if order_id in self._given_back:
            self._given_back.remove(order_id)
        skip = () if order_id else tuple(self._given_back)
        return self._store.claim(self._station_id, packer, order_id=order_id, skip=skip)

    def _left_behind(self, on_bench: Collection[str]) -> str | None:
        """Return an order that is leased to this station and was never opened here.

        Something broke between its claim and that, or a supervisor gave it to the station.
        """
        known = {*on_bench, *self.ready, *self._given_back, self._handed}
        left = (i for i in self._store.claimed(self._station_id) if i not in known)
        return next(filter(self._journal.is_told, left), None)

    def _need_store(self) -> None:
        if self._reach.trouble:
            raise StoreUnreachable(
                f"No other order can be taken: {self._reach.trouble}.",
                "Go on when it is back; nothing is lost.",
            )
