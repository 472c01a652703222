"""A store over HTTP as several stations, an office and a board use it, behind one object.

The contract's tests act as many stations through one store. Over HTTP each has its own token, so
each call goes through the client of whoever would make it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from station.store.service.callers import Caller, Role
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from station.acts import Act, Acted, Anchors, AuditEntry, Pass, Signature
    from station.model import (
        Counts,
        Entry,
        Label,
        Lease,
        Order,
        OrderState,
        Presence,
        Product,
        QueueRow,
        Stop,
        Welcome,
    )
    from station.overview import Board, Echo, Pulse
    from station.store.port import Applied, Export, ImportResult, Purchase

OFFICE = "office"
BOARD = "board"
VIEWER = "viewer"
_ROLES: dict[str, Role] = {OFFICE: "office", BOARD: "board", VIEWER: "viewer"}
SOME_BENCH = "bench-1"
"""Who asks for what no station is known to have to do with."""


class Badges:
    """Whose token each is: a station's is its name in a form that a header can hold."""

    @staticmethod
    def token(name: str) -> str:
        """Return the token of a station or of the office."""
        return name.encode().hex() or "00"

    @staticmethod
    def who(token: str) -> Caller | None:
        """Return whose token it is."""
        name = bytes.fromhex(token).decode().strip("\0")
        return Caller(name, _ROLES.get(name, "station"))


