from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from store.samples import MIDNIGHT, NOON, Bench, Clock, item, order, put

from station.model import OrderState
from station.overview import Hour, Pull, Pulse, digest
from station.store import stuck, tallies, telling
from station.store.records import moment
from station.store.schema import confirmations
from station.store.schema import tallies as table
from station.store.schema_people import proposals

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection

    from station.overview import Board
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore

HOUR = timedelta(hours=1)


def floor(store: OrderStore, clock: Clock) -> Board:
    """Return the board at the store's time."""
    board = store.board(moment(clock.now), MIDNIGHT)
    assert board is not None
    return board


def shipped(store: SqlOrderStore, *order_ids: str, station: str = "bench-1") -> Bench:
    """Let a station pack orders; each gets a tracking id of its own."""
    bench = Bench(store, station)
    for order_id in order_ids:
        bench.ship(bench.claim(order_id), f"1Z-{order_id}")
    return bench


def test_an_empty_store_has_an_empty_board(store: OrderStore, clock: Clock) -> None:
    """Where nothing ever came in there is nothing on the board."""
    board = floor(store, clock)
    assert not any(board.states.values())
    assert (board.overdue, board.today, board.later) == (0, 0, 0)
    assert [*board.hours, *board.done, *board.benches, *board.stuck, *board.told] == []


def test_a_known_board_is_not_told_again(store: OrderStore, clock: Clock) -> None:
    """With the digest of what is shown the answer is nothing, until something changes."""
    put(store, order("111-1"), order("111-2"))
    board = floor(store, clock)
    assert store.board(NOON, MIDNIGHT, known=digest(board)) is None
    Bench(store).claim("111-1")
    changed = store.board(NOON, MIDNIGHT, known=digest(board))
    assert changed is not None
    assert changed.states[OrderState.CLAIMED] == 1


