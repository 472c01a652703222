"""A bench whose store is away: work goes on, labels are made once, and the store learns of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import LAMP, order
from sync.far_bench import FarBench, confirmed, open_far, open_store, state
from sync.faulty_store import Line, Loss

from station.model import OrderState, ProblemKind
from station.pack import Rules, Stage, Word
from station.sync import purchase
from station.sync.carriers.prebought import Prebought
from station.sync.link import SERIALS
from station.tracking import Tracking

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE, SPOON_CODE, LAMP_CODE = "9520000000011", "9520000000035", "9520000000042"
UPS = "1Z999AA10123456784"
A, B, C = "111-1", "111-2", "111-3"


# — packing goes on —
def test_the_order_in_hand_and_the_ready_one_are_packed(
    bench: FarBench, store: SqlOrderStore
) -> None:
    """Both get an own label and their closing scan; the store, once back, confirms each once."""
    labels = []
    for _ in range(2):
        bench.bench.take_scan(MUG_CODE)
        bench.work()
        labels.append(bench.tracking())
        view = bench.bench.take_scan("00" + labels[-1])
        assert (view.work, bench.words().split()[0]) == (None, "DONE")
        bench.bench.claim_next()
    assert [slip.job for slip in bench.printer.came_out] == [f"{A}/1/0", f"{B}/1/0"]
    assert {state(store, A), state(store, B)} == {OrderState.CLAIMED}

    bench.mend()

    assert confirmed(store, [A, B]) == {A: [labels[0]], B: [labels[1]]}
    for order_id, label in zip((A, B), labels, strict=True):
        known = store.label(order_id)
        assert known is not None
        assert known.label is not None
        assert (known.state, known.label.tracking_id) == ("bought", label)
    assert bench.journal.backlog() == 0


def test_a_carrier_label_at_hand_is_taken(tmp_path: Path, store: SqlOrderStore) -> None:
    """A label from elsewhere closes the order without the store, which hears of it later."""
    bench = open_far(tmp_path, store, rules=Rules("asked")).come()
    bench.bench.claim_next()
    bench.settle()
    bench.cut()
    bench.bench.take_scan(MUG_CODE)
    bench.bench.take_scan(UPS)
    view = bench.work()
    assert (view.work, bench.words()) == (None, f"DONE Order {A} is packed.")
    assert bench.printer.came_out == []

    bench.mend()

    assert confirmed(store, [A]) == {A: [UPS]}
    assert store.tracking_used(UPS) == A
    bench.crash()


def test_one_carrier_label_on_two_boxes_comes_to_light(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """What no bench can know offline the store finds: the second box is a problem with words."""
    bench = open_far(tmp_path, store, rules=Rules("asked")).come()
    bench.bench.claim_next()
    bench.settle()
    bench.cut()
    for _ in range(2):
        bench.bench.take_scan(MUG_CODE)
        bench.bench.take_scan(UPS)
        bench.work()
        bench.bench.claim_next()
    bench.mend()

    assert (state(store, A), state(store, B)) == (OrderState.SHIPPED, OrderState.PROBLEM)
    found = store.order(B)
    assert found is not None
    assert UPS in found[2]
    bench.crash()


def test_captured_codes_reach_the_store(tmp_path: Path) -> None:
    """Serials and the like that were scanned offline are told with the confirmation."""
    store = open_store(tmp_path, order(A, (LAMP, 1)))
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.settle()
    bench.cut()
    transparency = "AZ:" + "7" * 26
    for text in (LAMP_CODE, transparency, "SN-77"):
        bench.bench.take_scan(text)
    bench.work()
    bench.bench.take_scan("00" + bench.tracking())
    bench.mend()

    export = store.begin_export("file")
    assert export is not None
    assert export.lines[0].transparency_codes == (transparency,)
    bench.crash()
    store.close()


# — one purchase, one number —
def test_a_purchase_keeps_its_number(bench: FarBench) -> None:
    """The same key gets the same number and the same bytes each time, another key another one."""
    lease, carrier = bench.bench.view.work, bench.bench.shipping._carrier
    assert lease is not None
    made = [purchase.buy_here(bench.journal, carrier, lease.lease, f"{A}/1/0") for _ in range(3)]
    other = purchase.buy_here(bench.journal, carrier, lease.lease, f"{A}/1/1")

    assert made[0] == made[1] == made[2]
    assert made[0].document
    assert other.tracking_id != made[0].tracking_id


def test_a_label_drawn_again_is_the_same(bench: FarBench) -> None:
    """From its number alone a label of ours is drawn byte for byte; no other number gives one."""
    work, carrier = bench.bench.view.work, bench.bench.shipping._carrier
    assert work is not None
    made = purchase.buy_here(bench.journal, carrier, work.lease, f"{A}/1/0")

    def again(tracking_id: str) -> bytes:
        return purchase.made_again(carrier, work.lease, "other", tracking_id)

    assert again(made.tracking_id) == made.document
    for strange in ("", "1", UPS, "1" + made.tracking_id[1:], "٣" * 18, made.tracking_id[:-1]):
        assert again(strange) == b""
    at_hand = Prebought(Tracking("UPS", "UPS", UPS))
    assert purchase.made_again(at_hand, work.lease, "other", UPS) == b""


STEPS = ("perform", "give_serial", "put")
"""Nothing was done; the number is given and nobody knows; it is bought and not printed."""


def _doer(bench: FarBench, step: str) -> object:
    doers: dict[str, object] = {
        "perform": bench.bench.shipping,
        "give_serial": bench.journal,
        "put": bench.spool,
    }
    return doers[step]


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("where", STEPS)
def test_a_kill_around_the_label_changes_nothing(
    bench: FarBench,
    tmp_path: Path,
    store: SqlOrderStore,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    *,
    back: bool,
) -> None:
    """Killed at any step of an offline label, one label comes out, and its number is confirmed."""
    bench.bench.take_scan(MUG_CODE)
    target = _doer(bench, where)

    def killed(*args: object, **more: object) -> object:
        if where == "give_serial":
            original(*args, **more)
        raise KeyboardInterrupt

    original: Callable[..., object] = getattr(target, where)
    with monkeypatch.context() as patch:
        patch.setattr(target, where, killed)
        with pytest.raises(KeyboardInterrupt):
            bench.bench.settle()
    number = bench.journal.serial_of(f"{A}/1/0")
    bench.crash()

    again = open_far(tmp_path, store, printer=bench.printer, line=Line(away=not back))
    again.link.once()
    again.bench.sign_in("Ana")
    again.work()
    again.work()
    label = again.tracking()
    again.bench.take_scan("00" + label)
    again.mend()

    assert number is None or str(number) in label
    assert [slip.job for slip in again.printer.came_out] == [f"{A}/1/0"]
    assert label.encode() in again.printer.came_out[0].document
    assert confirmed(store, [A]) == {A: [label]}
    again.crash()


@pytest.mark.parametrize("name", ["begin_purchase", "finish_purchase"])
@pytest.mark.parametrize("loss", list(Loss))
def test_a_purchase_lost_on_the_way_is_one_label(
    tmp_path: Path, store: SqlOrderStore, name: str, loss: Loss
) -> None:
    """When the store does not answer in the middle, the label on the box is the one it confirms."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.settle()
    bench.line.plan(name, loss)
    bench.scan(MUG_CODE)
    label = bench.tracking()
    bench.scan("00" + label)

    assert bench.printer.labels(f"{A}/1/0") == 1
    assert label.encode() in bench.printer.came_out[0].document
    assert confirmed(store, [A]) == {A: [label]}
    assert store.tracking_used(label) == A
    bench.crash()


