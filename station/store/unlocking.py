"""Letting somebody try again who is locked out: an owner any person, a supervisor packers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.acts import ActKind, Role, may_unlock
from station.errors import StoreRefused
from station.store import people
from station.store.decision import Done
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.acts import Act
    from station.store.decision import Decision


def may_sign(connection: Connection, act: Act, role: Role) -> bool:
    """Tell whether somebody in a role may do an act to the person that it is about."""
    if act.kind != ActKind.UNLOCK:
        return True
    whom = people.known(connection, act.person)
    return whom is None or may_unlock(role, whom.role)


def unlock(connection: Connection, decision: Decision) -> Done:
    """Let somebody try again who is locked out after wrong PINs."""
    whom = people.known(connection, decision.act.person)
    if whom is None:
        name = plain(decision.act.person, 40)
        raise StoreRefused(f"Nobody here is called {name}.", "See `station user list`.")
    people.unlock(connection, whom.name)
    return Done(f"{whom.name} may try again.")
