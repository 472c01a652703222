"""The order store over HTTP: each method of the port as one question to `station serve`.

The store's own token says which station asks; a name that a caller gives is not sent. Nothing is
imported from httpx or ssl before the first question.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import TYPE_CHECKING

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
from station.sync.exchange import Exchange, batches
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import httpx

MAX_PAGE = 200
"""Rows, ids and entries of one call."""
MAX_TEXT = 256
"""Characters of an id or a beginning that is looked for; the store has no longer ones."""
MAX_WORDS = 1000
"""Characters of a SKU or a barcode that is looked for; the store has no longer ones."""
ENTRY_BYTES = 180 * 1024
ORDERS = 100
"""Orders or products of one call."""
ORDERS_BYTES = 700 * 1024
BOARD_S = 25.0
"""Seconds for a look at the board: the store waits up to 20 for a change."""
EXPORT_BYTES = 64 * 2**20
"""What is read of an export: it comes whole, with all its lines."""


class HttpOrderStore:
    """`OrderStore` at another machine; safe to call from several threads.

    Args:
        url: Such as `https://store.local:8443`; without TLS on this machine only.
        token: The station's key.
        ca: The CA certificate that the store's must be signed by; None: one that the system trusts.
        transport: Instead of the network, for tests.
        connect_s: Seconds until a connection must stand.
        answer_s: Seconds from the request until its answer must be there as a whole.

    Raises `StoreRefused` with the store's reason, `Quarantined`, and `StoreUnreachable` for all
    else that may go wrong on the way; nothing that changes something is sent twice by itself.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        ca: bytes | Path | None = None,
        transport: httpx.BaseTransport | None = None,
        connect_s: float = 2.0,
        answer_s: float = 10.0,
    ) -> None:
        self._way = Exchange(url, token, ca, transport, (connect_s, answer_s))

    def put_orders(self, orders: Iterable[Order], *, channel: str) -> ImportResult:
        """Insert or update orders, each batch of them in a call and a transaction of its own."""
        bodies = batches({"channel": channel}, "orders", orders, ORDERS, ORDERS_BYTES)
        return self._imported("/v1/orders", bodies)

    def check_missing(
        self, channel: str, listed: set[str], since: datetime, until: datetime
    ) -> ImportResult:
        """Hold waiting orders, and stop packed ones, that a full report no longer lists."""
        body = {"channel": channel, "listed": sorted(listed), "since": since, "until": until}
        return self._way.tell("/v1/orders/missing", body).whole(ImportResult)

    def put_products(self, products: Iterable[Product]) -> ImportResult:
        """Insert or update products, each batch of them in a call and a transaction of its own."""
        bodies = batches({}, "products", products, ORDERS, ORDERS_BYTES)
        return self._imported("/v1/products", bodies)

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
        if limit < 1:
            return ()
        answer = self._way.look(
            "/v1/queue",
            ("limit", min(limit, MAX_PAGE)),
            ("after", _cursor(after)),
            ("before", _cursor(before)),
            ("last", last or None),
            ("states", tuple(dict.fromkeys(states))),
        )
        return answer.part(tuple[QueueRow, ...], "rows")

    def counts(self, now: datetime, day_end: datetime) -> Counts:
        """Count orders by state and by deadline."""
        return self._way.look("/v1/counts", ("now", now), ("day_end", day_end)).whole(Counts)

    def due_by_hour(self, now: datetime, day_end: datetime) -> tuple[tuple[datetime, int], ...]:
        """Count waiting orders by UTC hour of ship_by, leaving out hours without any."""
        answer = self._way.look("/v1/due", ("now", now), ("day_end", day_end))
        return answer.part(tuple[tuple[datetime, int], ...], "hours")

    def claim(
        self,
        station: str,
        packer: str,
        *,
        order_id: str | None = None,
        skip: Sequence[str] = (),
    ) -> Lease | None:
        """Lease the most urgent waiting order not in skip, or the named one.

        Of more than 200 orders to skip the last 200 are.
        """
        del station
        body = {"packer": packer, "order_id": order_id, "skip": skip[-MAX_PAGE:]}
        return self._way.tell("/v1/claims", body).maybe(Lease, "lease")

    def claimed(self, station: str) -> tuple[str, ...]:
        """Return ids of orders that this station claimed and did not begin."""
        del station
        return self._way.look("/v1/claims").part(tuple[str, ...], "order_ids")

    def renew(self, station: str, order_ids: Sequence[str]) -> dict[str, int]:
        """Extend this station's leases and return the fences of those it still has."""
        del station
        fences: dict[str, int] = {}
        for first in range(0, len(order_ids), MAX_PAGE):
            body = {"order_ids": order_ids[first : first + MAX_PAGE]}
            fences |= self._way.tell("/v1/leases", body).part(dict[str, int], "fences")
        return fences

    def hello(self, station: str, presence: Presence) -> Welcome:
        """Come to work and hear how far the store has this station's journal."""
        del station
        return self._way.tell("/v1/hello", to_json(presence)).whole(Welcome)

    def apply(self, station: str, entries: Sequence[Entry], *, journal: str = "") -> Applied:
        """Send journal entries in as many calls as their size needs, in order.

        When a later one fails the earlier ones stay taken over; all may be sent again.
        """
        del station
        head = {"journal": journal}
        applied: Applied | None = None
        for body in batches(head, "entries", entries, MAX_PAGE, ENTRY_BYTES):
            more = self._way.tell("/v1/journal", body).whole(Applied)
            before = applied.conflicts if applied else ()
            applied = Applied(more.upto, (*before, *more.conflicts))
        if applied is None:
            return self._way.tell("/v1/journal", {**head, "entries": []}).whole(Applied)
        return applied

    def serials(self, station: str, count: int) -> int:
        """Reserve numbers for labels that are made while the store is away."""
        del station
        return self._way.tell("/v1/serials", {"count": count}).part(int, "first")

    def stops(self, station: str) -> tuple[Stop, ...]:
        """Return unanswered stops for the leases of this station."""
        del station
        return self._way.look("/v1/stops").part(tuple[Stop, ...], "stops")

    def answer_stop(self, stop_id: int) -> None:
        """Mark a stop as shown to the packer."""
        self._way.act(f"/v1/stops/{stop_id:d}/answer", {})

    def resolve(self, order_id: str, state: OrderState) -> None:
        """Take an order out of problem or held."""
        self._way.act("/v1/orders/resolve", {"order_id": order_id, "state": state})

    def halt(self, order_id: str, state: OrderState, reason: str) -> bool:
        """Hold or cancel an order; return whether a bench works on it."""
        body = {"order_id": order_id, "state": state, "reason": reason}
        return self._way.tell("/v1/orders/halt", body).part(bool, "on_bench")

    def sign_in(self, station: str, badge: str, pin: str = "") -> Pass:
        """Let somebody in with badge and PIN, or with his badge where he has a pass."""
        del station
        return self._way.tell("/v1/sign-in", {"badge": badge, "pin": pin}).whole(Pass)

    def act(self, station: str, act: Act, signature: Signature) -> Acted:
        """Have done what somebody signed."""
        del station
        return self._way.tell("/v1/acts", {"act": act, "signature": signature}).whole(Acted)

    def pulse(self, station: str, pulse: Pulse) -> Echo:
        """Say how this station is."""
        del station
        return self._way.tell("/v1/pulse", to_json(pulse)).whole(Echo)

    def board(self, now: datetime, day_end: datetime, *, known: str = "") -> Board | None:
        """Return the floor as it is; the store waits some seconds for a change of the known one."""
        asked = ("now", now), ("day_end", day_end), ("known", known or None)
        return self._way.look("/v1/board", *asked, answer_s=BOARD_S).maybe(Board, "board")

    def me(self) -> tuple[str, str, bytes]:
        """Return the name and the role that this machine's key has, and the site's secret."""
        answer = self._way.look("/v1/me")
        return answer.part(str, "name"), answer.part(str, "role"), answer.part(bytes, "site_key")

    def audit(self, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Return lines of the audit log after a seq, oldest first."""
        if limit < 1:
            return ()
        answer = self._way.look("/v1/audit", ("after", after), ("limit", min(limit, MAX_PAGE)))
        return answer.part(tuple[AuditEntry, ...], "entries")

    def anchors(self, station: str, seqs: Sequence[int] = ()) -> Anchors:
        """Return how far the store knows this station's journal, and audit lines."""
        del station
        return self._way.look("/v1/anchors", ("seq", tuple(seqs[:MAX_PAGE]))).whole(Anchors)

    def order(self, order_id: str) -> tuple[Order, OrderState, str] | None:
        """Return an order, its state, and who has it or why it is held.

        A bench that does not hold the order gets it without its address.
        """
        if not _findable(order_id):
            return None
        found = self._way.look("/v1/order", ("order_id", order_id)).within("found")
        if found is None:
            return None
        return (
            found.part(Order, "order"),
            found.part(OrderState, "state"),
            found.part(str, "holder"),
        )

    def find_product(self, texts: Sequence[str]) -> tuple[tuple[Product, int], ...]:
        """Return products by `barcodes.keys()`, each with the units of one scan."""
        wanted = tuple(text for text in texts if _findable(text, MAX_WORDS))
        if not wanted:
            return ()
        answer = self._way.look("/v1/products", ("text", wanted))
        return answer.part(tuple[tuple[Product, int], ...], "found")

    def single_unit_orders(self, skus: Sequence[str], limit: int = 2) -> tuple[str, ...]:
        """Return ids of waiting orders for exactly one unit of one of the SKUs."""
        wanted = tuple(sku for sku in skus if _findable(sku, MAX_WORDS))
        if not wanted or limit < 1:
            return ()
        params = ("sku", wanted), ("limit", min(limit, MAX_PAGE))
        return self._way.look("/v1/singles", *params).part(tuple[str, ...], "order_ids")

    def search(self, text: str, limit: int = 20) -> tuple[QueueRow, ...]:
        """Return orders whose id, SKU or tracking id starts with the text, newest first."""
        text = text.strip()
        if not _findable(text) or limit < 1:
            return ()
        answer = self._way.look("/v1/search", ("text", text), ("limit", min(limit, MAX_PAGE)))
        return answer.part(tuple[QueueRow, ...], "rows")

    def history(self, order_id: str) -> tuple[tuple[str, Entry], ...]:
        """Return (station, entry) of all journal entries about an order."""
        if not _findable(order_id):
            return ()
        answer = self._way.look("/v1/history", ("order_id", order_id))
        return answer.part(tuple[tuple[str, Entry], ...], "entries")

    def begin_purchase(
        self, key: str, order_id: str, package: int, fence: int, carrier: str
    ) -> Purchase:
        """Write down that a label is about to be bought."""
        body = {
            "key": key,
            "order_id": order_id,
            "package": package,
            "fence": fence,
            "carrier": carrier,
        }
        return self._way.tell("/v1/purchases/begin", body).whole(Purchase)

    def finish_purchase(self, key: str, label: Label) -> Purchase:
        """Store tracking id and label bytes in one commit."""
        body = {"key": key, "label": label}
        return self._way.tell("/v1/purchases/finish", body).whole(Purchase)

    def void_purchase(self, key: str, reason: str) -> None:
        """Mark a purchase void, so that the package may have another label."""
        self._way.act("/v1/purchases/void", {"key": key, "reason": reason})

    def label(self, order_id: str, package: int = 1) -> Purchase | None:
        """Return the live purchase of a package; of another bench's order there is none to see."""
        if not _findable(order_id):
            return None
        answer = self._way.look("/v1/label", ("order_id", order_id), ("package", package))
        return answer.maybe(Purchase, "purchase")

    def tracking_used(self, tracking_id: str) -> str | None:
        """Return the id of the order that has used this tracking id on a live label."""
        if not _findable(tracking_id):
            return None
        return self._way.look("/v1/tracking", ("tracking_id", tracking_id)).maybe(str, "order_id")

    def begin_export(self, path: str, *, again: int | None = None) -> Export | None:
        """Gather pending confirmations under a new export, or the lines of an earlier one."""
        answer = self._way.tell("/v1/exports", {"path": path, "again": again}, most=EXPORT_BYTES)
        return answer.maybe(Export, "export")

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Remember the digest of the file that is about to get its name."""
        self._way.act(f"/v1/exports/{export_id:d}/seal", {"sha256": sha256})

    def finish_export(self, export_id: int) -> None:
        """Mark the export written: its lines are exported, its orders confirmed."""
        self._way.act(f"/v1/exports/{export_id:d}/finish", {})

    def drop_export(self, export_id: int) -> None:
        """Give the lines of an export that was never written back to pending."""
        self._way.act(f"/v1/exports/{export_id:d}/drop", {})

    def open_exports(self) -> tuple[Export, ...]:
        """Return exports that were begun and neither finished nor dropped."""
        answer = self._way.look("/v1/exports", most=EXPORT_BYTES)
        return answer.part(tuple[Export, ...], "exports")

    def close(self) -> None:
        """End the connections; the next call makes new ones."""
        self._way.close()

    def _imported(self, path: str, bodies: Iterable[bytes]) -> ImportResult:
        total = ImportResult()
        for body in bodies:
            more = self._way.tell(path, body).whole(ImportResult)
            total = ImportResult(
                total.new + more.new,
                total.updated + more.updated,
                total.unchanged + more.unchanged,
                total.stopped + more.stopped,
                total.held + more.held,
            )
        return total


def _findable(text: str, longest: int = MAX_TEXT) -> bool:
    return 0 < len(text) <= longest


def _cursor(row: QueueRow | None) -> str | None:
    """Return a row's place in the queue as the service reads it."""
    if row is None:
        return None
    place = to_json((row.rank, row.ship_by, row.service, row.purchased, row.order_id))
    return urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode()
