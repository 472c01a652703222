"""What is decided about orders that nobody packs: first in the queue, held, and back again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from store.decisions import on_one
from store.samples import NOON, Bench, item, moved, order, put, state_of

from station.acts import ActKind
from station.errors import StoreRefused
from station.model import OrderState, StopKind

if TYPE_CHECKING:
    from store.decisions import Office

    from station.store.sql import SqlOrderStore

pytestmark = pytest.mark.usefixtures("sql_store")
in_both = pytest.mark.parametrize("sql_store", ["sqlite", "postgresql"], indirect=True)

PRIORITISE, HOLD, UNHOLD = ActKind.PRIORITISE, ActKind.HOLD, ActKind.UNHOLD


@pytest.fixture
def bench(sql_store: SqlOrderStore) -> Bench:
    """Return a bench at the store."""
    return Bench(sql_store)


def _orders(office: Office, n: int) -> None:
    put(office.sql, *(order(f"111-{i}", due_h=i) for i in range(1, n + 1)))


def _refused(office: Office, kind: ActKind, order_id: str = "111-1", **more: Any) -> str:
    before, lines = office.rows(), office.lines()
    with pytest.raises(StoreRefused) as told:
        office.do(kind, order_id, **more)
    assert (office.rows(), office.lines()) == (before, lines)
    return told.value.message


@in_both
def test_an_order_that_is_put_first_is_the_next(office: Office, bench: Bench) -> None:
    """Also after claims have gone down the queue, and those after it follow in their order."""
    _orders(office, 6)
    claimed = [bench.claim().order.order_id for _ in range(2)]
    office.do(PRIORITISE, "111-6", units=1)
    claimed += [bench.claim().order.order_id for _ in range(3)]
    assert claimed == ["111-1", "111-2", "111-6", "111-3", "111-4"]


@in_both
def test_an_order_loses_its_first_place_again(office: Office, bench: Bench) -> None:
    """With units 0 it is where its ship-by says, also for claims that had passed that place."""
    _orders(office, 3)
    office.do(PRIORITISE, "111-3", units=1)
    assert [row.rank for row in office.sql.queue(3)] == [0, 1, 1]
    office.do(PRIORITISE, "111-3", units=0)
    assert [row.order_id for row in office.sql.queue(3)] == ["111-1", "111-2", "111-3"]
    assert bench.claim().order.order_id == "111-1"


@on_one
def test_the_first_place_stays_with_the_order(office: Office, bench: Bench) -> None:
    """Through a newer report, a hold, a claim and a problem: until somebody takes it back."""
    _orders(office, 3)
    office.do(PRIORITISE, "111-3", units=1)
    put(office.sql, moved(order("111-3", due_h=3)))
    office.do(HOLD, "111-3")
    office.do(UNHOLD, "111-3")
    lease = bench.claim()
    assert lease.order.order_id == "111-3"
    bench.tell(lease, OrderState.PROBLEM, problem="short")
    office.do(ActKind.REQUEUE, "111-3")
    assert bench.claim().order.order_id == "111-3"


@in_both
def test_a_held_order_is_put_first_before_it_comes_back(office: Office, bench: Bench) -> None:
    """The place is that of the order, not of its waiting."""
    _orders(office, 2)
    office.do(HOLD, "111-2")
    office.do(PRIORITISE, "111-2", units=1)
    office.do(UNHOLD, "111-2")
    assert bench.claim().order.order_id == "111-2"


@on_one
def test_only_what_waits_has_a_place(office: Office, bench: Bench) -> None:
    """An order on a bench, and one that nobody knows, are refused in words."""
    _orders(office, 1)
    bench.claim()
    assert "is claimed: it cannot be put first" in _refused(office, PRIORITISE, units=1)
    assert "999 is not known" in _refused(office, PRIORITISE, "999", units=1)


@on_one
def test_a_signed_hold_stops_the_bench(office: Office, bench: Bench) -> None:
    """The packer reads the reason; the order is held when he has put it down."""
    _orders(office, 1)
    lease = bench.claim()
    acted = office.do(HOLD)
    assert acted.words == "111-1 is held as soon as its bench has stopped."
    (stop,) = office.sql.stops("bench-1")
    assert (stop.kind, stop.reason) == (StopKind.HELD, "Because I say so.")
    bench.tell(lease, OrderState.WAITING)
    assert state_of(office.sql) is OrderState.HELD


@on_one
def test_a_hold_under_way_is_taken_back(office: Office, bench: Bench) -> None:
    """The bench that has not heard of it goes on."""
    _orders(office, 1)
    bench.claim()
    office.do(HOLD)
    office.do(UNHOLD)
    assert office.sql.stops("bench-1") == ()
    assert state_of(office.sql) is OrderState.CLAIMED


@on_one
def test_each_way_back_is_for_its_own_state(office: Office, bench: Bench) -> None:
    """A problem is not taken off hold, and a held order is not put back as if it were solved."""
    _orders(office, 2)
    office.do(HOLD, "111-2")
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    assert "111-1 is not on hold" in _refused(office, UNHOLD)
    assert "111-2 is held: it cannot be put back" in _refused(office, ActKind.REQUEUE, "111-2")


@on_one
def test_a_signed_cancel_ends_a_problem(office: Office, bench: Bench) -> None:
    """Cancelled is final, by whatever way; what is gone already is refused."""
    put(office.sql, order("111-1", item()))
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    office.do(ActKind.CANCEL)
    assert state_of(office.sql) is OrderState.CANCELLED
    assert "is cancelled: it cannot be cancelled" in _refused(office, ActKind.CANCEL)


@on_one
def test_reports_do_not_unrank(office: Office) -> None:
    """A full report without the order holds it; listed again, it is first again."""
    _orders(office, 2)
    office.do(PRIORITISE, "111-2", units=1)
    office.sql.check_missing("amazon", {"111-1"}, NOON - timedelta(days=3), NOON)
    put(office.sql, order("111-2", due_h=2))
    assert [row.order_id for row in office.sql.queue(2)] == ["111-2", "111-1"]


@on_one
def test_the_machine_s_own_commands_are_written_down(office: Office, bench: Bench) -> None:
    """Hold, cancel and resolve need no PIN there; the log has the user's name as console."""
    _orders(office, 3)
    sql = office.sql
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    seq = len(office.lines())
    sql.resolve("111-1", OrderState.WAITING, who="root")
    sql.halt("111-2", OrderState.HELD, "call", who="till", role="office")
    sql.resolve("111-2", OrderState.WAITING, who="root")
    sql.halt("111-3", OrderState.CANCELLED, "gone", who="root")
    sql.halt("111-1", OrderState.HELD, "", who="root")
    sql.resolve("111-1", OrderState.CANCELLED, who="root")
    told = [(x.act, x.who, x.role, x.order_id, x.reason) for x in office.lines()[seq:]]
    assert told == [
        ("requeue", "root", "console", "111-1", ""),
        ("hold", "till", "office", "111-2", "call"),
        ("unhold", "root", "console", "111-2", ""),
        ("cancel", "root", "console", "111-3", "gone"),
        ("hold", "root", "console", "111-1", ""),
        ("cancel", "root", "console", "111-1", ""),
    ]
    assert office.lines()[-1].at >= NOON
