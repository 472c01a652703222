"""The floor at one moment: what will be late, who needs a decision, and what every bench does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Digits, Static

from station import board_keys, wording
from station import board_words as words
from station.screens.board_rows import BoardRows
from station.screens.board_sections import sections
from station.screens.widgets import Line, spread

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from station.board_words import Outlook
    from station.overview import Board

LEAST = (60, 16)
"""Columns and rows below which only the most important is shown."""
TALL = 20
"""Rows below which the band on top has one row instead of three."""
_AROUND = 6
"""Rows that are not the sections': head, band, keys and status."""


class BoardScreen(Screen[None]):
    """The supervisor's board.

    Args:
        title: What stands in the head.
        draws: Whether the terminal can draw big digits.
    """

    CSS_PATH = "board.tcss"

    def __init__(self, title: str, *, draws: bool = True) -> None:
        super().__init__()
        self._draws = draws
        self._title = title
        self._board: Board | None = None
        self._number = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Line(id="head", classes="head")
        with Horizontal(id="band"):
            yield Digits("", id="number")
            with Vertical(id="words"):
                yield Line(id="worst")
                yield Line(id="why")
                yield Line(id="all")
        yield BoardRows(id="rows")
        yield Line(board_keys.footer(may_act=True), id="keys", classes="keys")
        yield Line(id="status", classes="status")
        yield Static(Content(""), id="small", markup=False)

    @property
    def rows(self) -> BoardRows:
        """The rows with the cursor."""
        return self.query_one(BoardRows)

    def show(self, board: Board | None, now: datetime, away: str = "") -> None:
        """Show the floor; what is away is grey, and stays."""
        if not self.is_mounted:
            return
        self._board = board or self._board
        self.set_class(bool(away), "-away")
        self._fit()
        if self._board is None:
            self._line("worst", away or "The order store is being opened …")
            return
        width, height = self.size
        ahead = words.outlook(self._board, now)
        self._line("head", spread(f" {self._title}", f"{wording.clock(now)} ", width))
        self._band(self._board, ahead, height, away)
        self.rows.show(
            sections(self._board, now, width, height - (_AROUND if height >= TALL else _AROUND - 2))
        )
        self._line("keys", board_keys.footer(may_act=self._board.may_act))
        self._small(self._board, ahead)

    def say(self, words: str) -> None:
        """Say something in the last row."""
        self._line("status", f" {words}")

    def _fit(self) -> None:
        width, height = self.size
        self.set_class(width < LEAST[0] or height < LEAST[1], "-small")
        self.set_class(height < TALL, "-low")

    def _band(self, board: Board, ahead: Outlook, height: int, away: str) -> None:
        self.set_class(bool(ahead.will_miss), "-late")
        number = str(ahead.will_miss) if height >= TALL and self._draws else ""
        if number != self._number:
            self._number = number
            self.query_one("#number", Digits).update(number)
        self._line("worst", _worst(ahead, is_big=bool(number), is_away=bool(away)))
        self._line("why", _why(board, ahead))
        self._line("all", words.state_words(board))

    def _small(self, board: Board, ahead: Outlook) -> None:
        width, height = LEAST
        text = f"{board.overdue} OVERDUE\n{ahead.will_miss} WILL MISS\nMake it {width}×{height}."
        self.query_one("#small", Static).update(Content(text))

    def _line(self, name: str, text: str) -> None:
        self.query_one(f"#{name}", Line).say(text)


def _worst(ahead: Outlook, *, is_big: bool, is_away: bool) -> str:
    few = "" if is_big or not ahead.will_miss else f"{ahead.will_miss} "
    worst = f"{few}WILL LEAVE LATE" if ahead.will_miss else "NOTHING IS LATE"
    return f"{worst} · as it was: the store is away" if is_away else worst


def _why(board: Board, ahead: Outlook) -> str:
    more = ahead.will_miss - board.overdue
    parts = [f"{board.overdue} overdue now"] if board.overdue else []
    parts += [f"{more} more will miss their hour" if parts else f"{more} will miss"] if more else []
    return ", ".join([*parts, words.rate_words(ahead)])
