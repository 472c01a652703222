"""The next order on PostgreSQL, in one statement: the same as step by step, and never torn."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import event, make_url, select
from store.conftest import check_tallies
from store.samples import NOON, Bench, Clock, item, order, put

from station.errors import StoreRefused
from station.model import Barcode, Lease, OrderState, Presence, Product, ServiceClass
from station.store import leases
from station.store.postgresql import SLOT
from station.store.schema import tallies
from station.store.sql import SqlOrderStore
from station.store.tallies import HOUR_S, fold
from station.store.watermark import HEAD, Watermark

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server_store(postgresql_url: str, clock: Clock) -> Iterator[SqlOrderStore]:
    """Return an empty store on PostgreSQL."""
    store = SqlOrderStore.open(postgresql_url, clock=clock)
    yield store
    check_tallies(store)
    store.close()


@contextmanager
def beside(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection of another program to the same database."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        yield connection


def _statements(store: SqlOrderStore) -> list[str]:
    found: list[str] = []

    @event.listens_for(store._database._writer, "before_cursor_execute")
    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        found.append(sql)

    return found


def test_a_claim_is_one_statement(server_store: SqlOrderStore) -> None:
    """Choosing, leasing, counting and reading an order takes one statement, and no BEGIN."""
    put(server_store, order("111-1"), order("111-2"))
    assert server_store.queue(1)
    sent = _statements(server_store)
    lease = server_store.claim("bench-1", "Ana")
    assert lease is not None
    assert [sql.split()[0] for sql in sent] == ["WITH"]


def _lease_both_ways(store: SqlOrderStore) -> tuple[Lease | None, Lease | None]:
    """Lease the first order by the statement and the second step by step."""
    by_statement = store.claim("bench-1", "Ana")
    with store._database.write() as connection:
        by_steps = leases.claim_next(connection, "bench-1", "Ana", [], int(NOON.timestamp()))
    return by_statement, by_steps


def test_the_statement_gives_what_the_steps_give(server_store: SqlOrderStore) -> None:
    """A lease from the statement differs in nothing from one that was read table by table."""
    mug = Product(
        'M"\\\x1b{}',
        "Müg 马克杯",
        "B0",
        "A-1",
        350,
        (Barcode("4006381333931"), Barcode("X001ABC", 6)),
        ("serial", "ack:<b>"),
        "KIT",
    )
    server_store.put_products([mug, Product("BARE"), Product("OTHER")])
    lines = (item("i2", 3, mug.sku), item("i1", 1, "BARE"), item("i3", 2**40, "UNKNOWN"))
    for number in (1, 2):
        put(server_store, order(f"111-{number}", *lines, service=ServiceClass.PRIME))
    one, two = _lease_both_ways(server_store)
    assert one is not None
    assert two is not None
    assert (one.order.items, one.order.ship_to) == (two.order.items, two.order.ship_to)
    assert one.order.note == two.order.note
    assert sorted(one.products, key=str) == sorted(two.products, key=str)
    assert len(one.products) == 2
    assert (one.fence, one.package, one.expires_in_s) == (two.fence, two.package, 600.0)


def test_a_lease_begun_before_brings_its_work(server_store: SqlOrderStore, clock: Clock) -> None:
    """The station whose lease lapsed gets the order under the same fence, with what was done."""
    put(server_store, order())
    bench = Bench(server_store)
    first = bench.claim()
    bench.tell(first, OrderState.PACKING)
    clock.move(601)
    again = bench.claim()
    assert again.fence == first.fence
    assert [entry.state for entry in again.entries] == [OrderState.PACKING]


_SLOW_UPDATE = """
CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('application_name') = 'station' THEN
        PERFORM pg_advisory_xact_lock(7);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER slow BEFORE UPDATE ON orders EXECUTE FUNCTION wait_for_the_test();
