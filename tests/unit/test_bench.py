"""The use cases of one bench, over the real store, journal and spool."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bench_parts import HOUSE, TestBench, open_bench
from samples import BIG_MUG, MUG, NOON, SPOON, order

from station.devices.simulated import Fault, SimulatedPrinter
from station.errors import JournalError
from station.model import OrderState, ProblemKind
from station.pack import Rules, Stage, Word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MUG_CODE, BIG_CODE, SPOON_CODE = "9520000000011", "9520000000028", "9520000000035"
UPS = "1Z999AA10123456784"
A, B = "111-0000001-0000001", "111-0000002-0000002"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TestBench]:
    """Return a bench with an order for two mugs and a spoon, and a later one for one mug."""
    orders = (order(A, (MUG, 2), (SPOON, 1)), order(B, (MUG, 1), ship_by=NOON + timedelta(hours=9)))
    made = open_bench(tmp_path, orders)
    made.bench.sign_in("Ana")
    yield made
    made.close()


def state(bench: TestBench, order_id: str) -> OrderState:
    """Return where the store says an order stands."""
    found = bench.store.order(order_id)
    assert found is not None
    return found[1]


def word(bench: TestBench) -> Word | None:
    """Return the word of the verdict on show."""
    verdict = bench.bench.view.verdict
    return verdict.word if verdict else None


def label_of(bench: TestBench, order_id: str) -> str:
    """Return the tracking id of an order's live label."""
    purchase = bench.store.label(order_id)
    assert purchase is not None
    assert purchase.label is not None
    return purchase.label.tracking_id


def test_an_order_from_claim_to_confirmation(two: TestBench) -> None:
    """NEXT, three scans, the label, its closing scan: shipped, each item pending once."""
    assert two.bench.claim_next().work is not None
    view = two.scan(MUG_CODE, SPOON_CODE, MUG_CODE)

    assert view.work is not None
    assert view.work.pack.stage == Stage.LABEL
    assert state(two, A) == OrderState.PACKED
    assert len(two.printer.came_out) == 1
    view = two.scan("00" + label_of(two, A))
    assert (view.work, word(two), state(two, A)) == (None, Word.DONE, OrderState.SHIPPED)
    export = two.store.begin_export("file")
    assert export is not None
    assert sorted(line.quantity for line in export.lines) == [1, 2]


def test_most_urgent_first(two: TestBench) -> None:
    """The order that must leave first is taken first."""
    view = two.bench.claim_next()

    assert view.work is not None
    assert view.work.order.order_id == A


def test_an_order_is_opened_by_its_number_or_its_only_item(two: TestBench) -> None:
    """Scanning an order id opens that order; an item opens a single-unit order and counts."""
    assert two.scan(MUG_CODE).work is not None
    assert two.bench.view.work is not None
    assert two.bench.view.work.order.order_id == B
    assert two.bench.view.work.pack.left == 0


def test_wrong_codes_name_what_they_are(two: TestBench) -> None:
    """A known other product is WRONG with its title, another order is named, noise is UNKNOWN."""
    two.bench.claim_next()

    verdict = two.scan(BIG_CODE).verdict
    assert verdict is not None
    assert (verdict.word, verdict.got) == (Word.WRONG, BIG_MUG.title)
    two.scan(B)
    assert word(two) == Word.OTHER_ORDER
    two.scan("4006381333931")
    assert word(two) == Word.UNKNOWN


def test_a_restart_resumes_at_the_same_unit(two: TestBench, tmp_path: Path) -> None:
    """Without any goodbye a new process finds the same order with the same units."""
    two.bench.claim_next()
    two.bench.take_scan(MUG_CODE)
    before = two.bench.view.work
    two.close()

    again = open_bench(tmp_path)
    work = again.bench.view.work

    assert work == before
    again.close()


