"""How a decision is made at the board: questions one after the other, a signature, the store."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from station import board_acts
from station.acts import Act, ActKind
from station.errors import StationError
from station.overview import BenchRow
from station.screens.deciding import AskScreen, Option
from station.screens.signing import SignScreen
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from station.acts import Acted, Signature
    from station.board_acts import Subject
    from station.model import OrderItem, QueueRow
    from station.store.port import OrderStore

MOST = 7
"""Orders or SKUs offered at once."""

T = TypeVar("T")


class BoardDesk:
    """Asks a supervisor what he wants; every method ends when he has it, or leaves.

    Args:
        app: Where questions are shown.
        store: Opens the store, or returns it.
        read_badge: Tells the number on a scanned badge, None for everything else.
        benches: The benches that an order can be given to.
        say: Shows a sentence when all is over.
    """

    def __init__(
        self,
        app: App[None],
        store: Callable[[], OrderStore],
        read_badge: Callable[[str], str | None],
        benches: Sequence[BenchRow],
        say: Callable[[str], object],
    ) -> None:
        self._app = app
        self._store = store
        self._read_badge = read_badge
        self._benches = benches
        self._say = say

    async def decide(self, subject: Subject) -> None:
        """Decide about a row of the board."""
        subject = await self._now(subject)
        kinds, name = board_acts.kinds(subject), board_acts.name(subject)
        if not kinds:
            self._say(f"{name}: there is nothing to decide about it.")
            return
        told = ((kind, board_acts.words(kind, subject)) for kind in kinds)
        options = tuple(Option(kind, words.label, words.help) for kind, words in told)
        picked = await self._ask(
            name, plain(board_acts.whole(subject, datetime.now(UTC)), 250), options
        )
        if picked:
            kind = ActKind(picked)
            act = await self._whole(board_acts.act(kind, subject), subject)
            if act:
                label = board_acts.words(kind, subject).label.upper()
                await self._sign(act, f"{label}: {name}", subject)

    async def decide_any(self) -> None:
        """Decide about an order by its number."""
        title, question = "ANY ORDER", "Type or scan the number of the order; Enter."
        while wanted := await self._ask(title, question, (), is_typed=True):
            try:
                rows = await self._find(wanted)
            except StationError as error:
                question = str(error)
                continue
            if not rows:
                question = f"No order begins with {wanted}. Type or scan another one; Enter."
                continue
            if chosen := await self._one_of(title, rows):
                await self.decide(chosen)
            return

    async def unlock(self) -> None:
        """Let somebody try his PIN again."""
        question = "Who is locked out? Type his name; Enter."
        if name := await self._ask("UNLOCK", question, (), is_typed=True):
            await self._sign(Act(ActKind.UNLOCK, person=name), f"UNLOCK {name}")

    async def _now(self, subject: Subject) -> Subject:
        """Return a bench's order as it is, so that only what fits its state is offered."""
        number = board_acts.order_of(subject)
        if not isinstance(subject, BenchRow) or not number:
            return subject
        try:
            rows = await self._find(number)
        except StationError:
            return subject
        return next((row for row in rows if row.order_id == number), subject)

    async def _find(self, number: str) -> tuple[QueueRow, ...]:
        return await in_thread(lambda: self._store().search(number, MOST))

    async def _one_of(self, title: str, rows: Sequence[QueueRow]) -> QueueRow | None:
        if len(rows) == 1:
            return rows[0]
        options = tuple(
            Option(row.order_id, row.order_id, f"{row.state} · {row.title}") for row in rows
        )
        number = await self._ask(title, "Which of these?", options)
        return next((row for row in rows if row.order_id == number), None)

    async def _whole(self, act: Act, subject: Subject) -> Act | None:
        """Ask for what the decision still lacks; None when he leaves."""
        if act.kind == ActKind.REASSIGN:
            return await self._reassigned(act, subject)
        if act.kind == ActKind.SHIP_SHORT:
            return await self._shorted(act)
        return act

    async def _reassigned(self, act: Act, subject: Subject) -> Act | None:
        names = board_acts.stations(self._benches, subject)
        options = tuple(Option(name, name) for name in names)
        name = await self._ask(
            f"ORDER {act.order_id}", "Which bench gets it? Choose, or type its name.", options,
            is_typed=True,
        )  # fmt: skip
        return replace(act, station=name) if name else None

    async def _shorted(self, act: Act) -> Act | None:
        title = f"SHIP SHORT: ORDER {act.order_id}"
        try:
            found = await in_thread(lambda: self._store().order(act.order_id))
        except StationError:
            found = None  # he may not see the order; he knows its SKU from the bench
        items = found[0].items if found else ()
        sku = items[0].sku if len(items) == 1 else await self._sku(title, items)
        if not sku:
            return None
        ordered = sum(item.quantity for item in items if item.sku == sku)
        of = f" of the {ordered} ordered" if ordered else ""
        question = f"How many{of} of {sku} are shipped? Type a number; Enter."
        while number := await self._ask(title, question, (), is_typed=True):
            if number.isascii() and number.isdecimal() and len(number) <= 4:
                return replace(act, sku=sku, units=int(number))
        return None

    async def _sku(self, title: str, items: Sequence[OrderItem]) -> str | None:
        units: dict[str, int] = {}
        titles = {item.sku: item.title for item in items}
        for item in items:
            units[item.sku] = units.get(item.sku, 0) + item.quantity
        options = tuple(Option(sku, f"{n} × {sku}", titles[sku]) for sku, n in units.items())
        return await self._ask(title, "Of which SKU are fewer shipped?", options, is_typed=True)

    async def _ask(
        self, title: str, question: str, options: tuple[Option, ...], *, is_typed: bool = False
    ) -> str | None:
        screen = AskScreen(title, question, options, is_typed=is_typed)
        answer: str | None = await self._app.push_screen_wait(screen)
        return answer

    async def _act(self, act: Act, signature: Signature) -> Acted:
        return await in_thread(lambda: self._store().act("", act, signature))

    async def _sign(self, act: Act, title: str, subject: Subject | None = None) -> None:
        """Have the decision signed until the store takes it, or the supervisor leaves."""
        told = board_acts.words(act.kind, subject)
        detail = _detail(act, told.help)
        reason = who = words = ""
        while True:
            screen = SignScreen(
                title, detail, needs_badge=False, reasons=told.reasons,
                read_badge=self._read_badge, reason=reason, who=who, words=words,
            )  # fmt: skip
            signature = await self._app.push_screen_wait(screen)
            if signature is None:
                self._say("Nothing was changed.")
                return
            self._say("Asking the store …")
            try:
                acted = await self._act(act, signature)
            except StationError as error:
                words, reason, who = str(error), signature.reason, signature.who
            else:
                self._say(f"✓ {acted.words}")
                return


def _detail(act: Act, help_text: str) -> str:
    if act.kind == ActKind.SHIP_SHORT:
        return f"Of {act.sku} only {act.units} shipped. {help_text}"
    if act.kind == ActKind.REASSIGN:
        return f"{act.station} gets it with the work so far."
    if act.kind in {ActKind.TEACH, ActKind.REJECT}:
        return f"{act.code} for {act.sku}. {help_text}"
    return help_text


async def in_thread(asks: Callable[[], T]) -> T:
    """Return what a call of the store returns; the end of the program does not wait for it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def give(do: Callable[[], None]) -> None:
        # A program that has ended has no loop, and nobody who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if answer.done() else do())

    def ask() -> None:
        fault: StationError = StationError("The program had a fault.", "See station.log.")
        try:
            result = asks()
            give(lambda: answer.set_result(result))
        except StationError as error:
            fault = error
        finally:
            give(lambda: answer.set_exception(fault))

    threading.Thread(target=ask, name="decision", daemon=True).start()
    return await answer
