"""People, what they decided, and the board.

Revision ID: 0003
Revises: 0002
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _words(name: str) -> "sa.Column[Any]":
    return sa.Column(name, words, server_default="", nullable=False)


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, words, nullable=False)


def _number(name: str, default: str = "0") -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def upgrade() -> None:
    """Add a rank to the queue's order, and the tables of people, audit and board."""
    op.add_column("orders", _number("rank", "1"))
    op.add_column("journals", _number("head_seq"))
    op.add_column("journals", _words("head_hash"))
    _queue()
    _channels()
    _people()
    _audit()
    _board()


def _queue() -> None:
    place = ["rank", "ship_by", "service", "purchased", "order_id"]
    waiting, elsewhere = sa.text("state = 'waiting'"), sa.text("state != 'waiting'")
    single = sa.text("state = 'waiting' AND single_sku != ''")
    for name, columns, where in (
        ("orders_waiting", place, waiting),
        ("orders_elsewhere", ["state", *place], elsewhere),
        ("orders_single", ["single_sku", *place], single),
    ):
        op.drop_index(name, "orders")
        op.create_index(name, "orders", columns, sqlite_where=where, postgresql_where=where)


def _channels() -> None:
    op.add_column("confirmations", _words("channel"))
    op.execute(
        "UPDATE confirmations SET channel = (SELECT orders.channel FROM orders"
        " WHERE orders.order_id = confirmations.order_id)"
    )
    op.create_index("confirmations_told", "confirmations", ["state", "channel", "shipped"])
    op.execute(
        "INSERT INTO counters (name, value)"
        " SELECT DISTINCT 'pulled:' || channel, 0 FROM orders"
    )


def _people() -> None:
    op.create_table(
        "people",
        _key("name"),
        _words("name_key"),
        _words("role"),
        _words("badge"),
        _words("pin_hash"),
        _number("added"),
        _number("disabled"),
        _number("fails"),
        _number("wait_until"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("people_name_key", "people", ["name_key"], unique=True)
    op.create_index("people_badge", "people", ["badge"], unique=True)
    op.create_table(
        "passes",
        _key("station"),
        _key("name"),
        _number("until"),
        _number("used"),
        sa.PrimaryKeyConstraint("station", "name"),
    )


def _audit() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("at_ms"),
        _words("who"),
        _words("role"),
        _words("station"),
        _words("act"),
        _words("order_id"),
        _words("reason"),
        sa.Column("data", words, nullable=False),
        _words("hash"),
        sa.PrimaryKeyConstraint("seq"),
    )


def _board() -> None:
    op.create_table(
        "pulses",
        _key("station"),
        _number("seen"),
        sa.Column("document", words, nullable=False),
        sa.PrimaryKeyConstraint("station"),
    )
    op.create_table(
        "proposals",
        _key("code"),
        _key("sku"),
        _words("order_id"),
        _words("station"),
        _words("packer"),
        _number("at"),
        sa.PrimaryKeyConstraint("code", "sku"),
    )
