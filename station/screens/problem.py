"""What is wrong with the order: four reasons, each on a key and on the printed sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station import commands
from station.model import ProblemKind
from station.screens.widgets import Keys, Line, key_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from textual.app import ComposeResult

    from station.view import View

KINDS = {
    commands.SHORT.word: ProblemKind.SHORT,
    commands.DAMAGED.word: ProblemKind.DAMAGED,
    commands.MISSING.word: ProblemKind.MISSING,
    commands.OTHER.word: ProblemKind.OTHER,
}
"""The reason that each command stands for."""


class ProblemScreen(ModalScreen[None]):
    """Asks for the reason; the app parks the order when the command comes."""

    CSS_PATH = "dialog.tcss"

    def __init__(self, view: View, offers: Collection[commands.Command] = ()) -> None:
        super().__init__()
        self._view = view
        self._offers = offers
        """What can be done about it beyond parking the order."""

    def compose(self) -> ComposeResult:
        """Lay out the box over the pack screen."""
        with Vertical(id="box"):
            yield Static(Content("WHAT IS WRONG?"), id="title", markup=False)
            yield Line(_about(self._view), id="about")
            yield from self._rows(lambda command: command.word in KINDS)
            yield Line("      The order is parked with its reason; all goes to the shelf.")
            if self._offers:
                yield Line()
                yield from self._rows(lambda command: command in self._offers)
                yield Line("      The order stays here. Signed: with a supervisor’s badge and PIN.")
        yield Keys(commands.Screen.PROBLEM)

    def _rows(self, wanted: Callable[[commands.Command], bool]) -> Iterator[Line]:
        for key, command in commands.on_screen(commands.Screen.PROBLEM):
            if wanted(command):
                yield Line(f"{key_name(key):>4}  {command.label.upper():<10} {command.help}")


def _about(view: View) -> str:
    if view.work is None:
        return ""
    pack = view.work.pack
    current = pack.current
    item = f" · {pack.lines[current].title}" if current is not None else ""
    return pack.order_id + item
