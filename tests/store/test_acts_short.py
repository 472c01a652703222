"""Less than ordered is shipped, by a supervisor's word, and no report undoes it unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store.decisions import on_one
from store.samples import Bench, item, moved, order, put, state_of

from station.acts import Act, ActKind
from station.errors import StoreRefused
from station.model import OrderItem, OrderState
from station.store.shortening import LIFTED

if TYPE_CHECKING:
    from store.decisions import Office

    from station.model import Order
    from station.store.sql import SqlOrderStore

pytestmark = [pytest.mark.usefixtures("sql_store"), on_one]

SHORT = ActKind.SHIP_SHORT
ORDERED = (item("i1", 2, "MUG"), item("i2", 1, "SPOON"), item("i3", 3, "MUG"))


@pytest.fixture
def bench(sql_store: SqlOrderStore) -> Bench:
    """Return a bench at the store."""
    return Bench(sql_store)


def _park(office: Office, bench: Bench, *items: OrderItem) -> Order:
    made = order("111-1", *(items or ORDERED))
    put(office.sql, made)
    bench.tell(bench.claim(), OrderState.PROBLEM, problem="short")
    return made


def _items(office: Office) -> list[tuple[str, int]]:
    found = office.sql.order("111-1")
    assert found is not None
    return [(line.item_id, line.quantity) for line in found[0].items]


def _refused(office: Office, sku: str, units: int) -> str:
    before = office.rows()
    with pytest.raises(StoreRefused) as told:
        office.do(SHORT, sku=sku, units=units)
    assert office.rows() == before
    return told.value.message


def test_only_so_many_units_are_packed(office: Office, bench: Bench) -> None:
    """The order waits with what is left of it, and the channel hears of those units alone."""
    _park(office, bench)
    acted = office.do(SHORT, sku="MUG", units=1)
    assert acted.words == "111-1 ships 1 of 5 MUG."
    assert _items(office) == [("i1", 1), ("i2", 1)]
    (row,) = office.sql.queue(2)
    assert (row.units, row.lines, row.title) == (2, 2, "Title of MUG")
    assert bench.ship(bench.claim()) == ()
    export = office.sql.begin_export("file.txt")
    assert export is not None
    assert [(line.item_id, line.quantity) for line in export.lines] == [("i1", 1), ("i2", 1)]


def test_a_sku_may_be_left_out_whole(office: Office, bench: Bench) -> None:
    """With 0 units its lines go; what is left is found as an order for a single unit."""
    _park(office, bench)
    office.do(SHORT, sku="MUG", units=0)
    assert _items(office) == [("i2", 1)]
    assert office.sql.single_unit_orders(["SPOON"]) == ("111-1",)
    (row,) = office.sql.queue(2)
    assert (row.units, row.lines, row.title) == (1, 1, "Title of SPOON")


def test_the_same_report_does_not_bring_units_back(office: Office, bench: Bench) -> None:
    """Nor does it count as a change, however often it comes, also while the order is packed."""
    made = _park(office, bench)
    office.do(SHORT, sku="MUG", units=4)
    assert put(office.sql, made).unchanged == 1
    bench.claim()
    assert put(office.sql, made).unchanged == 1
    assert office.sql.stops("bench-1") == ()
    assert _items(office) == [("i1", 2), ("i2", 1), ("i3", 2)]
    assert LIFTED not in {line.act for line in office.lines()}


def test_a_report_that_says_something_new_wins_and_is_told(office: Office, bench: Bench) -> None:
    """The ordered units are back, and the audit log has a line of its own about it, once."""
    made = _park(office, bench)
    office.do(SHORT, sku="MUG", units=1)
    assert put(office.sql, moved(made)).updated == 1
    assert _items(office) == [("i1", 2), ("i2", 1), ("i3", 3)]
    (line,) = [line for line in office.lines() if line.act == LIFTED]
    assert (line.who, line.role, line.order_id) == ("report", "import", "111-1")
    put(office.sql, made)
    assert [line.act for line in office.lines()].count(LIFTED) == 1


def test_a_new_report_stops_the_bench_that_packs_less(office: Office, bench: Bench) -> None:
    """The packer reads that the quantity is another one."""
    made = _park(office, bench, item("i1", 3, "MUG"))
    office.do(SHORT, sku="MUG", units=1)
    bench.claim()
    put(office.sql, moved(made))
    (stop,) = office.sql.stops("bench-1")
    assert "quantity of MUG changed from 1 to 3" in stop.reason


def test_less_is_less_and_more_than_nothing(office: Office, bench: Bench) -> None:
    """All of it, more, less than nothing, an unknown SKU and an empty box are refused."""
    _park(office, bench, item("i1", 2, "MUG"))
    for units in (2, 3, -1):
        assert "is not less than what was ordered" in _refused(office, "MUG", units)
    assert "has no CUP" in _refused(office, "CUP", 0)
    assert "Nothing of order 111-1 would be left" in _refused(office, "MUG", 0)


def test_an_order_that_waits_is_not_cut(office: Office) -> None:
    """Somebody must have found out that the goods are missing."""
    put(office.sql, order("111-1", *ORDERED))
    assert "is waiting: it cannot be shipped short" in _refused(office, "MUG", 1)


def test_a_bench_cuts_its_own_order_itself(office: Office, bench: Bench) -> None:
    """The store checks and writes down; the order stays as it is, for the bench's own facts."""
    put(office.sql, order("111-1", *ORDERED))
    lease = bench.claim()
    before = office.rows()
    act = Act(SHORT, "111-1", sku="MUG", units=1)
    assert office.act(act, station="bench-1").words == "111-1 ships 1 of 5 MUG."
    assert office.rows() == before
    line = office.lines()[-1]
    assert (line.act, line.station) == (SHORT, "bench-1")
    assert line.data == {"ordered": 5, "sku": "MUG", "units": 1}
    with pytest.raises(StoreRefused, match="is claimed: it cannot be shipped short"):
        office.act(act, station="bench-2")
    data: dict[str, object] = {"package": 1, "tracking_id": "1Z1", "items": [["i1", 1], ["i2", 1]]}
    assert bench.send(bench.entry(lease, OrderState.SHIPPED, data)).conflicts == ()


def test_what_is_cut_away_cannot_be_shipped(office: Office, bench: Bench) -> None:
    """A parcel that names a line which is gone is a conflict."""
    _park(office, bench)
    office.do(SHORT, sku="SPOON", units=0)
    lease = bench.claim()
    data: dict[str, object] = {"package": 1, "tracking_id": "1Z1", "items": [["i2", 1]]}
    assert bench.send(bench.entry(lease, OrderState.SHIPPED, data)).conflicts != ()
    assert state_of(office.sql) is not OrderState.SHIPPED
