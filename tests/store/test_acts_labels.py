"""Labels once more and labels void, confirmations again or settled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from store.decisions import STAGES, on_one, packed
from store.samples import MIDNIGHT, NOON, Bench, item, label, order, put, state_of

from station.acts import Act, ActKind
from station.errors import StoreRefused
from station.model import OrderState, StopKind
from station.store.schema import confirmations, purchases

if TYPE_CHECKING:
    from store.decisions import Office

pytestmark = [pytest.mark.usefixtures("sql_store"), on_one]

REPRINT, VOID, RETRY, DISMISS = ActKind.REPRINT, ActKind.VOID, ActKind.RETRY, ActKind.DISMISS
HOME = "bench of 111-1"
PROBLEM = OrderState.PROBLEM


def _refused(office: Office, kind: ActKind, order_id: str = "111-1", **more: Any) -> str:
    before, lines = office.rows(), office.lines()
    with pytest.raises(StoreRefused) as told:
        office.do(kind, order_id, **more)
    assert (office.rows(), office.lines()) == (before, lines)
    return told.value.message


def _lines(office: Office) -> dict[str, int]:
    counted = office.sql.counts(NOON, MIDNIGHT).confirmations
    return {state: n for state, n in counted.items() if n}


def _ship(office: Office) -> Bench:
    bench, lease = packed(office, "111-1")
    assert bench.ship(lease, "1Z 111-1") == ()
    return bench


# — once more —
def test_a_label_is_handed_out_once_more(office: Office) -> None:
    """Packed, shipped or told to the channel: the bytes that the carrier gave, and a line each."""
    bench, lease = packed(office, "111-1")
    wanted = label("1Z 111-1")
    assert office.do(REPRINT).label == wanted
    bench.ship(lease, "1Z 111-1")
    assert office.do(REPRINT).label == wanted
    export = office.sql.begin_export("a.txt")
    assert export is not None
    office.sql.finish_export(export.export_id)
    assert office.do(REPRINT).label == wanted
    assert [line.act for line in office.lines()].count(REPRINT) == 3
    assert office.lines()[-1].data == {"tracking_id": "1Z 111-1"}


def test_a_label_that_the_store_never_had_is_not_printed(office: Office) -> None:
    """No purchase, no document, another package, or an order without a label."""
    put(office.sql, order())
    assert "is waiting: it cannot be printed" in _refused(office, REPRINT)
    _ship(office)
    assert "no label of package 2" in _refused(office, REPRINT, package=2)
    with office.sql._database.write() as connection:
        connection.execute(update(purchases).values(document=b""))
    assert "no label of package 1" in _refused(office, REPRINT)


# — void —
def test_a_void_label_takes_the_order_from_its_bench(office: Office) -> None:
    """The bench is stopped, the order is a problem, and the box may have another label then."""
    bench, lease = packed(office, "111-1")
    acted = office.do(VOID)
    assert acted.words == "The label of 111-1 is void: destroy it. The order is a problem."
    found = office.sql.order("111-1")
    assert found is not None
    assert found[1:] == (PROBLEM, "label void: Because I say so.")
    (stop,) = office.sql.stops(HOME)
    assert stop.kind is StopKind.RELEASED
    assert office.sql.label("111-1") is None
    assert bench.ship(lease, "1Z 111-1") == (2,)
    office.do(ActKind.REQUEUE)
    other = Bench(office.sql, "bench-2", "Bo")
    again = other.claim()
    assert again.entries == ()
    assert office.sql.begin_purchase("k2", "111-1", 1, again.fence, "own").state == "begun"


def test_a_shipped_label_is_void_while_nobody_was_told(office: Office) -> None:
    """The pending lines are taken back, and the box is packed again as the same package."""
    bench = _ship(office)
    assert _lines(office) == {"pending": 1}
    office.do(VOID)
    assert (state_of(office.sql), _lines(office)) == (PROBLEM, {})
    assert office.sql.tracking_used("1Z 111-1") is None
    office.do(ActKind.REQUEUE)
    again = bench.claim()
    assert (again.package, again.entries) == (1, ())
    assert bench.ship(again, "1Z2") == ()
    assert _lines(office) == {"pending": 1}


def test_what_the_channel_was_told_stays(office: Office) -> None:
    """Exported lines, and lines that an open export has gathered, keep their label."""
    _ship(office)
    export = office.sql.begin_export("a.txt")
    assert export is not None
    assert "The channel was told already" in _refused(office, VOID)
    office.sql.finish_export(export.export_id)
    assert state_of(office.sql) is OrderState.CONFIRMED
    assert "The channel was told already" in _refused(office, VOID)


def test_a_released_box_may_have_its_label_made_void(office: Office) -> None:
    """It is not gone on with then: its next holder begins anew."""
    packed(office, "111-1")
    office.do(ActKind.RELEASE)
    office.do(VOID)
    assert state_of(office.sql) is PROBLEM
    office.do(ActKind.REQUEUE)
    assert Bench(office.sql, "bench-2").claim().entries == ()


def test_the_label_of_a_cancelled_order_is_void(office: Office) -> None:
    """It stays cancelled; what was in the box goes back to its bins."""
    packed(office, "111-1")
    assert office.do(ActKind.RELEASE).words.endswith("Whoever takes it next needs its box.")
    office.do(ActKind.CANCEL)
    assert office.do(VOID).words == "The label of 111-1 is void: destroy it."
    assert state_of(office.sql) is OrderState.CANCELLED
    assert office.sql.label("111-1") is None


def test_a_bench_makes_its_own_label_void_itself(office: Office) -> None:
    """The store checks and writes down; the order stays there, as the bench's own facts say."""
    packed(office, "111-1")
    before = office.rows()
    acted = office.act(Act(VOID, "111-1"), station=HOME)
    assert acted.words == "The label of 111-1 is made void at this bench."
    assert office.rows() == before
    assert (office.lines()[-1].act, office.lines()[-1].station) == (VOID, HOME)


