"""One question over the board: pick one of a few, or type an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station.screens.widgets import Line, fit_rows
from station.text import plain, visible

if TYPE_CHECKING:
    from textual.app import ComposeResult

FIRST_KEY = 2
"""The first choice is on F2: F1 is the help everywhere."""
MOST = 7
"""Answers that fit 80×24 with a line of help each."""
LOW = 20
"""Rows below which the help is left out."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer."""

    value: str
    label: str
    help: str = ""


class AskScreen(ModalScreen[str | None]):
    """Asks one question; None when there was no answer.

    Args:
        title: What it is about, in capitals.
        question: One sentence.
        options: Answers on F2, F3 … and under a cursor; at most seven.
        is_typed: Whether another answer can be typed or scanned.
    """

    CSS_PATH = "signing.tcss"

    def __init__(
        self, title: str, question: str, options: tuple[Option, ...], *, is_typed: bool = False
    ) -> None:
        super().__init__()
        self._about = (title, question)
        self._options = options[:MOST]
        self.takes_text = is_typed
        """Whether letters mean anything here."""
        self._cursor = 0

    def compose(self) -> ComposeResult:
        """Lay out the question and its answers."""
        title, question = self._about
        with Vertical(id="box"):
            yield Line(plain(title, 70), id="title")
            yield Static(Content(fit_rows(plain(question, 300), 70, 4)), id="about", markup=False)
            for number, option in enumerate(self._options):
                yield Line(classes="option", id=f"option-{number}")
                if option.help:
                    yield Line(f"       {plain(option.help)}", classes="-help")
            if self.takes_text:
                yield Line("▏", id="typed", classes="-asked")
        keys = " ↑↓ Enter choose" if self._options else " Enter next"
        yield Line(f"{keys}  Esc back", classes="keys")

    def on_mount(self) -> None:
        """Show the cursor."""
        self._show()

    def on_resize(self) -> None:
        """Leave out what a low screen has no room for."""
        self.set_class(self.size.height < LOW, "-low")

    def show_typed(self, pending: str) -> None:
        """Show an answer as it grows."""
        if self.takes_text and self.is_mounted:
            self.query_one("#typed", Line).say(visible(pending, 50) + "▏")

    def take_text(self, text: str) -> None:
        """Take a whole typed line or scan."""
        word = plain(text, 60)
        if self.takes_text and word:
            self.dismiss(word)
        else:
            self.app.bell()

    def take_key(self, key: str) -> bool:
        """Take a key; tell whether it was one of ours."""
        number = int(key[1:]) - FIRST_KEY if key[:1] == "f" and key[1:].isdecimal() else -1
        if key == "escape":
            self.dismiss(None)
        elif 0 <= number < len(self._options):
            self.dismiss(self._options[number].value)
        elif key == "enter" and self._options:
            self.dismiss(self._options[self._cursor].value)
        elif key in {"up", "down"} and self._options:
            self._cursor = (self._cursor + (1 if key == "down" else -1)) % len(self._options)
            self._show()
        else:
            return False
        return True

    def _show(self) -> None:
        for number, option in enumerate(self._options):
            line = self.query_one(f"#option-{number}", Line)
            sign = "▸" if number == self._cursor else " "
            line.say(f"{sign} F{number + FIRST_KEY}  {plain(option.label, 60)}")
            line.set_class(number == self._cursor, "-asked")
