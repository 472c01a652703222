"""What nobody at the wall may read, and what nobody at the board may: planted, and looked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from service.conftest import client
from service.shop import CALLS, TOKENS, Call
from sqlalchemy import update
from store.samples import MIDNIGHT, NOON, Bench, order

from station.acts import Act, ActKind, Role, Signature
from station.model import Address, OrderState
from station.overview import Pulse
from station.store import schema
from station.store.service.callers import ROLES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx
    from fastapi import FastAPI

    from station.model import Order
    from station.store.sql import SqlOrderStore

HOUSE = "Canaryhouse"
"""In everything that stands for a person of the house, or that one of them typed."""
BUYER = "Canarybuyer"
"""In everything that a buyer may have written."""
DAY = {"now": NOON.isoformat(), "day_end": MIDNIGHT.isoformat()}


def _of(number: int) -> str:
    return f"900-{number}"


def _bought(order_id: str) -> Order:
    street = Address(BUYER, (BUYER,), BUYER, BUYER, BUYER, "US", BUYER)
    made = order(order_id, due_h=-9)
    return replace(made, ship_to=street, note=BUYER, purchase_order=BUYER)


def _plant(store: SqlOrderStore) -> None:
    """Bring the words in, by every way that the floor learns them."""
    person, pin = store.add_person(HOUSE, Role.OWNER)
    store.put_orders([_bought(_of(n)) for n in range(1, 8)], channel="amazon")
    bench = Bench(store, "bench-7", HOUSE)
    store.halt(_of(1), OrderState.HELD, HOUSE)
    parked = bench.claim(_of(2))
    code: dict[str, object] = {"code": f"c:{HOUSE}", "sku": "MUG-350"}
    bench.send(replace(bench.entry(parked, None, code), kind="proposed"))
    bench.tell(parked, OrderState.PROBLEM, problem="other", note=HOUSE)
    bench.tell(bench.claim(_of(3)), OrderState.PACKED)
    bench.ship(bench.claim(_of(4)), f"1Z{HOUSE}")
    with store._database.write() as connection:
        refused = update(schema.confirmations).where(schema.confirmations.c.order_id == _of(4))
        connection.execute(refused.values(state="refused", reason=HOUSE))
    pulse = Pulse(HOUSE, _of(3), 1, 2, NOON, 0, "ok")
    store.pulse("bench-7", pulse)
    store.act(
        "bench-7", Act(ActKind.HOLD, _of(5)), Signature(person.badge, pin, f"{HOUSE} typed this")
    )


@pytest.fixture
def planted(app: FastAPI, store: SqlOrderStore) -> FastAPI:
    """Return the service over a floor full of words that must not be seen."""
    _plant(store)
    return app


@pytest.fixture
async def viewer(planted: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the token of a viewer."""
    async with client(planted, TOKENS["viewer"]) as made:
        yield made


@pytest.fixture
async def board(planted: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the token of a board."""
    async with client(planted, TOKENS["board"]) as made:
        yield made


def _requests() -> list[Call]:
    """Return a good request of each kind, and those that name what was planted."""
    asked = [{"order_id": _of(n)} for n in range(1, 8)]
    more = [Call("GET", "/v1/order", query) for query in asked]
    more += [Call("GET", "/v1/search", {"text": text}) for text in ("900-", HOUSE, BUYER, "1ZCan")]
    states = ["waiting", "held", "problem", "packed", "shipped", "claimed"]
    more.append(Call("GET", "/v1/queue", {"limit": 200, "states": states}))
    more.append(Call("GET", "/v1/audit", {"after": 0, "limit": 200}))
    return [*CALLS, *more, *(replace(call, query=DAY) for call in CALLS if "board" in call.path)]


async def _all(http: httpx.AsyncClient) -> dict[str, str]:
    """Return the text of every answer that this caller can get, good or bad."""
    found = {}
    for number, call in enumerate(_requests()):
        if call.path == "/metrics":
            continue
        answer = await http.request(call.method, call.address, params=call.query, json=call.body)
        found[f"{number} {call.name} {answer.status_code}"] = answer.text + str(answer.headers)
    return found


async def _floor(http: httpx.AsyncClient) -> Any:
    return (await http.get("/v1/board", params=DAY)).json()["board"]


async def test_a_viewer_sees_no_names_and_no_typed_words(viewer: httpx.AsyncClient) -> None:
    """Nothing that a viewer can fetch holds the name of a person, or what a person typed."""
    answers = await _all(viewer)
    assert not [asked for asked, text in answers.items() if HOUSE in text or BUYER in text]
    assert sum(asked.endswith(" 200") for asked in answers) == len(
        [call for call in _requests() if not ROLES[call.name] or "viewer" in ROLES[call.name]]
    )


async def test_a_viewer_sees_the_floor_all_the_same(viewer: httpx.AsyncClient) -> None:
    """What was planted is on the viewer's board, without the words."""
    seen = await _floor(viewer)
    assert seen["may_act"] is False
    assert {row["order_id"] for row in seen["stuck"]} >= {_of(1), _of(2), _of(5)}
    assert [row["station"] for row in seen["benches"]] == ["bench-7"]
    assert [row["order_id"] for row in seen["refused"]] == [_of(4)]
    assert [row["order_id"] for row in seen["proposals"]] == [_of(2)]


async def test_a_board_sees_the_house_and_no_buyer(board: httpx.AsyncClient) -> None:
    """A supervisor reads names and reasons, and nowhere a buyer's name, address or note."""
    answers = await _all(board)
    assert not [asked for asked, text in answers.items() if BUYER in text]
    seen = await _floor(board)
    assert seen["may_act"] is True
    for part in ("benches", "stuck", "proposals", "refused"):
        assert HOUSE in str(seen[part]), part
    assert HOUSE in (await board.get("/v1/audit")).text


async def test_nor_does_the_office_on_its_board(
    planted: FastAPI, office: httpx.AsyncClient
) -> None:
    """The office may read addresses, but neither the board nor the audit log has them."""
    del planted
    for path, query in (("/v1/board", DAY), ("/v1/audit", {})):
        answer = await office.get(path, params=query)
        assert answer.status_code == 200
        assert BUYER not in answer.text
    assert BUYER in (await office.get("/v1/order", params={"order_id": _of(3)})).text
