"""The tables of people, of what they decided, and of the board; beside those of the orders."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from station.store.columns import Words, key, metadata, number, words

people = Table(
    "people",
    metadata,
    key("name"),
    words("name_key"),
    words("role"),
    words("badge"),
    words("pin_hash"),
    number("added"),
    number("disabled"),
    number("fails"),
    number("wait_until"),
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
    key("station"),
    key("name"),
    number("until"),
    number("used"),
)
"""Where somebody showed badge and PIN: until then one scan lets him in again at that station.

`used` is when he was let in there last.
"""

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    number("at_ms"),
    words("who"),
    words("role"),
    words("station"),
    words("act"),
    words("order_id"),
    words("reason"),
    Column("data", Words, nullable=False),
    words("hash"),
)
"""A hash chain (`station.chain`) over everything but the buyers; lines are only ever added."""

pulses = Table(
    "pulses",
    metadata,
    key("station"),
    number("seen"),
    Column("document", Words, nullable=False),
)
"""How each station was when it was heard of last: an `overview.Pulse` as JSON."""

proposals = Table(
    "proposals",
    metadata,
    key("code"),
    key("sku"),
    words("order_id"),
    words("station"),
    words("packer"),
    number("at"),
)
"""Barcodes that packers want to be known and nobody has decided about."""
