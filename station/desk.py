"""Between the app and the bench: calls that are short at once, all others in a thread."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from station import commands, wording
from station.barcodes import Kind
from station.errors import StationError
from station.lane import Lane
from station.messages import BenchChanged
from station.pack import HALTED, Stage, Word, at_gate
from station.screens.code import CodeScreen
from station.screens.lookup import LookupScreen
from station.screens.pack import PackScreen
from station.screens.problem import KINDS
from station.screens.queue import QueueScreen
from station.screens.queue_list import QueueList
from station.text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from station.app import StationApp
    from station.bench import Bench
    from station.floor import Floor
    from station.messages import ScanRead
    from station.model import Counts, QueueRow
    from station.screens.queue_list import Where
    from station.view import View

log = logging.getLogger(__name__)

PAGE = 60
"""Rows fetched at once at most; a screen shows fewer."""
TAKEN_ROWS = 10
"""Rows of the queue's screen that are not the list."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the queue shows, read from the store in one go."""

    rows: tuple[QueueRow, ...]
    cursor: int
    counts: Counts
    hours: Sequence[tuple[datetime, int]]
    now: datetime


class Desk:
    """What the app does with an opened floor."""

    def __init__(self, app: StationApp, floor: Floor) -> None:
        self._app = app
        self._floor = floor
        self._bench = floor.bench
        self._typed = ""
        self._stale = True
        self._page: tuple[Where, QueueRow | None] = ("first", None)
        self._turned = 0
        self._settling = Lock()
        self._wanted = self._busy = False
        self._lane = Lane()
        self._took_ms: deque[float] = deque([0.0], maxlen=500)

    @property
    def clock(self) -> Callable[[], datetime]:
        """What tells the time."""
        return self._floor.clock

    def command_of(self, text: str) -> str:
        """Return the word of a command barcode, '' for every other scan."""
        code = self._bench.read(text)
        return code.word if code.kind == Kind.COMMAND else ""

    # — acting —
    def scan(self, message: ScanRead) -> None:
        """Let the bench judge a scan; a scan that was not stored is refused aloud."""
        asks = self._floor.is_far and self._bench.asks_store(message.text, whole=message.whole)
        self.do(lambda bench: bench.take_scan(message.text, whole=message.whole), asks=asks)

    @property
    def is_busy(self) -> bool:
        """Whether an act is being done, or waits."""
        return self._lane.is_busy

    def do(self, act: Callable[[Bench], View], *, asks: bool = False, slow: bool = False) -> None:
        """Call the bench, show its answer, and let what is due be done behind the screen.

        An act that asks a far store, or is slow by itself, is done in the lane, and so is all
        that comes after it until it is done; the screen goes on.
        """
        if not self._lane.is_busy and not slow and not (asks and self._floor.is_far):
            self._done(self._timed(act))
            return

        def later() -> None:
            view = self._timed(act)
            self._app.call_later(self._done, view)

        self._lane.put(later)

    def later(self, work: Callable[[], None]) -> None:
        """Do something in the lane, after what was asked before it."""
        self._lane.put(work)

    def show(self) -> None:
        """Show what came of it."""
        self._done(self._bench.view)

    def _timed(self, act: Callable[[Bench], View]) -> View:
        began = perf_counter()
        try:
            return act(self._bench)
        except StationError as error:
            return self._bench.complain(str(error))
        except Exception:  # the lane must live, and the packer must know
            log.exception("an act of the bench failed")
            return self._bench.complain("A fault of the program: see station.log.")
        finally:
            self._took_ms.append((perf_counter() - began) * 1000)

    def _done(self, view: View) -> None:
        if view.verdict and view.verdict.good is False:
            self._app.bell()
        self._show(self._bench.view)  # newer than what the lane brings, when something came since
        self._floor.wake(urgent=view.work is None or at_gate(view.work.pack))
        if view.work is None or view.work.pack.stage != Stage.VERIFY:
            self.settle()

    def command(self, command: commands.Command) -> None:
        """Do a command of the bench."""
        view = self._app.view
        stopped = view.work is not None and view.work.pack.stage in HALTED
        if view.quarantined and view.work and command in {commands.DONE, commands.YES}:
            self.do(lambda bench: bench.sign_out())
            return
        if stopped and command in {commands.DONE, commands.YES, commands.NEXT}:
            self.do(lambda bench: bench.dismiss())
        elif command.word in KINDS:
            self.do(lambda bench: bench.park(KINDS[command.word]))
        elif command == commands.NEXT:
            self._next()
        elif command == commands.CODE:
            self._show_code()
        elif act := _ACTS.get(command.word):
            self.do(act, asks=command in {commands.SET_ASIDE, commands.REPRINT})

    def _next(self) -> None:
        rows = self._app.screen.query(QueueList)
        chosen = rows.first().chosen if rows else None
        if chosen is None:
            self.do(lambda bench: bench.claim_next(), asks=True)
        else:
            self.do(lambda bench: bench.open_order(chosen.order_id), asks=True)

    def settle(self) -> None:
        """Do what is due in a thread, one at a time; the screen hears of it."""
        with self._settling:
            self._wanted = True
            if self._busy:
                return
            self._busy = True
        self._app.run_worker(self._settle, thread=True, group="settle", exit_on_error=False)

    def _settle(self) -> None:
        while self._more():
            before = self._bench.view
            try:
                after = self._settled()
            except StationError as error:
                after = self._bench.complain(str(error))
            except Exception:  # else nothing would be bought or printed from then on, silently
                log.exception("settling failed")
                after = self._bench.complain("A fault of the program: see station.log.")
            if after != before:
                self._app.post_message(BenchChanged())

    def _more(self) -> bool:
        with self._settling:
            self._busy, self._wanted = self._wanted, False
            return self._busy

    def _settled(self) -> View:
        view = self._bench.settle()
        self._floor.wake(urgent=view.work is None)
        return view

    def hear(self) -> None:
        """Show the bench again after it changed by itself."""
        was, view = self._app.view, self._bench.view
        worse = view.verdict != was.verdict and view.verdict and view.verdict.good is False
        if worse or (view.quarantined and not was.quarantined):
            self._app.bell()
        came_back = was.away and not view.away and not view.quarantined
        if came_back and view.work is None and view.packer:
            # What was refused meanwhile is not true any more.
            view = self._bench.complain("The store is back.", Word.NOTE)
        self._show(view)
        if came_back or (view.work and view.work.pack.stage != Stage.VERIFY):
            self.settle()
        if isinstance(self._app.screen, QueueScreen):
            self.fetch("first", None, keep=True)

    # — showing —
    def _show(self, view: View) -> None:
        self._app.present(view)
        self._stale = True

    def tell(self) -> None:
        """Bring the small print up to date, once what matters has been painted."""
        if not (self._stale or self._lane.is_slow):
            return
        self._stale = False
        view = self._app.view
        if self._lane.is_slow:
            self._app.status = "asking the store …"
            self._stale = True
            return
        now = self._floor.clock()
        aside = f"{len(view.aside)} set aside · " if view.aside else ""
        typed = f" · typing {visible(self._typed, 24)}" if self._typed else ""
        said = self._floor.printer_words()
        printer = said if said.startswith("printed ") else f"printer {said}"
        store = f"store {wording.store_words(self._floor.reach, now)}"
        # What is in trouble stands where a narrow row does not cut it.
        both = (store, printer) if self._floor.reach.trouble else (printer, store)
        took = f"last scan {self._took_ms[-1]:.0f} ms"
        away = "".join(
            f"scanner {name} {trouble} · " for name, trouble in self._floor.scanners() if trouble
        )
        self._app.status = f"{away}{aside}{' · '.join(both)} · {took}{typed}"
        if self._floor.coach:
            hint = self._floor.coach.hint(view)
            code = f"   type  {hint.code}  Enter" if hint.code else ""
            self._app.hint = f"DEMO  {hint.words}{code}"

    def show_typed(self, typed: str) -> None:
        """Show what was typed so far, once a person types it."""
        if typed != self._typed:
            self._typed = typed
            self._stale = True

    def refresh(self) -> None:
        """Bring what the screen shows up to the minute."""
        self.settle()
        self._floor.wake()
        view = self._app.view
        self._floor.beat(
            {
                "packer": view.packer,
                "order": view.work.order.order_id if view.work else "",
                "printer": self._floor.printer_words(),
                "scan_p99_ms": round(sorted(self._took_ms)[int(len(self._took_ms) * 0.99)], 1),
            }
        )
        screen = self._app.screen
        if isinstance(screen, PackScreen):
            screen.show_time()
            self._stale = True
        elif isinstance(screen, QueueScreen):
            self.fetch("first", None, keep=True)

    def _show_code(self) -> None:
        hint = self._floor.coach.hint(self._app.view) if self._floor.coach else None
        if hint and hint.code:
            self._app.push_screen(CodeScreen(hint.words, hint.code))

    # — the queue and the search, from the store —
    def fetch(self, where: Where, row: QueueRow | None, *, keep: bool = False) -> None:
        """Fetch a page and the counts in a thread, then show them.

        With keep the page that is shown is fetched again, and the cursor stays on its order.
        """
        if keep:
            where, row = self._page
        else:
            self._page = (where, row)
            self._turned += 1
        turned = self._turned
        taken = TAKEN_ROWS + bool(self._floor.coach)
        limit = max(1, min(PAGE, self._app.size.height - taken))

        def work() -> None:
            page = self._read(where, row, limit)
            if isinstance(page, str):
                self._app.call_later(self._show_away, page)
            else:
                self._app.call_later(self._show_page, page, turned, keep=keep)

        self._app.run_worker(work, thread=True, group="queue", exit_on_error=False)

    def _read(self, where: Where, row: QueueRow | None, limit: int) -> Page | str:
        """Return a page, or why there is none."""
        if self._floor.reach.trouble:
            return self._floor.reach.trouble
        now = self._floor.clock()
        end = wording.day_end(now, self._floor.settings.station.day_ends)
        try:
            rows, cursor = self._read_page(where, row, limit)
            counts = self._floor.store.counts(now, end)
            hours = self._floor.store.due_by_hour(now, end)
        except StationError as error:
            return error.message.rstrip(".")
        return Page(rows, cursor, counts, hours, now)

    def _read_page(
        self, where: Where, row: QueueRow | None, limit: int
    ) -> tuple[tuple[QueueRow, ...], int]:
        """Return the rows and the cursor's place among them; never a page that is half empty."""
        queue = self._floor.store.queue
        if where == "after":
            rows = queue(limit, after=row)
            return (rows, 0) if len(rows) == limit else self._read_last(limit, len(rows))
        if where == "before":
            rows = queue(limit, before=row)
            full = rows if len(rows) == limit else queue(limit)
            return full, max(0, len(rows) - 1)
        if where == "last":
            return self._read_last(limit, 1)
        return queue(limit), 0

    def _read_last(self, limit: int, below: int) -> tuple[tuple[QueueRow, ...], int]:
        rows = self._floor.store.queue(limit, last=True)
        return rows, max(0, len(rows) - max(1, below))

    def _show_away(self, why: str) -> None:
        if isinstance(self._app.screen, QueueScreen) and self._app.screen.is_mounted:
            self._app.screen.show_away(why, self._floor.reach.since, self._floor.clock())
            self._stale = True

    def _show_page(self, page: Page, turned: int, *, keep: bool) -> None:
        screen = self._app.screen
        if not isinstance(screen, QueueScreen) or turned != self._turned:
            return  # the packer has gone on to another page meanwhile
        if not screen.is_mounted:
            self._app.call_after_refresh(self._show_page, page, turned, keep=keep)
            return
        screen.show_counts(page.counts, page.hours, page.now)
        cursor = None if keep else page.cursor
        screen.show_rows(page.rows, page.now, cursor=cursor, at_top=self._page[0] == "first")
        self._stale = True

    def look_up(self, text: str) -> None:
        """Search the store in a thread and show what was found."""
        wanted = plain(text, 60)
        if isinstance(self._app.screen, LookupScreen):
            self._app.screen.say(wanted, "Asking the store …")

        def work() -> None:
            try:
                rows = self._floor.store.search(wanted)
            except StationError as error:
                self._app.call_later(self._found, wanted, str(error))
            else:
                self._app.call_later(self._found, wanted, rows)

        self._app.run_worker(work, thread=True, group="search", exclusive=True, exit_on_error=False)

    def _found(self, text: str, found: Sequence[QueueRow] | str) -> None:
        screen = self._app.screen
        if not isinstance(screen, LookupScreen):
            return
        if isinstance(found, str):
            screen.say(text, found)
        else:
            screen.show(text, found)


_ACTS: dict[str, Callable[[Bench], View]] = {
    commands.DONE.word: lambda bench: bench.ask_label(),
    commands.UNDO.word: lambda bench: bench.undo(),
    commands.REPRINT.word: lambda bench: bench.reprint(),
    commands.SET_ASIDE.word: lambda bench: bench.set_aside(),
    commands.YES.word: lambda bench: bench.answer(yes=True),
    commands.NO.word: lambda bench: bench.answer(yes=False),
    commands.GIVE_BACK.word: lambda bench: bench.give_back(),
    commands.NOCODE.word: lambda bench: bench.count_unscanned(),
    commands.LOGOUT.word: lambda bench: bench.sign_out(),
}
"""Commands that are one call of the bench."""