def test_without_a_label_nothing_is_void(office: Office) -> None:
    """Nor is it void twice."""
    put(office.sql, order("111-1", item()))
    assert "has no label" in _refused(office, VOID)
    packed(office, "111-2")
    office.do(VOID, "111-2")
    assert "has no label" in _refused(office, VOID, order_id="111-2")


# — what a channel refused —
def test_refused_lines_are_told_again(office: Office) -> None:
    """They are pending as new ones are, and the next export gathers them."""
    office.act(STAGES[RETRY](office, RETRY, "111-1"))
    assert _lines(office) == {"pending": 1}
    export = office.sql.begin_export("a.txt")
    assert export is not None
    assert [line.order_id for line in export.lines] == ["111-1"]


def test_refused_lines_are_settled_by_hand(office: Office) -> None:
    """Nobody is told of them any more, and they are counted nowhere."""
    office.act(STAGES[DISMISS](office, DISMISS, "111-1"))
    assert _lines(office) == {}
    assert office.sql.begin_export("a.txt") is None
    assert "No confirmation of package 1 of order 111-1 was refused" in _refused(office, RETRY)


def test_only_refused_lines_are_moved(office: Office) -> None:
    """Pending and exported ones, another package and an unknown order stay as they are."""
    _ship(office)
    for kind in (RETRY, DISMISS):
        assert "was refused" in _refused(office, kind)
        assert "package 2" in _refused(office, kind, package=2)
        assert "999 is not known" in _refused(office, kind, order_id="999")
    with office.sql._database.read() as connection:
        rows = connection.execute(confirmations.select()).all()
    assert [row.state for row in rows] == ["pending"]


def test_a_weight_is_accepted_on_a_bench_only(office: Office) -> None:
    """The store writes it down; the order is as it was."""
    put(office.sql, order())
    assert "is waiting: it cannot be weighed" in _refused(office, ActKind.WEIGHT)
    packed(office, "111-1")
    office.do(ActKind.WEIGHT)
    assert office.lines()[-1].act == ActKind.WEIGHT
