"""One order's way through the service, from the office to the bench and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from store.samples import NOON, item, label, order

from station.model import Entry, Lease, OrderState, Presence, Product, Welcome
from station.store.port import Applied, Export, ImportResult, Purchase
from station.wire import from_json, to_json

if TYPE_CHECKING:
    import httpx

    from station.store.sql import SqlOrderStore

MINE = order("AAA-1", item("i1", 2), due_h=-1)
"""More urgent than all others."""


async def _post(http: httpx.AsyncClient, path: str, body: object = None) -> Any:
    answer = await http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_order(bench: httpx.AsyncClient, office: httpx.AsyncClient) -> None:
    """An order is imported, claimed, bought, shipped and confirmed, each answer a whole record."""
    orders = {"channel": "amazon", "orders": [to_json(MINE)]}
    assert from_json(ImportResult, await _post(office, "/v1/orders", orders)).new == 1
    me = to_json(Presence("j1", "r1", 1, 1))
    assert from_json(Welcome, await _post(bench, "/v1/hello", me)).upto == 1
    claimed = await _post(bench, "/v1/claims", {"packer": "Ana"})
    lease = from_json(Lease, claimed["lease"])
    assert lease.order == MINE
    assert (await bench.get("/v1/claims")).json()["order_ids"] == ["AAA-1"]
    fences = await _post(bench, "/v1/leases", {"order_ids": ["AAA-1"]})
    assert fences == {"fences": {"AAA-1": lease.fence}}
    await _buy(bench, lease)
    assert (await bench.get("/v1/tracking", params={"tracking_id": "1ZA"})).json() == {
        "order_id": "AAA-1"
    }
    shipped = Entry(2, "closed", "AAA-1", lease.fence, "Ana", NOON, OrderState.SHIPPED, _PARCEL)
    sent = {"journal": "j1", "entries": [to_json(shipped)]}
    assert from_json(Applied, await _post(bench, "/v1/journal", sent)) == Applied(2)
    assert from_json(Applied, await _post(bench, "/v1/journal", sent)) == Applied(2)
    history = (await office.get("/v1/history", params={"order_id": "AAA-1"})).json()["entries"]
    assert [from_json(Entry, entry) for _, entry in history] == [shipped]
    await _confirm(office)
    assert (await office.get("/v1/order", params={"order_id": "AAA-1"})).json()["found"][
        "state"
    ] == "confirmed"


_PARCEL: dict[str, object] = {
    "package": 1, "tracking_id": "1ZA", "carrier_code": "UPS", "carrier_name": "UPS",
    "ship_method": "Ground", "items": [["i1", 2]],
}  # fmt: skip


async def _buy(bench: httpx.AsyncClient, lease: Lease) -> None:
    begin = {
        "key": "k1", "order_id": "AAA-1", "package": 1, "fence": lease.fence, "carrier": "own",
    }  # fmt: skip
    begun = from_json(Purchase, await _post(bench, "/v1/purchases/begin", begin))
    assert (begun.state, begun.label) == ("begun", None)
    bought = label("1ZA", "AAA-1")
    finish = {"key": "k1", "label": to_json(bought)}
    done = from_json(Purchase, await _post(bench, "/v1/purchases/finish", finish))
    assert (done.state, done.label) == ("bought", bought)


async def _confirm(office: httpx.AsyncClient) -> None:
    begun = await _post(office, "/v1/exports", {"path": "/tmp/out.txt"})
    export = from_json(Export, begun["export"])
    assert {line.order_id for line in export.lines} == {"111-3", "AAA-1"}
    path = f"/v1/exports/{export.export_id}"
    assert await _post(office, f"{path}/seal", {"sha256": "cd" * 32}) == {}
    (listed,) = (await office.get("/v1/exports")).json()["exports"]
    assert listed["sha256"] == "cd" * 32
    assert await _post(office, f"{path}/finish") == {}
    assert (await office.get("/v1/exports")).json() == {"exports": []}


async def test_decisions(office: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """The office holds, frees and misses orders; the answer says whether a bench is stopped."""
    held = {"order_id": "111-4", "state": "held", "reason": "asked"}
    assert await _post(office, "/v1/orders/halt", held) == {"on_bench": False}
    assert await _post(office, "/v1/orders/halt", {**held, "order_id": "111-1"}) == {
        "on_bench": True
    }
    assert (
        await _post(office, "/v1/orders/resolve", {"order_id": "111-4", "state": "waiting"}) == {}
    )
    times = {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00+00:00"}
    listed = {"channel": "amazon", "listed": [f"111-{n}" for n in range(1, 7)], **times}
    assert (await _post(office, "/v1/orders/missing", listed))["held"] == 1
    found = store.order("111-7")
    assert found is not None
    assert found[1] == OrderState.HELD


async def test_looks(bench: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """What is looked up over HTTP is what the store says."""
    day = {"now": "2026-11-23T12:00:00+00:00", "day_end": "2026-11-24T00:00:00Z"}
    answer = (await bench.get("/v1/counts", params=day)).json()
    assert answer["states"]["waiting"] == answer["today"] == 4
    hours = (await bench.get("/v1/due", params=day)).json()["hours"]
    assert hours[0] == ["2026-11-23T16:00:00+00:00", 1]
    found = (await bench.get("/v1/products", params={"text": ["t:X", "t:MUG-350"]})).json()["found"]
    assert [from_json(Product, product).sku for product, _ in found] == ["MUG-350"]
    singles = (await bench.get("/v1/singles", params={"sku": "MUG-350"})).json()
    assert singles == {"order_ids": ["111-4", "111-5"]}
    rows = store.queue(2, last=True)
    page = await bench.get("/v1/queue", params={"limit": 2, "last": "true"})
    assert page.json() == {"rows": to_json(rows)}
    newest = (await bench.get("/v1/search", params={"text": "1Z2"})).json()["rows"]
    assert [row["order_id"] for row in newest] == ["111-1"]


async def test_serials(bench: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    """Two benches never get the same label numbers."""
    first = (await _post(bench, "/v1/serials", {"count": 10}))["first"]
    assert (await _post(other, "/v1/serials", {"count": 1}))["first"] == first + 10


async def test_large_label(bench: httpx.AsyncClient) -> None:
    """A label of a megabyte comes back byte for byte."""
    lease = (await _post(bench, "/v1/claims", {"packer": "Ana"}))["lease"]
    order_id = lease["order"]["order_id"]
    await _post(
        bench,
        "/v1/purchases/begin",
        {"key": "k", "order_id": order_id, "package": 1, "fence": lease["fence"], "carrier": "x"},
    )
    bought = to_json(label("1ZB", order_id))
    bought["document"] = "AAEC" * 350_000
    await _post(bench, "/v1/purchases/finish", {"key": "k", "label": bought})
    purchase = (await bench.get("/v1/label", params={"order_id": order_id})).json()["purchase"]
    assert purchase["label"] == bought


async def test_answers_are_plain(bench: httpx.AsyncClient, office: httpx.AsyncClient) -> None:
    """Answers are ASCII JSON, whatever characters the channel has sent."""
    named = to_json(order("BBB-1", item("i1", sku="Ä漢😀"), due_h=-2))
    body = json.dumps({"channel": "amazon", "orders": [named]})
    await office.post("/v1/orders", content=body, headers={"Content-Type": "application/json"})
    answer = await bench.get("/v1/queue", params={"limit": 1})
    assert answer.content.isascii()
    assert answer.json()["rows"][0]["title"] == "Title of Ä漢😀"
