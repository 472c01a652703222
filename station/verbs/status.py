"""`station status [--json]`: what store, benches and printers say, for people and scripts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from station import board_words, compose, upkeep, wording
from station.cells import cut, signs_for
from station.floor import now
from station.model import OrderState
from station.text import plain
from station.verbs import ATTENTION, OK

if TYPE_CHECKING:
    from datetime import datetime

    from station.compose import Place
    from station.model import Counts
    from station.overview import BenchRow, Board, Told

WIDTH = 80


def run(place: Place, *, as_json: bool) -> int:
    """Print the state; returns 3 when something is overdue, refused, unknown or in doubt."""
    state = gather(place)
    signs = signs_for(sys.stdout.encoding)
    print(json.dumps(state) if as_json else signs.told(_words(state)))
    return ATTENTION if _needs_attention(state) else OK


def gather(place: Place) -> dict[str, Any]:
    """Return the state as the JSON of the manual.

    A bench of another machine's store may not see the others: it tells of itself alone.
    """
    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    at = now()
    end = wording.day_end(at, place.settings.station.day_ends)
    try:
        if place.is_far and place.joined is not None and place.joined.role == "station":
            return _of_bench(store.counts(at, end), upkeep.stations(place, at), at)
        board = store.board(at, end)
    finally:
        store.close()
    state = _of_board(board, at) if board is not None else {}
    for bench in state.get("stations", ()):
        if bench["id"] == place.settings.station.id and place.journal_path.exists():
            # What it could not send, it could not tell the store of.
            bench["journal_pending"] = upkeep.backlog(place)
    return state


def _of_bench(counts: Counts, stations: list[dict[str, Any]], at: datetime) -> dict[str, Any]:
    told = counts.confirmations | {"oldest_pending_s": counts.oldest_pending_s}
    due = (counts.overdue, counts.today, counts.later, counts.overdue)
    return _state(at, counts.states, due, told, stations, [])


def _of_board(board: Board, at: datetime) -> dict[str, Any]:
    ahead = board_words.outlook(board, at)
    due = (board.overdue, board.today, board.later, ahead.will_miss)
    channels = [
        {"name": p.channel, "last_pull_s": _since(p.at, at), "last_error": None}
        for p in board.channels
    ]
    stations = [_station(row, at) for row in board.benches]
    return _state(at, board.states, due, _told(board.told, at), stations, channels)


def _state(
    at: datetime,
    states: dict[OrderState, int],
    due: tuple[int, int, int, int],
    told: dict[str, Any],
    stations: list[dict[str, Any]],
    channels: list[dict[str, Any]],
) -> dict[str, Any]:
    lines = {name: told.get(name, 0) for name in ("pending", "refused", "unknown")}
    return {
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "orders": {state.value: states.get(state, 0) for state in OrderState},
        "due": dict(zip(("overdue", "today", "later", "will_miss"), due, strict=True)),
        "confirmations": lines | {"oldest_pending_s": told.get("oldest_pending_s")},
        "stations": stations,
        "channels": channels,
    }


def _told(told: tuple[Told, ...], at: datetime) -> dict[str, Any]:
    lines: dict[str, Any] = {}
    for one in told:
        lines[one.state] = lines.get(one.state, 0) + one.lines
    pending = [one.oldest for one in told if one.state == "pending"]
    return lines | {"oldest_pending_s": _since(min(pending), at) if pending else None}


def _since(then: datetime | None, at: datetime) -> int | None:
    return None if then is None else max(0, int((at - then).total_seconds()))


def _station(row: BenchRow, at: datetime) -> dict[str, Any]:
    """Return how a station is; seen_s is 0 while it is heard of, which is each 30 seconds."""
    pulse = row.pulse
    return {
        "id": row.station,
        "packer": pulse.packer,
        "order": pulse.order_id,
        "seen_s": _since(row.seen, at) if row.silent else 0,
        "journal_pending": pulse.backlog,
        "printer": pulse.printer,
        "scan_p99_ms": pulse.scan_p99_ms,
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
    more = due["will_miss"] - due["overdue"]
    late = f"; {more} more will miss" if more else ""
    times = f"{due['overdue']} overdue, {due['today']} today, {due['later']} later"
    lines = [
        f"orders         {orders or 'none'}",
        f"due            {times}{late}",
        f"confirmations  {told['pending']} pending{since}, {told['refused']} refused",
        *map(_bench_words, state["stations"]),
    ]
    return "\n".join(cut(line, WIDTH) for line in lines)


def _bench_words(bench: dict[str, Any]) -> str:
    seen = f"silent {board_words.span(bench['seen_s'])} · " if bench["seen_s"] else ""
    unsent = f" · {bench['journal_pending']} unsent" if bench["journal_pending"] else ""
    return (
        f"{bench['id']:<14} {seen}{bench['packer'] or '–'} · {bench['order'] or 'no order'}"
        f"{unsent} · printer {plain(bench['printer'], 60) or 'unknown'}"
    )
