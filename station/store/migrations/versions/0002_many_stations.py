"""Many stations: who may come, whose journal counts, takeovers, and tallies without a queue.

Revision ID: 0002
Revises: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _words(name: str) -> "sa.Column[Any]":
    return sa.Column(name, words, server_default="", nullable=False)


def _number(name: str, default: str = "0") -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def upgrade() -> None:
    """Add columns and the table of stations; two tables get a wider key."""
    op.add_column("orders", _number("base_fence"))
    op.add_column("stops", _words("kind"))
    op.add_column("purchases", _words("station"))
    op.execute("UPDATE orders SET base_fence = fence")
    op.execute("UPDATE stops SET kind = 'changed'")
    _stations()
    _journals()
    _journal_entries()
    _tallies()


def _stations() -> None:
    op.create_table(
        "stations",
        sa.Column("station", words, nullable=False),
        _words("role"),
        _words("token_hash"),
        _number("enrolled"),
        _number("revoked"),
        sa.PrimaryKeyConstraint("station"),
    )
    op.create_index("stations_token", "stations", ["token_hash"], unique=True)


def _journals() -> None:
    for column in (
        _words("journal"),
        _words("run"),
        _words("last_run"),
        _number("lost_upto"),
        _number("epoch", "1"),
        _number("seen"),
    ):
        op.add_column("journals", column)


def _journal_entries() -> None:
    op.drop_index("journal_entries_order", "journal_entries")
    op.rename_table("journal_entries", "journal_entries_0001")
    op.create_table(
        "journal_entries",
        sa.Column("station", words, nullable=False),
        sa.Column("journal", words, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _words("kind"),
        _words("order_id"),
        _number("fence"),
        _words("packer"),
        _number("at_ms"),
        _words("state"),
        sa.Column("data", words, nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("station", "journal", "seq"),
    )
    kept = "seq, kind, order_id, fence, packer, at_ms, state, data, conflict"
    op.execute(
        f"INSERT INTO journal_entries (station, journal, {kept})"
        f" SELECT station, '', {kept} FROM journal_entries_0001"
    )
    op.drop_table("journal_entries_0001")
    op.create_index("journal_entries_order", "journal_entries", ["order_id", "station", "seq"])


def _tallies() -> None:
    op.rename_table("tallies", "tallies_0001")
    op.create_table(
        "tallies",
        sa.Column("name", words, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("n"),
        sa.PrimaryKeyConstraint("name", "hour", "slot"),
    )
    op.execute("INSERT INTO tallies (name, hour, slot, n) SELECT name, hour, 0, n FROM tallies_0001")
    op.drop_table("tallies_0001")
