from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event
from store.conftest import _execute
from store.samples import MIDNIGHT, NOON, Bench, Clock, item, label, order, put

from station.acts import Head
from station.model import OrderState, Product
from station.overview import Pulse
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

SMALL = {"tallies", "exports", "pulses", "CONSTANT", "pairs", "anon_1"}
"""What has a row for an hour, a file, a station or a channel, or was cut to its limit before."""


def _busy(store: SqlOrderStore) -> SqlOrderStore:
    """Return the store with something in each part of the board."""
    store.halt("111-11", OrderState.HELD, "")
    bench = Bench(store, "bench-9")
    bench.ship(bench.claim("111-12"), "1Z9")
    bench.tell(bench.claim("111-13"), OrderState.PACKED)
    bench.tell(bench.claim("111-14"), OrderState.PROBLEM)
    bench.claim("111-15")
    return store


CALLS: dict[str, Callable[[SqlOrderStore], object]] = {
    "queue": lambda s: s.queue(20),
    "queue after": lambda s: s.queue(20, after=s.queue(1)[0]),
    "queue before": lambda s: s.queue(20, before=s.queue(9)[8]),
    "queue last": lambda s: s.queue(20, last=True),
    "queue of parked": lambda s: s.queue(20, states=[OrderState.PROBLEM, OrderState.HELD]),
    "counts": lambda s: s.counts(NOON, MIDNIGHT),
    "due by hour": lambda s: s.due_by_hour(NOON, MIDNIGHT),
    "board": lambda s: _busy(s).board(NOON, MIDNIGHT),
    "pulse": lambda s: s.pulse("bench-1", Pulse("Ana", journal=Head(3, "ab"))),
    "claim": lambda s: s.claim("bench-1", "Ana", skip=["111-01"]),
    "claim named": lambda s: s.claim("bench-1", "Ana", order_id="111-09"),
    "renew": lambda s: s.renew("bench-1", ["111-02"]),
    "stops": lambda s: s.stops("bench-1"),
    "order": lambda s: s.order("111-01"),
    "single unit": lambda s: s.single_unit_orders(["MUG-350", "SPOON"]),
    "history": lambda s: s.history("111-01"),
    "find product": lambda s: s.find_product(["g:04006381333931", "t:X"]),
    "label": lambda s: s.label("111-05"),
    "tracking used": lambda s: s.tracking_used("1Z1"),
    "buy": lambda s: s.begin_purchase("k2", "111-05", 2, 1, "own"),
}


class Plans:
    """What SQLite says it will do for each statement that an engine runs."""

    def __init__(self, store: SqlOrderStore) -> None:
        self.steps: list[str] = []
        self._busy = False
        for engine in (store._database._reader, store._database._writer):
            self._watch(engine)

    def _watch(self, engine: Engine) -> None:
        @event.listens_for(engine, "before_cursor_execute")
        def explain(
            connection: Connection, _cursor: object, sql: str, values: Any, *_: Any
        ) -> None:
            if sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")) and isinstance(values, tuple):
                cursor = connection.connection.cursor()
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
                self.steps += [row[3] for row in cursor.fetchall()]
                cursor.close()

    def costly(self) -> list[str]:
        """Return the steps that read whole tables or sort."""
        return [
            step
            for step in self.steps
            if step.startswith("USE TEMP B-TREE FOR ORDER BY")
            or (step.startswith("SCAN") and "USING" not in step and step.split()[1] not in SMALL)
        ]


@pytest.fixture
def filled(sqlite_url: str, clock: Clock) -> Iterator[SqlOrderStore]:
    """Return a store with a few orders, one of them bought."""
    store = SqlOrderStore.open(sqlite_url, clock=clock)
    put(store, *(order(f"111-{n:02}", item(), due_h=n) for n in range(20)))
    lease = store.claim("bench-1", "Ana", order_id="111-05")
    assert lease is not None
    store.begin_purchase("k1", "111-05", 1, lease.fence, "own")
    store.finish_purchase("k1", label("1Z1", "111-05"))
    yield store
    store.close()


@pytest.mark.parametrize("name", CALLS)
def test_no_frequent_call_reads_or_sorts_a_whole_table(filled: SqlOrderStore, name: str) -> None:
    """Every statement of a frequent call goes by an index that has the right order."""
    plans = Plans(filled)
    CALLS[name](filled)
    assert plans.steps
    assert plans.costly() == []


