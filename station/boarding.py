"""The supervisor's board as a terminal program: looks by itself, and asks before it acts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual import events, on, work

from station import barcodes, board_acts, board_keys, compose, wording
from station.board_desk import BoardDesk
from station.board_watch import FloorAway, FloorSeen, Watch
from station.driver import Decoder, shows_utf8
from station.floor import now as utc_now
from station.messages import Ticked
from station.screens.board import BoardScreen
from station.screens.board_help import BoardHelp
from station.screens.deciding import AskScreen
from station.screens.signing import SignScreen
from station.text import plain
from station.typed_app import TypedApp
from station.wedge import Wedge

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from textual.message import Message

    from station.compose import Place
    from station.messages import ScanRead
    from station.overview import Board
    from station.store.port import OrderStore

DIALOGS = (AskScreen, SignScreen, BoardHelp)
AGES_S = 10.0
"""Seconds after which ages are told anew."""
TICK_S = 0.25
SOON_S = 0.02
"""Seconds in which keys are gathered before what they changed is shown."""
MOST_TYPED = 4000
"""Characters of one second that are taken: far more than anybody types, far less than a paste."""
STALE_S = 60.0
"""Seconds without an answer after which the floor on show is told to be old; a look takes 20."""
_STALE = "There is no news of the floor. End the board and start it again; station.log says why."


class BoardApp(TypedApp[None], inherit_bindings=False):
    """The board in a terminal.

    Args:
        open_store: Opens the order store; called after the first frame, in a thread.
        title: What stands in the head.
        day_ends: Local time of the last pick-up.
        read_badge: Tells the number on a scanned badge, None for everything else.
        clock: Tells the time, UTC.
    """

    CSS_PATH = "app.tcss"
    TITLE = "station"

    def __init__(
        self,
        open_store: Callable[[], OrderStore],
        *,
        title: str,
        day_ends: str,
        read_badge: Callable[[str], str | None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        # An SSH line hands over typed characters in bursts, as a scanner does: no pause ends them.
        super().__init__(Wedge(pause_s=0))
        self._title = title
        self._read_badge = read_badge
        self._clock = clock
        self._board: Board | None = None
        self._away: FloorAway | None = None
        self._said = ""
        self._is_waiting = False
        self._floor_screen = BoardScreen(title, draws=shows_utf8())
        self.watch_floor = Watch(open_store, day_ends, clock, self._post)

    def _post(self, message: Message) -> None:
        self.post_message(message)

    # — looking —
    def on_mount(self) -> None:
        """Show an empty board at once; the store is opened behind it."""
        self.push_screen(self._floor_screen)
        self.call_after_refresh(self.watch_floor.start)
        self.call_after_refresh(self._show)
        self.set_interval(AGES_S, self._show)
        self.set_interval(TICK_S, lambda: self.post_message(Ticked()))

    def on_unmount(self) -> None:
        """Look no more."""
        self.watch_floor.stop()

    @on(FloorSeen)
    def take_floor(self, message: FloorSeen) -> None:
        """Show the floor as it is now."""
        self._away = None
        self._board = message.board or self._board
        self._show()

    @on(FloorAway)
    def take_trouble(self, message: FloorAway) -> None:
        """Keep the last floor, in grey, and say since when."""
        self._away = message
        self._show()

    def on_resize(self) -> None:
        """Lay everything out for another size."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self._is_waiting = False
        if not self.screen_stack:
            return
        away = self._trouble()
        self._floor_screen.show(self._board, self._clock(), plain(away.words) if away else "")
        self._floor_screen.say(self._said or self._standing(away))

    def _show_soon(self) -> None:
        """Show what keys have changed, once for a burst of them."""
        if not self._is_waiting:
            self._is_waiting = True
            self.set_timer(SOON_S, self._show)

    def _trouble(self) -> FloorAway | None:
        """Return why the floor on show is not that of now: an old one must not look like news."""
        silent_s = self.watch_floor.silent_s
        if self._away or silent_s < STALE_S or self._board is None:
            return self._away
        return FloorAway(_STALE, self._clock() - timedelta(seconds=silent_s))

    def _standing(self, away: FloorAway | None) -> str:
        if away:
            return f"store AWAY since {wording.clock(away.since)}: {plain(away.words)}"
        if self._board is None:
            return "asking the store …"
        row = self._floor_screen.rows.chosen if self._floor_screen.is_mounted else None
        whole = board_acts.whole(row.about, self._clock()) if row and row.about else ""
        return plain(whole, 300) or "store ok"

    def _say(self, words: str) -> None:
        self._said = plain(words, 300)
        self._show()

    # — keys —
    @on(Ticked)
    def tick(self, message: Ticked) -> None:
        """Look whether a pause has ended a scan."""
        if self.screen_stack:
            self._scanned(self._wedge.tick(message.time), message.time)
            self._show_typed()

    def take_scan(self, message: ScanRead) -> None:
        """Give a whole line to the question that is open."""
        screen = self.screen
        if isinstance(screen, DIALOGS) and message.whole:
            screen.take_text(message.text)
        else:
            self.bell()

    def _key(self, event: events.Key) -> None:
        if not self._takes_text():
            self._wedge.clear()  # a stray letter would take the next function key with it
        super()._key(event)

    def _takes_text(self) -> bool:
        return isinstance(self.screen, DIALOGS) and self.screen.takes_text

    def _show_typed(self) -> None:
        if isinstance(self.screen, DIALOGS):
            self.screen.show_typed(self._wedge.pending)

    def _command_key(self, key: str) -> None:
        screen = self.screen
        if isinstance(screen, DIALOGS):
            screen.take_key(key)
        elif isinstance(screen, BoardScreen):
            self._said = ""
            if not screen.rows.move(key):
                self._command(key)
            self._show_soon()

    def _command(self, key: str) -> None:
        may_act = self._board is not None and self._board.may_act
        if key == board_keys.HELP.key:
            self.push_screen(BoardHelp(may_act=may_act))
        elif key == board_keys.END.key:
            self.exit()
        elif may_act and key == board_keys.DECIDE.key:
            self._decide_row()
        elif may_act and key == board_keys.FIND.key:
            self._at_desk(BoardDesk.decide_any)
        elif may_act and key == board_keys.LET_IN.key:
            self._at_desk(BoardDesk.unlock)

    # — deciding —
    def _decide_row(self) -> None:
        row = self._floor_screen.rows.chosen
        if row is None:
            self._say("Choose a row with ↑ and ↓ first.")
        elif row.about is None or not board_acts.kinds(row.about):
            self._say("There is nothing to decide about this row.")
        else:
            about = row.about
            self._at_desk(lambda desk: desk.decide(about))

    @work(exclusive=True, group="desk")
    async def _at_desk(self, what: Callable[[BoardDesk], Awaitable[None]]) -> None:
        benches = self._board.benches if self._board else ()
        desk = BoardDesk(self, self.watch_floor.store, self._read_badge, benches, self._say)
        await what(desk)
        self.watch_floor.look_now()


def build(place: Place) -> BoardApp:
    """Return the board of a place; it opens the store after its first frame."""
    scans = place.joined is None or place.joined.role == "board"
    key = place.site_key if scans else b""

    def badge(text: str) -> str | None:
        code = barcodes.read(text, key)
        return code.word if code.kind == barcodes.Kind.BADGE else None

    title = f"BOARD · {place.store_url.partition('://')[2]}" if place.is_far else "BOARD"
    return BoardApp(
        lambda: compose.open_store(place),
        title=title,
        day_ends=place.settings.station.day_ends,
        read_badge=badge,
    )


def run(place: Place) -> int:
    """Show the board in the terminal until its reader ends it; return the exit code."""
    compose.prepare(place.home)
    Decoder.most_per_s = MOST_TYPED
    app = build(place)
    app.run(mouse=False)
    return app.return_code or 0
