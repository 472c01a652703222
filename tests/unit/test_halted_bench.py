"""A bench that must stop: halted orders one by one, and a memory that is not the known one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sync.far_bench import FarBench, open_far, state

from station.errors import Quarantined
from station.model import OrderState, ProblemKind, Stop, StopKind
from station.pack import Stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.bench import Bench
    from station.store.sql import SqlOrderStore
    from station.view import View

MUG_CODE = "9520000000011"
A, B, C = "111-1", "111-2", "111-3"
COPY = "This disk is a copy. Work on nothing here."


def quarantine(bench: FarBench) -> None:
    """Let the store say that this bench's memory is not the one it knows."""
    bench.line.away = False
    bench.line.plan("hello", *[Quarantined("This disk is a copy.", "Work on nothing here.")] * 9)
    bench.link._known = False
    bench.link.once()
    assert bench.reach.quarantined == COPY


# — stops —
def test_a_void_that_waits_is_dropped_with_the_order(tmp_path: Path, store: SqlOrderStore) -> None:
    """When its packer went on with the order elsewhere, the label is not made void from here."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.scan(MUG_CODE)
    bench.cut()
    bench.bench.park(ProblemKind.OTHER)
    other = open_far(tmp_path, store, "bench-2", ahead=0).come()
    other.bench.open_order(A)
    other.settle()
    bench.mend()
    bench.mend()

    assert store.label(A) is not None
    assert bench.journal.open_orders() == ()
    other.scan("00" + other.tracking())
    assert state(store, A) == OrderState.SHIPPED
    bench.crash()
    other.crash()


def test_a_stop_of_an_order_aside_gives_the_one_in_hand_back(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """Two orders halted while a third is packed are read one by one; then the third is in hand."""
    bench = open_far(tmp_path, store, ahead=0).come()
    for order_id in (A, B):
        bench.bench.open_order(order_id)
        bench.bench.take_scan(MUG_CODE)
        bench.bench.settle()
        bench.bench.set_aside()
    bench.link.once()
    hand = bench.bench.view.work
    assert hand is not None
    assert hand.order.order_id == C
    for order_id in (A, B):
        bench.bench.take_stop(Stop(0, order_id, "On hold.", StopKind.HELD))

    read = []
    for _ in range(2):
        work = bench.bench.view.work
        assert work is not None
        assert work.pack.stage == Stage.STOPPED
        read.append(work.order.order_id)
        bench.bench.dismiss()

    assert sorted(read) == [A, B]
    assert bench.bench.view.work is not None
    assert bench.bench.view.work.order.order_id == C
    bench.settle()
    assert bench.bench.view.aside == ()
    bench.crash()


def test_a_stop_that_waits_for_its_void_survives_a_restart(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """A halted order whose label is not void yet is shown again after a restart, and then gone."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.scan(MUG_CODE)
    bench.cut()
    bench.bench.take_stop(Stop(0, A, "On hold.", StopKind.HELD))
    bench.crash()

    again = open_far(tmp_path, store, ahead=0)
    work = again.bench.view.work
    assert work is not None
    assert work.pack.stage == Stage.STOPPED
    again.bench.dismiss()
    again.come()
    again.settle()

    assert (store.label(A), again.bench.view.aside) == (None, ())
    assert again.journal.open_orders() == ()
    again.crash()


# — quarantine —
COMMANDS: dict[str, Callable[[Bench], View]] = {
    "scan": lambda bench: bench.take_scan(MUG_CODE),
    "half a scan": lambda bench: bench.take_scan(MUG_CODE[:5], whole=False),
    "undo": lambda bench: bench.undo(),
    "no code": lambda bench: bench.count_unscanned(),
    "label": lambda bench: bench.ask_label(),
    "give back": lambda bench: bench.give_back(),
    "park": lambda bench: bench.park(ProblemKind.SHORT),
    "yes": lambda bench: bench.answer(yes=True),
    "reprint": lambda bench: bench.reprint(),
    "aside": lambda bench: bench.set_aside(),
    "open": lambda bench: bench.open_order(C),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_is_accepted_in_quarantine(bench: FarBench, name: str, *, packed: bool) -> None:
    """Every command is refused with the store's words; journal, order and printer stay as is."""
    if packed:
        bench.bench.take_scan(MUG_CODE)
        bench.work()
    quarantine(bench)
    before, entries = bench.bench.view.work, bench.journal.presence("run").last
    printed = len(bench.printer.came_out)

    COMMANDS[name](bench.bench)
    bench.work()

    if not (name == "reprint" and not packed):
        assert bench.words() == f"REFUSED {COPY}"
    assert bench.bench.view.work == before
    assert bench.journal.presence("run").last == entries
    assert len(bench.printer.came_out) == printed


def test_no_label_is_made_in_quarantine(bench: FarBench) -> None:
    """The numbers of a copied disk may be on other boxes: none is given, nothing is printed."""
    bench.bench.take_scan(MUG_CODE)
    quarantine(bench)

    bench.work()

    assert bench.journal.serial_of(f"{A}/1/0") is None
    assert bench.printer.came_out == []


def test_people_may_come_and_go_in_quarantine(bench: FarBench) -> None:
    """Signing in and out works, so that somebody can read why; nothing of it is kept."""
    quarantine(bench)
    entries = bench.journal.presence("run").last

    assert bench.bench.sign_out().packer == ""
    view = bench.bench.sign_in("Ben")

    assert (view.packer, view.quarantined) == ("Ben", COPY)
    assert bench.journal.presence("run").last == entries
    assert set(bench.bench.leased()) == {A, B}
