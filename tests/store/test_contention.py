"""Many threads at one store, and connections that are cut, locked out or undone under them."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, insert, make_url, select, text, update
from sqlalchemy.exc import DisconnectionError
from store.conftest import check_tallies
from store.samples import MIDNIGHT, NOON, Bench, order, put
from store.test_claims import beside
from store.test_concurrency import together

from station.errors import StoreUnreachable
from station.model import OrderState
from station.store.failures import Undone
from station.store.schema import counters, tallies
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

DRAINERS = 64
MANY = 100_000 if os.environ.get("STATION_LONG") else 500


@pytest.fixture
def server_store(postgresql_url: str) -> Iterator[SqlOrderStore]:
    """Return an empty store on PostgreSQL."""
    store = SqlOrderStore.open(postgresql_url, clock=NOON.timestamp)
    yield store
    check_tallies(store)
    store.close()


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_64_threads_drain_the_queue(store: SqlOrderStore) -> None:
    """However many claim at once, each order is leased once, none is left, and all are counted."""
    put(store, *(order(f"111-{n:06}", due_h=n % 7) for n in range(MANY)))
    got: list[str] = []

    def drain(number: int) -> None:
        while (lease := store.claim(f"bench-{number}", "p")) is not None:
            got.append(lease.order.order_id)

    together(drain, DRAINERS)
    assert len(got) == len(set(got)) == MANY
    states = store.counts(NOON, MIDNIGHT).states
    assert (states[OrderState.WAITING], states[OrderState.CLAIMED]) == (0, MANY)


def test_connections_count_in_slots_of_their_own(server_store: SqlOrderStore) -> None:
    """Claims at once add to different rows, so that they do not wait for each other's commit."""
    put(server_store, *(order(f"111-{n}") for n in range(8)))

    def claim(number: int) -> None:
        Bench(server_store, f"bench-{number}").claim()

    together(claim, 8)
    with server_store._database.write() as one, server_store._database.write() as two:
        assert one.info["slot"] != two.info["slot"]
    with server_store._database.read() as connection:
        claimed = select(tallies.c.slot).where(tallies.c.name == OrderState.CLAIMED)
        assert 0 not in connection.execute(claimed).scalars().all()


def _kill_all(url: str) -> None:
    with beside(url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'station' AND datname = current_database()"
        )
        alive = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'station' AND datname = current_database()"
        )
        while other.execute(alive).fetchone() != (0,):
            pass


