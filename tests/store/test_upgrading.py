"""A store of one machine becomes a store of many stations, with everything that was in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import column, table, text
from store.conftest import check_tallies
from store.samples import MIDNIGHT, NOON, Bench, label, order, state_of
from store.seats import Keeper, Seat, lease

from station.model import Order, OrderState, StopKind
from station.overview import Pull
from station.store.database import Database
from station.store.records import item_rows, order_columns, version_of
from station.store.sql import SqlOrderStore
from station.store.tallies import HOUR_S

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection
    from store.samples import Clock

WORK, LEFT, FREE = order("111-1"), order("111-2"), order("111-3", due_h=9)


def _row(connection: Connection, into: str, /, **values: Any) -> None:
    connection.execute(table(into, *map(column, values)).insert().values(values))


def _add(connection: Connection, made: Order, state: OrderState, **lease_of: Any) -> None:
    version = version_of(made)
    fixed = {"order_id": made.order_id, "channel": "amazon", "state": state.value}
    _row(connection, "orders", **fixed, **order_columns(version), **lease_of)
    for item in item_rows(version):
        _row(connection, "order_items", **item)
    _row(
        connection,
        "recipients",
        order_id=made.order_id,
        aside=False,
        document='{"name": "Jane Doe", "lines": ["1 Elm St"]}',
    )


def _fill(connection: Connection, keeper: Keeper) -> None:
    """Write rows as the first version of the program did: one in work, one left, one waiting."""
    until = int(NOON.timestamp()) + 600
    held = {"station": "bench-1", "packer": "Ana", "lease_until": until}
    _add(connection, WORK, OrderState.PACKING, fence=4, **held)
    _add(connection, LEFT, OrderState.SHIPPED, fence=1, station="bench-1", packer="Ana")
    _add(connection, FREE, OrderState.WAITING)
    keeper.entry(lease(4), OrderState.PACKING)
    keeper.entry(lease(3), OrderState.PACKED)
    for entry in keeper.entries:
        _row(
            connection,
            "journal_entries",
            station="bench-1",
            seq=entry.seq,
            kind=entry.kind,
            order_id=entry.order_id,
            fence=entry.fence,
            packer="Ana",
            at_ms=int(entry.at.timestamp() * 1000),
            state=entry.state,
            data="{}",
            conflict=entry.fence == 3,
        )
    _row(connection, "journals", station="bench-1", upto=2)


def _fill_beside(connection: Connection) -> None:
    """Write the rows about labels, stops and counts."""
    until = int(NOON.timestamp())
    stop = {"order_id": "111-1", "fence": 4, "station": "bench-1", "reason": "It changed."}
    _row(connection, "stops", **stop, raised=until)
    sold = {"carrier_code": "UPS", "carrier_name": "UPS", "tracking_id": "1Z1", "service": "Ground"}
    bought = {"state": "bought", "fence": 4, "package": 1, "serial": 7}
    document = label().document
    _row(connection, "purchases", key="k", order_id="111-1", document=document, **bought, **sold)
    line = {"package": 1, "item_id": "i1", "quantity": 1, "state": "pending"}
    _row(connection, "confirmations", order_id="111-2", shipped=until, **line)
    due = int(FREE.ship_by.timestamp()) // HOUR_S
    for name, hour in (("packing", 0), ("shipped", 0), ("waiting", due), ("line:pending", 0)):
        _row(connection, "tallies", name=name, hour=hour, n=1)
    _row(connection, "counters", name="label", value=7)


def _first_version(url: str, keeper: Keeper) -> None:
    config = Config()
    config.set_main_option("script_location", "station.store:migrations")
    config.set_main_option("path_separator", "os")
    database = Database(url)
    with database.write() as connection:
        if database.is_server:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        _fill(connection, keeper)
        _fill_beside(connection)
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_upgrade_keeps_every_row(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> None:
    """Work in hand, its stop, its label, the journal and the counts are as they were."""
    server = kind == "postgresql"
    url = request.getfixturevalue("postgresql_url") if server else f"sqlite:///{tmp_path}/old.db"
    keeper = Keeper(None)  # type: ignore[arg-type]  # the store comes with the upgrade
    _first_version(url, keeper)
    store = SqlOrderStore.open(url, clock=clock)
    keeper.store = store
    check_tallies(store)
    states = store.counts(NOON, MIDNIGHT).states
    assert [states[state] for state in (OrderState.PACKING, OrderState.SHIPPED)] == [1, 1]
    assert store.counts(NOON, MIDNIGHT).confirmations["pending"] == 1
    board = store.board(NOON, MIDNIGHT)
    assert board is not None
    assert [(one.channel, one.state) for one in board.told] == [("amazon", "pending")]
    assert board.channels == (Pull("amazon", None),)
    assert [stop.kind for stop in store.stops("bench-1")] == [StopKind.CHANGED]
    assert [entry for _, entry in store.history("111-1")] == keeper.entries
    assert (store.ping(), store.awaited(), store.enrolled()) == (1, (), ())
    _goes_on(store, keeper)
    check_tallies(store)
    store.close()


def _goes_on(store: SqlOrderStore, keeper: Keeper) -> None:
    assert keeper.come().upto == 2
    assert store.apply("bench-1", keeper.entries, journal=keeper.journal).conflicts == (2,)
    known = Seat(store, "bench-1").label()
    assert known is not None
    assert (known.label, known.serial) == (label(), 7)
    assert Seat(store, "bench-2").label() is None
    assert store.serials("bench-2", 1) == 8
    moved = Bench(store, "bench-2", "Ana").claim("111-1")
    assert (moved.fence, moved.entries) == (5, (keeper.entries[0],))
    assert Bench(store, "bench-3", "Cy").claim().order.order_id == "111-3"
    assert state_of(store, "111-2") is OrderState.SHIPPED
