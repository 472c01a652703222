"""Who packs here: a name, typed or scanned, and Enter."""

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


class SignIn(Screen[None]):
    """The first thing on the screen; it is up before the store is."""

    CSS_PATH = "sign_in.tcss"
    typed: var[str] = var("")
    """What was typed since the last Enter."""
    words: var[str] = var("Opening the order store …")
    """How far the station is, or why it cannot work."""

    def compose(self) -> ComposeResult:
        """Lay out the box in the middle of the screen."""
        with Vertical(id="box"):
            yield Static(Content("STATION"), id="title", markup=False)
            yield Line("Who packs here?", id="ask")
            yield Line("▏", id="name")
            yield Line("Type your name, then press Enter.", id="how")
        yield Static(Content(self.words), id="words", markup=False)
        yield Keys(commands.Screen.SIGN_IN)

    def watch_typed(self, typed: str) -> None:
        """Show the name as it grows."""
        if self.is_mounted:
            self.query_one("#name", Line).say(typed + "▏")

    def watch_words(self, words: str) -> None:
        """Show how far the station is."""
        if self.is_mounted:
            self.query_one("#words", Static).update(Content(words))
