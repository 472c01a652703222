"""Long lists go to the store in as many calls as their size needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sync.store_http import client, ok
from sync.test_client import ENTRY, IMPORTED, ORDER, PRODUCT

from station.store.port import Applied, ImportResult


def test_orders_go_in_batches_as_they_come() -> None:
    """250 orders are three calls; what comes later is not read before its call, and sums add up."""
    store, asked = client(ok(IMPORTED))
    seen: list[int] = []

    def orders() -> Any:
        for n in range(250):
            seen.append(len(asked.requests))
            yield replace(ORDER, order_id=f"111-{n}")

    assert store.put_orders(orders(), channel="amazon") == ImportResult(3, 6, 9, 12, 15)
    assert [len(body["orders"]) for body in asked.bodies] == [100, 100, 50]
    ids = [one["order_id"] for body in asked.bodies for one in body["orders"]]
    assert ids == [f"111-{n}" for n in range(250)]
    assert (seen[100], seen[101], seen[201]) == (0, 1, 2)


def test_large_products_go_in_smaller_batches() -> None:
    """No call is larger than the store takes, as long as one product is not."""
    store, asked = client(ok(ImportResult(new=1)))
    store.put_products(replace(PRODUCT, title="é" * 50_000) for _ in range(20))
    sizes = [len(request.content) for request in asked.requests]
    assert len(sizes) == 3
    assert max(sizes) < 1024 * 1024 - 300 * 1024
    assert sum(len(body["products"]) for body in asked.bodies) == 20


def test_what_is_too_large_alone_is_sent_alone() -> None:
    """One entry above the bound goes by itself, for the store to refuse in words."""
    store, asked = client(ok(Applied(1)), ok(Applied(2)), ok(Applied(3)))
    big = replace(ENTRY, data={"x": "y" * 300_000})
    assert store.apply("b", [ENTRY, big, ENTRY]) == Applied(3)
    assert [len(body["entries"]) for body in asked.bodies] == [1, 1, 1]


def test_a_long_journal_goes_in_calls_of_two_hundred() -> None:
    """450 entries are three calls in order; the answer is that of the last, with all conflicts."""
    store, asked = client(ok(Applied(200, (1,))), ok(Applied(400)), ok(Applied(450, (401, 450))))
    entries = [replace(ENTRY, seq=n + 1) for n in range(450)]
    assert store.apply("b", entries, journal="j") == Applied(450, (1, 401, 450))
    assert [one["seq"] for body in asked.bodies for one in body["entries"]] == [*range(1, 451)]
    assert {body["journal"] for body in asked.bodies} == {"j"}


def test_an_empty_journal_asks_how_far_the_store_is() -> None:
    """Without entries there is one call, whose answer is how far the store has the journal."""
    store, asked = client(ok(Applied(12)))
    assert store.apply("b", ()) == Applied(12)
    assert asked.bodies == [{"journal": "", "entries": []}]


def test_many_leases_are_renewed_in_parts() -> None:
    """Leases beyond what one call holds are renewed too."""
    store, asked = client(ok({"fences": {"a": 1}}), ok({"fences": {"b": 2}}))
    assert store.renew("b", [f"{n}" for n in range(201)]) == {"a": 1, "b": 2}
    assert [len(body["order_ids"]) for body in asked.bodies] == [200, 1]


def test_only_the_last_orders_are_skipped() -> None:
    """Of a very long list to skip the end is sent: those that were skipped last."""
    store, asked = client(ok({"lease": None}))
    store.claim("b", "p", skip=[f"{n}" for n in range(300)])
    assert asked.bodies[0]["skip"] == [f"{n}" for n in range(100, 300)]
