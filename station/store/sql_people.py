"""People, their acts, the audit log and the board, as methods of the order store in a database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from station.store import acting, audit, audit_walk, board, copies, people, pulses, reports, roster
from station.store.columns import storable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from station.acts import (
        Act,
        Acted,
        Anchors,
        AuditEntry,
        Pass,
        Person,
        Role,
        Signature,
    )
    from station.overview import Board, Echo, Pulse
    from station.store.audit import AuditLook
    from station.store.copies import Copy
    from station.store.database import Database
    from station.store.reports import Facts


class PeopleStore(ABC):
    """The part of `SqlOrderStore` that knows people."""

    _database: Database

    @abstractmethod
    def _now(self) -> int: ...

    @abstractmethod
    def expire(self) -> None:
        """Give lapsed orders back to the queue."""

    def sign_in(self, station: str, badge: str, pin: str = "") -> Pass:
        """Let somebody in with badge and PIN, or with his badge where he has a pass."""
        return people.sign_in(self._database, storable(station), badge, pin, self._now)

    def act(self, station: str, act: Act, signature: Signature, *, by_name: bool = True) -> Acted:
        """Do what somebody signed; by_name: his name will do instead of his badge's number."""
        return acting.act(
            self._database, storable(station), act, signature, self._now, by_name=by_name
        )

    def act_here(self, act: Act, who: str, reason: str, *, role: str = "console") -> Acted:
        """Do what somebody decided who has this machine, or an enrolled office."""
        return self._database.change(
            lambda c: acting.act_here(c, act, who, role, reason, self._now())
        )

    def pulse(self, station: str, pulse: Pulse) -> Echo:
        """Take in how a station is."""
        return self._database.change(
            lambda c: pulses.pulse(c, storable(station), pulse, self._now())
        )

    def board(self, now: datetime, day_end: datetime, *, known: str = "") -> Board | None:
        """Return the floor as it is; None when it is the known one."""
        self.expire()
        found = self._database.look(lambda c: board.board(c, now, day_end))
        return None if board.is_known(found, known) else found

    def audit(self, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Return lines of the audit log after a seq."""
        return self._database.look(lambda c: audit.entries(c, after, limit))

    def anchors(self, station: str, seqs: Sequence[int] = ()) -> Anchors:
        """Return how far a station's journal is known, and the audit lines of seqs."""
        return self._database.look(lambda c: audit.anchors(c, storable(station), seqs))

    def walk_audit(self) -> AuditLook:
        """Follow the whole audit log; only on the store's own machine."""
        return audit_walk.walk(self._database)

    def walk_copies(self) -> tuple[Copy, ...]:
        """Follow the store's copies of the benches' journals; only on the store's own machine."""
        return copies.walk(self._database)

    def facts(self, start: int, end: int) -> Facts:
        """Return what happened between two times, in seconds since 1970, for a report."""
        return self._database.look(lambda c: reports.between(c, start, end))

    # — for `station user` on the store's machine; by is who does it —
    def add_person(self, name: str, role: Role, *, by: str = "") -> tuple[Person, str]:
        """Add somebody and return him with his PIN, which nobody is told again."""
        return roster.add(self._database, name, role, self._now(), by)

    def renew_person(
        self, name: str, *, badge: bool, pin: bool, by: str = ""
    ) -> tuple[Person, str]:
        """Give somebody a new badge number, a new PIN, or both; a new PIN ends a lock-out."""
        return roster.renew(self._database, name, self._now(), by, badge=badge, pin=pin)

    def disable_person(self, name: str, *, by: str = "") -> bool:
        """End somebody's access everywhere; return whether he had any."""
        return self._database.change(lambda c: roster.disable(c, name, self._now(), by))

    def people(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        return self._database.look(roster.everybody)
