"""How a bench comes by its orders when the store is far: ready ones, lost answers, races."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import BIG_MUG, MUG, NOON, order
from sync.far_bench import FarBench, open_far, open_store
from sync.faulty_store import Loss

from station.errors import StoreUnreachable
from station.model import OrderState, StopKind
from station.pack import Stage, Word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from station.store.sql import SqlOrderStore

MUG_CODE, BIG_CODE = "9520000000011", "9520000000028"
A, B, C = "111-1", "111-2", "111-3"


@pytest.fixture
def clock() -> list[float]:
    """Return the store's time in seconds, to be set."""
    return [1000.0]


@pytest.fixture
def store(tmp_path: Path, clock: list[float]) -> Iterator[SqlOrderStore]:
    """Return a store with three orders for one mug each, in the order of their ids."""
    later: list[timedelta] = [NOON.replace(hour=12 + n) - NOON for n in range(3)]
    orders = [order(i, ship_by=NOON + by) for i, by in zip((A, B, C), later, strict=True)]
    made = open_store(tmp_path, *orders, clock=clock)
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path, store: SqlOrderStore) -> Iterator[FarBench]:
    """Return a bench with the first order in hand and the second one kept ready."""
    made = open_far(tmp_path, store).come()
    made.bench.claim_next()
    made.settle()
    assert set(made.bench.leased()) == {A, B}
    yield made
    made.crash()


def state(store: SqlOrderStore, order_id: str) -> tuple[OrderState, str]:
    """Return where an order stands and who has it."""
    found = store.order(order_id)
    assert found is not None
    return found[1], found[2]


def in_hand(bench: FarBench) -> str:
    """Return the id of the order in hand, '' for none."""
    work = bench.bench.view.work
    return work.order.order_id if work else ""


# — ready ones —
def test_an_order_kept_ready_is_next_while_the_store_is_away(bench: FarBench) -> None:
    """When the line is cut NEXT still gives the order that was leased ahead, then says why none."""
    bench.cut()
    bench.bench.give_back()
    assert in_hand(bench) == ""
    bench.bench.claim_next()
    assert in_hand(bench) == B
    bench.bench.give_back()

    bench.bench.claim_next()

    assert in_hand(bench) == ""
    assert bench.words() == (
        "REFUSED No other order can be taken: The store does not answer."
        " Go on when it is back; nothing is lost."
    )


