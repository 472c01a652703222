"""A packing floor: orders in a store, a server before it, and stations that come to work."""

from __future__ import annotations

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from distributed.packers import Station
from distributed.served import PATIENCE_S, Served, enrol, prepare
from distributed.truth import violations
from distributed.ways import Seen, store_over, way_to
from samples import MUG, PRODUCTS, SPOON, order

from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from station.model import Order, Product

_WANTS = (((MUG, 1),), ((MUG, 1), (SPOON, 2)), ((SPOON, 1),), ((MUG, 2), (SPOON, 1)))


@dataclass
class Floor:
    """Everything of one trial."""

    folder: Path
    url: str
    """The database."""
    served: Served
    orders: list[Order] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    stations: list[Station] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    gone: list[Station] = field(default_factory=list)
    """Those whose memory is out of the game: copies, old images, benches that were excused."""
    stuck: list[str] = field(default_factory=list)

    def bring(self, count: int, *wants: tuple[Product, int]) -> list[Order]:
        """Bring so many new orders in, of so many units of products; small ones by default."""
        first = len(self.orders) + 1
        new = [
            order(f"111-{n:07}-0000001", *(wants or _WANTS[n % len(_WANTS)]))
            for n in range(first, first + count)
        ]
        with closing(SqlOrderStore.open(self.url)) as store:
            store.put_products(PRODUCTS)
            store.put_orders(new, channel="amazon")
        self.orders += new
        return new

    def bring_again(self) -> None:
        """Bring all orders in once more, as the next report of the channel does."""
        with closing(SqlOrderStore.open(self.url)) as store:
            store.put_products(PRODUCTS)
            store.put_orders(self.orders, channel="amazon")

    def enrol(self, *names: str) -> None:
        """Give stations their tokens."""
        with closing(SqlOrderStore.open(self.url)) as store:
            self.tokens |= enrol(store, names)

    def station(
        self,
        name: str,
        *,
        folder: str = "",
        url: str = "",
        lost: float = 0.0,
        answer_s: float = 10.0,
        ahead: int = 1,
    ) -> Station:
        """Let a station come that was enrolled; url is where it reaches the store instead."""
        seed = len(self.stations)
        way = way_to(self.served, self.seen, seed=seed, lost_requests=lost, lost_answers=lost)
        store = store_over(way, url or self.served.url, self.tokens[name], answer_s=answer_s)
        made = Station(name, self.folder / (folder or name), store, seed=seed, ahead=ahead)
        self.stations.append(made)
        return made

    def shipped(self) -> int:
        """Count the orders that left a bench."""
        return len(set[str]().union(*(station.left for station in self.stations)))

    def work(
        self,
        stations: Sequence[Station],
        beside: Callable[[], object] = lambda: None,
        *,
        pause_s: float = 0.0,
    ) -> None:
        """Let stations pack, each in a thread, until all orders have left; then they drain.

        `beside` is called meanwhile in this thread, again and again; `pause_s` is what a packer
        needs on average for each thing he does.
        """
        over = threading.Event()
        threads = [threading.Thread(target=self._pack, args=(s, over, pause_s)) for s in stations]
        for thread in threads:
            thread.start()
        quiet_since, last = time.monotonic(), -1
        while (done := self.shipped()) < len(self.orders):
            beside()
            if done != last:
                quiet_since, last = time.monotonic(), done
            if time.monotonic() - quiet_since > PATIENCE_S or not any(
                thread.is_alive() for thread in threads
            ):
                self.stuck.append(f"{done} of {len(self.orders)} orders have left a bench")
                break
            time.sleep(0.1)
        over.set()
        for thread in threads:
            thread.join(PATIENCE_S)

    def _pack(self, station: Station, over: threading.Event, pause_s: float) -> None:
        dice = random.Random(station.name)
        while not over.wait(dice.uniform(0, 2 * pause_s)):
            view = station.step()
            if station.reach.quarantined:
                self.stuck.append(station.reach.quarantined)
                return
            if view.work is None or station.reach.trouble:
                over.wait(0.05)
        self._go_home(station)

    def _go_home(self, station: Station) -> None:
        station.bench.sign_out()
        until = time.monotonic() + PATIENCE_S
        while not station.drain(tries=1) and time.monotonic() < until:
            time.sleep(0.05)

    def newcomer(self, *, url: str = "", answer_s: float = 10.0, ahead: int = 1) -> Station:
        """Enrol a station that nobody knows yet, and let it come."""
        name = f"bench-{len(self.tokens) + 1}"
        self.enrol(name)
        return self.station(name, url=url, answer_s=answer_s, ahead=ahead)

    def broken(self) -> list[str]:
        """Return every promise that was broken, in words."""
        found = violations(self.url, self.orders, self.stations, gone=self.gone)
        return [*self.stuck, *found]

    def close(self) -> None:
        """Close all stations and end the server."""
        for station in self.stations:
            station.close()
        if self.served.is_running:
            self.served.stop()


def lay(folder: Path, url: str, *, tls: bool = False) -> Floor:
    """Return a floor without orders and stations, its server not started."""
    return Floor(folder, url, prepare(folder / "server", url, tls=tls))
