"""The way in and out on the screen: badges, PINs, and a bench that locks itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import wording
from station.barcodes import Kind, is_name
from station.screens.sign_in import BADGE, NAME, PIN, SignIn
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.app import StationApp
    from station.bench import Bench
    from station.desk import Desk
    from station.floor import Floor
    from station.proofs import Secret
    from station.view import View

MAX_NAME = 40
PIN_DIGITS = 6
"""As the store makes them; the code of a product is longer."""
_MINUTE_S = 60.0


class Entrance:
    """Lets people in at an opened floor, and closes it when nobody is there."""

    def __init__(self, app: StationApp, floor: Floor, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._bench: Bench = floor.bench
        self._reach = floor.reach
        self._ticks = floor.ticks
        self._advice = floor.advice
        self._idle_s = floor.settings.people.lock_after_minutes * _MINUTE_S
        self._touched = self._told = self._ticks()
        self._pending = ""
        self._asking = 0
        self._is_fresh = False

    # — in —
    def take(self, text: Secret, *, asked: bool = False) -> None:
        """Take what was typed or scanned while nobody is signed in."""
        if self.takes_pin(text):
            pass
        elif badge := self.badge_of(text):
            self._take_badge(badge, text, asked=asked)
        elif self._bench.wants_pin:
            self._refuse("A PIN is six digits: type it, or scan your badge.")
        elif self._reach.badges:
            self._refuse("This is no badge of this site: scan your badge.")
        else:
            self._take_name(plain(text.reveal(), MAX_NAME))

    def _take_badge(self, badge: str, text: Secret, *, asked: bool) -> None:
        if self._reach.badges or asked:
            self._show_badge(badge)
        else:  # the first one was added a moment ago
            self._reach.badges = None
            self._learn(text)

    def _show_badge(self, badge: str) -> None:
        self._at_door(lambda bench: bench.show_badge(badge))

    def _at_door(self, act: Callable[[Bench], View]) -> None:
        def show(bench: Bench) -> View:
            try:
                return act(bench)
            finally:
                self._app.call_later(self._answered)

        self._asking += 1
        self._desk.do(show, slow=True)

    def _answered(self) -> None:
        self._asking -= 1
        self._is_fresh = True

    def takes_pin(self, text: Secret) -> bool:
        """Take a text that is a PIN, also one typed too early, or though none was needed.

        Else it would be taken for a scan, and written down. False: it is something else.
        """
        expected = self._asking or self._bench.wants_pin or self._is_fresh
        self._is_fresh = False
        if not expected or not is_pin(text):
            return False
        self._at_door(lambda bench: bench.show_pin(text))
        return True

    def _take_name(self, name: str) -> None:
        if is_name(name):
            # Where the store has not said yet whether names are taken, the link hears it in a
            # moment; a name is signed out again then.
            self._desk.do(lambda bench: bench.sign_in(name))
        else:
            self._refuse("This is a code, not a name: type your name.")

    def _learn(self, text: Secret) -> None:
        """Ask the store first whether names or badges are taken here."""

        def ask(bench: Bench) -> View:
            bench.learn_badges()
            self._app.call_later(self.take, text, asked=True)
            return bench.view

        self._desk.do(ask, slow=True)

    def _refuse(self, words: str) -> None:
        self._desk.do(lambda bench: bench.complain(words))

    def badge_of(self, text: Secret) -> str:
        """Return the number on a badge of this site; '' for everything else."""
        code = self._bench.read(text.reveal())
        return code.word if code.kind == Kind.BADGE else ""

    def takes(self, text: Secret) -> bool:
        """Take a badge or a PIN while somebody is signed in; False: it is something else."""
        if badge := self.badge_of(text):
            self._switch(badge)
        return bool(badge) or self.takes_pin(text)

    def _switch(self, badge: str) -> None:
        """Let another one in at the queue or over an order, which goes on under his name."""
        if self._reach.badges:
            self._show_badge(badge)
        else:
            self._refuse("People sign in with their names here.")

    def again(self) -> None:
        """Ask for a badge again instead of a PIN."""
        if self._app.view.wants_pin:
            self._desk.do(lambda bench: bench.forget_badge())

    def show(self, screen: SignIn, view: View) -> None:
        """Show what is asked for, and why."""
        screen.asks = PIN if view.wants_pin else BADGE if view.badges else NAME
        verdict = view.verdict
        if verdict and verdict.good is False:
            screen.words = verdict.text
        elif view.is_locked and not view.wants_pin:
            screen.words = wording.locked(view)
        else:
            screen.words = f"Ready.\n{self._advice}".strip()

    # — out —
    def touch(self) -> None:
        """Take note that somebody is there."""
        self._touched = self._ticks()

    def tick(self, pending: str) -> None:
        """Look whether the packer may go on, and whether anybody is there."""
        if pending != self._pending:
            self._pending = pending
            self.touch()
        if not self._app.view.packer or self._desk.is_busy:
            return
        if self._bench.must_leave:
            self._desk.do(lambda bench: bench.turn_out())
        elif self._reach.badges and self._ticks() - self._touched >= self._idle_s:
            self._desk.do(lambda bench: bench.lock())
        elif self._touched - self._told > _MINUTE_S:
            self._told = self._touched
            self._bench.worked()


def is_pin(text: Secret) -> bool:
    """Tell whether a text can be a PIN."""
    digits = text.reveal().strip()
    return digits.isascii() and digits.isdecimal() and len(digits) == PIN_DIGITS
