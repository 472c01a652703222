"""Who works at a bench: a typed name, or a badge and a PIN from the first `station user add` on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from station.errors import Quarantined, StoreError, StoreRefused, StoreUnreachable
from station.overview import Pulse
from station.pack import Verdict, Word

if TYPE_CHECKING:
    import threading

    from station.claiming import Claims
    from station.journal import Journal
    from station.proofs import Proofs, Secret
    from station.reach import Reach
    from station.store.port import OrderStore
    from station.view import View

NEEDS_BADGE = "Scan your badge: names are not taken here any more."


class PeopleHere(ABC):
    """The part of the bench that lets people in and out; the order in hand stays."""

    station_id: str
    store: OrderStore
    reach: Reach
    claims: Claims
    proofs: Proofs
    _journal: Journal
    _lock: threading.RLock
    _verdict: Verdict | None
    _packer = ""
    _badge = ""
    """The number on the badge of who is signed in; empty for a typed name."""
    _pin_for = ""
    """The badge whose PIN is asked for."""
    _locked = ""
    """Who was signed out without having asked for it."""
    _left_idle = ""
    """The badge of who left the bench alone until it was locked: his badge alone does not do."""

    @property
    @abstractmethod
    def view(self) -> View:
        """The bench as it is now."""

    @abstractmethod
    def _say(self, word: Word, text: str, code: str = "") -> View: ...

    def learn_badges(self) -> bool:
        """Ask the store, unless they do, whether people sign in with badges here by now."""
        if not self.reach.badges and not self.reach.trouble:
            try:
                self.reach.badges = self.store.pulse(self.station_id, Pulse()).badges
            except StoreError:
                return False  # the link finds out; until then nothing can be taken here either
        return bool(self.reach.badges)

    # — in —
    def sign_in(self, packer: str) -> View:
        """Take the name under which everything is recorded from now on; not where badges are."""
        with self._lock:
            if self.reach.badges:
                return self._say(Word.REFUSED, NEEDS_BADGE)
            self._enter(packer, "", {})
            self._verdict = None
            return self.view

    def show_badge(self, badge: str) -> View:
        """Let somebody in who scanned his badge, or ask for his PIN."""
        with self._lock:
            if self._packer and badge == self._badge:
                return self._say(Word.NOTE, f"{self._packer} is signed in.")
        return self._let_in(badge, None)

    def show_pin(self, pin: Secret) -> View:
        """Let the one in whose PIN was asked for."""
        badge = self._pin_for
        if not badge:
            text = "No PIN was needed. If this was a product, scan it again."
            return self._say(Word.NOTE, text)
        return self._let_in(badge, pin)

    def forget_badge(self) -> View:
        """Ask for a badge again: this one was a mistake."""
        with self._lock:
            self._pin_for = ""
            self._verdict = None
            return self.view

    def _let_in(self, badge: str, pin: Secret | None) -> View:
        """Ask the store without the bench's lock: it may be slow to answer."""
        try:
            name, how = self._name_of(badge, pin)
        except StoreError as error:
            return self._say(Word.REFUSED, str(error))
        with self._lock:
            if not name:
                return self._ask_pin(badge)
            self._enter(name, badge, {"by": how})
            self._verdict = None
            return self.view

    def _name_of(self, badge: str, pin: Secret | None) -> tuple[str, str]:
        """Return who it is and how that is known; nobody while he must show his PIN."""
        if pin is None and (badge == self._left_idle or self.proofs.wants_pin(badge)):
            return "", ""
        if self.reach.trouble and self.proofs.knows(badge):
            return self._offline(badge, pin)
        try:
            granted = self.store.sign_in(self.station_id, badge, pin.reveal() if pin else "")
        except StoreUnreachable:
            return self._offline(badge, pin)
        except Quarantined:
            raise
        except StoreRefused:
            if pin is None:
                return "", ""
            self.proofs.denied(badge, pin)
            raise
        if pin is None:
            self.proofs.worked(badge)
        else:
            self.proofs.keep(badge, pin, granted)
        return granted.name, "badge" if pin is None else "pin"

    def _offline(self, badge: str, pin: Secret | None) -> tuple[str, str]:
        return self.proofs.let_in(badge, pin) or "", "offline"

    def _ask_pin(self, badge: str) -> View:
        if self._packer:
            self._leave_bench("badge")
        self._pin_for = badge
        self._verdict = None
        return self.view

    def _enter(self, name: str, badge: str, data: dict[str, object]) -> None:
        if self._packer:
            self._leave_bench("badge")
        if not self.reach.quarantined:
            self._journal.append("signed-in", "", 0, name, None, data)
        self._packer, self._badge = name, badge
        self._pin_for = self._locked = self._left_idle = ""

    # — out —
    def sign_out(self) -> View:
        """Let the next packer sign in; the order in hand stays."""
        with self._lock:
            if not self.reach.quarantined:
                self.claims.let_go(self._packer)
            self._leave_bench("")
            self._locked = ""
            return self.view

    def lock(self) -> View:
        """Close the bench, which nobody has touched for a while, until a badge is scanned."""
        with self._lock:
            if not (self._packer and self.reach.badges):
                return self.view
            if not (self.reach.quarantined or self.reach.trouble):
                self.claims.let_go(self._packer)
            self._left_idle = self._badge
            self._leave_bench("idle")
            self._verdict = None
            return self.view

    @property
    def wants_pin(self) -> bool:
        """Whether a badge was scanned and its PIN is asked for."""
        return bool(self._pin_for)

    @property
    def must_leave(self) -> bool:
        """Whether the packer may not go on: disabled, or here by name where badges are needed."""
        by_name = bool(self.reach.badges) and not self._badge
        return bool(self._packer) and (by_name or self.reach.unwelcome == self._packer)

    def turn_out(self) -> View:
        """Sign the packer out who may not go on; the order in hand stays for the next."""
        with self._lock:
            if not self.must_leave:
                return self.view
            by_name = not self._badge
            self.proofs.forget(self._packer)
            self._leave_bench("store")
            words = NEEDS_BADGE if by_name else "You were signed out: ask the supervisor why."
            return self._say(Word.REFUSED, words)

    def _leave_bench(self, by: str) -> None:
        """Write down that the packer left, by his own word or by something else."""
        if not self.reach.quarantined:
            data: dict[str, object] = {"by": by} if by else {}
            self._journal.append("signed-out", "", 0, self._packer, None, data)
        if by != "idle":
            self.worked()
        self._locked, self._packer, self._badge = self._packer, "", ""

    def worked(self) -> None:
        """Remember that whoever is signed in is there."""
        if self._badge:
            self.proofs.worked(self._badge)
