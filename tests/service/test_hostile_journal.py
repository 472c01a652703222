"""A journal may hold any data: it is taken over or kept as a conflict, and never in the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from store.samples import NOON, item, order

if TYPE_CHECKING:
    import httpx

    from station.store.sql import SqlOrderStore

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**53, 2**63 - 1, 1.5, 1e300, "", "x", "\x00", "\ud800", [], {}, [[]],
    [["i1", 1]], [["i1", 2**62], ["i1", 2**62]], [["zz", 1]], [[None, 1]], [["i1", True]],
    {"i1": ["a"]}, {"i1": 7}, {"x": {}}, "a" * 5000,
)  # fmt: skip
JSON = {"Content-Type": "application/json"}
GOOD = {
    "package": 1, "tracking_id": "T", "carrier_code": "UPS", "items": [["i1", 2]], "key": "k",
    "problem": "short", "note": "n", "transparency": {"i1": ["t"]},
}  # fmt: skip
STATES = (None, "shipped", "problem")


@pytest.mark.parametrize("kind", ["bought", "closed"])
@pytest.mark.parametrize("name", GOOD)
async def test_odd_data(
    bench: httpx.AsyncClient, store: SqlOrderStore, kind: str, name: str
) -> None:
    """An entry with odd data is taken over whatever it says, and so is the next good one."""
    store.put_orders(
        [order(f"9-{n}", item("i1", 2), due_h=-9) for n in range(len(STATES))], channel="amazon"
    )
    seq = 1
    for number, state in enumerate(STATES):
        asked = {"packer": "Ana", "order_id": f"9-{number}"}
        lease = (await bench.post("/v1/claims", json=asked)).json()["lease"]
        told = {"kind": kind, "order_id": f"9-{number}", "fence": lease["fence"], "state": state}
        entries = [_entry(seq + n, {name: odd}, told) for n, odd in enumerate(ODD, 1)]
        seq += len(ODD)
        answer = await bench.post("/v1/journal", content=_escaped(entries), headers=JSON)
        assert answer.status_code == 200, answer.text
        assert answer.json()["upto"] == seq
        history = await bench.get("/v1/history", params={"order_id": f"9-{number}"})
        assert len(history.json()["entries"]) == len(ODD)


def _entry(seq: int, odd: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    data = {**GOOD, "key": f"k{seq}", "tracking_id": f"T{seq}", **odd}
    return {"seq": seq, "packer": "Ana", "at": NOON.isoformat(), "data": data, **told}


def _escaped(entries: list[dict[str, Any]]) -> bytes:
    # Half a pair of surrogates can be written in ASCII alone.
    return json.dumps({"entries": entries}).encode("ascii")
