"""What no honest client sends: it is refused in words, and nothing of it comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from service.shop import CALLS, Call, cursor
from store.samples import order

from station.wire import to_json

if TYPE_CHECKING:
    import httpx

    from station.store.sql import SqlOrderStore

JSON = {"Content-Type": "application/json"}
CANARY = "Canary Street 7"

NUMBERS = ["-1", "0", "201", str(10**30), "1e3", "1.0", "+1", " 1", "1_0", "NaN", "true", "", "٣"]


def refused(answer: httpx.Response, status: int = 422) -> dict[str, Any]:
    """Check that an answer is a problem, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert set(told) == {"type", "title", "detail", "status"}
    assert CANARY not in answer.text
    return told


@pytest.mark.parametrize("limit", NUMBERS)
@pytest.mark.parametrize("path", ["/v1/queue", "/v1/search?text=a", "/v1/singles"])
async def test_limit(bench: httpx.AsyncClient, path: str, limit: str) -> None:
    """A page has 1 to 200 rows, written as plain digits."""
    told = refused(
        await bench.get(
            path, params={"text": "a", "limit": limit} if "search" in path else {"limit": limit}
        )
    )
    assert "limit" in told["title"]


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), str(10**30), "x", "1.0", "%00"])
async def test_number_in_path(
    bench: httpx.AsyncClient, office: httpx.AsyncClient, number: str
) -> None:
    """A stop and an export have a number that the store can hold."""
    refused(await bench.post(f"/v1/stops/{number}/answer"))
    refused(await office.post(f"/v1/exports/{number}/finish"))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
async def test_unknown_parameter(
    bench: httpx.AsyncClient, office: httpx.AsyncClient, call: Call
) -> None:
    """A query parameter that does not exist is named in the refusal, wherever it is sent."""
    for http in (bench, office):
        answer = await http.request(
            call.method, call.address, params={**call.query, "colour": CANARY}, json=call.body
        )
        if answer.status_code != 403:
            assert "query.colour" in refused(answer)["title"]


@pytest.mark.parametrize(
    "call", [c for c in CALLS if c.method == "POST"], ids=lambda call: call.name
)
async def test_unknown_field(
    bench: httpx.AsyncClient, office: httpx.AsyncClient, call: Call
) -> None:
    """A field that does not exist is named in the refusal, wherever it is sent."""
    for http in (bench, office):
        answer = await http.post(call.address, json={**(call.body or {}), "colour": CANARY})
        if answer.status_code != 403:
            assert "body.colour" in refused(answer)["title"]


BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "no JSON": (b"{", 400),
    "no UTF-8": (b'{"packer": "\xff"}', 400),
    "UTF-16": ('{"packer": "Ana"}'.encode("utf-16"), 400),
    "a byte order mark": (b'\xef\xbb\xbf{"packer": "Ana"}', 400),
    "two values": (b'{"packer": "Ana"} {}', 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a text": (b'"Ana"', 422),
    "deep lists": (b"[" * 100_000, 422),
    "deep objects": (b'{"a":' * 100_000, 422),
    "deep and closed": (b'{"packer": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 422),
    "a field twice": (b'{"packer": "Ana", "packer": "Bo"}', 422),
    "NaN": (b'{"packer": NaN}', 422),
    "infinity": (b'{"packer": -Infinity}', 422),
    "1e400": (b'{"packer": 1e400}', 422),
    "a long number": (b'{"packer": 1' + b"0" * 30 + b"}", 422),
    "a very long number": (b'{"packer": 1' + b"0" * 5000 + b"}", 422),
    "a number for a text": (b'{"packer": 1}', 422),
    "a truth for a text": (b'{"packer": true}', 422),
    "null for a text": (b'{"packer": null}', 422),
    "a text for a list": (b'{"packer": "Ana", "skip": "111-1"}', 422),
    "too long a text": (b'{"packer": "' + b"a" * 257 + b'"}', 422),
    "too long a list": (json.dumps({"packer": "Ana", "skip": ["1"] * 201}).encode(), 422),
    "another station": (b'{"packer": "Ana", "station": "bench-2"}', 422),
}


@pytest.mark.parametrize("name", BODIES)
async def test_body(bench: httpx.AsyncClient, store: SqlOrderStore, name: str) -> None:
    """A body that is no claim claims nothing."""
    body, status = BODIES[name]
    told = refused(await bench.post("/v1/claims", content=body, headers=JSON), status)
    assert told["type"] == "invalid"
    assert store.claimed("bench-1") == ()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_content_type(bench: httpx.AsyncClient, kind: str) -> None:
    """What is not called JSON is not read as JSON: a web page of somebody else cannot send it."""
    headers = {"Content-Type": kind} if kind else {}
    refused(await bench.post("/v1/claims", content=b'{"packer": "Ana"}', headers=headers))


def _with(**more: object) -> dict[str, Any]:
    return {**to_json(order("333-1")), **more}


ORDERS: dict[str, object] = {
    "no id": _with(order_id=""),
    "a time without offset": _with(ship_by="2026-11-23T12:00:00"),
    "a bare day": _with(ship_by="2026-11-23"),
    "a day that is not": _with(ship_by="2026-02-30T12:00:00+00:00"),
    "before the first year": _with(ship_by="0001-01-01T00:00:00+14:00"),
    "after the last year": _with(ship_by="9999-12-31T23:59:59-12:00"),
    "seconds as a number": _with(ship_by=1_800_000_000),
    "an unknown service": _with(service=4),
    "a service by name": _with(service="PRIME"),
    "no address": _with(ship_to=None),
    "a quantity of none": _with(items=[{**to_json(order().items[0]), "quantity": 0}]),
    "half a unit": _with(items=[{**to_json(order().items[0]), "quantity": 0.5}]),
    "a billion units": _with(items=[{**to_json(order().items[0]), "quantity": 10**9}]),
    "a truth for units": _with(items=[{**to_json(order().items[0]), "quantity": True}]),
    "a number for a truth": _with(is_business=1),
    "too long a note": _with(note=CANARY * 100),
    "no order": CANARY,
}


@pytest.mark.parametrize("name", ORDERS)
async def test_order(office: httpx.AsyncClient, store: SqlOrderStore, name: str) -> None:
    """An order that cannot be so refuses the whole call, and its words do not come back."""
    listed = [to_json(order("333-0")), ORDERS[name]]
    refused(await office.post("/v1/orders", json={"channel": "amazon", "orders": listed}))
    assert store.order("333-0") is None


@pytest.mark.parametrize(
    "text", ["\ud800", "a\x00b", "\udfff\ud800", "😀", "\u202e", "\x1b]0;x\x07"]
)
async def test_any_text(office: httpx.AsyncClient, text: str) -> None:
    """Text of any characters is taken, and comes back as text that can be stored."""
    body = {"channel": "amazon", "orders": [_with(note=text, order_id="333-1")]}
    answer = await office.post("/v1/orders", content=json.dumps(body).encode("ascii"), headers=JSON)
    assert answer.json()["new"] == 1
    found = (await office.get("/v1/order", params={"order_id": "333-1"})).json()["found"]
    note = found["order"]["note"]
    assert note == text or ("�" in note and note.isprintable())
    assert note.encode("utf-8")


@pytest.mark.parametrize(
    "data",
    [{"a": [[[[[]]]]] * 3}, {"n": 2**63 - 1}, {"t": "\x00"}, {"f": 1.5, "n": None}],
    ids=repr,
)
async def test_entry_data(bench: httpx.AsyncClient, data: dict[str, object]) -> None:
    """A journal entry may hold any JSON that is not too deep."""
    entry = {**_entry(), "data": data}
    answer = await bench.post("/v1/journal", json={"entries": [entry]})
    assert answer.json()["upto"] > 0


async def test_deep_entry_data(bench: httpx.AsyncClient) -> None:
    """Data nested more than two dozen levels deep is refused."""
    data: dict[str, object] = {}
    for _ in range(30):
        data = {"a": data}
    told = refused(await bench.post("/v1/journal", json={"entries": [{**_entry(), "data": data}]}))
    assert "nested" in told["title"]


def _entry() -> dict[str, object]:
    (call,) = (c for c in CALLS if c.name == "POST /v1/journal")
    assert call.body is not None
    return {**call.body["entries"][0], "seq": 2}


CURSORS = ["", "x", "====", "é", "W10=", "WzEsMiwzLDRd", "W1tbW10=", "A" * 4000, "%00", "bnVsbA=="]


@pytest.mark.parametrize("text", CURSORS)
@pytest.mark.parametrize("name", ["after", "before"])
async def test_bad_cursor(bench: httpx.AsyncClient, name: str, text: str) -> None:
    """What is no place in the queue is refused."""
    told = refused(await bench.get("/v1/queue", params={"limit": 5, name: text}))
    assert name in told["title"]


async def test_cursor(bench: httpx.AsyncClient, store: SqlOrderStore) -> None:
    """The queue goes on right after a place and right before it, also written without padding."""
    rows = store.queue(10)
    place = cursor(rows[1])
    after = (await bench.get("/v1/queue", params={"limit": 10, "after": place})).json()["rows"]
    assert after == to_json(rows[2:])
    bare = place.rstrip("=")
    before = (await bench.get("/v1/queue", params={"limit": 10, "before": bare})).json()["rows"]
    assert before == to_json(rows[:1])


@pytest.mark.parametrize("text", ["", "2026", "2026-11-23T12:00:00", "now", "1800000000", "NaN"])
async def test_bad_moment(bench: httpx.AsyncClient, text: str) -> None:
    """A day is given by two times with their offsets."""
    good = "2026-11-23T12:00:00+00:00"
    for asked in ({"now": text, "day_end": good}, {"now": good, "day_end": text}):
        refused(await bench.get("/v1/counts", params=asked))
        refused(await bench.get("/v1/due", params=asked))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "HEAD", "OPTIONS", "BREW"])
async def test_method(bench: httpx.AsyncClient, method: str) -> None:
    """A method that a path does not have is refused, and those that it has are named."""
    answer = await bench.request(method, "/v1/claims")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert method == "HEAD" or answer.json()["type"] == "method"


async def test_many_faults(bench: httpx.AsyncClient) -> None:
    """Of many faults the first ones are told, shortly."""
    skip: list[object] = [{CANARY: 1}] * 200
    told = refused(await bench.post("/v1/claims", json={"packer": 1, "skip": skip}))
    assert "; and 198 more" in told["title"]
    assert len(told["title"]) < 1000
