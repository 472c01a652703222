"""Who works here: badges, PINs, lock-out, and where somebody showed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from station.acts import Pass, Person, Role
from station.errors import StoreRefused
from station.store import guessing, pins
from station.store.database import insert
from station.store.guessing import key_of
from station.store.records import moment
from station.store.schema_people import passes, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from station.acts import Signature
    from station.store.database import Database
    from station.store.records import AnyRow

PASS_S = 10 * 3600
"""Seconds for which one PIN lasts at one station: a shift."""

SWITCH_S = 15 * 60
"""Seconds since somebody worked at a station within which his badge alone lets him in there."""


def sign_in(database: Database, station: str, badge: str, pin: str, now: Callable[[], int]) -> Pass:
    """Let somebody in with badge and PIN, or with his badge where he has a pass.

    Raises:
        StoreRefused: Not without a PIN, not with this one, or not any more.
    """
    if not pin:
        return database.change(lambda c: _let_back(c, station, badge, now()))
    row = guessing.prove(database, station, badge, pin, now, by_name=False)
    return database.change(lambda c: _let_in(c, station, guessing.right(c, row), now()))


def proven(
    database: Database,
    station: str,
    signature: Signature,
    now: Callable[[], int],
    *,
    by_name: bool,
) -> Person:
    """Return who signed; each wrong PIN is counted and written down.

    Raises:
        StoreRefused: Nobody of ours, a wrong PIN, or too many of them.
    """
    who, pin = signature.who, signature.pin
    row = guessing.prove(database, station, who, pin, now, by_name=by_name)
    return database.change(lambda c: person(guessing.right(c, row)))


def still_good(connection: Connection, name: str, now: int) -> Person:
    """Return somebody as he is in the transaction of his act; refuse one disabled meanwhile."""
    del now
    # Whoever disables him at this moment waits for the act, or the act sees it.
    mine = select(people).where(people.c.name == name).with_for_update(read=True)
    row = connection.execute(mine).first()
    if row is None or row.disabled:
        raise StoreRefused("This badge is not good any more.", "Ask a supervisor.")
    return person(row)


def known(connection: Connection, name: str) -> Person | None:
    """Return who has a name, also when he was disabled."""
    row = connection.execute(select(people).where(people.c.name_key == key_of(name))).first()
    return None if row is None else person(row)


def unlock(connection: Connection, name: str) -> None:
    """Let somebody try again who is locked out, or has to wait.

    Raises:
        StoreRefused: Nobody has that name, or he is neither.
    """
    mine = (people.c.name_key == key_of(name)) & (people.c.disabled == 0)
    row = connection.execute(select(people).where(mine).with_for_update()).first()
    if row is None:
        raise StoreRefused("Nobody here has that name.", "`station user list` shows everybody.")
    if row.fails < pins.FREE:
        raise StoreRefused(f"{row.name} is not locked.", "There is nothing to do.")
    connection.execute(update(people).where(mine).values(fails=0, wait_until=0))


def is_welcome(connection: Connection, name: str) -> bool:
    """Tell whether somebody may go on; True where nobody is known, or he is none of ours."""
    wanted = select(people.c.disabled).where(people.c.name_key == key_of(name))
    return not connection.execute(wanted).scalar()


def any_known(connection: Connection) -> bool:
    """Tell whether anybody was ever added."""
    return connection.execute(select(people.c.name).limit(1)).first() is not None


def at_work(connection: Connection, station: str, name: str, now: int) -> None:
    """Note that somebody works at a station where he has a pass: his badge alone does there."""
    mine = (passes.c.station == station) & (passes.c.name == name)
    connection.execute(update(passes).where(mine).values(used=now))


def person(row: AnyRow) -> Person:
    """Return the record of a row."""
    return Person(
        name=row.name,
        role=Role(row.role),
        badge=row.badge,
        added=moment(row.added),
        disabled=moment(row.disabled) if row.disabled else None,
        locked=row.fails >= pins.LOCKED,
    )


def _let_in(connection: Connection, station: str, row: AnyRow, now: int) -> Pass:
    values = {"until": now + PASS_S, "used": now}
    made = insert(connection, passes).values(station=station, name=row.name, **values)
    connection.execute(
        made.on_conflict_do_update(index_elements=[passes.c.station, passes.c.name], set_=values)
    )
    # What has ended helps nobody; one statement a shift keeps the table small.
    connection.execute(delete(passes).where(passes.c.until <= now))
    return Pass(row.name, Role(row.role), PASS_S)


def _let_back(connection: Connection, station: str, badge: str, now: int) -> Pass:
    row = guessing.found(connection, badge, by_name=False)
    lasts_s = 0 if row is None else _left_s(connection, station, row, now)
    if row is None or not lasts_s:
        raise StoreRefused("The badge alone will not do here.", "Type your PIN.")
    at_work(connection, station, row.name, now)
    return Pass(row.name, Role(row.role), lasts_s)


def _left_s(connection: Connection, station: str, row: AnyRow, now: int) -> int:
    """Return the seconds that somebody's pass still lasts; 0 where his badge alone will not do."""
    mine = (passes.c.station == station) & (passes.c.name == row.name)
    held = connection.execute(select(passes).where(mine)).first()
    if held is None or row.disabled or row.fails >= pins.LOCKED:
        return 0
    # Both ways, so that a clock which was set back makes no pass last longer.
    is_recent = abs(now - held.used) < SWITCH_S
    return min(max(held.until - now, 0), PASS_S) if is_recent else 0
