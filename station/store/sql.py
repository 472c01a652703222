"""The order store in SQLite or PostgreSQL: each method of the port as one transaction."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from station.errors import StoreUnreachable
from station.store import (
    acting,
    confirmations,
    entries,
    finding,
    goods,
    intake,
    journals,
    leases,
    missing,
    pulls,
    purchases,
    restoring,
    stations,
    stops,
    tallies,
)
from station.store.claiming import QueueClaims
from station.store.columns import storable
from station.store.database import Database
from station.store.port import Applied, Export, ImportResult, Purchase
from station.store.reading import chunks
from station.store.records import epoch, moment
from station.store.revision import ensure_current
from station.store.sql_people import PeopleStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

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
    from station.store.stations import Enrolled

EXPIRY_S = 1
"""Seconds between two looks for lapsed leases; the fence does not depend on them."""


class SqlOrderStore(PeopleStore):
    """`OrderStore` in one database; safe to call from several threads.

    Raises `StoreUnreachable` while the database is busy, full or away, `StoreRefused` when it may
    not be written, and `StoreError` when it is damaged or newer than this program.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._looked = float("-inf")
        self._look = threading.Lock()
        self._database = Database(url)
        ensure_current(self._database)
        self._claims = QueueClaims(self._database)

    @classmethod
    def open(cls, url: str, *, clock: Callable[[], float] = time.time) -> SqlOrderStore:
        """Open the store at an SQLAlchemy URL, creating or upgrading it where that is needed."""
        return cls(url, clock=clock)

    def put_orders(self, orders: Iterable[Order], *, channel: str) -> ImportResult:
        """Insert or update orders, each batch of them in a transaction of its own."""
        result = ImportResult()
        for batch in chunks(orders, intake.BATCH):
            put = self._database.change(
                partial(intake.put_batch, batch=batch, channel=channel, now=self._now())
            )
            result = intake.summed(result, put)
        self._database.change(lambda c: self._pulled(c, channel))
        return result

    def check_missing(
        self, channel: str, listed: set[str], since: datetime, until: datetime
    ) -> ImportResult:
        """Hold waiting orders, and stop packed ones, that a full report no longer lists."""
        span = epoch(since), epoch(until)
        with self._database.read() as connection:
            found = missing.suspects(connection, channel, listed, span)
        if not found:
            return ImportResult()
        # Looked at again under lock: only these can have changed, and claims wait for no more.
        return self._database.change(lambda c: missing.check_missing(c, found, listed, self._now()))

    def put_products(self, products: Iterable[Product]) -> ImportResult:
        """Insert or update products, each batch of them in a transaction of its own."""
        result = ImportResult()
        for batch in chunks(products, intake.BATCH):
            put = self._database.change(partial(goods.put_batch, batch=batch))
            result = intake.summed(result, put)
        return result

    def queue(
        self,
        limit: int,
        *,
        after: QueueRow | None = None,
        before: QueueRow | None = None,
        last: bool = False,
        states: Sequence[OrderState] = (),
    ) -> tuple[QueueRow, ...]:
        """Return a page of the queue."""
        self._expire_if_due()
        return self._database.look(
            lambda c: finding.queue(c, limit, states, after=after, before=before, last=last)
        )

    def counts(self, now: datetime, day_end: datetime) -> Counts:
        """Count orders by state and by deadline."""
        self._expire_if_due()
        return self._database.look(lambda c: tallies.counts(c, now, day_end))

    def due_by_hour(self, now: datetime, day_end: datetime) -> tuple[tuple[datetime, int], ...]:
        """Count waiting orders by UTC hour of ship_by, leaving out hours without any."""
        return self._database.look(lambda c: tallies.due_by_hour(c, now, day_end))

    def claim(
        self,
        station: str,
        packer: str,
        *,
        order_id: str | None = None,
        skip: Sequence[str] = (),
    ) -> Lease | None:
        """Lease the most urgent waiting order not in skip, or the named one."""
        self._expire_if_due()
        name = storable(station)
        if order_id is None:
            return self._claims.next(name, packer, skip, self._now())
        return self._database.change(
            lambda c: leases.claim_named(c, name, packer, order_id, self._now())
        )

    def claimed(self, station: str) -> tuple[str, ...]:
        """Return ids of orders that a station claimed and did not begin."""
        return self._database.look(lambda c: leases.claimed(c, station))

    def renew(self, station: str, order_ids: Sequence[str]) -> dict[str, int]:
        """Extend this station's leases and return the fences of those it still has."""
        return self._database.change(lambda c: leases.renew(c, station, order_ids, self._now()))

    def hello(self, station: str, presence: Presence) -> Welcome:
        """Let a station come to work and say how far its journal is taken over."""
        return self._database.change(
            lambda c: journals.hello(c, storable(station), presence, self._now())
        )

    def apply(self, station: str, entries_: Sequence[Entry], *, journal: str = "") -> Applied:
        """Take over journal entries, each once, in order."""
        name = storable(station)
        return self._database.change(
            lambda c: entries.apply(c, name, entries_, journal, self._now())
        )

    def serials(self, station: str, count: int) -> int:
        """Reserve numbers for labels that a station makes while the store is away."""
        del station
        return self._database.change(lambda c: purchases.reserve(c, count))

    def stops(self, station: str) -> tuple[Stop, ...]:
        """Return unanswered stops for the leases of a station."""
        return self._database.look(lambda c: stops.open_stops(c, station))

    def answer_stop(self, stop_id: int, *, by: str = "") -> None:
        """Mark a stop as shown to the packer; by is the station that asks, '' in this process."""
        self._database.change(lambda c: stops.answer(c, stop_id, by, self._now()))

    def resolve(
        self, order_id: str, state: OrderState, *, who: str = "", role: str = "console"
    ) -> None:
        """Take an order out of problem or held; who and role stand in the audit log."""
        self._database.change(
            lambda c: acting.resolve(c, order_id, state, (who, role), self._now())
        )

    def halt(
        self,
        order_id: str,
        state: OrderState,
        reason: str,
        *,
        who: str = "",
        role: str = "console",
    ) -> bool:
        """Hold or cancel an order; return whether a bench must be stopped first."""
        return self._database.change(
            lambda c: acting.halt(c, order_id, state, (who, role, reason), self._now())
        )

    def order(self, order_id: str) -> tuple[Order, OrderState, str] | None:
        """Return an order, its state, and who has it or why it is held."""
        return self._database.look(lambda c: finding.order(c, order_id))

    def find_product(self, texts: Sequence[str]) -> tuple[tuple[Product, int], ...]:
        """Return products by `barcodes.keys()`, each with the units of one scan."""
        return self._database.look(lambda c: goods.find_product(c, texts))

    def single_unit_orders(self, skus: Sequence[str], limit: int = 2) -> tuple[str, ...]:
        """Return ids of waiting orders for exactly one unit of one of the SKUs."""
        return self._database.look(lambda c: finding.single_unit_orders(c, skus, limit))

    def search(self, text: str, limit: int = 20) -> tuple[QueueRow, ...]:
        """Return orders whose id, SKU or tracking id starts with the text, newest first."""
        return self._database.look(lambda c: finding.search(c, text, limit))

    def history(self, order_id: str) -> tuple[tuple[str, Entry], ...]:
        """Return (station, entry) of all journal entries about an order."""
        return self._database.look(lambda c: entries.history(c, order_id))

    def begin_purchase(
        self, key: str, order_id: str, package: int, fence: int, carrier: str, *, by: str = ""
    ) -> Purchase:
        """Write down that a label is about to be bought; an unanswered stop forbids it."""
        wanted = Purchase(key, order_id, package, "begun", 0)
        return self._database.change(
            lambda c: purchases.begin(c, wanted, fence, carrier, by, self._now())
        )

    def finish_purchase(self, key: str, label: Label, *, by: str = "") -> Purchase:
        """Store tracking id and label bytes in one commit."""
        return self._database.change(lambda c: purchases.finish(c, key, label, by, self._now()))

    def void_purchase(self, key: str, reason: str, *, by: str = "") -> None:
        """Mark a purchase void, so that the package may have another label."""
        self._database.change(lambda c: purchases.void(c, key, reason, by, self._now()))

    def label(self, order_id: str, package: int = 1, *, by: str = "") -> Purchase | None:
        """Return the live purchase of a package."""
        return self._database.look(lambda c: purchases.live(c, order_id, package, by))

    def tracking_used(self, tracking_id: str) -> str | None:
        """Return the id of the order that has used this tracking id on a live label."""
        return self._database.look(lambda c: purchases.tracking_used(c, tracking_id))

    def begin_export(self, path: str, *, again: int | None = None) -> Export | None:
        """Gather pending confirmations under a new export, or the lines of an earlier one."""
        if again is not None:
            return self._database.change(
                lambda c: confirmations.begin_again(c, path, again, self._now())
            )
        return self._database.change(lambda c: confirmations.begin_export(c, path, self._now()))

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Remember the digest of the file that is about to get its name."""
        self._database.change(lambda c: confirmations.seal_export(c, export_id, sha256))

    def finish_export(self, export_id: int) -> None:
        """Mark the export written: its lines are exported, its orders confirmed."""
        self._database.change(lambda c: confirmations.finish_export(c, export_id, self._now()))

    def drop_export(self, export_id: int) -> None:
        """Give the lines of an export that was never written back to pending."""
        self._database.change(lambda c: confirmations.drop_export(c, export_id, self._now()))

    def open_exports(self) -> tuple[Export, ...]:
        """Return exports that were begun and neither finished nor dropped."""
        return self._database.look(lambda c: tuple(confirmations.open_exports(c)))

    # — for `station serve` and the commands of its machine —
    def holds(self, station: str, order_id: str) -> bool:
        """Tell whether an order is on a station's bench, or was until its lease lapsed."""
        return self._database.look(lambda c: leases.holds(c, station, order_id))

    def enrol(self, station: str, role: str, token_hash: str) -> None:
        """Give a station or an office a token; the one it had before is not good any more."""
        self._database.change(lambda c: stations.enrol(c, station, role, token_hash, self._now()))

    def revoke(self, station: str) -> bool:
        """End a station's token; return whether it had a good one."""
        return self._database.change(lambda c: stations.revoke(c, station, self._now()))

    def enrolled(self) -> tuple[Enrolled, ...]:
        """Return all that were ever given a token, by name."""
        return self._database.look(stations.enrolled)

    def who(self, token_hash: str) -> Enrolled | None:
        """Return whose token has this hash, unless it was revoked."""
        return self._database.look(lambda c: stations.who(c, token_hash))

    def now(self) -> datetime:
        """Return the store's time."""
        return moment(self._now())

    def ping(self) -> int:
        """Return the store's epoch, to show that the database answers."""
        return self._database.look(restoring.epoch_of)

    def expire(self) -> None:
        """Give lapsed orders back to the queue, also when nobody asks for anything."""
        self._expire_if_due()

    def memory(self) -> tuple[str, int]:
        """Return the store's id, and when a station was heard of last, in seconds since 1970."""
        return self._database.change(restoring.memory)

    def awaited(self) -> tuple[str, ...]:
        """Return stations that a restored store waits for before it gives orders out."""
        return self._database.look(restoring.awaited)

    def excuse(self, station: str) -> bool:
        """Wait no longer for a station; return whether it was waited for."""
        return self._database.change(lambda c: restoring.excuse(c, station))

    def restored(self) -> int:
        """Begin a new epoch, because the database was put back from a backup; return it."""
        return self._database.change(lambda c: restoring.rise(c, 0))

    def close(self) -> None:
        """Close connections; nothing depends on it."""
        self._database.close()

    def _pulled(self, connection: Connection, channel: str) -> None:
        now = self._now()
        tallies.fold(connection, now)
        pulls.note(connection, channel, now)

    def _now(self) -> int:
        return int(self._clock())

    def _expire_if_due(self) -> None:
        """Free lapsed leases at most once a second, and without a write when there are none."""
        now = self._clock()
        with self._look:
            # A clock that was set back must not put off the next look.
            if self._looked <= now < self._looked + EXPIRY_S:
                return
            self._looked = now
        with self._database.read() as connection:
            lapsed = leases.any_lapsed(connection, int(now))
        if lapsed:
            # What is only looked at must not fail because another program is writing.
            with suppress(StoreUnreachable), self._database.write() as connection:
                leases.expire(connection, int(now))
