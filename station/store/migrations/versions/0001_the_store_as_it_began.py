"""The store as it began.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create all tables, those first that others point to."""
    _counters()
    _exports()
    _journal_entries()
    _journals()
    _orders()
    _products()
    _tallies()
    _asides()
    _barcodes()
    _confirmations()
    _order_items()
    _purchases()
    _recipients()
    _stops()


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", words, nullable=False),
        sa.Column("value", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("export_id", row_number, nullable=False),
        sa.Column("path", words, server_default="", nullable=False),
        sa.Column("sha256", words, server_default="", nullable=False),
        sa.Column("state", words, server_default="", nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=True),
        sa.Column("begun", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("export_id"),
    )
    op.create_index(
        "exports_open",
        "exports",
        ["export_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _journal_entries() -> None:
    op.create_table(
        "journal_entries",
        sa.Column("station", words, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", words, server_default="", nullable=False),
        sa.Column("order_id", words, server_default="", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("packer", words, server_default="", nullable=False),
        sa.Column("at_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", words, server_default="", nullable=False),
        sa.Column("data", words, nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("station", "seq"),
    )
    op.create_index(
        "journal_entries_order", "journal_entries", ["order_id", "station", "seq"], unique=False
    )


def _journals() -> None:
    op.create_table(
        "journals",
        sa.Column("station", words, nullable=False),
        sa.Column("upto", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("station"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", words, nullable=False),
        sa.Column("channel", words, server_default="", nullable=False),
        sa.Column("state", words, server_default="", nullable=False),
        sa.Column("ship_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("service", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("purchased", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("units", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lines", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("title", words, server_default="", nullable=False),
        sa.Column("single_sku", words, server_default="", nullable=False),
        sa.Column("service_level", words, server_default="", nullable=False),
        sa.Column("is_business", sa.Boolean(), nullable=False),
        sa.Column("purchase_order", words, server_default="", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("station", words, server_default="", nullable=False),
        sa.Column("packer", words, server_default="", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reason", words, server_default="", nullable=False),
        sa.Column("cause", words, server_default="", nullable=False),
        sa.Column("digest", words, server_default="", nullable=False),
        sa.Column("updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("order_id"),
    )
    _order_indexes()


def _order_indexes() -> None:
    op.create_index(
        "orders_elsewhere",
        "orders",
        ["state", "ship_by", "service", "purchased", "order_id"],
        unique=False,
        sqlite_where=sa.text("state != 'waiting'"),
        postgresql_where=sa.text("state != 'waiting'"),
    )
    op.create_index(
        "orders_leased",
        "orders",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('claimed', 'packing')"),
        postgresql_where=sa.text("state IN ('claimed', 'packing')"),
    )
    op.create_index(
        "orders_single",
        "orders",
        ["single_sku", "ship_by", "service", "purchased", "order_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND single_sku != ''"),
        postgresql_where=sa.text("state = 'waiting' AND single_sku != ''"),
    )
    op.create_index(
        "orders_waiting",
        "orders",
        ["ship_by", "service", "purchased", "order_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("sku", words, nullable=False),
        sa.Column("title", words, server_default="", nullable=False),
        sa.Column("asin", words, server_default="", nullable=False),
        sa.Column("bin", words, server_default="", nullable=False),
        sa.Column("weight_g", sa.BigInteger(), nullable=True),
        sa.Column("requires", words, server_default="[]", nullable=False),
        sa.Column("kit_of", words, server_default="", nullable=False),
        sa.Column("sku_key", words, server_default="", nullable=False),
        sa.Column("asin_key", words, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("sku"),
    )
    op.create_index("products_asin_key", "products", ["asin_key", "sku"], unique=False)
    op.create_index("products_sku_key", "products", ["sku_key", "sku"], unique=False)


def _tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("name", words, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", "hour"),
    )


def _asides() -> None:
    op.create_table(
        "asides",
        sa.Column("order_id", words, nullable=False),
        sa.Column("digest", words, server_default="", nullable=False),
        sa.Column("document", words, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )


def _barcodes() -> None:
    op.create_table(
        "barcodes",
        sa.Column("sku", words, nullable=False),
        sa.Column("key", words, nullable=False),
        sa.Column("text", words, server_default="", nullable=False),
        sa.Column("units", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"]),
        sa.PrimaryKeyConstraint("sku", "key"),
    )
    op.create_index("barcodes_key", "barcodes", ["key", "sku"], unique=False)


def _confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("order_id", words, nullable=False),
        sa.Column("package", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", words, nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carrier_code", words, server_default="", nullable=False),
        sa.Column("carrier_name", words, server_default="", nullable=False),
        sa.Column("tracking_id", words, server_default="", nullable=False),
        sa.Column("ship_method", words, server_default="", nullable=False),
        sa.Column("transparency", words, server_default="[]", nullable=False),
        sa.Column("state", words, server_default="", nullable=False),
        sa.Column("export_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", words, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.export_id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("order_id", "package", "item_id"),
    )
    op.create_index("confirmations_export", "confirmations", ["export_id"], unique=False)
    op.create_index(
        "confirmations_pending",
        "confirmations",
        ["shipped"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def _order_items() -> None:
    op.create_table(
        "order_items",
        sa.Column("order_id", words, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", words, server_default="", nullable=False),
        sa.Column("sku", words, server_default="", nullable=False),
        sa.Column("title", words, server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asin", words, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("order_id", "position"),
    )
    op.create_index("order_items_sku", "order_items", ["sku", "order_id"], unique=False)


def _purchases() -> None:
    op.create_table(
        "purchases",
        sa.Column("key", words, nullable=False),
        sa.Column("order_id", words, nullable=False),
        sa.Column("package", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", words, server_default="", nullable=False),
        sa.Column("serial", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("carrier", words, server_default="", nullable=False),
        sa.Column("carrier_code", words, server_default="", nullable=False),
        sa.Column("carrier_name", words, server_default="", nullable=False),
        sa.Column("tracking_id", words, server_default="", nullable=False),
        sa.Column("service", words, server_default="", nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("reason", words, server_default="", nullable=False),
        sa.Column("begun", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "purchases_live",
        "purchases",
        ["order_id", "package"],
        unique=True,
        sqlite_where=sa.text("state IN ('begun', 'bought', 'unknown')"),
        postgresql_where=sa.text("state IN ('begun', 'bought', 'unknown')"),
    )
    op.create_index(
        "purchases_tracking",
        "purchases",
        ["tracking_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('begun', 'bought', 'unknown') AND tracking_id != ''"),
        postgresql_where=sa.text("state IN ('begun', 'bought', 'unknown') AND tracking_id != ''"),
    )


def _recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("order_id", words, nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("document", words, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("order_id", "aside"),
    )


def _stops() -> None:
    op.create_table(
        "stops",
        sa.Column("stop_id", row_number, nullable=False),
        sa.Column("order_id", words, nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("station", words, server_default="", nullable=False),
        sa.Column("reason", words, server_default="", nullable=False),
        sa.Column("raised", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"]),
        sa.PrimaryKeyConstraint("stop_id"),
    )
    op.create_index(
        "stops_open",
        "stops",
        ["station", "stop_id"],
        unique=False,
        sqlite_where=sa.text("answered = 0"),
        postgresql_where=sa.text("answered = 0"),
    )
    op.create_index("stops_order", "stops", ["order_id"], unique=False)