def test_a_restart_prints_and_buys_nothing_twice(two: TestBench, tmp_path: Path) -> None:
    """A label that was bought before the crash is the one after it, and is printed once."""
    two.bench.claim_next()
    two.scan(MUG_CODE, SPOON_CODE, MUG_CODE)
    tracking = label_of(two, A)
    printer = two.printer
    two.close()

    again = open_bench(tmp_path, printer=printer)
    again.settle()

    assert label_of(again, A) == tracking
    assert len(printer.came_out) == 1
    again.close()


def test_a_used_tracking_id_is_refused(tmp_path: Path) -> None:
    """A carrier label that is on another parcel is refused, and a new one is taken."""
    orders = [order(A, (MUG, 1)), order(B, (MUG, 1))]
    made = open_bench(tmp_path, orders, rules=Rules("asked"))
    made.bench.sign_in("Ana")
    made.bench.open_order(A)
    made.scan(MUG_CODE, UPS)
    assert state(made, A) == OrderState.SHIPPED
    made.bench.open_order(B)
    made.scan(MUG_CODE, UPS)

    assert word(made) == Word.REFUSED
    assert state(made, B) == OrderState.PACKED
    made.scan("1Z5R89390357567127")
    assert state(made, B) == OrderState.SHIPPED
    made.close()


def test_printer_away_the_order_waits_and_the_next_goes_on(tmp_path: Path) -> None:
    """With no printer the order is set aside with its label bought; later it prints and closes."""
    printer = SimulatedPrinter()
    printer.standing = Fault.ABSENT
    made = open_bench(tmp_path, [order(A, (MUG, 1)), order(B, (MUG, 1))], printer=printer)
    made.bench.sign_in("Ana")
    made.bench.claim_next()
    view = made.scan(MUG_CODE)
    assert view.printing is not None
    assert not view.printing.sent
    assert state(made, A) == OrderState.PACKED
    view = made.bench.set_aside()
    assert view.work is not None
    assert (view.work.order.order_id, view.aside) == (B, (A,))

    printer.standing = None
    made.spool.retry_now()
    made.settle()
    made.scan(MUG_CODE)
    made.scan("00" + label_of(made, B), "00" + label_of(made, A))

    assert (state(made, A), state(made, B)) == (OrderState.SHIPPED, OrderState.SHIPPED)
    assert sorted(slip.job for slip in printer.came_out) == [f"{A}/1/0", f"{B}/1/0"]
    made.close()


def test_the_label_of_an_order_aside_closes_it_from_another_order(tmp_path: Path) -> None:
    """With another order in hand, the late label of the first one still closes the first."""
    printer = SimulatedPrinter()
    printer.standing = Fault.ABSENT
    orders = [order(A, (MUG, 1)), order(B, (MUG, 2))]
    made = open_bench(tmp_path, orders, printer=printer)
    made.bench.sign_in("Ana")
    made.bench.claim_next()
    made.scan(MUG_CODE)
    made.bench.set_aside()
    printer.standing = None
    made.spool.retry_now()
    made.scan(MUG_CODE)

    view = made.scan("00" + label_of(made, A))

    assert word(made) == Word.DONE
    assert (state(made, A), view.aside) == (OrderState.SHIPPED, ())
    assert view.work is not None
    assert (view.work.order.order_id, view.work.pack.left) == (B, 1)
    made.close()


@pytest.mark.parametrize("fault", [Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED])
def test_a_doubtful_label_is_asked(tmp_path: Path, fault: Fault) -> None:
    """The packer says whether it came out; exactly one label is on the table in the end."""
    printer = SimulatedPrinter()
    printer.script(fault)
    made = open_bench(tmp_path, [order(A, (MUG, 1))], printer=printer)
    made.bench.sign_in("Ana")
    made.bench.claim_next()
    view = made.scan(MUG_CODE)

    assert view.printing is not None
    assert view.printing.doubtful
    made.bench.answer(yes=bool(printer.came_out))
    made.settle()
    assert len(printer.came_out) == 1
    made.scan("00" + label_of(made, A))
    assert state(made, A) == OrderState.SHIPPED
    made.close()


