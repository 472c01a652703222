from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from store.samples import MIDNIGHT, NOON, Bench, label, order, put

from station.errors import StoreRefused
from station.model import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.store.port import OrderStore

THREADS = 8
ORDERS = 500


def together(work: Callable[[int], None], threads: int = THREADS) -> None:
    """Run the work in several threads that start at once; pass on what one of them raises."""
    start, failures = threading.Barrier(threads), []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as failure:  # noqa: BLE001 - told in the thread of the test
            failures.append(failure)

    running = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert failures == []


def test_every_order_is_leased_once(store: OrderStore) -> None:
    """Eight stations that drain the queue together get each order once and miss none."""
    put(store, *(order(f"111-{n:03}", due_h=n % 7) for n in range(ORDERS)))
    got: list[str] = []

    def drain(number: int) -> None:
        while (lease := store.claim(f"bench-{number}", "p")) is not None:
            got.append(lease.order.order_id)

    together(drain)
    # With SKIP LOCKED a claim may find nothing while the last orders are being claimed by others.
    assert len(got) == len(set(got)) == ORDERS
    counts = store.counts(NOON, MIDNIGHT).states
    assert (counts[OrderState.WAITING], counts[OrderState.CLAIMED]) == (0, ORDERS)


def test_a_journal_sent_twice_at_once_is_taken_once(store: OrderStore, bench: Bench) -> None:
    """Two senders of the same entries have the effect of one."""
    put(store, *(order(f"111-{n:02}") for n in range(20)))
    sent = []
    for _ in range(20):
        lease = bench.claim()
        sent += [bench.entry(lease, OrderState.PACKING), bench.shipped(lease)]

    def send(_number: int) -> None:
        for upto in range(2, 41, 2):
            assert store.apply("bench-1", sent[:upto]).conflicts == ()

    together(send, 2)
    counts = store.counts(NOON, MIDNIGHT)
    assert counts.confirmations["pending"] == counts.states[OrderState.SHIPPED] == 20
    assert len(store.history("111-00")) == 2


def test_an_import_run_twice_at_once_makes_each_order_once(store: OrderStore) -> None:
    """Two importers of the same file, the other way round, neither fail nor double."""
    rows = [order(f"111-{n:03}") for n in range(300)]
    new: list[int] = []

    def run(number: int) -> None:
        new.append(put(store, *(rows if number else rows[::-1])).new)

    together(run, 2)
    assert sum(new) == 300
    assert store.counts(NOON, MIDNIGHT).states[OrderState.WAITING] == 300


def test_one_of_many_purchases_is_begun(store: OrderStore, bench: Bench) -> None:
    """However many buy a label for a package at once, one may call the carrier."""
    put(store, order())
    fence = bench.claim().fence
    begun, refused = [], []

    def buy(number: int) -> None:
        try:
            begun.append(store.begin_purchase(f"k{number}", "111-1", 1, fence, "own").key)
        except StoreRefused as refusal:
            refused.append(refusal)

    together(buy)
    assert (len(begun), len(refused)) == (1, THREADS - 1)


def test_one_of_many_labels_gets_the_tracking_id(store: OrderStore) -> None:
    """A tracking id that several labels claim at once is stored for one of them."""
    put(store, *(order(f"111-{n}") for n in range(THREADS)))
    for n in range(THREADS):
        lease = Bench(store, f"bench-{n}").claim(f"111-{n}")
        store.begin_purchase(f"k{n}", f"111-{n}", 1, lease.fence, "own")
    bought, refused = [], []

    def finish(number: int) -> None:
        try:
            bought.append(store.finish_purchase(f"k{number}", label("1Z", f"111-{number}")))
        except StoreRefused as refusal:
            refused.append(refusal)

    together(finish)
    assert (len(bought), len(refused)) == (1, THREADS - 1)


def test_one_of_many_exports_gets_the_lines(store: OrderStore, bench: Bench) -> None:
    """Exports begun at once share the lines out without doubling or losing one."""
    put(store, *(order(f"111-{n:02}") for n in range(20)))
    for n in range(20):
        bench.ship(bench.claim(), f"1Z{n}")
    lines: list[str] = []

    def export(number: int) -> None:
        if (begun := store.begin_export(f"{number}.txt")) is not None:
            lines.extend(line.order_id for line in begun.lines)
            store.finish_export(begun.export_id)

    together(export)
    assert sorted(lines) == [f"111-{n:02}" for n in range(20)]
    assert store.counts(NOON, MIDNIGHT).states[OrderState.CONFIRMED] == 20
