"""What one look at the board costs in a store of few, many and very many orders."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks import big_floor
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.store.sql import SqlOrderStore

SIZES = (10_000, 100_000, 1_000_000)
LOOKS = 5


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Look at the boards of stores of three sizes in turn."""
    sizes = tuple(size // 100 for size in SIZES) if quick else SIZES
    with ExitStack() as stack:
        stores = {f"board, {size:,} orders": big_floor.made(folder, size) for size in sizes}
        for store in stores.values():
            stack.callback(store.close)
        end = datetime.now(UTC) + timedelta(hours=8)
        sources = {name: _looking(store, end) for name, store in stores.items()}
        in_turn(2, sources)
        samples = in_turn(4 if quick else 60, sources)
        notes = tuple(_note(name, store, end) for name, store in stores.items())
    few, many, most = (Series(name, values) for name, values in samples.items())
    ratios = (
        Ratio(most, few, "1.0 says that the board costs what it shows, however many orders."),
        Ratio(most, many, "The same from many to very many."),
    )
    return (Result("Board: one look at the floor", "ms", (few, many, most), ratios, notes),)


def _looking(store: SqlOrderStore, end: datetime) -> Callable[[], list[float]]:
    def looks() -> list[float]:
        return [_timed(store, end) for _ in range(LOOKS)]

    return looks


def _timed(store: SqlOrderStore, end: datetime) -> float:
    now, began = datetime.now(UTC), perf_counter()
    store.board(now, end)
    return (perf_counter() - began) * 1000


class Reading:
    """Counts what SQLite does while it is watched."""

    def __init__(self) -> None:
        self.steps = 0
        self.statements = 0

    def watch(self, connection: Any, cursor: Any, *_more: object) -> None:
        """Count the steps of a statement that is about to run."""
        del cursor
        self.statements += 1
        connection.connection.driver_connection.set_progress_handler(self._step, 1)

    def _step(self) -> int:
        self.steps += 1
        return 0


def _note(name: str, store: SqlOrderStore, end: datetime) -> str:
    """Return how much was read for one look; a row of an index is about five steps."""
    reading = Reading()
    engine = store._database._reader
    event.listen(engine, "before_cursor_execute", reading.watch)
    board = store.board(datetime.now(UTC), end)
    event.remove(engine, "before_cursor_execute", reading.watch)
    assert board is not None
    shown = len(board.hours) + len(board.done) + len(board.stuck) + len(board.refused)
    return (
        f"{name}: {reading.statements} statements, {reading.steps:,} steps of SQLite"
        f" (a row read is about 5), {shown} rows shown"
    )