def test_parking_voids_the_label(two: TestBench) -> None:
    """A parked order is a problem with its reason in the store, and its label is void."""
    two.bench.claim_next()
    two.scan(MUG_CODE, SPOON_CODE, MUG_CODE)
    two.bench.park(ProblemKind.DAMAGED, "handle broken")
    two.settle()

    found = two.store.order(A)
    assert found is not None
    assert (found[1], found[2]) == (OrderState.PROBLEM, "damaged: handle broken")
    assert two.store.label(A) is None


def test_giving_back_offers_another_order_next(two: TestBench) -> None:
    """An order that was given back is not the very next one."""
    two.bench.claim_next()
    two.bench.give_back()
    two.settle()
    view = two.bench.claim_next()

    assert view.work is not None
    assert view.work.order.order_id == B
    assert state(two, A) == OrderState.WAITING


def test_a_changed_order_stops_the_bench(two: TestBench) -> None:
    """A new version that arrives in mid pack stops it; the next claim has the new version."""
    two.bench.claim_next()
    two.scan(MUG_CODE)
    two.store.put_orders([order(A, (MUG, 1), (SPOON, 1))], channel="amazon")
    two.link.hear_stops()
    view = two.bench.view

    assert view.work is not None
    assert view.work.pack.stage == Stage.STOPPED
    two.settle()
    assert two.bench.dismiss().work is None
    view = two.bench.open_order(A)
    assert view.work is not None
    assert [line.needed for line in view.work.pack.lines] == [1, 1]


def test_a_scan_that_is_not_stored_did_not_happen(
    two: TestBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the journal cannot write, the scan raises and the count stays; then work goes on."""
    two.bench.claim_next()
    before = two.bench.view.work

    def full(*_args: object, **_more: object) -> None:
        raise JournalError("The disk is full.", "Free space.")

    with monkeypatch.context() as patch:
        patch.setattr(two.journal, "append", full)
        with pytest.raises(JournalError):
            two.bench.take_scan(MUG_CODE)

    assert two.bench.view.work == before
    assert two.bench.take_scan(MUG_CODE).verdict is not None


def test_missing_prefix_is_told_and_a_carrier_label_still_works(tmp_path: Path) -> None:
    """Without a GS1 prefix our label is refused with what to do; a carrier label closes."""
    from dataclasses import replace

    house = replace(HOUSE, shipping=replace(HOUSE.shipping, gs1_company_prefix=""))
    made = open_bench(tmp_path, [order(A, (MUG, 1))], settings=house)
    made.bench.sign_in("Ana")
    made.bench.claim_next()
    verdict = made.scan(MUG_CODE).verdict

    assert verdict is not None
    assert verdict.word == Word.REFUSED
    assert "gs1_company_prefix" in verdict.text
    made.scan(UPS)
    assert state(made, A) == OrderState.SHIPPED
    made.close()


def test_personal_data_leaves_the_station_with_the_package(two: TestBench, tmp_path: Path) -> None:
    """While an order is open its address is in the journal's file, afterwards it is nowhere."""
    two.bench.open_order(B)
    two.scan(MUG_CODE)
    two.scan("00" + label_of(two, B))
    two.close()

    for file in tmp_path.glob("bench.journal.db*"):
        assert b"Sampletown" not in file.read_bytes(), file


def test_entries_hold_no_name(two: TestBench) -> None:
    """What the journal keeps of an order has no name and no address of the buyer."""
    two.bench.claim_next()
    two.scan(MUG_CODE, SPOON_CODE, MUG_CODE)
    two.scan("00" + label_of(two, A))

    told = " ".join(str(entry.data) for entry in two.journal.about(A))
    assert "Example" not in told
    assert "Sample" not in told
