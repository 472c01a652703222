"""Stations that keep their journal, and what one station alone may ask, on every kind of store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from store.many_clients import ManyClients
from store.samples import NOON, Bench, label, order

from station.errors import StoreRefused
from station.model import Entry, Lease, OrderState, Presence

if TYPE_CHECKING:
    from station.model import Welcome
    from station.store.port import Applied, OrderStore, Purchase

_PAUSED = "The store was restored from a backup: waiting for "


def lease(fence: int, order_id: str = "111-1") -> Lease:
    """Return a lease that some store gave, and may have forgotten."""
    return Lease(order(order_id), (), fence, 600)


class Seat:
    """What a station does about labels and stops, under its own name."""

    def __init__(self, store: OrderStore, station: str) -> None:
        far = isinstance(store, ManyClients)
        self._store: Any = store.of(station) if isinstance(store, ManyClients) else store
        self._how = {} if far else {"by": station}

    def begin(self, key: str, fence: int, order_id: str = "111-1") -> Purchase:
        """Begin a purchase."""
        begun: Purchase = self._store.begin_purchase(key, order_id, 1, fence, "own", **self._how)
        return begun

    def finish(self, key: str, tracking_id: str = "1Z1", order_id: str = "111-1") -> Purchase:
        """Finish a purchase."""
        bought = label(tracking_id, order_id)
        done: Purchase = self._store.finish_purchase(key, bought, **self._how)
        return done

    def void(self, key: str) -> None:
        """Make a label void."""
        self._store.void_purchase(key, "torn", **self._how)

    def label(self, order_id: str = "111-1") -> Purchase | None:
        """Look at a label."""
        found: Purchase | None = self._store.label(order_id, 1, **self._how)
        return found

    def answer(self, stop_id: int) -> None:
        """Answer a stop."""
        self._store.answer_stop(stop_id, **self._how)


class Keeper(Bench):
    """A station that keeps its journal as `station.journal` does, and comes as the link does."""

    def __init__(self, store: OrderStore, station: str = "bench-1", packer: str = "Ana") -> None:
        super().__init__(store, station, packer)
        self.journal = f"journal of {station}"
        self.run = f"first run of {station}"
        self.entries: list[Entry] = []
        self.sent = 0
        self.known = ("", 0)
        """The store and the epoch that it was told of last."""

    def entry(
        self,
        lease: Lease,
        state: OrderState | None,
        data: dict[str, object] | None = None,
        *,
        fence: int | None = None,
        kind: str = "",
    ) -> Entry:
        """Write an entry, and keep it."""
        made = super().entry(lease, state, data, fence=fence)
        if kind:
            made = Entry(made.seq, kind, *_rest(made))
        self.entries.append(made)
        return made

    def note(self) -> None:
        """Write an entry about no order."""
        self.seq += 1
        self.entries.append(Entry(self.seq, "signed-in", "", 0, self.packer, NOON))

    def bought(self, lease: Lease, key: str, tracking_id: str = "1Z1") -> Entry:
        """Write the entry that a label was bought."""
        data: dict[str, object] = {
            "key": key,
            "package": lease.package,
            "tracking_id": tracking_id,
            "carrier_code": "UPS",
            "carrier_name": "UPS",
        }
        return self.entry(lease, None, data, kind="bought")

    def presence(self) -> Presence:
        """Return how it names itself."""
        return Presence(self.journal, self.run, self.seq, self.sent, *self.known)

    def come(self) -> Welcome:
        """Say hello, and take in the answer."""
        welcome = self.store.hello(self.station, self.presence())
        self.known = (welcome.store, welcome.epoch)
        self.sent = min(self.sent, welcome.upto)
        return welcome

    def deliver(self, most: int = 1000) -> Applied:
        """Send what waits, at most so many entries."""
        waiting = self.entries[self.sent : self.sent + most]
        applied = self.store.apply(self.station, waiting, journal=self.journal)
        self.sent = applied.upto
        return applied

    def forgotten(self) -> None:
        """Believe that the store had everything, as if it were restored from an old backup."""
        self.sent = self.seq


def known(store: OrderStore, *names: str) -> list[Keeper]:
    """Return stations that came and sent one entry each, before any backup."""
    keepers = [Keeper(store, name, f"packer of {name}") for name in names or ("bench-1", "bench-2")]
    for keeper in keepers:
        keeper.come()
        keeper.note()
        keeper.deliver()
    return keepers


def refused(store: OrderStore, *names: str) -> None:
    """Check that nobody gets an order while these stations are waited for."""
    for order_id in (None, "111-2"):
        with pytest.raises(StoreRefused) as caught:
            store.claim("bench-9", "Zoe", order_id=order_id)
        assert caught.value.message == f"{_PAUSED}{', '.join(names)}."
        assert "station enrol --excuse NAME" in caught.value.remedy


def _rest(entry: Entry) -> tuple[Any, ...]:
    return entry.order_id, entry.fence, entry.packer, entry.at, entry.state, entry.data
