"""A bench sees and changes only what is its own, whatever it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from service.shop import PERSON
from store.samples import label

from station.wire import to_json

if TYPE_CHECKING:
    import httpx
    from store.samples import Clock

    from station.store.sql import SqlOrderStore


async def _order(http: httpx.AsyncClient, order_id: str) -> Any:
    answer = await http.get("/v1/order", params={"order_id": order_id})
    return answer.json()["found"]


async def test_address_of_own_order(bench: httpx.AsyncClient) -> None:
    """A bench sees the address of an order that it holds."""
    lease = (await bench.post("/v1/claims", json={"packer": "Ana"})).json()["lease"]
    found = await _order(bench, lease["order"]["order_id"])
    assert found["order"] == lease["order"]
    assert found["order"]["ship_to"]["name"] == "Jane Doe"


@pytest.mark.parametrize("order_id", ["111-1", "111-2", "111-4"])
async def test_address_of_others(
    bench: httpx.AsyncClient, office: httpx.AsyncClient, order_id: str
) -> None:
    """Of an order that is elsewhere or waits, a bench sees goods but no person."""
    found = await _order(bench, order_id)
    whole = await _order(office, order_id)
    empty = {name: type(value)() for name, value in whole["order"]["ship_to"].items()}
    assert found["order"] == {**whole["order"], "ship_to": empty, "note": ""}
    assert whole["order"]["ship_to"]["name"] == "Jane Doe"


async def test_address_after_the_lease(
    bench: httpx.AsyncClient, other: httpx.AsyncClient, clock: Clock
) -> None:
    """When another bench has the order, the first one sees its address no more."""
    await bench.post("/v1/claims", json={"packer": "Ana", "order_id": "111-4"})
    clock.move(3600)
    await other.post("/v1/claims", json={"packer": "Bo", "order_id": "111-4"})
    assert (await _order(bench, "111-4"))["order"]["ship_to"]["name"] == ""
    assert (await _order(other, "111-4"))["order"]["ship_to"]["name"] == "Jane Doe"


async def test_no_person_in_lists(bench: httpx.AsyncClient) -> None:
    """Nothing else that a bench may look at holds a word about a buyer."""
    states = ["waiting", "claimed", "packing", "packed", "shipped", "held", "problem"]
    answers = [
        await bench.get("/v1/queue", params={"limit": 200, "states": states}),
        await bench.get("/v1/search", params={"text": "111"}),
        await bench.get("/v1/search", params={"text": "Jane"}),
        *[await bench.get("/v1/history", params={"order_id": f"111-{n}"}) for n in range(1, 8)],
        *[await bench.get("/v1/label", params={"order_id": f"111-{n}"}) for n in (1, 2, 4)],
        await bench.get("/v1/stops"),
        await bench.get("/v1/singles", params={"sku": "MUG-350"}),
        await bench.get("/v1/tracking", params={"tracking_id": "1Z2"}),
    ]
    assert all(answer.status_code == 200 for answer in answers)
    text = "".join(answer.text for answer in answers)
    assert "111-1" in text
    assert not [words for words in PERSON if words in text]


async def test_label_of_others(
    bench: httpx.AsyncClient, other: httpx.AsyncClient, office: httpx.AsyncClient
) -> None:
    """A label is shown to the bench that bought it and to the office."""
    asked = {"order_id": "111-1"}
    assert (await bench.get("/v1/label", params=asked)).json() == {"purchase": None}
    mine = (await other.get("/v1/label", params=asked)).json()
    assert mine["purchase"]["label"] == to_json(label("1Z2", "111-1"))
    assert (await office.get("/v1/label", params=asked)).json() == mine


async def test_purchase_of_others(bench: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """A bench cannot begin, finish or void another one's purchase, and learns nothing of it."""
    before = store.label("111-1")
    begin = {"key": "key-2", "order_id": "111-1", "package": 1, "fence": 1, "carrier": "own"}
    answers = [
        await bench.post("/v1/purchases/begin", json=begin),
        await bench.post("/v1/purchases/begin", json={**begin, "key": "mine", "package": 2}),
        await bench.post(
            "/v1/purchases/finish", json={"key": "key-2", "label": to_json(label("1Z9"))}
        ),
        await bench.post("/v1/purchases/void", json={"key": "key-2", "reason": "mine now"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (409, "refused")
        assert "1Z2" not in answer.text
    assert store.label("111-1") == before
    unknown = await bench.post("/v1/purchases/void", json={"key": "key-3", "reason": "mine now"})
    assert unknown.text.replace("key-3", "key-2") == answers[3].text


async def test_stop_of_others(
    bench: httpx.AsyncClient, other: httpx.AsyncClient, store: SqlOrderStore
) -> None:
    """A stop is shown to, and answered by, the bench that it is for."""
    (stop,) = store.stops("bench-2")
    assert (await bench.get("/v1/stops")).json() == {"stops": []}
    foreign = await bench.post(f"/v1/stops/{stop.stop_id}/answer")
    unknown = await bench.post("/v1/stops/999/answer")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert store.stops("bench-2") == (stop,)
    assert (await other.get("/v1/stops")).json() == {"stops": [to_json(stop)]}
    assert (await other.post(f"/v1/stops/{stop.stop_id}/answer", json={})).json() == {}
    assert store.stops("bench-2") == ()


async def test_lease_of_others(bench: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """A bench renews only its own leases, and cannot take an order that another packer has."""
    answer = await bench.post("/v1/leases", json={"order_ids": ["111-1", "111-2", "999"]})
    assert answer.json() == {"fences": {}}
    taken = await bench.post("/v1/claims", json={"packer": "Ana", "order_id": "111-1"})
    assert (taken.status_code, taken.json()["type"]) == (409, "refused")
    assert (await bench.get("/v1/claims")).json() == {"order_ids": []}
    assert "111-2" in store.claimed("bench-2")


async def test_journal_of_others(bench: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """What a bench writes about another one's order is kept as a conflict, without effect."""
    before = store.order("111-1")
    entry = {
        "seq": 2, "kind": "shipped", "order_id": "111-1", "fence": 1, "packer": "Ana",
        "at": "2026-11-23T12:00:00+00:00", "state": "shipped",
        "data": {"package": 1, "tracking_id": "X", "items": [["i1", 1]]},
    }  # fmt: skip
    answer = await bench.post("/v1/journal", json={"entries": [entry]})
    assert answer.json() == {"upto": 2, "conflicts": [2]}
    assert store.order("111-1") == before


async def test_two_benches_one_name_is_not_asked(bench: httpx.AsyncClient) -> None:
    """A bench cannot say who it is: only its token does."""
    for path, body in (
        ("/v1/claims", {"packer": "Ana", "station": "bench-2"}),
        ("/v1/journal", {"entries": [], "station": "bench-2"}),
        ("/v1/hello", {"journal": "j", "run": "r", "last": 0, "sent": 0, "station": "bench-2"}),
    ):
        assert (await bench.post(path, json=body)).status_code == 422
    for path in ("/v1/claims", "/v1/stops"):
        assert (await bench.get(path, params={"station": "bench-2"})).status_code == 422
