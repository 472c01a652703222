"""Whatever the description allows or forbids, the service answers as the description says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from service.fuzzing import fuzz
from service.shop import shop, who
from store.samples import Clock, item, order

from station.store.service.api import make_app
from station.store.service.callers import OFFICE, ROLES
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

LONG = bool(os.environ.get("STATION_LONG"))
EXAMPLES = 50 if LONG else 3
"""Random requests for each operation; the systematic ones are always all made."""

OFFICE_ALONE = {line for line, roles in ROLES.items() if roles == OFFICE}
CALLS: dict[str, set[str]] = {
    "bench-1": set(),
    # What several roles may ask in the same words is asked by the bench, but for what differs.
    "office": set() if LONG else OFFICE_ALONE | {"GET /v1/order"},
    "board": set() if LONG else {"GET /v1/audit", "GET /v1/board", "GET /v1/order"},
    "viewer": set() if LONG else {"GET /v1/board"},
}
SEAL = "POST /v1/exports/{export_id}/seal"
"""Done only while an export is open: whether a link leads there in time is chance."""


@pytest.fixture
def fresh(folder: Path) -> FastAPI:
    """Return a service of its own: its routes and its description are not those of other tests."""
    store = SqlOrderStore.open(f"sqlite:///{folder / 'store.db'}", clock=Clock())
    shop(store)
    return make_app(store, who=who, ca_pem=b"PEM", version="0", metrics=lambda: b"up 1\n")


@pytest.mark.parametrize("name", CALLS)
def test_description_is_kept(fresh: FastAPI, name: str) -> None:
    """No request brings a failure inside, or an answer that is not documented."""
    whole = name in {"bench-1", "office"}
    report = fuzz(fresh, name, EXAMPLES, CALLS[name], follows=whole)
    print(name, dict(report.requests), dict(report.statuses))  # noqa: T201 - how much was tried
    assert not report.faults, "\n\n".join(report.faults[:10])
    assert report.done >= CALLS[name] - {SEAL}
    if whole:
        assert set(report.requests) == {"coverage", "fuzzing", "stateful"}
        assert report.requests.total() > 500
        assert report.statuses[200] > 100
        assert report.statuses[422] > 100


BUYING = (
    "POST /v1/claims",
    "POST /v1/leases",
    "POST /v1/purchases/begin",
    "POST /v1/purchases/finish",
    "POST /v1/purchases/void",
)


def test_links_lead_on(fresh: FastAPI) -> None:
    """From a lease the links lead to a bought label, and to a void one."""
    listed = [order(f"900-{n}", item(f"x{n}")) for n in range(200)]
    fresh.state.store.put_orders(listed, channel="amazon")
    done = set[str]()
    for seed in range(1, 6):  # which links a run follows is chance
        report = fuzz(fresh, "bench-1", 8 * EXAMPLES, BUYING, linked=True, seed=seed)
        assert not report.faults, "\n\n".join(report.faults[:10])
        done |= report.done
        if done == set(BUYING):
            break
    assert done == set(BUYING)


def test_faults_are_found(fresh: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure inside, and an answer of another shape, would be found: the control."""

    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("inside")

    store = fresh.state.store
    monkeypatch.setattr(store, "serials", broken)
    monkeypatch.setattr(store, "claimed", lambda _: 7)
    report = fuzz(fresh, "bench-1", 1, only={"POST /v1/serials", "GET /v1/claims"})
    found = {fault.split(":")[0] for fault in report.faults}
    assert {"not_a_server_error", "response_schema_conformance"} <= found
