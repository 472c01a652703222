"""The tables of the order store, the same on SQLite and PostgreSQL.

Times are whole seconds since 1970, UTC; those of the journal are milliseconds. Names, addresses
and notes of buyers stand in `recipients` alone, and on the labels in `purchases.document`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    literal_column,
)

from station.store.columns import NUMBER, Words, key, metadata, number, words


def _order_key() -> Column[str]:
    return Column("order_id", Words, ForeignKey("orders.order_id"), primary_key=True)


orders = Table(
    "orders",
    metadata,
    key("order_id"),
    words("channel"),
    words("state"),
    number("ship_by"),
    number("service"),
    number("purchased"),
    number("units"),
    number("lines"),
    words("title"),
    words("single_sku"),
    words("service_level"),
    Column("is_business", Boolean, nullable=False),
    words("purchase_order"),
    number("fence"),
    number("base_fence"),
    words("station"),
    words("packer"),
    number("lease_until"),
    words("reason"),
    words("cause"),
    words("digest"),
    number("updated"),
    number("rank", "1"),
)
"""`rank` is 0 for an order that a supervisor put first, else 1.

`single_sku` is the SKU of an order for one unit. `cause` is why an order is held, or will be as
soon as no bench works on it: "missing" while a report lacks it, "held" or "cancelled" by a person.

`base_fence` is the fence under which the package in work was begun; a takeover goes on from it.

`station` stays when a lease has lapsed and nobody else has taken the order: its fence still holds.
`lease_until` is below 0 for a waiting order whose box is packed: its next holder goes on with it.
`digest` tells an order that only repeats what is known from one that changed.
"""

QUEUE_ORDER = (
    orders.c.rank,
    orders.c.ship_by,
    orders.c.service,
    orders.c.purchased,
    orders.c.order_id,
)
"""What is most urgent comes first; the id makes it a total order."""


def _literal(value: str) -> ColumnElement[str]:
    # A partial index is used only where the query repeats its condition with constants in it.
    return literal_column(f"'{value}'")


IS_WAITING = orders.c.state == _literal("waiting")
IS_NOT_WAITING = orders.c.state != _literal("waiting")
IS_LEASED = orders.c.state.in_([_literal("claimed"), _literal("packing")])
IS_SINGLE = orders.c.single_sku != _literal("")


def _partial(name: str, *columns: Column[str] | Column[int], where: ColumnElement[bool]) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _unique(name: str, *columns: Column[str] | Column[int], where: ColumnElement[bool]) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


_partial("orders_waiting", *QUEUE_ORDER, where=IS_WAITING)
_partial("orders_elsewhere", orders.c.state, *QUEUE_ORDER, where=IS_NOT_WAITING)
_partial("orders_leased", orders.c.lease_until, where=IS_LEASED)
_partial("orders_single", orders.c.single_sku, *QUEUE_ORDER, where=IS_WAITING & IS_SINGLE)

order_items = Table(
    "order_items",
    metadata,
    _order_key(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    words("item_id"),
    words("sku"),
    words("title"),
    number("quantity"),
    words("asin"),
)
Index("order_items_sku", order_items.c.sku, order_items.c.order_id)

recipients = Table(
    "recipients",
    metadata,
    _order_key(),
    Column("aside", Boolean, primary_key=True),
    Column("document", Words, nullable=False),
)
"""Who gets the parcel, one JSON document each; `aside` belongs to a version not yet in force."""

asides = Table(
    "asides",
    metadata,
    _order_key(),
    words("digest"),
    Column("document", Words, nullable=False),
)
"""The newer version of an order that somebody is packing; the next lease gets it."""

products = Table(
    "products",
    metadata,
    key("sku"),
    words("title"),
    words("asin"),
    words("bin"),
    Column("weight_g", BigInteger),
    Column("requires", Words, nullable=False, server_default="[]"),
    words("kit_of"),
    words("sku_key"),
    words("asin_key"),
)
Index("products_sku_key", products.c.sku_key, products.c.sku)
Index("products_asin_key", products.c.asin_key, products.c.sku)

barcodes = Table(
    "barcodes",
    metadata,
    Column("sku", Words, ForeignKey("products.sku"), primary_key=True),
    key("key"),
    words("text"),
    number("units", "1"),
)
Index("barcodes_key", barcodes.c.key, barcodes.c.sku)

learned_weights = Table(
    "learned_weights",
    metadata,
    key("sku"),
    number("grams"),
    number("samples"),
    Column("recent", Words, nullable=False, server_default="[]"),
    number("updated"),
)
"""What one unit of a SKU weighs: the median of `recent`, a JSON list of grams, the newest last.

