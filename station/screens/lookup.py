"""Find an order by its number, a SKU or a tracking id, typed or scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.screen import ModalScreen
from textual.widgets import Static

from station import commands
from station.screens.widgets import Keys, Line, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from station.model import QueueRow

ROWS = 10
"""Orders shown at once; a longer word finds fewer."""


class LookupScreen(ModalScreen[None]):
    """Shows what was found; a label can be printed again once one order is left."""

    CSS_PATH = "dialog.tcss"
    typed: var[str] = var("")
    """What was typed since the last Enter."""
    _found: Sequence[QueueRow] = ()

    @property
    def chosen(self) -> QueueRow | None:
        """The order that was found, where it is the only one."""
        return self._found[0] if len(self._found) == 1 else None

    def compose(self) -> ComposeResult:
        """Lay out the box over the queue."""
        with Vertical(id="box"):
            yield Static(Content("FIND AN ORDER"), id="title", markup=False)
            yield Line("▏", id="typed")
            yield Static(
                "Scan or type an order, SKU or tracking id; Enter.", id="found", markup=False
            )
        yield Keys(commands.Screen.LOOKUP)

    def watch_typed(self, typed: str) -> None:
        """Show the word as it grows."""
        if self.is_mounted:
            self.query_one("#typed", Line).say(typed + "▏")

    def show(self, text: str, rows: Sequence[QueueRow]) -> None:
        """Show the orders that were found."""
        self._found = tuple(rows)
        shown = [_row(order) for order in rows[:ROWS]] or ["Nothing was found."]
        if len(rows) > ROWS:
            shown.append("… and more: type more of it.")
        self.say(text, "\n".join(shown))

    def say(self, text: str, words: str) -> None:
        """Show what is searched for, and how far that is."""
        self.query_one("#typed", Line).say(text)
        self.query_one("#found", Static).update(Content(words))


def _row(order: QueueRow) -> str:
    state = f"{order.state.upper()}{' ' + order.holder if order.holder else ''}"
    return f"{fit(order.order_id, 20)} {fit(state, 24)} {fit(order.title, 24)}"