def test_hours_have_their_first_deadline(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Each hour until the day's end says how many wait and when the first of them must leave."""
    due = {"111-1": -1, "111-2": 0.2, "111-3": 0.7, "111-4": 2.9, "111-5": 2.5, "111-6": 30}
    put(sql_store, *(order(order_id, due_h=hours) for order_id, hours in due.items()))
    clock.move(900)
    board = floor(sql_store, clock)
    assert (board.overdue, board.today, board.later) == (2, 3, 1)
    assert board.hours == (
        Hour(NOON, 1, NOON + 0.7 * HOUR),
        Hour(NOON + 2 * HOUR, 2, NOON + 2.5 * HOUR),
    )


def test_what_left_is_counted_once_by_ten_minutes(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Orders that left stand at the time they left, also after they are told to the channel."""
    put(sql_store, *(order(f"111-{n}", item()) for n in range(4)))
    bench = shipped(sql_store, "111-0", "111-1")
    late = bench.shipped(bench.claim("111-2"), "1Z-2")
    clock.move(1200)
    bench.send(replace(late, at=NOON + timedelta(minutes=15)))
    wanted = ((NOON, 2), (NOON + timedelta(minutes=10), 1))
    assert floor(sql_store, clock).done == wanted
    export = sql_store.begin_export("x.txt")
    assert export is not None
    sql_store.finish_export(export.export_id)
    assert floor(sql_store, clock).done == wanted
    clock.move(24 * 3600 + 600)
    assert floor(sql_store, clock).done == ()


def test_a_second_package_is_no_second_order(sql_store: SqlOrderStore, clock: Clock) -> None:
    """An order whose second package leaves later has left once."""
    put(sql_store, order("111-1", item("i1"), item("i2")))
    bench = Bench(sql_store)
    lease = bench.claim()
    bench.ship(lease, "1Z1", 1)
    bench.ship(lease, "1Z2", 2)
    assert floor(sql_store, clock).done == ((NOON, 1),)


def test_tallies_of_what_left_are_forgotten(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Three days later an import drops the rows, and those that a wrong clock put far ahead."""
    put(sql_store, order("111-1"))
    shipped(sql_store, "111-1")
    clock.move(4 * 24 * 3600)
    put(sql_store, order("111-2"))
    with sql_store._database.read() as connection:
        rows = connection.execute(select(table).where(table.c.name == tallies.LEFT)).all()
    assert rows == []


def test_stuck_orders_stand_in_queue_order(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Problems, holds, and packed ones of a station that is silent; each with why."""
    put(sql_store, *(order(f"111-{n}", due_h=9 - n) for n in range(5)))
    bench, silent = Bench(sql_store), Bench(sql_store, "bench-2", "Bo")
    bench.tell(bench.claim("111-1"), OrderState.PROBLEM, problem="short", note="BLUE MUG")
    sql_store.halt("111-2", OrderState.HELD, "the buyer asked")
    bench.tell(bench.claim("111-3"), OrderState.PACKED)
    silent.tell(silent.claim("111-4"), OrderState.PACKED)
    sql_store.pulse("bench-1", Pulse())
    sql_store.pulse("bench-2", Pulse())
    assert [row.order_id for row in floor(sql_store, clock).stuck] == ["111-2", "111-1"]
    clock.move(601)
    sql_store.pulse("bench-1", Pulse())
    found = [(row.order_id, row.state, row.holder) for row in floor(sql_store, clock).stuck]
    assert found == [
        ("111-4", OrderState.PACKED, "bench-2 · Bo"),
        ("111-2", OrderState.HELD, "the buyer asked"),
        ("111-1", OrderState.PROBLEM, "short: BLUE MUG"),
    ]


def test_cancelled_orders_on_a_bench_are_stuck(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Until its bench has let go of it, an order that was cancelled waits for a person."""
    put(sql_store, order("111-1"), order("111-2"))
    bench = Bench(sql_store)
    lease = bench.claim("111-1")
    bench.tell(lease, OrderState.PACKING)
    sql_store.halt("111-1", OrderState.CANCELLED, "the buyer left")
    (row,) = floor(sql_store, clock).stuck
    assert (row.state, row.holder) == (OrderState.CANCELLED, "bench-1 · Ana")
    bench.tell(lease, OrderState.WAITING)
    assert floor(sql_store, clock).stuck == ()


def test_the_most_urgent_stuck_orders_are_shown(
    sql_store: SqlOrderStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many orders that wait for a person only so many are read and shown."""
    assert stuck.MOST == 50
    monkeypatch.setattr(stuck, "MOST", 3)
    put(sql_store, *(order(f"111-{n}", due_h=n / 10) for n in range(6)))
    for n in range(6):
        sql_store.halt(f"111-{n}", OrderState.HELD, "")
    assert [row.order_id for row in floor(sql_store, clock).stuck] == ["111-0", "111-1", "111-2"]


def channels(store: SqlOrderStore) -> None:
    """Put orders of two channels and pack them; the first one's lines are in every state."""
    store.put_orders([order(f"111-{n}") for n in range(5)], channel="amazon")
    store.put_orders([order(f"222-{n}") for n in range(3)], channel="shopify")
    shipped(store, *(f"111-{n}" for n in range(5)), *(f"222-{n}" for n in range(3)))
    states = dict(zip(("exported", "refused", "unknown", "dismissed"), range(1, 5), strict=True))
    with store._database.write() as connection:
        for state, n in states.items():
            _set_state(connection, f"111-{n}", state)
        _set_state(connection, "222-0", "accepted")
        _set_state(connection, "222-1", "exported")


def _set_state(connection: Connection, order_id: str, state: str) -> None:
    mine = confirmations.c.order_id == order_id
    connection.execute(update(confirmations).where(mine).values(state=state, reason="no such id"))
    moves = tallies.Moves()
    moves.lines("pending", -1)
    moves.lines(state, 1)
    moves.save(connection)


def test_what_channels_have_not_accepted(sql_store: SqlOrderStore, clock: Clock) -> None:
    """By channel and state with the oldest; exported lines where the channel accepts any."""
    channels(sql_store)
    board = floor(sql_store, clock)
    assert [(one.channel, one.state, one.lines) for one in board.told] == [
        ("amazon", "pending", 1),
        ("amazon", "refused", 1),
        ("amazon", "unknown", 1),
        ("shopify", "exported", 1),
        ("shopify", "pending", 1),
    ]
    assert all(NOON < one.oldest < NOON + HOUR for one in board.told)
    (refused,) = board.refused
    assert (refused.order_id, refused.package, refused.reason) == ("111-2", 1, "no such id")
    assert board.channels == (Pull("amazon", NOON), Pull("shopify", NOON))


def test_many_lines_of_a_channel_are_known_by_their_total(
    sql_store: SqlOrderStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above what is counted, the number comes from the tallies; of two such channels it is less."""
    monkeypatch.setattr(telling, "COUNTED", 2)
    sql_store.put_orders([order(f"111-{n}") for n in range(5)], channel="amazon")
    sql_store.put_orders([order(f"222-{n}") for n in range(3)], channel="shopify")
    shipped(sql_store, "222-0", *(f"111-{n}" for n in range(5)))
    assert [one.lines for one in floor(sql_store, clock).told] == [5, 1]
    shipped(sql_store, "222-1", "222-2", station="bench-2")
    assert [one.lines for one in floor(sql_store, clock).told] == [2, 2]


def test_proposed_barcodes_are_shown_with_their_product(
    sql_store: SqlOrderStore, clock: Clock
) -> None:
    """A proposal says who scanned what, for which product, and when."""
    row = {"code": "4006381333931", "sku": "MUG", "order_id": "111-1", "station": "bench-1"}
    with sql_store._database.write() as connection:
        connection.execute(insert(proposals).values(row | {"packer": "Ana", "at": int(clock.now)}))
    (one,) = floor(sql_store, clock).proposals
    assert (one.code, one.sku, one.title, one.packer, one.at) == (
        row["code"],
        "MUG",
        "",
        "Ana",
        NOON,
    )


def test_a_look_gives_lapsed_orders_back(sql_store: SqlOrderStore, clock: Clock) -> None:
    """An order whose bench died waits again on the board, though nobody asks for the queue."""
    put(sql_store, order("111-1"))
    Bench(sql_store).claim()
    clock.move(601)
    assert floor(sql_store, clock).states[OrderState.WAITING] == 1
