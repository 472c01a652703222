"""The tables of the order store, the same on SQLite and PostgreSQL.

Times are whole seconds since 1970, UTC; those of the journal are milliseconds. Names, addresses
and notes of buyers stand in `recipients` alone, and on the labels in `purchases.document`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


def storable(text: str) -> str:
    r"""Return text without NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold.

    >>> storable("a\x00b")
    'a�b'
    """
    if text.isascii() and "\0" not in text:
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "�")


class Words(TypeDecorator[str]):
    """Text that is compared by code point everywhere, so that prefixes are ranges of an index."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Name PostgreSQL's collation; SQLite compares bytes by itself."""
        collation = "C" if dialect.name == "postgresql" else None
        return Text(collation=collation)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make a word of an enumeration, and any outside text, one that can be stored."""
        del dialect
        return None if value is None else storable(str(value))


metadata = MetaData()

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers its rows by itself in a column of the type INTEGER only."""


def _words(name: str) -> Column[str]:
    return Column(name, Words, nullable=False, server_default="")


def _number(name: str, default: str = "0") -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=default)


def _key(name: str) -> Column[str]:
    return Column(name, Words, primary_key=True)


def _order_key() -> Column[str]:
    return Column("order_id", Words, ForeignKey("orders.order_id"), primary_key=True)


orders = Table(
    "orders",
    metadata,
    _key("order_id"),
    _words("channel"),
    _words("state"),
    _number("ship_by"),
    _number("service"),
    _number("purchased"),
    _number("units"),
    _number("lines"),
    _words("title"),
    _words("single_sku"),
    _words("service_level"),
    Column("is_business", Boolean, nullable=False),
    _words("purchase_order"),
    _number("fence"),
    _number("base_fence"),
    _words("station"),
    _words("packer"),
    _number("lease_until"),
    _words("reason"),
    _words("cause"),
    _words("digest"),
    _number("updated"),
    _number("rank", "1"),
)
"""`rank` is 0 for an order that a supervisor put first, else 1.

`single_sku` is the SKU of an order for one unit. `cause` is why an order is held, or will be as
soon as no bench works on it: "missing" while a report lacks it, "held" or "cancelled" by a person.

`base_fence` is the fence under which the package in work was begun; a takeover goes on from it.

`station` stays when a lease has lapsed and nobody else has taken the order: its fence still holds.
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
    _words("item_id"),
    _words("sku"),
    _words("title"),
    _number("quantity"),
    _words("asin"),
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
    _words("digest"),
    Column("document", Words, nullable=False),
)
"""The newer version of an order that somebody is packing; the next lease gets it."""

products = Table(
    "products",
    metadata,
    _key("sku"),
    _words("title"),
    _words("asin"),
    _words("bin"),
    Column("weight_g", BigInteger),
    Column("requires", Words, nullable=False, server_default="[]"),
    _words("kit_of"),
    _words("sku_key"),
    _words("asin_key"),
)
Index("products_sku_key", products.c.sku_key, products.c.sku)
Index("products_asin_key", products.c.asin_key, products.c.sku)

barcodes = Table(
    "barcodes",
    metadata,
    Column("sku", Words, ForeignKey("products.sku"), primary_key=True),
    _key("key"),
    _words("text"),
    _number("units", "1"),
)
Index("barcodes_key", barcodes.c.key, barcodes.c.sku)

stations = Table(
    "stations",
    metadata,
    _key("station"),
    _words("role"),
    _words("token_hash"),
    _number("enrolled"),
    _number("revoked"),
)
"""Who may come over HTTPS. `role` is station or office; `revoked` is 0 while the token is good."""
Index("stations_token", stations.c.token_hash, unique=True)

journals = Table(
    "journals",
    metadata,
    _key("station"),
    _words("journal"),
    _number("upto"),
    _words("run"),
    _words("last_run"),
    _number("lost_upto"),
    _number("epoch", "1"),
    _number("seen"),
    _number("head_seq"),
    _words("head_hash"),
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
    _key("station"),
    _key("journal"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _words("kind"),
    _words("order_id"),
    _number("fence"),
    _words("packer"),
    _number("at_ms"),
    _words("state"),
    Column("data", Words, nullable=False),
    Column("conflict", Boolean, nullable=False),
)
Index("journal_entries_order", *(journal_entries.c[n] for n in ("order_id", "station", "seq")))

stops = Table(
    "stops",
    metadata,
    Column("stop_id", _NUMBER, primary_key=True),
    Column("order_id", Words, ForeignKey("orders.order_id"), nullable=False),
    _number("fence"),
    _words("station"),
    _words("kind"),
    _words("reason"),
    _number("raised"),
    _number("answered"),
)
"""`fence` is that of the lease which the stop is for; a later holder never sees it."""
IS_OPEN_STOP = stops.c.answered == literal_column("0")
_partial("stops_open", stops.c.station, stops.c.stop_id, where=IS_OPEN_STOP)
Index("stops_order", stops.c.order_id)

tallies = Table(
    "tallies",
    metadata,
    _key("name"),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    _number("n"),
)
"""How many orders are in each state, the waiting ones by hour of ship_by; confirmation lines too.

