"""Who may ask for what: every line of the table of roles, cell by cell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from service.conftest import client
from service.shop import ADDRESS, CALLS, TOKENS, Call, who

from station.errors import StoreUnreachable
from station.store.service import tokens
from station.store.service.api import make_app
from station.store.service.asking import _NOT_YOURS
from station.store.service.callers import ANYBODY, ROLES, Caller
from station.store.service.tokens import Callers

if TYPE_CHECKING:
    from fastapi import FastAPI

    from station.store.sql import SqlOrderStore

BAD_TOKENS = {
    "none": None,
    "wrong": "Bearer " + "z" * 43,
    "empty": "Bearer ",
    "cut": "Bearer " + TOKENS["office"][:-1],
    "longer": "Bearer " + TOKENS["office"] + "c",
    "two": f"Bearer {TOKENS['office']}, Bearer {TOKENS['bench-1']}",
    "another scheme": "Basic " + TOKENS["office"],
    "bare": TOKENS["office"],
    "huge": "Bearer " + "c" * 60_000,
}


async def _ask(app: FastAPI, call: Call, authorization: str | None) -> httpx.Response:
    async with client(app) as http:
        headers = {} if authorization is None else {"Authorization": authorization}
        return await http.request(
            call.method, call.address, params=call.query, json=call.body, headers=headers
        )


def test_table_is_whole(app: FastAPI) -> None:
    """Every route that the service documents stands in the table, and the table holds no other."""
    served = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert served == set(ROLES)
    assert {call.name for call in CALLS} == set(ROLES)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
@pytest.mark.parametrize("name", ["bench-1", "office", "board", "viewer"])
async def test_role(app: FastAPI, call: Call, name: str) -> None:
    """A role is let in exactly where the table says so, and told nothing elsewhere."""
    caller = who(TOKENS[name])
    assert caller is not None
    role = caller.role
    answer = await _ask(app, call, f"Bearer {TOKENS[name]}")
    allowed = ROLES[call.name]
    if allowed is ANYBODY or role in allowed:
        assert answer.status_code in {200, 409}, answer.text
    else:
        assert answer.status_code == 403
        told = answer.json()
        assert (told["type"], told["status"]) == ("forbidden", 403)
        assert told["title"] == _NOT_YOURS[role][0]
        assert call.name not in answer.text


@pytest.mark.parametrize("bad", BAD_TOKENS)
async def test_no_token(app: FastAPI, bad: str) -> None:
    """Without a good token there is one answer everywhere, but where the table asks for none."""
    bodies = set()
    for call in CALLS:
        answer = await _ask(app, call, BAD_TOKENS[bad])
        if ROLES[call.name] is ANYBODY:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            bodies.add(answer.text)
    (body,) = bodies
    assert json.loads(body)["type"] == "token"
    assert (BAD_TOKENS[bad] or "Bearer x")[7:] not in body or bad == "empty"


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 5000, b'{"packer": "Ana", "more": 1}', b"\xff"], ids=repr
)
async def test_token_first(stranger: httpx.AsyncClient, body: bytes) -> None:
    """A stranger's body is not even read as JSON."""
    answer = await stranger.post(
        "/v1/claims?x=1", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 401


async def test_unknown_and_taken_ids_look_alike(app: FastAPI) -> None:
    """Who may not ask learns nothing about ids: there is one answer for known and unknown ones."""
    for token in ("", TOKENS["bench-1"]):
        async with client(app, token) as http:
            seals = [
                (await http.post(f"/v1/exports/{n}/seal", json={"sha256": "ab" * 32})).content
                for n in (1, 999_999)
            ]
        assert seals[0] == seals[1]


async def test_revoked(store: SqlOrderStore) -> None:
    """A token is looked at again for each request."""
    known = {"t" * 43: Caller("bench-1", "station")}
    app = make_app(store, who=known.get, version="0")
    async with client(app, "t" * 43) as http:
        assert (await http.get("/v1/stops")).status_code == 200
        known.clear()
        assert (await http.get("/v1/stops")).status_code == 401


async def test_revoked_everywhere(store: SqlOrderStore) -> None:
    """A token that was taken back is nobody's at any address, whatever it was for."""
    callers = Callers(store)
    app = make_app(store, who=callers.who, ca_pem=b"PEM", version="0", metrics=lambda: b"up 1\n")
    for name, token in TOKENS.items():
        caller = who(token)
        assert caller is not None
        store.enrol(name, caller.role, tokens.digest(token))
        store.revoke(name)
        answers = [await _ask(app, call, f"Bearer {token}") for call in CALLS]
        assert {a.status_code for a in answers} == {200, 401}
        for call, answer in zip(CALLS, answers, strict=True):
            assert (answer.status_code == 200) == (ROLES[call.name] is ANYBODY), call.name


async def test_register_away(store: SqlOrderStore) -> None:
    """While nobody can say whose a token is, a stranger learns no more than that."""

    def away(_: str) -> Caller | None:
        raise StoreUnreachable("The order store postgresql://me@db does not answer.", "Check db.")

    app = make_app(store, who=away, version="0")
    async with client(app, "t" * 43) as http:
        answer = await http.get("/v1/stops")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "unreachable"
    assert "postgresql" not in answer.text


async def test_no_documentation_pages(stranger: httpx.AsyncClient) -> None:
    """The description is there for everybody; pages that load scripts from elsewhere are not."""
    assert (await stranger.get("/openapi.json")).json()["openapi"].startswith("3.1")
    for path in ("/docs", "/redoc", "/v1/ca/", "/v1/stops/"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "not-found")


async def test_metrics_need_a_source(store: SqlOrderStore) -> None:
    """Without metrics there is no path for them."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(make_app(store, who=lambda _: None, version="0")),
        base_url=ADDRESS,
    ) as http:
        assert (await http.get("/metrics")).status_code == 404
        assert (await http.get("/v1/ca")).status_code == 404
