"""What the keys of the board do, and what its words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.screen import ModalScreen

from station import board_keys
from station.screens.widgets import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult

_MEANINGS = (
    "WILL MISS  at the present rate it leaves after its ship-by time",
    "NEEDS YOU  nothing goes on with it until somebody decides",
    "unsent     what a bench did and the store does not know yet",
    "SILENT     a bench that is not heard of: off, or without network",
    "NOT ACCEPTED YET  parcels that left and the channel has not accepted",
)


class BoardHelp(ModalScreen[None]):
    """Keys and words; Escape closes it."""

    CSS_PATH = "signing.tcss"
    takes_text = False

    def __init__(self, *, may_act: bool) -> None:
        super().__init__()
        self._may_act = may_act

    def compose(self) -> ComposeResult:
        """Lay out one row for each key and each word."""
        with Vertical(id="box"):
            yield Line("THE KEYS OF THE BOARD", id="title")
            for each in board_keys.on_board(may_act=self._may_act):
                yield Line(f"{each.name:>6}  {each.help}")
            yield Line("")
            for meaning in _MEANINGS:
                yield Line(meaning)
        yield Line(" Esc back", classes="keys")

    def take_key(self, key: str) -> bool:
        """Close at Escape; tell whether it was that."""
        if key == "escape":
            self.dismiss(None)
        return key == "escape"

    def take_text(self, _text: str) -> None:
        """Take nothing: there is no question."""
        self.app.bell()

    def show_typed(self, _pending: str) -> None:
        """Show nothing of it."""
