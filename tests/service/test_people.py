"""Signing in and acting over HTTP: who asks is what the token says, and a PIN leaves no trace."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from service.conftest import client
from service.shop import TOKENS

from station.acts import Act, ActKind, Role
from station.model import OrderState
from station.wire import to_json

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

    from station.acts import Person
    from station.store.sql import SqlOrderStore

WRONG = "918273645546372819"
"""A PIN that nobody has, and that stands nowhere else."""
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def owner(store: SqlOrderStore) -> tuple[Person, str]:
    """Return the owner and his PIN."""
    return store.add_person("Olga", Role.OWNER)


def _hold(who: str, pin: str, order_id: str = "111-5", reason: str = "torn") -> dict[str, Any]:
    signature = {"who": who, "pin": pin, "reason": reason}
    return {"act": to_json(Act(ActKind.HOLD, order_id)), "signature": signature}


def _state(store: SqlOrderStore, order_id: str = "111-5") -> OrderState:
    found = store.order(order_id)
    assert found is not None
    return found[1]


async def test_a_person_signs_in_where_the_token_is(
    bench: httpx.AsyncClient, other: httpx.AsyncClient, owner: tuple[Person, str]
) -> None:
    """With badge and PIN at one station he is in there with the badge alone, and nowhere else."""
    person, pin = owner
    alone = {"badge": person.badge, "pin": ""}
    assert (await bench.post("/v1/sign-in", json=alone)).status_code == 409
    told = (await bench.post("/v1/sign-in", json={**alone, "pin": pin})).json()
    assert (told["name"], told["role"]) == ("Olga", "owner")
    assert (await bench.post("/v1/sign-in", json={"badge": person.badge})).status_code == 200
    assert (await other.post("/v1/sign-in", json=alone)).status_code == 409


@pytest.mark.parametrize("name", ["bench-1", "office", "board"])
async def test_an_act_is_signed_wherever_one_may_act(
    app: FastAPI, store: SqlOrderStore, owner: tuple[Person, str], name: str
) -> None:
    """The act is done, and the audit log says who signed it and which machine asked."""
    person, pin = owner
    async with client(app, TOKENS[name]) as http:
        answer = await http.post("/v1/acts", json=_hold(person.badge, pin))
    assert (answer.status_code, answer.json()["by"]) == (200, "Olga")
    assert _state(store) == OrderState.HELD
    line = store.audit()[-1]
    asked = {"bench-1": "bench-1", "office": "front", "board": "upstairs"}[name]
    assert (line.who, line.act, line.station, line.reason) == ("Olga", "hold", asked, "torn")


@pytest.mark.parametrize(("name", "status"), [("bench-1", 409), ("office", 200), ("board", 200)])
async def test_a_name_signs_where_there_is_no_scanner(
    app: FastAPI, store: SqlOrderStore, owner: tuple[Person, str], name: str, status: int
) -> None:
    """At a board and in an office a name will do for the badge; at a bench it never does."""
    async with client(app, TOKENS[name]) as http:
        answer = await http.post("/v1/acts", json=_hold("Olga", owner[1]))
    assert answer.status_code == status
    assert (_state(store) == OrderState.HELD) == (status == 200)


async def test_an_office_decides_under_its_own_name(
    office: httpx.AsyncClient, store: SqlOrderStore
) -> None:
    """What an office holds and resolves without a PIN stands in the audit log as the office's."""
    told = {"order_id": "111-5", "state": "held", "reason": "no stock"}
    assert (await office.post("/v1/orders/halt", json=told)).status_code == 200
    back = {"order_id": "111-5", "state": "waiting"}
    assert (await office.post("/v1/orders/resolve", json=back)).status_code == 200
    lines = store.audit()[-2:]
    assert [(line.who, line.role) for line in lines] == [("front", "office")] * 2
    assert lines[0].reason == "no stock"


BODIES: dict[str, Any] = {
    "wrong": WRONG,
    "too long": WRONG * 3,
    "a list": [WRONG],
    "a number": int(WRONG),
    "an object": {"pin": WRONG},
    "with a control character": f"{WRONG}\x00",
    "with half a character": f"{WRONG}\ud800",
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_pin_leaves_no_trace(
    bench: httpx.AsyncClient,
    store: SqlOrderStore,
    owner: tuple[Person, str],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    """Whatever is sent as a PIN comes back in no answer, and stands in no log and no audit line."""
    caplog.set_level(logging.DEBUG)
    badge, pin = owner[0].badge, BODIES[name]
    asked = {"/v1/sign-in": {"badge": badge, "pin": pin}, "/v1/acts": _hold(badge, pin)}
    answers = [
        await bench.post(path, content=json.dumps(body).encode("ascii"), headers=JSON)
        for path, body in asked.items()
    ]
    assert {answer.status_code for answer in answers} <= {409, 422}
    seen = [*(answer.text for answer in answers), caplog.text, str(store.audit())]
    assert not [text for text in seen if WRONG in text]


async def test_a_failure_inside_tells_no_pin(
    bench: httpx.AsyncClient,
    store: SqlOrderStore,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the program fails in the middle of a PIN, its log has the place and not the PIN."""

    def broken(_station: str, _badge: str, pin: str) -> None:
        raise RuntimeError(pin)

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(store, "sign_in", broken)
    answer = await bench.post("/v1/sign-in", json={"badge": "ABCD1234", "pin": WRONG})
    assert answer.status_code == 500
    assert "RuntimeError" in caplog.text
    assert WRONG not in caplog.text + answer.text


async def test_a_board_prints_no_label(
    app: FastAPI, store: SqlOrderStore, owner: tuple[Person, str]
) -> None:
    """A label has an address on it: a signature brings it to a bench, and never to a board."""
    asked = _hold(owner[0].badge, owner[1], "111-3")
    asked["act"]["kind"] = "reprint"
    lines = len(store.audit())
    async with client(app, TOKENS["board"]) as http:
        answer = await http.post("/v1/acts", json=asked)
    assert (answer.status_code, answer.json()["title"]) == (403, "A board prints no labels.")
    assert len(store.audit()) == lines


async def test_a_bench_is_told_where_the_board_is(bench: httpx.AsyncClient) -> None:
    """A bench may not look at the board; it hears with which key a machine may."""
    told = (await bench.get("/v1/board", params={"now": "", "day_end": ""})).json()
    assert (told["status"], "--board" in told["detail"]) == (403, True)


async def test_a_board_sees_no_address_even_under_the_name_of_a_bench(
    store: SqlOrderStore, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board that has the name of a bench with orders in hand is a board all the same."""
    monkeypatch.setattr(store, "holds", lambda *_: True)
    async with client(app, TOKENS["board"]) as http:
        found = (await http.get("/v1/order", params={"order_id": "111-1"})).json()["found"]
    assert (found["order"]["ship_to"]["name"], found["order"]["note"]) == ("", "")


@pytest.mark.parametrize("far", ["1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])
async def test_a_board_with_a_wrong_clock_sees_the_floor(
    app: FastAPI, store: SqlOrderStore, far: str
) -> None:
    """The store's own clock says what is late; the end of the day is taken from near it."""
    async with client(app, TOKENS["board"]) as http:
        answer = await http.get("/v1/board", params={"now": far, "day_end": far})
    seen = answer.json()["board"]
    assert seen["overdue"] == 0
    assert seen["overdue"] + seen["today"] + seen["later"] == seen["states"]["waiting"] > 0
    assert store.now().year == 2026