The number is the sum over the slots: connections that write at once use different ones, and do
not wait for each other.

Kept in the transaction of each change: counting a million rows at each look would cost 100 ms.
"""

counters = Table("counters", metadata, _key("name"), _number("value"))

LABEL_SERIALS = "label"
"""The counter whose numbers are never given twice; a failed purchase leaves a gap."""

purchases = Table(
    "purchases",
    metadata,
    _key("key"),
    Column("order_id", Words, ForeignKey("orders.order_id"), nullable=False),
    _number("package"),
    _words("state"),
    _words("station"),
    _number("serial"),
    _number("fence"),
    _words("carrier"),
    _words("carrier_code"),
    _words("carrier_name"),
    _words("tracking_id"),
    _words("service"),
    Column("document", LargeBinary, nullable=False),
    _words("reason"),
    _number("begun"),
    _number("ended"),
)
IS_LIVE = purchases.c.state.in_([_literal("begun"), _literal("bought"), _literal("unknown")])
IS_TRACKED = purchases.c.tracking_id != _literal("")
_unique("purchases_live", purchases.c.order_id, purchases.c.package, where=IS_LIVE)
_unique("purchases_tracking", purchases.c.tracking_id, where=IS_LIVE & IS_TRACKED)

exports = Table(
    "exports",
    metadata,
    Column("export_id", _NUMBER, primary_key=True),
    _words("path"),
    _words("sha256"),
    _words("state"),
    Column("again", BigInteger),
    _number("begun"),
    _number("ended"),
)
"""`again` is the earlier export whose lines this one repeats."""
IS_OPEN_EXPORT = exports.c.state == _literal("open")
_partial("exports_open", exports.c.export_id, where=IS_OPEN_EXPORT)

confirmations = Table(
    "confirmations",
    metadata,
    _order_key(),
    Column("package", BigInteger, primary_key=True, autoincrement=False),
    _key("item_id"),
    _number("quantity"),
    _number("shipped"),
    _words("carrier_code"),
    _words("carrier_name"),
    _words("tracking_id"),
    _words("ship_method"),
    Column("transparency", Words, nullable=False, server_default="[]"),
    _words("state"),
    Column("export_id", BigInteger, ForeignKey("exports.export_id")),
    _words("reason"),
)
IS_PENDING = confirmations.c.state == _literal("pending")
_partial("confirmations_pending", confirmations.c.shipped, where=IS_PENDING)
Index("confirmations_export", confirmations.c.export_id)

people = Table(
    "people",
    metadata,
    _key("name"),
    _words("name_key"),
    _words("role"),
    _words("badge"),
    _words("pin_hash"),
    _number("added"),
    _number("disabled"),
    _number("fails"),
    _number("wait_until"),
)
"""Who works here. `name_key` is the name as it is compared; `badge` the number on the badge.

`fails` are wrong PINs since the last right one, counted before the PIN is looked at. Until
`wait_until` no PIN is looked at at all.
"""
Index("people_name_key", people.c.name_key, unique=True)
Index("people_badge", people.c.badge, unique=True)

passes = Table(
    "passes",
    metadata,
    _key("station"),
    _key("name"),
    _number("until"),
    _number("used"),
)
"""Where somebody showed badge and PIN: until then one scan lets him in again at that station.

`used` is when he was let in there last.
"""

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _number("at_ms"),
    _words("who"),
    _words("role"),
    _words("station"),
    _words("act"),
    _words("order_id"),
    _words("reason"),
    Column("data", Words, nullable=False),
    _words("hash"),
)
"""A hash chain (`station.chain`) over everything but the buyers; lines are only ever added."""

pulses = Table(
    "pulses",
    metadata,
    _key("station"),
    _number("seen"),
    Column("document", Words, nullable=False),
)
"""How each station was when it was heard of last: an `overview.Pulse` as JSON."""

proposals = Table(
    "proposals",
    metadata,
    _key("code"),
    _key("sku"),
    _words("order_id"),
    _words("station"),
    _words("packer"),
    _number("at"),
)
"""Barcodes that packers want to be known and nobody has decided about."""
