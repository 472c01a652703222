from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from store.samples import MIDNIGHT, NOON, Clock, item, label, order, put

from station.model import OrderState
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

SMALL = {"tallies", "exports"}
"""Tables that have a row for an hour or a file, not for an order."""

CALLS: dict[str, Callable[[SqlOrderStore], object]] = {
    "queue": lambda s: s.queue(20),
    "queue after": lambda s: s.queue(20, after=s.queue(1)[0]),
    "queue before": lambda s: s.queue(20, before=s.queue(9)[8]),
    "queue last": lambda s: s.queue(20, last=True),
    "queue of parked": lambda s: s.queue(20, states=[OrderState.PROBLEM, OrderState.HELD]),
    "counts": lambda s: s.counts(NOON, MIDNIGHT),
    "due by hour": lambda s: s.due_by_hour(NOON, MIDNIGHT),
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