def test_without_a_number_the_label_waits(tmp_path: Path, store: SqlOrderStore) -> None:
    """A bench that has no number left keeps the packed order until the store is back."""
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.settle()
    for number in range(SERIALS):
        bench.journal.give_serial(f"other/{number}")
    bench.cut()
    bench.bench.take_scan(MUG_CODE)
    view = bench.work()
    assert view.work is not None
    assert (view.work.pack.stage, view.work.pack.label) == (Stage.LABEL, None)
    assert bench.printer.came_out == []

    bench.mend()

    bench.scan("00" + bench.tracking())
    assert state(store, A) == OrderState.SHIPPED
    bench.crash()


# — what waits says so —
def test_a_scan_at_the_queue_says_that_it_waits(bench: FarBench) -> None:
    """A code that only the store can tell is refused with what to do; nothing is opened."""
    bench.bench.give_back()
    bench.bench.take_scan(C)

    assert bench.bench.view.work is None
    assert bench.words() == (
        "REFUSED This cannot be looked up: The store does not answer. Scan it again when the"
        " store is back, or NEXT for an order kept ready."
    )


def test_a_look_up_cut_in_the_middle_says_so(tmp_path: Path, store: SqlOrderStore) -> None:
    """The first call that finds the store gone is words on the screen, not an error."""
    bench = open_far(tmp_path, store).come()
    bench.line.away = True

    bench.bench.take_scan(C)

    assert bench.words() == "REFUSED The store does not answer. It is tried again."
    bench.crash()


def test_unknown_codes_are_still_judged(bench: FarBench) -> None:
    """A code that the order does not know counts nothing, whether or not the store can be asked."""
    bench.bench.take_scan(SPOON_CODE)

    verdict = bench.bench.view.verdict
    assert verdict is not None
    assert verdict.word == Word.UNKNOWN
    assert bench.bench.view.work is not None
    assert bench.bench.view.work.pack.left == 1


def test_a_void_that_waits_is_told_and_done_later(tmp_path: Path, store: SqlOrderStore) -> None:
    """Parking an order whose label the store knows says what to destroy, and when it is void."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.scan(MUG_CODE)
    number = bench.tracking()[-6:]
    bench.cut()
    bench.bench.park(ProblemKind.DAMAGED)
    bench.work()

    assert bench.words() == (
        "NOTE Parked: damaged. Put everything on the problem shelf."
        f" Destroy label …{number}: it is made void when the store is back."
    )
    assert (bench.bench.view.work, bench.bench.view.aside) == (None, ())
    assert store.label(A) is not None
    bench.mend()
    assert (store.label(A), state(store, A)) == (None, OrderState.PROBLEM)
    assert bench.journal.open_orders() == ()
    bench.crash()


def test_a_label_made_offline_is_void_at_once(bench: FarBench, store: SqlOrderStore) -> None:
    """Nobody needs to be asked about a label that only this bench knows; the journal tells it."""
    bench.bench.take_scan(MUG_CODE)
    bench.work()
    bench.bench.park(ProblemKind.DAMAGED)
    bench.work()
    assert bench.journal.open_orders() == ()

    bench.mend()

    assert (store.label(A), state(store, A)) == (None, OrderState.PROBLEM)
    assert [entry.kind for _bench, entry in store.history(A)][-2:] == ["parked", "voided"]


def test_ours_is_replaced_by_a_carrier_label_offline(bench: FarBench, store: SqlOrderStore) -> None:
    """After the question the carrier's label counts and ours is void, also without the store."""
    bench.bench.take_scan(MUG_CODE)
    bench.work()
    bench.bench.take_scan(UPS)
    bench.bench.answer(yes=True)
    bench.work()
    assert bench.bench.view.work is None
    bench.mend()

    assert confirmed(store, [A]) == {A: [UPS]}
