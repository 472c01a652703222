"""Stores of any number of orders in every state, written straight into their tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from station.overview import Pulse
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

BENCHES = 10

_ORDERS = """
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n+1 FROM numbers WHERE n+1 < :orders)
INSERT INTO orders(order_id, channel, state, ship_by, purchased, units, lines, title,
                   is_business, station, packer)
SELECT printf('111-%07d-%07d', n / 10000000, n % 10000000),
  CASE n % 5 WHEN 0 THEN 'shopify' ELSE 'amazon' END,
  CASE WHEN n % 100 < 50 THEN 'waiting' WHEN n % 100 = 50 THEN 'problem'
    WHEN n % 100 = 51 THEN 'held' WHEN n % 1000 = 52 THEN 'packed'
    WHEN n % 100 < 60 THEN 'shipped' ELSE 'confirmed' END,
  CASE WHEN n % 3 = 0 THEN :now - 7200 + 93600 * n / :orders
    ELSE (:now / 86400 + 2 + n % 3) * 86400 - 1 END,
  :now - 172800 + n % 86400, 2, 1, 'Blue mug 350 ml', 0,
  CASE n % 1000 WHEN 52 THEN 'bench-' || (n / 1000 % 20) ELSE '' END, ''
FROM numbers
"""
"""A third of those that wait is late or due within a day, the others at the last second of one."""

_LINES = """
INSERT INTO confirmations(order_id, package, item_id, channel, quantity, shipped, state)
SELECT order_id, 1, 'i1', channel, 2, :now - 86400 + rowid % 86400,
  CASE WHEN state = 'confirmed' THEN 'exported' WHEN rowid % 50 = 0 THEN 'refused'
    ELSE 'pending' END
FROM orders WHERE state IN ('shipped', 'confirmed')
"""
_ORDER_TALLIES = """
INSERT INTO tallies SELECT state, CASE state WHEN 'waiting' THEN ship_by / 3600 ELSE 0 END, 0,
  count(*) FROM orders GROUP BY 1, 2
"""
_LINE_TALLIES = """
INSERT INTO tallies SELECT 'line:' || state, 0, 0, count(*) FROM confirmations GROUP BY 1
"""
_LEFT = """
WITH RECURSIVE steps(n) AS (SELECT 0 UNION ALL SELECT n+1 FROM steps WHERE n < 143)
INSERT INTO tallies SELECT 'left', :now / 600 - n, 0, 40 FROM steps
"""


def made(folder: Path, orders: int) -> SqlOrderStore:
    """Return a store with so many orders, half of them waiting, and ten benches at work."""
    path = folder / f"floor-{orders}.db"
    store = SqlOrderStore.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("BEGIN")
        now = int(datetime.now(UTC).timestamp())
        for words in (_ORDERS, _LINES, _ORDER_TALLIES, _LINE_TALLIES, _LEFT):
            db.execute(words, {"orders": orders, "now": now})
        db.execute("COMMIT")
        db.execute("ANALYZE")
    for number in range(BENCHES):
        store.pulse(f"bench-{number}", Pulse(f"Packer {number}", "111-1", number, 20))
    return store
