"""Who decides, and why: a reason, a badge or a name, and a PIN that nobody sees.

There is no text field: the app hands over what was typed or scanned, and the PIN stands on the
screen as dots.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station.acts import Signature
from station.screens.widgets import Line, fit_rows
from station.text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

MAX_REASON = 200
MAX_NAME = 40
MAX_PIN = 12
"""Digits taken of a PIN; the store makes six."""

LOW = 20
"""Rows below which the answers stand closer together."""

FIRST_KEY = 2
"""The first reason is on F2: F1 is the help everywhere."""


class Step(Enum):
    """What the screen waits for."""

    REASON = "Why? Press a key, or type the reason; Enter."
    WHO = "Who decides? Type your name, or scan your badge; Enter."
    PIN = "Type your PIN; Enter."


class SignScreen(ModalScreen[Signature | None]):
    """Asks for a signature; None when nobody gave one.

    Args:
        title: What is decided, in capitals.
        detail: What it does, in one or two sentences.
        needs_badge: Whether a typed name is refused, as at a bench.
        reasons: What is offered for F2, F3 …; at most eight. Another one can be typed.
        read_badge: Tells the number on a scanned badge, None for everything else.
        reason: The reason, where it is known already.
        who: Who signs, where it is known already.
        words: What the store said to the last try.
    """

    CSS_PATH = "signing.tcss"
    takes_text = True

    def __init__(
        self,
        title: str,
        detail: str,
        *,
        needs_badge: bool,
        reasons: tuple[str, ...],
        read_badge: Callable[[str], str | None] = lambda _text: None,
        reason: str = "",
        who: str = "",
        words: str = "",
    ) -> None:
        super().__init__()
        self._about = (title, detail)
        self._needs_badge = needs_badge
        self._reasons = reasons[:8]
        self._read_badge = read_badge
        self._reason, self._who, self._words = reason, who, words
        self._is_badge = needs_badge and bool(who)

    def compose(self) -> ComposeResult:
        """Lay out what is decided, the reasons, and the three answers."""
        title, detail = self._about
        with Vertical(id="box"):
            yield Line(plain(title, 70), id="title")
            yield Static(Content(fit_rows(plain(detail), 70, 2)), id="about", markup=False)
            with Vertical(id="reasons"):
                for number, reason in enumerate(self._reasons, FIRST_KEY):
                    yield Line(f"F{number}  {reason}")
            yield Line(id="reason")
            yield Line(id="who")
            yield Line(id="pin")
            yield Static(Content(""), id="ask", markup=False)
        yield Line(" Enter next  Esc back", classes="keys")

    def on_mount(self) -> None:
        """Ask for the first thing that is not known."""
        self._show(self._words)

    def on_resize(self) -> None:
        """Leave out what a low screen has no room for."""
        self.set_class(self.size.height < LOW, "-low")

    @property
    def step(self) -> Step:
        """What the screen waits for now."""
        if not self._reason:
            return Step.REASON
        return Step.PIN if self._who else Step.WHO

    def show_typed(self, pending: str) -> None:
        """Show a word as it grows; of a PIN only how long it is."""
        if not self.is_mounted:
            return
        step = self.step
        shown = "•" * min(len(pending), MAX_PIN) if step == Step.PIN else visible(pending, 50)
        self._say(step, shown + "▏")

    def take_text(self, text: str) -> None:
        """Take a whole typed line or scan."""
        if badge := self._read_badge(text):
            self._who, self._is_badge = badge, True
            self._show("")
        elif self.step == Step.REASON:
            self._take_reason(text)
        elif self.step == Step.WHO:
            self._take_who(text)
        else:
            self._take_pin(text)

    def take_key(self, key: str) -> bool:
        """Take a function key; tell whether it was one of ours."""
        number = int(key[1:]) - FIRST_KEY if key[:1] == "f" and key[1:].isdecimal() else -1
        if self.step == Step.REASON and 0 <= number < len(self._reasons):
            self._take_reason(self._reasons[number])
            return True
        if key == "escape":
            self.back()
            return True
        return False

    def back(self) -> None:
        """Take back the last answer; from the first question, leave."""
        if self.step == Step.PIN:
            self._who, self._is_badge = "", False
        elif self.step == Step.WHO:
            self._reason = ""
        else:
            self.dismiss(None)
            return
        self._show("")

    def _take_reason(self, text: str) -> None:
        self._reason = plain(text, MAX_REASON)
        self._show("")

    def _take_who(self, text: str) -> None:
        name = plain(text, MAX_NAME)
        if self._needs_badge:
            self._show("This is no badge of this site: scan the supervisor’s badge.")
            return
        self._who = name
        self._show("")

    def _take_pin(self, text: str) -> None:
        digits = text.strip()
        if digits.isascii() and digits.isdecimal() and len(digits) <= MAX_PIN:
            self.dismiss(Signature(self._who, digits, self._reason))
        else:
            self._show("A PIN is digits only. Type it again.")

    def _show(self, words: str) -> None:
        """Show the answers so far, and the question."""
        step = self.step
        self.query_one("#reasons").display = step == Step.REASON and bool(self._reasons)
        for each in Step:
            self._say(each, "▏" if each == step else self._given(each))
        ask = step.value
        if step == Step.WHO and self._needs_badge:
            ask = "Scan the supervisor’s badge."
        elif step == Step.REASON and not self._reasons:
            ask = "Why? Type the reason; Enter."
        shown = f"{plain(words, 200)}\n{ask}" if words else ask
        self.query_one("#ask", Static).update(Content(shown))
        self.query_one("#ask").set_class(bool(words), "-refused")

    def _given(self, step: Step) -> str:
        if step == Step.REASON:
            return self._reason
        return ("badge scanned" if self._is_badge else self._who) if step == Step.WHO else ""

    def _say(self, step: Step, text: str) -> None:
        label = {Step.REASON: "Reason", Step.WHO: "Who", Step.PIN: "PIN"}[step]
        line = self.query_one(f"#{step.name.lower()}", Line)
        line.say(f"{label:<8}{text}")
        line.set_class(step == self.step, "-asked")