def test_ready_orders_are_only_kept_while_somebody_packs(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """A bench that stands at its queue takes no order away from the others."""
    bench = open_far(tmp_path, store).come()
    bench.settle()

    assert bench.bench.leased() == {}
    bench.crash()


@pytest.mark.parametrize("away", [False, True])
def test_ready_orders_survive_a_restart(
    bench: FarBench, tmp_path: Path, store: SqlOrderStore, *, away: bool
) -> None:
    """A bench that starts again, also without the store, still has what was kept ready."""
    bench.crash()
    again = open_far(tmp_path, store)
    again.line.away = away
    again.come()

    assert in_hand(again) == A
    assert set(again.bench.leased()) == {A, B}
    again.bench.give_back()
    again.bench.claim_next()
    assert in_hand(again) == B
    again.crash()


def test_an_opened_ready_order_is_at_work_after_a_restart(
    bench: FarBench, tmp_path: Path, store: SqlOrderStore
) -> None:
    """Once it was opened, a restart finds it in hand with its units, not ready again."""
    bench.bench.give_back()
    bench.bench.claim_next()
    bench.bench.take_scan(MUG_CODE)
    bench.crash()

    again = open_far(tmp_path, store)

    assert in_hand(again) == B
    assert again.journal.ready() == ()
    assert again.bench.view.work is not None
    assert again.bench.view.work.pack.left == 0
    again.crash()


@pytest.mark.parametrize("away", [False, True])
def test_signing_out_lets_ready_orders_go(
    bench: FarBench, store: SqlOrderStore, *, away: bool
) -> None:
    """With nobody at the bench what was kept ready waits in the queue again, as soon as it may."""
    if away:
        bench.cut()
    bench.bench.sign_out()
    bench.mend()

    assert set(bench.bench.leased()) == {A}
    assert bench.journal.ready() == ()
    assert state(store, B) == (OrderState.WAITING, "")


def test_an_order_leased_while_its_packer_leaves_is_let_go(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """Signing out while the store is asked for one more leaves none behind."""
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.line.before = lambda name: bench.bench.sign_out() if name == "claim" else None

    bench.link.provide()
    bench.settle()

    assert set(bench.bench.leased()) == {A}
    assert state(store, B) == (OrderState.WAITING, "")
    bench.crash()


@pytest.mark.parametrize("to", [OrderState.HELD, OrderState.CANCELLED])
def test_a_halted_ready_order_is_dropped(
    bench: FarBench, store: SqlOrderStore, to: OrderState
) -> None:
    """An order that is held or cancelled while it is kept ready leaves without a word."""
    store.halt(B, to, "The buyer asked.")
    bench.settle()
    bench.settle()

    assert B not in bench.bench.leased()
    assert B not in {lease.order.order_id for lease in bench.journal.ready()}
    assert state(store, B)[0] == to
    assert in_hand(bench) == A


def test_a_changed_ready_order_comes_back_as_it_is_now(
    bench: FarBench, store: SqlOrderStore
) -> None:
    """A new version of an order kept ready is what gets packed, not the old snapshot."""
    store.put_orders([order(B, (BIG_MUG, 1), ship_by=NOON)], channel="amazon")
    bench.settle()
    bench.settle()
    assert B not in bench.bench.leased()
    bench.bench.give_back()
    bench.bench.open_order(B)

    assert bench.bench.view.work is not None
    assert (in_hand(bench), bench.bench.view.work.order.items[0].sku) == (B, BIG_MUG.sku)


def test_a_ready_order_lost_while_away_is_dropped(
    bench: FarBench, store: SqlOrderStore, clock: list[float]
) -> None:
    """A ready order that lapsed and went to another bench is not packed here too."""
    bench.bench.take_scan(MUG_CODE)
    bench.settle()
    bench.cut()
    clock[0] += 700
    assert store.claim("bench-2", "Ben", order_id=B) is not None
    bench.mend()

    assert B not in bench.bench.leased()
    assert B not in {lease.order.order_id for lease in bench.journal.ready()}
    assert in_hand(bench) == A


# — lost answers —
@pytest.mark.parametrize("loss", list(Loss))
def test_a_claim_whose_answer_was_lost_is_found_again(
    tmp_path: Path, store: SqlOrderStore, loss: Loss
) -> None:
    """After a lost answer NEXT gives the order that the store gave already, not a second one."""
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.line.plan("claim", loss)
    assert bench.bench.claim_next().work is None
    assert bench.words().startswith("REFUSED The store does not answer.")

    bench.bench.claim_next()

    assert in_hand(bench) == A
    assert store.claimed("bench-1") == (A,)
    bench.crash()


def test_an_order_kept_ahead_whose_answer_was_lost_is_found_again(
    tmp_path: Path, store: SqlOrderStore
) -> None:
    """When the link never heard of the order it leased ahead, it leases that one again."""
    bench = open_far(tmp_path, store).come()
    bench.bench.claim_next()
    bench.line.plan("claim", Loss.ANSWER)
    bench.settle()
    bench.settle()

    assert set(bench.bench.leased()) == {A, B}
    assert set(store.claimed("bench-1")) == {A, B}
    bench.crash()


def test_an_order_claimed_before_a_crash_is_next(tmp_path: Path, store: SqlOrderStore) -> None:
    """What the store gave and the journal never knew is the first thing after a restart."""
    store.claim("bench-1", "Ana", order_id=C)
    bench = open_far(tmp_path, store).come()

    bench.bench.claim_next()

    assert in_hand(bench) == C
    bench.crash()


# — what is on its way to the store —
def test_what_is_on_its_way_back_is_not_taken_again(bench: FarBench, store: SqlOrderStore) -> None:
    """An order just given back opens here again only after the store has heard of it."""
    bench.bench.give_back()
    bench.bench.open_order(A)
    assert in_hand(bench) == ""
    assert bench.words() == (
        f"REFUSED What was done to order {A} here is on its way to the store."
        " Take it again in a moment."
    )
    bench.settle()

    bench.bench.open_order(A)
    bench.scan(MUG_CODE)
    bench.scan("00" + bench.tracking())

    assert state(store, A)[0] == OrderState.SHIPPED
    assert bench.journal.backlog() == 0


def test_a_packed_order_is_not_opened_before_the_store_knows(
    bench: FarBench, store: SqlOrderStore
) -> None:
    """An order that was closed a moment ago does not open once more by its number."""
    bench.bench.take_scan(MUG_CODE)
    bench.work()
    bench.bench.take_scan("00" + bench.tracking())

    bench.bench.open_order(A)

    assert in_hand(bench) == ""
    bench.settle()
    assert state(store, A)[0] == OrderState.SHIPPED


def test_a_ready_order_let_go_is_not_left_behind(
    bench: FarBench, tmp_path: Path, store: SqlOrderStore
) -> None:
    """After a restart, sign-in and sign-out, NEXT never renews a lease that is being ended."""
    bench.bench.give_back()
    bench.settle()
    bench.crash()
    again = open_far(tmp_path, store)
    again.bench.sign_in("Ana")
    again.bench.sign_out()
    again.bench.sign_in("Ben")

    again.bench.claim_next()
    taken = in_hand(again)
    again.settle()
    again.scan(MUG_CODE)
    again.scan("00" + again.tracking())

    assert taken != B
    assert state(store, taken)[0] == OrderState.SHIPPED
    again.crash()


# — quarantine —
def test_nothing_is_claimed_in_quarantine(bench: FarBench) -> None:
    """A bench that may not work takes no order, kept ready or not, and leases none ahead."""
    bench.bench.give_back()
    bench.reach.trouble, bench.reach.quarantined = "QUARANTINED", "This disk is a copy."
    bench.line.calls.clear()

    bench.bench.claim_next()
    bench.bench.open_order(B)
    bench.bench.keep_ready(3)

    assert (in_hand(bench), bench.words()) == ("", "REFUSED This disk is a copy.")
    assert bench.line.calls == []


# — the same packer at another bench —
def test_work_goes_on_at_another_bench(
    bench: FarBench, tmp_path: Path, store: SqlOrderStore
) -> None:
    """At the bench where its packer is now an order is at the same unit; the old one must stop."""
    store.put_orders([order("111-9", (MUG, 3), ship_by=NOON)], channel="amazon")
    bench.bench.give_back()
    bench.settle()
    bench.bench.open_order("111-9")
    bench.scan(MUG_CODE)
    other = open_far(tmp_path, store, "bench-2", ahead=0).come("Ana")

    view = other.bench.open_order("111-9")

    assert view.work is not None
    assert (view.work.pack.left, other.words()) == (2, "NOTE Go on here: 1 of 3 are packed.")
    bench.settle()
    here = bench.bench.view.work
    assert here is not None
    assert here.pack.stage == Stage.GONE
    assert here.pack.stop is not None
    assert here.pack.stop.kind == StopKind.TAKEN_OVER
    other.crash()


def test_a_direct_claim_tells_that_the_store_is_away(bench: FarBench) -> None:
    """The claims themselves say it with an error that names what to do."""
    bench.cut()

    with pytest.raises(StoreUnreachable, match="Go on when it is back"):
        bench.bench.claims.named("Ana", C)
    assert bench.bench.open_order(C).verdict is not None
    assert bench.words().startswith(Word.REFUSED)
