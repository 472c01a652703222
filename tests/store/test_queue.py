from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from store.samples import MIDNIGHT, NOON, Bench, item, label, order, put

from station.model import OrderState, ServiceClass

if TYPE_CHECKING:
    from station.model import QueueRow
    from station.store.port import OrderStore


def _ids(rows: tuple[QueueRow, ...]) -> list[str]:
    return [row.order_id for row in rows]


def test_the_queue_goes_by_deadline_service_purchase_and_id(store: OrderStore) -> None:
    """What must leave first comes first, and every tie is broken."""
    put(
        store,
        order("e", due_h=4),
        order("d", due_h=4),
        order("c", due_h=4, age_h=30),
        order("b", due_h=4, service=ServiceClass.PRIME),
        order("a", due_h=3),
        order("z", due_h=-2),
    )
    assert _ids(store.queue(9)) == ["z", "a", "b", "c", "d", "e"]


def test_pages_meet_without_gaps_or_repeats(store: OrderStore) -> None:
    """Going forward and backward by rows sees every order once."""
    put(store, *(order(f"111-{n:02}", due_h=n // 4) for n in range(25)))
    whole = _ids(store.queue(100))
    page = store.queue(10)
    forward = list(page)
    while page := store.queue(10, after=page[-1]):
        forward += page
    page = store.queue(10, last=True)
    backward = list(page)
    while page := store.queue(10, before=page[0]):
        backward = [*page, *backward]
    assert whole == [f"111-{n:02}" for n in range(25)]
    assert _ids(tuple(forward)) == whole == _ids(tuple(backward))
    assert _ids(store.queue(3, before=store.queue(9)[8])) == whole[5:8]


def test_a_page_has_no_more_than_200_rows(store: OrderStore) -> None:
    """No limit makes the store hand out everything at once."""
    put(store, *(order(f"111-{n:03}") for n in range(201)))
    assert len(store.queue(10_000)) == 200
    assert store.queue(0) == ()
    assert store.queue(-1) == ()


def test_several_states_are_one_queue(store: OrderStore, bench: Bench) -> None:
    """Rows of several states come merged in queue order, saying who holds them or why not."""
    put(store, *(order(f"111-{n}", due_h=n) for n in range(4)))
    bench.claim("111-0")
    bench.tell(bench.claim("111-2"), OrderState.PROBLEM, problem="damaged")
    rows = store.queue(
        9, states=[OrderState.WAITING, OrderState.CLAIMED, OrderState.PROBLEM, OrderState.WAITING]
    )
    assert _ids(rows) == ["111-0", "111-1", "111-2", "111-3"]
    assert [row.holder for row in rows] == ["bench-1 · Ana", "", "damaged", ""]
    assert _ids(store.queue(9)) == ["111-1", "111-3"]
    assert _ids(store.queue(1, last=True, states=[OrderState.CLAIMED, OrderState.PROBLEM])) == [
        "111-2"
    ]


def test_counts_say_what_is_due_when(store: OrderStore, bench: Bench) -> None:
    """Waiting orders are overdue, due until the day ends, or later; others go by state."""
    put(
        store,
        *(order(f"a{n}", due_h=-1 - n) for n in range(3)),
        *(order(f"b{n}", due_h=1 + n / 2) for n in range(5)),
        *(order(f"c{n}", due_h=13 + n) for n in range(2)),
    )
    bench.ship(bench.claim("a0"))
    counts = store.counts(NOON, MIDNIGHT)
    assert (counts.overdue, counts.today, counts.later) == (2, 5, 2)
    assert counts.states[OrderState.WAITING] == 9
    assert counts.states[OrderState.SHIPPED] == 1
    assert counts.states[OrderState.CONFIRMED] == 0
    assert counts.confirmations["pending"] == 1
    late = NOON + timedelta(minutes=90)
    assert store.counts(late, late + timedelta(minutes=45)).overdue == 3
    assert store.counts(late, late + timedelta(minutes=45)).today == 2


def test_the_oldest_pending_confirmation_has_an_age(store: OrderStore, bench: Bench) -> None:
    """The age counts from the moment the parcel left, and is None when nothing is pending."""
    assert store.counts(NOON, MIDNIGHT).oldest_pending_s is None
    put(store, order())
    bench.ship(bench.claim())
    assert store.counts(NOON + timedelta(seconds=61), MIDNIGHT).oldest_pending_s == 60


def test_hours_hold_what_is_due_in_them(store: OrderStore) -> None:
    """Each UTC hour until the end of the day holds its waiting orders; overdue ones are in none."""
    put(
        store,
        *(order(f"a{n}", due_h=h) for n, h in enumerate((-3, 0.25, 0.75, 2.5, 2.9, 11.9, 12))),
    )
    hours = store.due_by_hour(NOON + timedelta(minutes=30), MIDNIGHT)
    assert [(when.hour, n) for when, n in hours] == [(12, 1), (14, 2), (23, 1)]
    short = store.due_by_hour(NOON + timedelta(minutes=10), NOON + timedelta(minutes=50))
    assert short == ((datetime(2026, 11, 23, 12, tzinfo=UTC), 2),)


def test_one_unit_of_a_sku_finds_the_urgent_single_orders(store: OrderStore, bench: Bench) -> None:
    """Only waiting orders for exactly one unit of one of the SKUs are found, urgent first."""
    put(
        store,
        order("late", due_h=9),
        order("soon", due_h=1),
        order("spoon", item("i1", 1, "SPOON"), due_h=2),
        order("two", item("i1", 2), due_h=1),
        order("lines", item("i1", 1), item("i2", 1), due_h=1),
        order("taken", due_h=0),
    )
    bench.claim("taken")
    assert store.single_unit_orders(["MUG-350"]) == ("soon", "late")
    assert store.single_unit_orders(["SPOON", "MUG-350"], 9) == ("soon", "spoon", "late")
    assert store.single_unit_orders(["NONE", ""]) == ()
    assert store.single_unit_orders([]) == ()


def test_search_finds_the_start_of_id_sku_and_tracking_id(store: OrderStore, bench: Bench) -> None:
    """An order is found by the first characters of its id, a SKU or a live tracking id."""
    put(store, order("111-10", age_h=5), order("111-2", item("i1", 1, "SPOON-A"), age_h=1))
    lease = bench.claim("111-10")
    store.begin_purchase("k1", "111-10", 1, lease.fence, "own")
    store.finish_purchase("k1", label("1Z999", "111-10"))
    assert _ids(store.search("111-")) == ["111-2", "111-10"]
    assert _ids(store.search("111-", 1)) == ["111-2"]
    assert _ids(store.search(" SPOON ")) == ["111-2"]
    assert _ids(store.search("1Z9")) == ["111-10"]
    assert store.search("11%") == store.search("") == store.search("_") == ()


def test_an_id_is_compared_by_its_characters(store: OrderStore) -> None:
    """Upper and lower case, marks and letters beyond the first plane keep their places."""
    put(store, *(order(name) for name in ("a", "B", "\u00e9", "\U0001f600", "a-1", "a.1")))
    assert _ids(store.queue(9)) == sorted(["a", "B", "\u00e9", "\U0001f600", "a-1", "a.1"])
    assert _ids(store.search("a")) == ["a.1", "a-1", "a"]
    assert _ids(store.search("\U0001f600")) == ["\U0001f600"]