def test_connections_cut_while_they_rest_are_not_noticed(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """After the server was restarted the next claim, write and read have new connections."""
    put(server_store, order("111-1"), order("111-2"))
    _kill_all(postgresql_url)
    assert Bench(server_store).claim().order.order_id == "111-1"
    _kill_all(postgresql_url)
    assert server_store.renew("bench-1", ["111-1"]) == {"111-1": 1}
    _kill_all(postgresql_url)
    assert len(server_store.queue(5)) == 1


def test_a_transaction_cut_before_its_commit_is_run_again(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """Nothing of it is left, so it is begun anew, and what it does is done once."""
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(insert(counters).values(name="once", value=1))
        if len(tries) == 1:
            _kill_all(postgresql_url)
        connection.execute(update(counters).values(value=counters.c.value + 1))

    server_store._database.change(work)
    assert len(tries) == 2
    with server_store._database.read() as connection:
        kept = select(counters.c.value).where(counters.c.name == "once")
        assert connection.execute(kept).scalar() == 2


def test_an_answer_lost_in_the_commit_is_not_tried_again(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """Whether it was done is not known here: the caller is told, and may ask again."""
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(insert(counters).values(name="lost", value=1))
        _kill_all(postgresql_url)

    with pytest.raises(StoreUnreachable) as caught:
        server_store._database.change(work)
    assert not isinstance(caught.value, Undone)
    assert len(tries) == 1
    assert server_store.ping() == 1


def test_claims_under_cuts_give_nothing_twice(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """Connections are killed all the time: claims succeed or are told, and no order has two."""
    put(server_store, *(order(f"111-{n:04}") for n in range(400)))
    got: list[str] = []
    lost: list[str] = []
    done = threading.Event()

    def drain(number: int) -> None:
        while True:
            try:
                lease = server_store.claim(f"bench-{number}", "p")
            except StoreUnreachable as failure:
                lost.append(failure.message)
                continue
            if lease is None:
                return
            got.append(lease.order.order_id)

    def cut() -> None:
        with beside(postgresql_url) as other:
            while not done.wait(0.01):
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'station' AND datname = current_database()"
                    " ORDER BY random() LIMIT 2"
                )

    killer = threading.Thread(target=cut)
    killer.start()
    together(drain, 8)
    done.set()
    killer.join()
    orphans = [name for n in range(8) for name in server_store.claimed(f"bench-{n}")]
    assert len(got) == len(set(got))
    # An answer that was lost left its order with the station, which finds it by `claimed`.
    assert len(orphans) == len(set(orphans)) == 400
    print(f"\n{len(lost)} claims were cut, {400 - len(got)} of them had been done")  # noqa: T201


def test_connections_cut_again_and_again_are_an_absence(
    server_store: SqlOrderStore,
) -> None:
    """When every connection that the pool tries is dead the store is away, and nothing is wrong."""
    server_store.counts(NOON, MIDNIGHT)

    def cut(*_args: object) -> None:
        raise DisconnectionError("cut")

    pool = server_store._database._writer.pool
    event.listen(pool, "checkout", cut)
    with pytest.raises(StoreUnreachable, match="does not answer"):
        server_store.claim("bench-1", "Ana")
    event.remove(pool, "checkout", cut)
    assert server_store.claim("bench-1", "Ana") is None


def test_a_deadlock_is_run_again(server_store: SqlOrderStore) -> None:
    """Two transactions that lock two rows the other way round both succeed."""
    with server_store._database.write() as connection:
        connection.execute(insert(counters), [{"name": "a"}, {"name": "b"}])
    both, tries = threading.Barrier(2), []

    def work(connection: Connection, names: tuple[str, str], *, first: bool) -> None:
        tries.append(names)
        for name in names:
            mine = update(counters).where(counters.c.name == name)
            connection.execute(mine.values(value=counters.c.value + 1))
            if first and name == names[0]:
                both.wait()

    def run(number: int) -> None:
        names = ("a", "b") if number else ("b", "a")
        begun: list[int] = []

        def once(connection: Connection) -> None:
            begun.append(1)
            work(connection, names, first=len(begun) == 1)

        server_store._database.change(once)

    together(run, 2)
    assert len(tries) == 3
    with server_store._database.read() as connection:
        values = select(counters.c.value).where(counters.c.name.in_(["a", "b"]))
        assert connection.execute(values).scalars().all() == [2, 2]


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
def test_what_the_server_undid_is_run_again(server_store: SqlOrderStore, code: str) -> None:
    """A transaction that was undone so that others could go on succeeds when it is run again."""
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        if len(tries) < 3:
            connection.execute(text(_raise(code)))

    server_store._database.change(work)
    assert len(tries) == 3
    with pytest.raises(StoreUnreachable, match="is busy"):
        server_store._database.change(lambda c: c.execute(text(_raise(code))))


def _raise(code: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "the disk is full"),
        ("53300", "no free connection"),
        ("25006", "a copy that cannot be written"),
        ("57P01", "does not answer"),
        ("58030", "the disk reports an error"),
    ],
)
def test_what_ails_the_server_is_told_in_words(
    server_store: SqlOrderStore, code: str, words: str
) -> None:
    """A server that cannot work says why, with what to do, and may be asked again later."""
    with pytest.raises(StoreUnreachable, match=words) as caught:
        server_store._database.change(lambda c: c.execute(text(_raise(code))))
    assert caught.value.remedy


def test_a_row_that_stays_locked_is_told_as_busy(
    server_store: SqlOrderStore, postgresql_url: str
) -> None:
    """A write that another program keeps out ends with words, and works when that is gone."""
    put(server_store, order())
    lease = Bench(server_store).claim()
    quick = make_url(postgresql_url).update_query_dict({"options": "-c lock_timeout=20ms"})
    url = quick.render_as_string(hide_password=False)
    with (
        closing(SqlOrderStore.open(url, clock=NOON.timestamp)) as hasty,
        beside(postgresql_url) as other,
    ):
        other.execute("BEGIN")
        other.execute("UPDATE orders SET reason = 'x'")
        with pytest.raises(StoreUnreachable, match="is busy"):
            hasty.renew("bench-1", ["111-1"])
        assert hasty.claim("bench-2", "Bo") is None
        other.execute("ROLLBACK")
        assert hasty.renew("bench-1", ["111-1"]) == {"111-1": lease.fence}


def test_a_session_has_its_limits(server_store: SqlOrderStore) -> None:
    """No statement, lock or forgotten transaction takes for ever, and every commit is durable."""
    names = (
        "application_name",
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "synchronous_commit",
        "transaction_isolation",
    )
    with server_store._database.write() as connection:
        found = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
    assert found == ["station", "15s", "5s", "30s", "on", "read committed"]


def test_a_server_that_does_not_wait_for_the_disk_is_made_to(postgresql_url: str) -> None:
    """Where the configuration switched durable commits off, ours are durable nevertheless."""
    url = make_url(postgresql_url).update_query_dict({"options": "-c synchronous_commit=off"})
    with (
        closing(SqlOrderStore.open(url.render_as_string(hide_password=False))) as store,
        store._database.write() as connection,
    ):
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_statement_that_takes_too_long_is_told(postgresql_url: str) -> None:
    """A statement beyond its limit ends, and the words say that the server was slow."""
    url = make_url(postgresql_url).update_query_dict({"options": "-c statement_timeout=50"})
    with closing(SqlOrderStore.open(url.render_as_string(hide_password=False))) as store:
        with pytest.raises(StoreUnreachable, match="too long"):
            store._database.look(lambda c: c.execute(text("SELECT pg_sleep(5)")).all())
        assert store.ping() == 1


def test_servers_that_start_at_once_make_one_store(postgresql_server: str) -> None:
    """Several first starts on an empty PostgreSQL all succeed, and make the tables once."""
    name = "station_empty"
    with beside(postgresql_server) as other:
        other.execute(f"CREATE DATABASE {name}".encode())
    url = make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    together(lambda _: SqlOrderStore.open(url).close(), 4)
    with beside(postgresql_server) as other:
        other.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