"""
"""It runs when the statement has its snapshot, and before it looks for an order."""


def test_an_order_that_changed_under_the_statement_is_whole(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """A version committed after the snapshot is leased with its own items, not the older ones."""
    put(server_store, order())
    got: list[Lease | None] = []
    claim = threading.Thread(target=lambda: got.append(server_store.claim("bench-1", "Ana")))
    with beside(postgresql_url) as other:
        other.execute(_SLOW_UPDATE)
        other.execute("SELECT pg_advisory_lock(7)")
        claim.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while other.execute(waiting).fetchone() != (1,):
            pass
        with other.transaction():
            other.execute("UPDATE orders SET units = 9, purchase_order = 'new'")
            other.execute("UPDATE order_items SET quantity = 9")
        other.execute("SELECT pg_advisory_unlock(7)")
        claim.join()
    (lease,) = got
    assert lease is not None
    assert (lease.order.purchase_order, lease.order.units, lease.fence) == ("new", 9, 1)


def test_nothing_is_given_while_a_restored_store_waits(server_store: SqlOrderStore) -> None:
    """After a restore no order is leased until the stations came back, and the words name them."""
    put(server_store, order())
    server_store.hello("bench-2", Presence("j", "r", 0, 0))
    server_store.restored()
    with pytest.raises(StoreRefused, match="waiting for bench-2"):
        server_store.claim("bench-1", "Ana")
    assert len(server_store.queue(5)) == 1
    server_store.excuse("bench-2")
    lease = server_store.claim("bench-1", "Ana")
    assert lease is not None
    assert lease.fence > 2**32


def test_what_comes_in_here_is_next_at_once(server_store: SqlOrderStore) -> None:
    """An order that this program brings in, or gives back, is not passed by for a moment."""
    put(server_store, *(order(f"111-{n}", due_h=5) for n in range(3)))
    bench = Bench(server_store)
    first = bench.claim()
    assert first.order.order_id == "111-0"
    put(server_store, order("222-1", due_h=1))
    assert bench.claim().order.order_id == "222-1"
    bench.tell(first, OrderState.WAITING)
    assert bench.claim().order.order_id == "111-0"


def test_what_another_program_brings_in_is_seen_from_the_head(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """An urgent order of another program is next as soon as a claim looks from the head."""
    put(server_store, *(order(f"111-{n}", due_h=5) for n in range(4)))
    now = 0.0
    marks = Watermark(lambda: server_store._database.entered, lambda: now)
    server_store._claims._watermark = marks
    bench = Bench(server_store)
    assert bench.claim().order.order_id == "111-0"
    with closing(SqlOrderStore.open(postgresql_url, clock=NOON.timestamp)) as other:
        put(other, order("222-1", due_h=1), order("222-2", due_h=1))
    assert bench.claim().order.order_id == "111-1"
    now = 1.0
    assert server_store.claim("bench-2", "Bo", skip=["222-1"]) is not None
    assert bench.claim().order.order_id == "222-1"
    assert [bench.claim().order.order_id for _ in range(2)] == ["111-2", "111-3"]
    assert server_store.claim("bench-1", "Ana") is None


def test_the_head_is_where_something_was_left(server_store: SqlOrderStore) -> None:
    """When nothing is found below the mark the queue is looked through from its head."""
    put(server_store, *(order(f"111-{n}") for n in range(3)))
    bench = Bench(server_store)
    lease = server_store.claim("bench-1", "Ana", skip=["111-0"])
    assert lease is not None
    server_store._claims._watermark._key = (1, 2**60, 0, 0, "")
    assert bench.claim().order.order_id == "111-0"


def test_a_mark_set_while_orders_came_in_is_not_kept() -> None:
    """A claim that began before orders came in does not move the mark beyond them."""
    entered = 0
    mark = Watermark(lambda: entered, lambda: 0.0)
    begun = mark.start(skips=False)
    entered = 1
    fresh = mark.start(skips=False)
    mark.taken(begun, (1, 5, 0, 0, "x"))
    assert fresh.key == mark.start(skips=False).key == HEAD
    mark.taken(fresh, (1, 5, 0, 0, "x"))
    assert mark.start(skips=False).key == (1, 5, 0, 0, "x")


def _rows(store: SqlOrderStore) -> list[tuple[str, int, int, int]]:
    with store._database.read() as connection:
        waiting = tallies.c.name == OrderState.WAITING
        found = connection.execute(select(tallies).where(waiting).order_by(tallies.c.slot))
        return [tuple(row) for row in found]


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_hours_long_past_are_folded(store: SqlOrderStore, clock: Clock) -> None:
    """What each connection counted of an old hour becomes one row, or none when it is nothing."""
    put(store, order("111-1", due_h=1), order("111-2", due_h=1), order("111-3", due_h=2))
    hour = int(clock.now) // HOUR_S + 1
    with store._database.write() as connection:
        others = {61, 62, 63} - {connection.info.get(SLOT, 0)}  # not this connection's own
        for slot, n in zip(sorted(others), (4, -4), strict=False):
            connection.execute(
                tallies.insert().values(name="waiting", hour=hour + 1, slot=slot, n=n)
            )
    assert store.claim("bench-1", "Ana", order_id="111-3") is not None
    with store._database.write() as connection:
        fold(connection, int(clock.now) + 3 * HOUR_S)
    assert len(_rows(store)) >= 2
    with store._database.write() as connection:
        fold(connection, int(clock.now) + 30 * HOUR_S)
    assert _rows(store) == [("waiting", hour, 0, 2)]
    check_tallies(store)


def test_an_order_due_before_1970_is_counted_out_of_its_hour(server_store: SqlOrderStore) -> None:
    """Hours are rounded down in the statement as they are in Python, also below zero."""
    put(server_store, order(due_h=(-1800 - NOON.timestamp()) / 3600))
    assert _rows(server_store)[0][:2] == ("waiting", -1)
    Bench(server_store).claim()
    assert sum(row[3] for row in _rows(server_store) if row[1] == -1) == 0
