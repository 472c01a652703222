"""How long a supervisor's act takes over HTTP: to be done, to stop the bench, to be on a board."""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from benchmarks.report import Ratio, Result, Series
from samples import MUG, order
from serving.live import LOCAL, running

from station import compose
from station.acts import Act, ActKind, Role, Signature
from station.config import Settings, StoreSettings
from station.enrolment import Enrolment
from station.overview import digest
from station.pack import HALTED
from station.store.service import tokens
from station.store.service.server import Plan, serviced
from station.store.sql import SqlOrderStore
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 30.0
STATION, BOARD = "bench-1", "board-1"


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Hold half-packed orders from a board, one after the other, and watch bench and board."""
    many = 3 if quick else 20
    with ExitStack() as stack:
        store = stack.enter_context(closing(SqlOrderStore.open(f"sqlite:///{folder / 'store.db'}")))
        store.put_products([MUG])
        store.put_orders([order(f"111-{n}", (MUG, 2)) for n in range(many)], channel="amazon")
        live = stack.enter_context(running(serviced(store, Plan(LOCAL, 0), "1")))
        url = f"http://{LOCAL}:{live.port}"
        parts = compose.open_parts(_place(store, url, folder / "bench"))
        stack.callback(parts.close)
        parts.bench.sign_in("Ana")
        _, pin = store.add_person("Olga", Role.OWNER)
        board = stack.enter_context(closing(HttpOrderStore(url, _token(store, BOARD, "board"))))
        samples = [_held(parts, board, pin) for _ in range(many)]
    done, heard, shown = (list(column) for column in zip(*samples, strict=True))
    series = (
        Series("the act is done", done),
        Series("the bench stops", heard),
        Series("a board shows it", shown),
    )
    note = "a bench looks for stops each second while an order is on it; a board each second too"
    ratios = (Ratio(series[1], series[0], "What the bench adds to the act itself."),)
    return (Result("Act: hold a half-packed order over HTTP", "ms", series, ratios, (note,)),)


def _token(store: SqlOrderStore, name: str, role: str) -> str:
    token = tokens.new()
    store.enrol(name, role, tokens.digest(token))
    return token


def _place(store: SqlOrderStore, url: str, home: Path) -> compose.Place:
    joined = Enrolment(url, STATION, _token(store, STATION, "station"))
    settings = replace(Settings(), store=StoreSettings(url=url, ahead=0))
    return compose.Place(settings, home, joined)


def _held(parts: compose.Parts, board: HttpOrderStore, pin: str) -> tuple[float, float, float]:
    """Return the milliseconds until an act is done, has stopped its bench, and is on a board."""
    bench = parts.bench
    bench.claim_next()
    view = bench.take_scan(MUG.barcodes[0].text)
    parts.link.wake()  # as the app does after each scan
    number = view.work.order.order_id if view.work else ""
    sleep(1.5)  # the bench's own entries are told, and on the board
    end = datetime.now(UTC) + timedelta(hours=8)
    floor = board.board(datetime.now(UTC), end)
    seen: list[float] = []

    def watch() -> None:
        known = digest(floor) if floor else ""
        while not (now := board.board(datetime.now(UTC), end, known=known)):
            pass
        seen.append(perf_counter() if now else 0.0)

    watching = threading.Thread(target=watch)
    watching.start()
    began = perf_counter()
    board.act("", Act(ActKind.HOLD, number), Signature("Olga", pin, "measured"))
    done = perf_counter()
    while not (view := bench.view).work or view.work.pack.stage not in HALTED:
        if perf_counter() - began > PATIENCE_S:
            raise TimeoutError("the bench did not stop")
        sleep(0.001)
    heard = perf_counter()
    watching.join(PATIENCE_S)
    bench.dismiss()
    return tuple((at - began) * 1000 for at in (done, heard, seen[0]))  # type: ignore[return-value]  # three of them
