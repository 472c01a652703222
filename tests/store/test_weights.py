"""What packages weighed: learnt when they are closed, handed out with the next lease."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

from store.samples import Bench, item, order, put

from station.model import LearntWeight, OrderState, Product
from station.store import weights

if TYPE_CHECKING:
    from station.model import Entry, Lease
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore

MUG = "MUG-350"


def closed(bench: Bench, lease: Lease, **told: object) -> Entry:
    """Write that a package of a lease has left, with what its scale says."""
    whole = bench.shipped(lease, f"1Z{lease.order.order_id}").data | told
    bench.seq -= 1
    return bench.entry(lease, OrderState.SHIPPED, whole)


def weigh(store: OrderStore, *net_g: object, units: int = 1, start: int = 1) -> None:
    """Pack an order of so many mugs for each weight."""
    bench = Bench(store, f"bench-{start}")
    for number, net in enumerate(net_g, start):
        order_id = f"111-{start}-{number}"
        put(store, order(order_id, item(quantity=units)))
        entry = closed(bench, bench.claim(order_id), net_g=net, weight_g=net)
        assert bench.send(entry).conflicts == ()


def known(store: OrderStore, *skus: str) -> tuple[LearntWeight, ...]:
    """Return what comes with the lease of an order for some SKUs, both ways of claiming alike."""
    items = [item(f"i{n}", sku=sku) for n, sku in enumerate(skus or (MUG,))]
    put(store, order("999-1", *items, due_h=-9), order("999-2", *items))
    first, named = Bench(store, "bench-8").claim(), Bench(store, "bench-9").claim("999-2")
    assert first.order.order_id == "999-1"
    assert first.weights == named.weights
    return first.weights


def test_a_closed_package_teaches_what_a_unit_weighs(store: OrderStore) -> None:
    """The weight of the goods by their units; a store that learnt nothing says nothing."""
    weigh(store, 1261, units=3)

    assert known(store, MUG, "SPOON") == (LearntWeight(MUG, 420, 1),)


def test_nothing_is_known_before(store: OrderStore) -> None:
    """A lease of goods that were never weighed has no weights."""
    assert known(store) == ()


def test_one_odd_weight_changes_nothing(sql_store: SqlOrderStore) -> None:
    """The median of the last packages holds against a hand on the scale."""
    weigh(sql_store, 420, 2400, 424, 421)

    assert known(sql_store) == (LearntWeight(MUG, 422, 4),)


def test_goods_that_weigh_something_else_are_learnt_anew(sql_store: SqlOrderStore) -> None:
    """After as many packages as half of those remembered, the new weight counts."""
    weigh(sql_store, *[420] * 9, *[500] * (weights.KEPT // 2 + 1))

    assert known(sql_store) == (LearntWeight(MUG, 500, 9 + weights.KEPT // 2 + 1),)


def test_several_skus_teach_nothing(store: OrderStore) -> None:
    """Of two goods in one box nobody knows which weighs what; one SKU in two lines is one."""
    bench = Bench(store)
    mixed = order("111-1", item("i1"), item("i2", sku="SPOON"))
    same = order("111-2", item("i1", 2), item("i2", 1))
    put(store, mixed, same)
    for each, net in ((mixed, 500), (same, 1260)):
        bench.send(closed(bench, bench.claim(each.order_id), net_g=net))

    assert known(store, MUG, "SPOON") == (LearntWeight(MUG, 420, 1),)


def test_a_strange_weight_is_no_lesson(sql_store: SqlOrderStore) -> None:
    """Whatever a journal says, the package is taken over and nothing is learnt."""
    weigh(sql_store, None, 0, -5, 1.5, "420", True, [420], 10**12, 10**30, {"g": 1})

    assert known(sql_store) == ()


def test_strange_items_teach_nothing(sql_store: SqlOrderStore) -> None:
    """Items that are not the order's, or no items, are refused as before, without a lesson."""
    bench = Bench(sql_store)
    put(sql_store, order("111-1"))
    lease = bench.claim("111-1")
    for items in ([["other", 1]], [["i1"]], "i1", [], [["i1", 0]]):
        bench.send(closed(bench, lease, net_g=420, items=items))

    assert known(sql_store) == ()


def test_a_package_is_learnt_once(sql_store: SqlOrderStore) -> None:
    """An entry that is sent again teaches nothing more."""
    bench = Bench(sql_store)
    put(sql_store, order("111-1"))
    entry = closed(bench, bench.claim("111-1"), net_g=420)
    for _ in range(3):
        bench.send(entry)

    assert known(sql_store) == (LearntWeight(MUG, 420, 1),)


def test_a_lost_lease_teaches_nothing(sql_store: SqlOrderStore) -> None:
    """Work under a fence that does not hold is kept as a conflict and has no effect."""
    put(sql_store, order("111-1"))
    old = Bench(sql_store)
    lease = old.claim("111-1")
    old.tell(lease, OrderState.WAITING)
    Bench(sql_store, "bench-2").claim("111-1")

    assert old.send(closed(old, lease, net_g=420)).conflicts
    assert known(sql_store) == ()


def test_the_product_list_is_never_overwritten(sql_store: SqlOrderStore) -> None:
    """What the owner wrote stands beside what was learnt, in the same lease."""
    sql_store.put_products([Product(MUG, weight_g=400)])
    weigh(sql_store, 420)
    put(sql_store, order("999-3"))
    lease = Bench(sql_store).claim("999-3")

    assert lease.products[0].weight_g == 400
    assert lease.weights == (LearntWeight(MUG, 420, 1),)


def test_benches_learn_at_once(sql_store: SqlOrderStore) -> None:
    """Two benches that close packages of the same goods lose no lesson and do not deadlock."""
    goods = ("A", "B", "C", "D")
    benches = [Bench(sql_store, f"bench-{n}") for n in (1, 2)]
    batches = []
    for bench, skus in zip(benches, (goods, goods[::-1]), strict=True):
        made = [order(f"{bench.station}-{sku}", item(sku=sku)) for sku in skus]
        put(sql_store, *made)
        batches.append([closed(bench, bench.claim(o.order_id), net_g=100) for o in made])
    start = Barrier(2)

    def send(bench: Bench, entries: list[Entry]) -> None:
        start.wait()
        bench.send(*entries)

    threads = [Thread(target=send, args=pair) for pair in zip(benches, batches, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert known(sql_store, *goods) == tuple(LearntWeight(sku, 100, 2) for sku in goods)