It stands beside `products`: a weight in the product list goes before it and is never overwritten.
"""

stations = Table(
    "stations",
    metadata,
    key("station"),
    words("role"),
    words("token_hash"),
    number("enrolled"),
    number("revoked"),
)
"""Who may come over HTTPS. `role` is station or office; `revoked` is 0 while the token is good."""
Index("stations_token", stations.c.token_hash, unique=True)

journals = Table(
    "journals",
    metadata,
    key("station"),
    words("journal"),
    number("upto"),
    words("run"),
    words("last_run"),
    number("lost_upto"),
    number("epoch", "1"),
    number("seen"),
    number("head_seq"),
    words("head_hash"),
)
"""How far each station's journal has been taken over; the row is the lock of its journal.

`journal` is the one that counts now. `run` speaks for it, `last_run` did before. Entries up to
`lost_upto` had been taken over before the store was restored, `epoch` is the store's when the
station came last, `seen` when that was. `head_seq` and `head_hash` are the newest line of the
station's own chain that the store was told of.
"""

journal_entries = Table(
    "journal_entries",
    metadata,
    key("station"),
    key("journal"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    words("kind"),
    words("order_id"),
    number("fence"),
    words("packer"),
    number("at_ms"),
    words("state"),
    Column("data", Words, nullable=False),
    Column("conflict", Boolean, nullable=False),
)
Index("journal_entries_order", *(journal_entries.c[n] for n in ("order_id", "station", "seq")))

stops = Table(
    "stops",
    metadata,
    Column("stop_id", NUMBER, primary_key=True),
    Column("order_id", Words, ForeignKey("orders.order_id"), nullable=False),
    number("fence"),
    words("station"),
    words("kind"),
    words("reason"),
    number("raised"),
    number("answered"),
)
"""`fence` is that of the lease which the stop is for; a later holder never sees it."""
IS_OPEN_STOP = stops.c.answered == literal_column("0")
_partial("stops_open", stops.c.station, stops.c.stop_id, where=IS_OPEN_STOP)
Index("stops_order", stops.c.order_id)

tallies = Table(
    "tallies",
    metadata,
    key("name"),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    number("n"),
)
"""How many orders are in each state, the waiting ones by hour of ship_by; confirmation lines too.

The number is the sum over the slots: connections that write at once use different ones, and do
not wait for each other.

Kept in the transaction of each change: counting a million rows at each look would cost 100 ms.
"""

counters = Table("counters", metadata, key("name"), number("value"))

LABEL_SERIALS = "label"
"""The counter whose numbers are never given twice; a failed purchase leaves a gap."""

purchases = Table(
    "purchases",
    metadata,
    key("key"),
    Column("order_id", Words, ForeignKey("orders.order_id"), nullable=False),
    number("package"),
    words("state"),
    words("station"),
    number("serial"),
    number("fence"),
    words("carrier"),
    words("carrier_code"),
    words("carrier_name"),
    words("tracking_id"),
    words("service"),
    Column("document", LargeBinary, nullable=False),
    words("reason"),
    number("begun"),
    number("ended"),
)
IS_LIVE = purchases.c.state.in_([_literal("begun"), _literal("bought"), _literal("unknown")])
IS_TRACKED = purchases.c.tracking_id != _literal("")
_unique("purchases_live", purchases.c.order_id, purchases.c.package, where=IS_LIVE)
_unique("purchases_tracking", purchases.c.tracking_id, where=IS_LIVE & IS_TRACKED)

exports = Table(
    "exports",
    metadata,
    Column("export_id", NUMBER, primary_key=True),
    words("path"),
    words("sha256"),
    words("state"),
    Column("again", BigInteger),
    number("begun"),
    number("ended"),
)
"""`again` is the earlier export whose lines this one repeats."""
IS_OPEN_EXPORT = exports.c.state == _literal("open")
_partial("exports_open", exports.c.export_id, where=IS_OPEN_EXPORT)

confirmations = Table(
    "confirmations",
    metadata,
    _order_key(),
    Column("package", BigInteger, primary_key=True, autoincrement=False),
    key("item_id"),
    words("channel"),
    number("quantity"),
    number("shipped"),
    words("carrier_code"),
    words("carrier_name"),
    words("tracking_id"),
    words("ship_method"),
    Column("transparency", Words, nullable=False, server_default="[]"),
    words("state"),
    Column("export_id", BigInteger, ForeignKey("exports.export_id")),
    words("reason"),
)
IS_PENDING = confirmations.c.state == _literal("pending")
_partial("confirmations_pending", confirmations.c.shipped, where=IS_PENDING)
Index("confirmations_export", confirmations.c.export_id)
Index("confirmations_told", *(confirmations.c[n] for n in ("state", "channel", "shipped")))
"""`channel` is that of the order, so that the board need not look at the orders."""
