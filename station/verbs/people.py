"""`station user`: who works here, on the machine that has the store."""

from __future__ import annotations

import sys
from contextlib import closing
from shlex import quote
from typing import TYPE_CHECKING

from station.acts import Act, ActKind
from station.text import plain
from station.verbs import FAILED, OK, os_user, serving

if TYPE_CHECKING:
    from station.acts import Person, Role
    from station.compose import Place

REASON = "on the store's machine"
"""What the audit log says where the command asks nobody for a reason."""


def add(place: Place, name: str, role: Role) -> int:
    """Add somebody and print his PIN, once."""
    with closing(serving.open_here(place)) as store:
        is_first = not store.people()
        person, pin = store.add_person(name, role, by=os_user())
    print(f"{person.name} is added as {person.role}.")
    _tell(person, pin)
    if is_first:
        print("From now on every bench asks for badge and PIN: add everybody who packs.")
    return OK


def show(place: Place) -> int:
    """Print everybody: name, role, since when, and who cannot sign in."""
    with closing(serving.open_here(place)) as store:
        people = store.people()
    for person in people:
        print(f"{person.name:<42}{person.role:<12}{_standing(person)}")
    print(f"{len(people)} people" if len(people) != 1 else "1 person")
    return OK


def disable(place: Place, name: str) -> int:
    """End somebody's access; returns 1 when he had none."""
    with closing(serving.open_here(place)) as store:
        ended = store.disable_person(name, by=os_user())
    if not ended:
        print(f"station: {name!r} was disabled before.", file=sys.stderr)
        return FAILED
    print(f"{plain(name)} cannot sign in or sign anything from now on.")
    print("A bench that he works at signs him out within half a minute; what he packed stays.")
    return OK


def renew(place: Place, name: str, *, badge: bool, pin: bool) -> int:
    """Give somebody a new badge, a new PIN, or, when neither is named, both."""
    if not (badge or pin):
        badge = pin = True
    with closing(serving.open_here(place)) as store:
        person, fresh = store.renew_person(name, badge=badge, pin=pin, by=os_user())
    old = "badge and PIN have" if badge and pin else "badge has" if badge else "PIN has"
    print(f"{person.name}: the old {old} ended.")
    _tell(person, fresh, has_badge=badge)
    return OK


def unlock(place: Place, name: str) -> int:
    """Let somebody try again who typed too many wrong PINs."""
    with closing(serving.open_here(place)) as store:
        done = store.act_here(Act(ActKind.UNLOCK, person=name), os_user(), REASON)
    print(done.words)
    print("Was the PIN forgotten? A new one: station user renew NAME --pin")
    return OK


def _tell(person: Person, pin: str, *, has_badge: bool = True) -> None:
    if pin:
        print(f"PIN    {pin}   shown only now: for {person.name} alone, to learn by heart")
    if has_badge:
        print(f"Badge  station print badges {quote(person.name)}")


def _standing(person: Person) -> str:
    if person.disabled:
        return f"disabled on {person.disabled.astimezone():%Y-%m-%d %H:%M}"
    since = f"since {person.added.astimezone():%Y-%m-%d}"
    return f"{since}, locked after wrong PINs" if person.locked else since