def test_a_lapse_is_found_by_its_index(filled: SqlOrderStore, clock: Clock) -> None:
    """Looking for lapsed leases reads the leased orders alone."""
    assert filled.claim("bench-1", "Ana") is not None
    clock.move(601)
    plans = Plans(filled)
    filled.queue(1)
    assert any("orders_leased" in step for step in plans.steps)
    assert plans.costly() == []


def test_a_search_for_everything_is_told_as_costly(filled: SqlOrderStore) -> None:
    """The check can fail: a count of all rows by state is a scan with no index."""
    plans = Plans(filled)
    with filled._database.read() as connection:
        connection.exec_driver_sql("SELECT packer FROM orders ORDER BY packer").all()
    assert len(plans.costly()) == 2


WHOLE = ("orders", "order_items", "recipients", "products", "barcodes", "confirmations")


def _server_plan(url: str, sql: str, values: Any) -> list[str]:
    """Return the lines of what PostgreSQL would do, if only it can avoid to read whole tables."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN {sql}", values)
        lines = [row[0].strip() for row in cursor.fetchall()]
    engine.dispose()
    return lines


def _server_costly(lines: list[str]) -> list[str]:
    """Return the lines that read whole tables, or sort more than one order's products."""
    scans = [line for line in lines if "Seq Scan on" in line]
    sorts = [line for line in lines if line.startswith("Sort Key:")]
    whole = [line for line in scans if any(f" on {name} " in line + " " for name in WHOLE)]
    return whole + [line for line in sorts if not line.startswith("Sort Key: products.sku")]


def test_a_claim_on_postgresql_goes_by_indexes(postgresql_url: str, clock: Clock) -> None:
    """The one statement reads no table whole, and takes the queue's first row without a sort."""
    with closing(SqlOrderStore.open(postgresql_url, clock=clock)) as store:
        store.put_products([Product(f"SKU-{n}") for n in range(300)])
        put(store, *(order(f"111-{n:03}", item(sku=f"SKU-{n}"), due_h=n % 5) for n in range(300)))
        _execute(postgresql_url, "ANALYZE")
        sent: list[tuple[str, Any]] = []

        @event.listens_for(store._database._writer, "before_cursor_execute")
        def note(_connection: object, _cursor: object, sql: str, values: object, *_: Any) -> None:
            sent.append((sql, values))

        assert store.claim("bench-1", "Ana", skip=["111-000"]) is not None
    ((sql, values),) = (found for found in sent if "SKIP LOCKED), " in found[0])
    lines = _server_plan(postgresql_url, sql, values)
    assert any("Index Scan using orders_waiting" in line for line in lines)
    assert any("Tid Scan on orders" in line for line in lines)
    assert _server_costly(lines) == []


def test_a_board_on_postgresql_goes_by_indexes(postgresql_url: str, clock: Clock) -> None:
    """No statement of a look at the floor reads orders or confirmations whole, or sorts orders."""
    with closing(SqlOrderStore.open(postgresql_url, clock=clock)) as store:
        put(store, *(order(f"111-{n:03}", due_h=n % 30) for n in range(300)))
        for n in range(20):
            store.halt(f"111-{n:03}", OrderState.HELD, "")
        shipped = Bench(store)
        shipped.ship(shipped.claim())
        shipped.tell(shipped.claim(), OrderState.PACKED)
        _execute(postgresql_url, "ANALYZE")
        sent: list[tuple[str, Any]] = []

        @event.listens_for(store._database._reader, "before_cursor_execute")
        def note(_connection: object, _cursor: object, sql: str, values: object, *_: Any) -> None:
            sent.append((sql, values))

        store.board(NOON, MIDNIGHT)
    assert len(sent) > 12
    for sql, values in sent:
        lines = _server_plan(postgresql_url, sql, values)
        sorts = [line for line in lines if line.startswith("Sort Key: orders.")]
        whole = [line for line in lines if "Seq Scan on" in line and line.split()[3] in WHOLE]
        assert (sql, [*sorts, *whole]) == (sql, [])


def test_a_plan_on_postgresql_can_be_told_as_costly(postgresql_url: str) -> None:
    """The check can fail: another order than the index's is sorted, with or without a scan."""
    SqlOrderStore.open(postgresql_url).close()
    sql = "SELECT packer FROM orders ORDER BY packer"
    assert len(_server_costly(_server_plan(postgresql_url, sql, None))) == 2
