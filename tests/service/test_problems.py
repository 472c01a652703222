"""What the store and the program say when something is wrong, as it reaches the one who asked."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from station.errors import Quarantined, StoreError, StoreRefused, StoreUnreachable

if TYPE_CHECKING:
    import httpx

    from station.store.sql import SqlOrderStore

CANARY = "Canary Street 7"

SAID = {
    "refused": (StoreRefused("It is taken.", "Take another."), 409),
    "quarantined": (Quarantined("Two speak.", "Ask."), 409),
    "unreachable": (StoreUnreachable("It is busy.", "It is tried again."), 503),
    "broken": (StoreError("It is damaged.", "Restore it."), 503),
}


def _let(store: SqlOrderStore, patch: pytest.MonkeyPatch, name: str, failure: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    patch.setattr(store, name, fail)


@pytest.mark.parametrize("word", SAID)
async def test_store_error(
    bench: httpx.AsyncClient, store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """An error of the store comes as a problem with its words, its remedy and its kind."""
    failure, status = SAID[word]
    _let(store, monkeypatch, "claim", failure)
    answer = await bench.post("/v1/claims", json={"packer": "Ana"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("retry-after") == ("1" if word == "unreachable" else None)
    assert answer.json() == {
        "type": word,
        "title": failure.message,
        "detail": failure.remedy,
        "status": status,
    }


async def test_unforeseen(
    bench: httpx.AsyncClient,
    store: SqlOrderStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error that nobody foresaw is one line and its places in the log, and no more outside."""
    _let(store, monkeypatch, "claim", KeyError(CANARY))
    with caplog.at_level(logging.DEBUG):
        answer = await bench.post("/v1/claims", json={"packer": CANARY})
    assert answer.status_code == 500
    assert answer.json()["type"] == "broken"
    assert CANARY not in answer.text
    assert "KeyError" not in answer.text
    (told,) = [r for r in caplog.records if r.name.startswith("station")]
    assert "POST /v1/claims failed with KeyError" in told.getMessage()
    assert "routes_bench.py" in told.getMessage()


async def test_nothing_is_logged_of_requests(
    bench: httpx.AsyncClient,
    store: SqlOrderStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither a token nor a word of a body or a query reaches the log, whatever happens."""
    token = bench.headers["authorization"].split()[1]
    with caplog.at_level(logging.DEBUG):
        await bench.post("/v1/claims", json={"packer": CANARY})
        await bench.post("/v1/claims", json={"packer": 1, CANARY: CANARY})
        await bench.post("/v1/claims", content=CANARY.encode())
        await bench.post("/v1/hello", json={"journal": CANARY})
        for failure in (KeyError(CANARY), ValueError(token)):
            _let(store, monkeypatch, "search", failure)
            await bench.get("/v1/search", params={"text": CANARY})
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in ours if CANARY in line or token in line]


async def test_health(
    stranger: httpx.AsyncClient, store: SqlOrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask whether the store answers, and is not told where it is."""
    assert (await stranger.get("/healthz")).json() == {"ok": True}
    for failure in (StoreUnreachable("postgresql://db is away."), StoreError("/srv/x is broken.")):
        _let(store, monkeypatch, "ping", failure)
        answer = await stranger.get("/healthz")
        assert (answer.status_code, answer.json()["type"]) == (503, "unreachable")
        assert "db" not in answer.text
        assert "/srv" not in answer.text


async def test_certificate_and_metrics(
    stranger: httpx.AsyncClient, bench: httpx.AsyncClient
) -> None:
    """The CA certificate is for everybody, the metrics are for those with a token."""
    answer = await stranger.get("/v1/ca")
    assert (answer.content, answer.headers["content-type"]) == (b"PEM", "application/x-pem-file")
    answer = await bench.get("/metrics")
    assert answer.text == "up 1\n"
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
