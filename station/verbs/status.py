"""`station status [--json]`: what store, bench and printer say, for people and scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from station import compose, upkeep, wording
from station.floor import now
from station.model import OrderState
from station.verbs import ATTENTION, OK

if TYPE_CHECKING:
    from station.compose import Place


def run(place: Place, *, as_json: bool) -> int:
    """Print the state; returns 3 when something is overdue, refused, unknown or in doubt."""
    state = gather(place)
    print(json.dumps(state) if as_json else _words(state))
    return ATTENTION if _needs_attention(state) else OK


def gather(place: Place) -> dict[str, Any]:
    """Return the state as the JSON of the manual."""
    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    at = now()
    counts = store.counts(at, wording.day_end(at, place.settings.station.day_ends))
    will_miss = counts.overdue
    store.close()
    told = counts.confirmations
    return {
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "orders": {state.value: counts.states.get(state, 0) for state in OrderState},
        "due": {
            "overdue": counts.overdue,
            "today": counts.today,
            "later": counts.later,
            "will_miss": will_miss,
        },
        "confirmations": {
            "pending": told.get("pending", 0),
            "refused": told.get("refused", 0),
            "unknown": told.get("unknown", 0),
            "oldest_pending_s": counts.oldest_pending_s,
        },
        "stations": upkeep.stations(place, at),
        "channels": [{"name": "amazon", "last_pull_s": None, "last_error": None}],
    }


def _needs_attention(state: dict[str, Any]) -> bool:
    doubtful = any(bench["printer"].startswith("UNSURE") for bench in state["stations"])
    told = state["confirmations"]
    troubled = state["orders"]["problem"] or told["refused"] or told["unknown"]
    return bool(state["due"]["overdue"] or troubled or doubtful)


def _words(state: dict[str, Any]) -> str:
    orders = ", ".join(f"{count} {name}" for name, count in state["orders"].items() if count)
    due, told = state["due"], state["confirmations"]
    oldest = told["oldest_pending_s"]
    since = f", the oldest for {int(oldest) // 60} min" if oldest else ""
    lines = [
        f"orders         {orders or 'none'}",
        f"due            {due['overdue']} overdue, {due['today']} today, {due['later']} later",
        f"confirmations  {told['pending']} pending{since}, {told['refused']} refused",
    ]
    lines += [
        f"{bench['id']:<14} {bench['packer'] or 'nobody'} · {bench['order'] or 'no order'}"
        f" · journal {bench['journal_pending']} waiting · printer {bench['printer']}"
        for bench in state["stations"]
    ]
    return "\n".join(lines)
