"""A board over a floor that a test makes, and a supervisor who looks and types."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len
from samples import NOON, order
from textual._xterm_parser import XTermParser
from textual.events import Key

from station.acts import Acted
from station.boarding import BoardApp
from station.errors import StoreRefused, StoreUnreachable
from station.model import OrderState, QueueRow, ServiceClass
from station.overview import BenchRow, Board, Hour, Proposal, Pulse, Refusal, Told, digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from textual.pilot import Pilot

    from station.acts import Act, Signature
    from station.errors import StationError
    from station.model import Order

PIN = "482913"
BADGE = "BDG:7A8Y9BQG:AAAAA"
PATIENCE_S = 5.0


def ago(minutes: float) -> datetime:
    """Return the time so many minutes before noon."""
    return NOON - timedelta(minutes=minutes)


def stuck(order_id: str, state: OrderState, why: str = "", **more: object) -> QueueRow:
    """Return an order that waits for a decision, due in two hours."""
    row = QueueRow(
        order_id, ago(-120), ServiceClass.STANDARD, ago(900), 2, 1, "Blue mug 350 ml", state, why
    )
    return replace(row, **more)  # type: ignore[arg-type]  # tests name what differs


def bench(station: str, pulse: Pulse, **more: object) -> BenchRow:
    """Return a bench that was heard of just now."""
    return replace(BenchRow(station, NOON, pulse), **more)  # type: ignore[arg-type]  # the same


FLOOR = Board(
    states={OrderState.WAITING: 43, OrderState.HELD: 1, OrderState.PROBLEM: 1},
    overdue=2,
    today=36,
    later=5,
    hours=(Hour(ago(-60), 24, ago(-65)), Hour(ago(-120), 12, ago(-130))),
    done=tuple((ago(10 * step), 3) for step in range(1, 12)),
    benches=(
        bench("bench-1", Pulse("Ana", "111-0000001-0000001", 1, 3, ago(0.2), 0, "ok")),
        bench("bench-2", Pulse("Ben", "", 0, 0, ago(4), 12, "paper out")),
        bench("bench-3", Pulse(), seen=ago(30), silent=True),
    ),
    stuck=(
        stuck("111-0000005-0000005", OrderState.PROBLEM, "SHORT: 0 of 1 on the shelf"),
        stuck("111-0000006-0000006", OrderState.HELD, "The buyer asked to wait"),
    ),
    told=(Told("amazon", "pending", 12, ago(40)), Told("amazon", "refused", 1, ago(120))),
    refused=(Refusal("111-0000007-0000007", 1, "amazon", "Invalid tracking id", ago(120)),),
    proposals=(
        Proposal(
            "4006381333931", "MUG-350-BL", "Blue mug", "111-0000008-0000008",
            "north", "Ana", ago(3),
        ),
    ),
)  # fmt: skip
"""Everything that a board can show, at noon."""


@dataclass
class FakeStore:
    """An order store that is asked for the board and for acts."""

    floor: Board = FLOOR
    orders: tuple[Order, ...] = (order("111-0000005-0000005"),)
    rows: tuple[QueueRow, ...] = (stuck("111-0000001-0000001", OrderState.PACKING, "bench-1 Ana"),)
    trouble: StationError | None = None
    signed: list[tuple[Act, Signature]] = field(default_factory=list)
    looks: int = 0
    is_away: bool = False
    """Whether decisions cannot reach the store."""

    def close(self) -> None:
        """Have no connection to end."""

    def board(self, _now: datetime, _day_end: datetime, *, known: str = "") -> Board | None:
        """Return the floor unless it is known."""
        self.looks += 1
        if self.trouble:
            raise self.trouble
        return None if known == digest(self.floor) else self.floor

    def act(self, _station: str, act: Act, signature: Signature) -> Acted:
        """Take a decision whose PIN is right."""
        if self.is_away:
            raise StoreUnreachable("The store does not answer.")
        self.signed.append((act, signature))
        if signature.pin != PIN:
            raise StoreRefused("Name or PIN is wrong.", "Try again.")
        return Acted(f"{act.order_id or act.person}: done.", signature.who)

    def search(self, text: str, limit: int = 20) -> tuple[QueueRow, ...]:
        """Return orders whose number begins so."""
        return tuple(row for row in self.rows if row.order_id.startswith(text))[:limit]

    def order(self, order_id: str) -> tuple[Order, OrderState, str] | None:
        """Return an order as it is."""
        found = (each for each in self.orders if each.order_id == order_id)
        return next(((each, OrderState.PROBLEM, "") for each in found), None)


@dataclass
class Supervisor:
    """The eyes and the hands in front of a running board."""

    app: BoardApp
    pilot: Pilot[None]
    store: FakeStore
    rings: list[float] = field(default_factory=list)
    _at: float = field(default_factory=time.monotonic)

    async def press(self, *names: str) -> None:
        """Press keys one after the other."""
        for name in names:
            self._at += 0.5
            key = Key(name, {"enter": "\r", "escape": "\x1b"}.get(name))
            key.time = self._at
            self.app.post_message(key)
            await self.settle()

    async def type_in(self, text: str) -> None:
        """Type a line and Enter."""
        await self.feed(text)
        await self.press("enter")

    async def feed(self, text: str) -> None:
        """Let the terminal hand over some characters."""
        for event in XTermParser().feed(text):
            if isinstance(event, Key):
                self._at += 0.15
                event.time = self._at
                self.app.post_message(event)
        await self.settle()

    async def settle(self) -> None:
        """Let the app do what the last key led to."""
        for _ in range(3):
            await self.pilot.pause(0)

    @property
    def rows(self) -> list[str]:
        """The screen, row by row, as text without colours."""
        screens = self.app._background_screens
        update = self.app.screen._compositor.render_update(full=True, screen_stack=screens)
        lines = getattr(update, "strips", [])
        return ["".join(strip.text for strip in line) for line in lines]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.rows)

    def row(self, words: str) -> str:
        """Return the first row that holds the words."""
        found = next((row for row in self.rows if words in row), None)
        assert found is not None, f"{words!r} is not on the screen:\n{self.text}"
        return found

    async def sees(self, *words: str) -> None:
        """Wait until all the words are on the screen."""
        await self.until(lambda: all(each in self.text for each in words), *words)

    async def until(self, true: Callable[[], bool], *what: str) -> None:
        """Wait until something is true."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, f"waited for {what} at:\n{self.text}"
            await asyncio.sleep(0.002)
            await self.pilot.pause(0)

    async def choose(self, words: str) -> None:
        """Move the cursor to the row with the words."""
        await self.press("home")
        for _ in range(60):
            if words in self.row("▸"):
                return
            await self.press("down")
        raise AssertionError(f"the cursor does not reach {words!r}:\n{self.text}")

    async def sign(self, reason: str = "because", who: str = "Dora", pin: str = PIN) -> None:
        """Answer the three questions of a signature."""
        await self.sees("PIN")
        for line in (reason, who, pin):
            await self.type_in(line)

    def fits(self) -> None:
        """Make sure that every row has the screen's width, and no control character."""
        width, height = self.app.size
        rows = self.rows
        assert len(rows) == height
        assert {cell_len(row) for row in rows} == {width}, self.text
        assert not [char for row in rows for char in row if not char.isprintable()]


@asynccontextmanager
async def board(
    store: FakeStore | None = None, size: tuple[int, int] = (80, 24), *, waits: bool = True
) -> AsyncIterator[Supervisor]:
    """Run the board over a store; the first floor is there already, unless there is none."""
    made = store or FakeStore()
    app = BoardApp(
        lambda: made,  # type: ignore[arg-type, return-value]  # what the board asks of a store
        title="BOARD",
        day_ends="18:00",
        read_badge=lambda text: text[4:12] if text.startswith("BDG:") else None,
        clock=lambda: NOON,
    )
    async with app.run_test(size=size) as pilot:
        dora = Supervisor(app, pilot, made)
        app.bell = lambda: dora.rings.append(dora._at)  # type: ignore[method-assign]  # no terminal
        if waits:
            await dora.until(lambda: app._board is not None or app._away is not None, "a floor")
            await dora.settle()
        yield dora
        for timer in tuple(app._timers):
            timer.stop()