class ManyClients:
    """`OrderStore` at a service: one client for each station, and one for the office."""

    def __init__(self, url: str, closed: Callable[[], None]) -> None:
        self._url = url
        self._closed = closed
        self._clients: dict[str, HttpOrderStore] = {}
        self._lock = threading.Lock()
        self._benches: dict[object, str] = {}
        """Which station last had to do with an order, a purchase's key or a stop's number."""

    @property
    def office(self) -> HttpOrderStore:
        """The office's client."""
        return self.of(OFFICE)

    def of(self, name: str) -> HttpOrderStore:
        """Return the client of a station."""
        with self._lock:
            if name not in self._clients:
                self._clients[name] = HttpOrderStore(self._url, Badges.token(name), answer_s=60)
            return self._clients[name]

    def _bench_of(self, thing: object) -> HttpOrderStore:
        return self.of(self._benches.get(thing, SOME_BENCH))

    # — a bench's —
    def claim(self, station: str, packer: str, **how: Any) -> Lease | None:
        """Lease an order, and remember whose it is."""
        lease = self.of(station).claim(station, packer, **how)
        if lease is not None:
            self._benches[lease.order.order_id] = station
        return lease

    def claimed(self, station: str) -> tuple[str, ...]:
        """Ask as the station."""
        return self.of(station).claimed(station)

    def renew(self, station: str, order_ids: Sequence[str]) -> dict[str, int]:
        """Ask as the station."""
        return self.of(station).renew(station, order_ids)

    def hello(self, station: str, presence: Presence) -> Welcome:
        """Ask as the station."""
        return self.of(station).hello(station, presence)

    def apply(self, station: str, entries: Sequence[Entry], *, journal: str = "") -> Applied:
        """Ask as the station."""
        return self.of(station).apply(station, entries, journal=journal)

    def serials(self, station: str, count: int) -> int:
        """Ask as the station."""
        return self.of(station).serials(station, count)

    def stops(self, station: str) -> tuple[Stop, ...]:
        """Ask as the station, and remember whose the stops are."""
        stops = self.of(station).stops(station)
        self._benches |= {stop.stop_id: station for stop in stops}
        return stops

    def sign_in(self, station: str, badge: str, pin: str = "") -> Pass:
        """Ask as the station."""
        return self.of(station).sign_in(station, badge, pin)

    def act(self, station: str, act: Act, signature: Signature) -> Acted:
        """Ask as the station, or as the office where none is named."""
        return self.of(station or OFFICE).act(station, act, signature)

    def pulse(self, station: str, pulse: Pulse) -> Echo:
        """Ask as the station."""
        return self.of(station).pulse(station, pulse)

    def board(self, now: datetime, day_end: datetime, *, known: str = "") -> Board | None:
        """Ask as the office."""
        return self.office.board(now, day_end, known=known)

    def audit(self, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Ask as the office."""
        return self.office.audit(after, limit)

    def anchors(self, station: str, seqs: Sequence[int] = ()) -> Anchors:
        """Ask as the station."""
        return self.of(station).anchors(station, seqs)

    def answer_stop(self, stop_id: int) -> None:
        """Answer as the station that saw the stop."""
        self._bench_of(stop_id).answer_stop(stop_id)

    def begin_purchase(
        self, key: str, order_id: str, package: int, fence: int, carrier: str
    ) -> Purchase:
        """Begin as the station that last claimed the order; the key is its own from then on."""
        bench = self._benches.get(order_id, SOME_BENCH)
        self._benches.setdefault(("key", key), bench)
        return self.of(bench).begin_purchase(key, order_id, package, fence, carrier)

    def finish_purchase(self, key: str, label: Label) -> Purchase:
        """Finish as the station that began."""
        return self._bench_of(("key", key)).finish_purchase(key, label)

    def void_purchase(self, key: str, reason: str) -> None:
        """Void as the station that began."""
        self._bench_of(("key", key)).void_purchase(key, reason)

    # — the office's —
    def put_orders(self, orders: Iterable[Order], *, channel: str) -> ImportResult:
        """Ask as the office."""
        return self.office.put_orders(orders, channel=channel)

    def check_missing(
        self, channel: str, listed: set[str], since: datetime, until: datetime
    ) -> ImportResult:
        """Ask as the office."""
        return self.office.check_missing(channel, listed, since, until)

    def put_products(self, products: Iterable[Product]) -> ImportResult:
        """Ask as the office."""
        return self.office.put_products(products)

    def queue(self, limit: int, **how: Any) -> tuple[QueueRow, ...]:
        """Ask as the office."""
        return self.office.queue(limit, **how)

    def counts(self, now: datetime, day_end: datetime) -> Counts:
        """Ask as the office."""
        return self.office.counts(now, day_end)

    def due_by_hour(self, now: datetime, day_end: datetime) -> tuple[tuple[datetime, int], ...]:
        """Ask as the office."""
        return self.office.due_by_hour(now, day_end)

    def resolve(self, order_id: str, state: OrderState) -> None:
        """Ask as the office."""
        self.office.resolve(order_id, state)

    def halt(self, order_id: str, state: OrderState, reason: str) -> bool:
        """Ask as the office."""
        return self.office.halt(order_id, state, reason)

    def order(self, order_id: str) -> tuple[Order, OrderState, str] | None:
        """Ask as the office."""
        return self.office.order(order_id)

    def find_product(self, texts: Sequence[str]) -> tuple[tuple[Product, int], ...]:
        """Ask as the office."""
        return self.office.find_product(texts)

    def single_unit_orders(self, skus: Sequence[str], limit: int = 2) -> tuple[str, ...]:
        """Ask as the office."""
        return self.office.single_unit_orders(skus, limit)

    def search(self, text: str, limit: int = 20) -> tuple[QueueRow, ...]:
        """Ask as the office."""
        return self.office.search(text, limit)

    def history(self, order_id: str) -> tuple[tuple[str, Entry], ...]:
        """Ask as the office."""
        return self.office.history(order_id)

    def label(self, order_id: str, package: int = 1) -> Purchase | None:
        """Ask as the office."""
        return self.office.label(order_id, package)

    def tracking_used(self, tracking_id: str) -> str | None:
        """Ask as the office."""
        return self.office.tracking_used(tracking_id)

    def begin_export(self, path: str, *, again: int | None = None) -> Export | None:
        """Ask as the office."""
        return self.office.begin_export(path, again=again)

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Ask as the office."""
        self.office.seal_export(export_id, sha256)

    def finish_export(self, export_id: int) -> None:
        """Ask as the office."""
        self.office.finish_export(export_id)

    def drop_export(self, export_id: int) -> None:
        """Ask as the office."""
        self.office.drop_export(export_id)

    def open_exports(self) -> tuple[Export, ...]:
        """Ask as the office."""
        return self.office.open_exports()

    def close(self) -> None:
        """End all connections, and close the store behind the service."""
        for client in self._clients.values():
            client.close()
        self._closed()
