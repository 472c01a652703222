"""People added, given a new badge or PIN, and disabled: on the store's machine alone."""

from __future__ import annotations

import secrets
import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from station.acts import Person, Role
from station.barcodes import is_name
from station.errors import InputError, StoreRefused
from station.store import audit, pins
from station.store.database import insert
from station.store.guessing import key_of
from station.store.people import any_known, person
from station.store.schema_people import passes, people
from station.text import MAX_LENGTH, plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.database import Database

NAME_LENGTH = 40
BADGE_LENGTH = 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that looks like a digit."""

CONSOLE = "console"
"""The role of whoever has the store's machine."""


def cleaned(name: str) -> str:
    """Return a name as it is kept.

    Raises:
        InputError: Nobody can be called that.
    """
    line = plain(unicodedata.normalize("NFKC", name[:MAX_LENGTH]))
    if not line or len(line) > NAME_LENGTH or not is_name(line):
        raise InputError(
            f"{plain(name, NAME_LENGTH)!r} is no name.",
            f"Write 1 to {NAME_LENGTH} characters, letters for the most part.",
        )
    return line


def add(database: Database, name: str, role: Role, now: int, by: str) -> tuple[Person, str]:
    """Add somebody and return him with his PIN; by is who does it.

    Raises:
        InputError: Nobody can be called that.
        StoreRefused: The name is taken, or nobody is there yet and he is no owner.
    """
    line, pin = cleaned(name), pins.new()
    kept = pins.hashed(pin)
    return database.change(lambda c: _added(c, line, role, kept, now, by)), pin


def renew(
    database: Database, name: str, now: int, by: str, *, badge: bool, pin: bool
) -> tuple[Person, str]:
    """Give somebody a new badge number, a new PIN, or both; his passes end.

    Raises:
        StoreRefused: Nobody has that name, or he was disabled.
    """
    fresh = pins.new() if pin else ""
    values: dict[str, Any] = {"badge": _number()} if badge else {}
    if pin:
        values |= {"pin_hash": pins.hashed(fresh), "fails": 0, "wait_until": 0}
    return database.change(lambda c: _renewed(c, name, values, now, by)), fresh


def disable(connection: Connection, name: str, now: int, by: str) -> bool:
    """End somebody's access everywhere; return whether he had any.

    Raises:
        StoreRefused: Nobody has that name, or no owner would be left.
    """
    mine = _theirs(connection, name)
    if mine.disabled:
        return False
    owners = select(people.c.name).where(people.c.role == Role.OWNER, people.c.disabled == 0)
    left = connection.execute(owners.order_by(people.c.name).with_for_update()).scalars()
    if mine.role is Role.OWNER and set(left) == {mine.name}:
        raise StoreRefused(
            f"{mine.name} is the only owner, and somebody must be able to unlock the others.",
            "Add another first: station user add NAME --role owner",
        )
    # Not asked first: who waited here for another who disables him finds it done.
    still = (people.c.name == mine.name) & (people.c.disabled == 0)
    done = connection.execute(update(people).where(still).values(disabled=now)).rowcount > 0
    _end_passes(connection, mine.name)
    if done:
        _note(connection, now, by, "person-disabled", mine)
    return done


def everybody(connection: Connection) -> tuple[Person, ...]:
    """Return everybody, by name."""
    return tuple(map(person, connection.execute(select(people).order_by(people.c.name_key))))


def _added(
    connection: Connection, name: str, role: Role, pin_hash: str, now: int, by: str
) -> Person:
    if role is not Role.OWNER and not any_known(connection):
        raise StoreRefused(
            "The first person must be an owner: without one nobody could unlock the others.",
            "Run: station user add NAME --role owner",
        )
    values: dict[str, Any] = {
        "name": name,
        "name_key": key_of(name),
        "role": role,
        "badge": _number(),
    }
    values |= {"pin_hash": pin_hash, "added": now}
    made = insert(connection, people).values(**values)
    connection.execute(made.on_conflict_do_nothing())
    mine = _theirs(connection, name)
    if mine.badge != values["badge"]:
        raise _taken(mine)
    _note(connection, now, by, "person-added", mine)
    return mine


def _taken(other: Person) -> StoreRefused:
    if other.disabled:
        return StoreRefused(
            f"{other.name} worked here, and the name stays taken: the log speaks of one person.",
            "Choose another name, with an initial for example.",
        )
    return StoreRefused("Somebody has that name already.", "Choose another, with an initial.")


def _renewed(
    connection: Connection, name: str, values: dict[str, Any], now: int, by: str
) -> Person:
    mine = _theirs(connection, name)
    if mine.disabled:
        raise StoreRefused(f"{mine.name} was disabled.", "Add him again under another name.")
    this = people.c.name == mine.name
    connection.execute(update(people).where(this).values(**values))
    _end_passes(connection, mine.name)
    what: dict[str, object] = {"badge": "badge" in values, "pin": "pin_hash" in values}
    _note(connection, now, by, "person-renewed", mine, what)
    return person(connection.execute(select(people).where(this)).one())


def _theirs(connection: Connection, name: str) -> Person:
    wanted = select(people).where(people.c.name_key == key_of(name)).with_for_update()
    row = connection.execute(wanted).first()
    if row is None:
        raise StoreRefused("Nobody here has that name.", "`station user list` shows everybody.")
    return person(row)


def _end_passes(connection: Connection, name: str) -> None:
    connection.execute(delete(passes).where(passes.c.name == name))


def _note(
    connection: Connection,
    now: int,
    by: str,
    act: str,
    whom: Person,
    what: dict[str, object] | None = None,
) -> None:
    data: dict[str, object] = {"person": whom.name, "role": whom.role.value, **(what or {})}
    audit.append(connection, now, who=by, role=CONSOLE, act=act, data=data)


def _number() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(BADGE_LENGTH))
