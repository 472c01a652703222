"""A small shop behind the service: who may come, its orders, and a good request of each kind."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from store.samples import MIDNIGHT, NOON, Bench, item, label, order

from station.acts import Act, ActKind, Signature
from station.model import Barcode, OrderState, Product
from station.overview import Pulse
from station.store.service.callers import Caller
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from station.model import QueueRow
    from station.store.sql import SqlOrderStore

ADDRESS = "http://store.test"
TOKENS = {
    "bench-1": "one-" + "a" * 39,
    "bench-2": "two-" + "b" * 39,
    "office": "off-" + "c" * 39,
    "board": "brd-" + "d" * 39,
    "viewer": "vwr-" + "e" * 39,
}
_CALLERS = {
    TOKENS["bench-1"]: Caller("bench-1", "station"),
    TOKENS["bench-2"]: Caller("bench-2", "station"),
    TOKENS["office"]: Caller("front", "office"),
    TOKENS["board"]: Caller("upstairs", "board"),
    TOKENS["viewer"]: Caller("wall", "viewer"),
}
PERSON = ("Jane Doe", "1 Elm St", "Springfield", "62701", "ring twice")
"""What the orders of the shop say about their buyer."""


def who(token: str) -> Caller | None:
    """Return whose a token is."""
    return _CALLERS.get(token)


def shop(store: SqlOrderStore) -> None:
    """Bring orders in: one bought by bench-2, one with a stop there, one shipped, some waiting."""
    listed = [order(f"111-{n}", item(f"i{n}"), due_h=n) for n in range(1, 8)]
    store.put_orders(listed, channel="amazon")
    store.put_products(
        [Product("MUG-350", "Mug", "B0MUG", "A-1", 350, (Barcode("4006381333931"),))]
    )
    two = Bench(store, "bench-2", "Bo")
    bought = two.claim("111-1")
    store.begin_purchase("key-2", "111-1", 1, bought.fence, "own")
    store.finish_purchase("key-2", label("1Z2"))
    two.claim("111-2")
    store.halt("111-2", OrderState.HELD, "The buyer asked.")
    one = Bench(store)
    one.ship(one.claim("111-3"), "1Z3")


def cursor(row: QueueRow) -> str:
    """Return a row's place in the queue as clients write it."""
    when = row.ship_by.isoformat(), row.purchased.isoformat()
    place = [row.rank, when[0], int(row.service), when[1], row.order_id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


@dataclass(frozen=True)
class Call:
    """A good request."""

    method: str
    path: str
    """As the service documents it."""
    query: dict[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """Return the line of the table of roles that it belongs to."""
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """Return the path with a number in it."""
        return self.path.replace("{stop_id}", "1").replace("{export_id}", "1")


_ENTRY = {
    "seq": 1, "kind": "scanned", "order_id": "111-4", "fence": 1, "packer": "Ana",
    "at": NOON.isoformat(), "state": None, "data": {"text": "4006381333931"},
}  # fmt: skip
_DAY = {"now": NOON.isoformat(), "day_end": MIDNIGHT.isoformat()}
_HELLO = {"journal": "j1", "run": "r1", "last": 0, "sent": 0}
_BEGIN = {"key": "k1", "order_id": "111-4", "package": 1, "fence": 1, "carrier": "own"}
_HALT = {"order_id": "111-5", "state": "held", "reason": "The buyer asked."}
_LISTED = {
    "channel": "amazon", "listed": ["111-4"],
    "since": NOON.isoformat(), "until": MIDNIGHT.isoformat(),
}  # fmt: skip

_SIGNED = {
    "act": to_json(Act(ActKind.HOLD, "111-5")),
    "signature": to_json(Signature("ABCD1234", "000000", "The buyer asked.")),
}
PULSE = Pulse(packer="Ana", order_id="111-4", done=1, units=2, scanned=NOON, printer="ok")

CALLS = (
    Call("GET", "/healthz"),
    Call("GET", "/metrics"),
    Call("POST", "/v1/acts", body=_SIGNED),
    Call("GET", "/v1/anchors", {"seq": ["1", "2"]}),
    Call("GET", "/v1/audit", {"after": 0, "limit": 5}),
    Call("GET", "/v1/board", _DAY),
    Call("GET", "/v1/ca"),
    Call("GET", "/v1/claims"),
    Call("POST", "/v1/claims", body={"packer": "Ana", "order_id": None, "skip": []}),
    Call("GET", "/v1/counts", _DAY),
    Call("GET", "/v1/due", _DAY),
    Call("GET", "/v1/exports"),
    Call("POST", "/v1/exports", body={"path": "/tmp/confirmations.txt", "again": None}),
    Call("POST", "/v1/exports/{export_id}/drop"),
    Call("POST", "/v1/exports/{export_id}/finish"),
    Call("POST", "/v1/exports/{export_id}/seal", body={"sha256": "ab" * 32}),
    Call("POST", "/v1/hello", body=_HELLO),
    Call("GET", "/v1/history", {"order_id": "111-3"}),
    Call("POST", "/v1/journal", body={"journal": "", "entries": [_ENTRY]}),
    Call("GET", "/v1/label", {"order_id": "111-1", "package": 1}),
    Call("POST", "/v1/leases", body={"order_ids": ["111-1"]}),
    Call("GET", "/v1/me"),
    Call("GET", "/v1/order", {"order_id": "111-1"}),
    Call("POST", "/v1/orders", body={"channel": "amazon", "orders": [to_json(order("222-1"))]}),
    Call("POST", "/v1/orders/halt", body=_HALT),
    Call("POST", "/v1/orders/missing", body=_LISTED),
    Call("POST", "/v1/orders/resolve", body={"order_id": "111-6", "state": "waiting"}),
    Call("GET", "/v1/products", {"text": ["t:MUG-350", "t:B0MUG"]}),
    Call("POST", "/v1/products", body={"products": [to_json(Product("NEW"))]}),
    Call("POST", "/v1/pulse", body=to_json(PULSE)),
    Call("POST", "/v1/purchases/begin", body=_BEGIN),
    Call("POST", "/v1/purchases/finish", body={"key": "k1", "label": to_json(label())}),
    Call("POST", "/v1/purchases/void", body={"key": "k1", "reason": "torn"}),
    Call("GET", "/v1/queue", {"limit": 3, "states": ["waiting", "held"], "last": "true"}),
    Call("GET", "/v1/search", {"text": "111-", "limit": 5}),
    Call("POST", "/v1/serials", body={"count": 10}),
    Call("POST", "/v1/sign-in", body={"badge": "ABCD1234", "pin": "000000"}),
    Call("GET", "/v1/singles", {"sku": ["MUG-350"], "limit": 2}),
    Call("GET", "/v1/stops"),
    Call("POST", "/v1/stops/{stop_id}/answer", body={}),
    Call("GET", "/v1/tracking", {"tracking_id": "1Z2"}),
)
"""One of each line of the table of roles."""
