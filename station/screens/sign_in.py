"""Who packs here: a name, typed or scanned, and Enter; or a badge, and a PIN that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from station import commands
from station.screens.widgets import Keys, Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

MOST_DOTS = 12
NAME = ("Who packs here?", "Type your name, then press Enter.")
BADGE = ("Scan your badge.", "Whoever packs here scans the badge.")
PIN = ("Type your PIN.", "Then press Enter. Esc: another badge.")


class SignIn(Screen[None]):
    """The first thing on the screen; it is up before the store is."""

    CSS_PATH = "sign_in.tcss"
    typed: var[str] = var("")
    """What was typed since the last Enter; of a PIN only dots."""
    asks: var[tuple[str, str]] = var(NAME)
    """What is asked for, and how to answer."""
    words: var[str] = var("Opening the order store …")
    """How far the station is, or why it cannot work."""

    def compose(self) -> ComposeResult:
        """Lay out the box in the middle of the screen."""
        with Vertical(id="box"):
            yield Static(Content("STATION"), id="title", markup=False)
            yield Line(self.asks[0], id="ask")
            yield Line("▏", id="name")
            yield Line(self.asks[1], id="how")
        yield Static(Content(self.words), id="words", markup=False)
        yield Keys(commands.Screen.SIGN_IN)

    def show_typed(self, pending: str) -> None:
        """Show what was typed so far; of a PIN only how long it is."""
        self.typed = "•" * min(len(pending), MOST_DOTS) if self.asks == PIN else pending

    def watch_typed(self, typed: str) -> None:
        """Show the name as it grows."""
        if self.is_mounted:
            self.query_one("#name", Line).say(typed + "▏")

    def watch_asks(self, asks: tuple[str, str]) -> None:
        """Ask for a name, a badge or a PIN."""
        if self.is_mounted:
            self.query_one("#ask", Line).say(asks[0])
            self.query_one("#how", Line).say(asks[1])

    def watch_words(self, words: str) -> None:
        """Show how far the station is."""
        if self.is_mounted:
            self.query_one("#words", Static).update(Content(words))
