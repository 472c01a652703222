"""Badge and PIN looked at: every try is counted before the PIN is, so that none slips through."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from station.errors import StoreRefused
from station.store import audit, pins
from station.store.database import insert
from station.store.records import epoch
from station.store.schema import counters
from station.store.schema_people import people
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from station.store.database import Database
    from station.store.records import AnyRow

QUIET_S = 60
"""Seconds in which further unknown badges at a station are not written down again: whoever tries
them all must not be able to fill the audit log."""

_LONGEST = 200
_ALIKE = str.maketrans("OIL", "011")
"""Letters that Crockford's base32 does not have, as somebody who types a number means them."""


@dataclass(frozen=True, slots=True)
class _Try:
    row: AnyRow | None
    """Who it is about, if anybody."""
    number: int = 0
    """How many tries in a row this is; 0: it is not looked at."""
    left_s: int = 0
    """Seconds until the next one is looked at."""


def key_of(name: str) -> str:
    """Return a name as it is compared: without case and without odd forms of its letters."""
    return unicodedata.normalize("NFKC", plain(name, _LONGEST)).casefold()


def found(connection: Connection, who: str, *, by_name: bool) -> AnyRow | None:
    """Return the row of a badge's number, or of a name, locked until the end of the transaction."""
    number = who[:_LONGEST].strip().upper().translate(_ALIKE)
    wanted = [people.c.badge == number]
    if by_name:
        wanted.append(people.c.name_key == key_of(who))
    for one in wanted:
        row = connection.execute(select(people).where(one).with_for_update()).first()
        if row is not None:
            return row
    return None


def prove(
    database: Database, station: str, who: str, pin: str, now: Callable[[], int], *, by_name: bool
) -> AnyRow:
    """Return the row of who showed badge and PIN; the caller ends it with `right`.

    Raises:
        StoreRefused: Nobody of ours, a wrong PIN, too many of them; a stranger learns no more.
    """
    if not pins.is_pin(pin):
        raise StoreRefused(f"A PIN has {pins.DIGITS} digits.", "Type it again.")
    tried = database.change(lambda c: _counted(c, who, now(), by_name=by_name))
    row = tried.row
    if row is None or row.disabled:
        pins.spend(pin)
        database.change(lambda c: _stranger(c, station, row, now()))
        raise _wrong(by_name=by_name)
    if not tried.number:
        raise _too_many(row, tried.left_s)
    if pins.matches(pin, row.pin_hash):
        return row
    database.change(lambda c: _missed(c, station, row, tried.number, now()))
    if tried.number >= pins.LOCKED:
        raise _too_many(row, 0)
    raise _wrong(pins.wait_s(tried.number), by_name=by_name)


def right(connection: Connection, row: AnyRow) -> AnyRow:
    """Forget the wrong PINs before the right one, and return the row as it is now.

    Raises:
        StoreRefused: He was disabled, or got another PIN or badge, while his was looked at.
    """
    mine = people.c.name == row.name
    fresh = connection.execute(select(people).where(mine).with_for_update()).one()
    if (fresh.disabled, fresh.pin_hash, fresh.badge) != (0, row.pin_hash, row.badge):
        raise _wrong(by_name=False)
    connection.execute(update(people).where(mine).values(fails=0, wait_until=0))
    return fresh


def _counted(connection: Connection, who: str, now: int, *, by_name: bool) -> _Try:
    row = found(connection, who, by_name=by_name)
    if row is None or row.disabled:
        _write_something(connection)
        return _Try(row)
    if row.fails >= pins.LOCKED:
        return _Try(row)
    longest, mine = pins.wait_s(row.fails), update(people).where(people.c.name == row.name)
    left = row.wait_until - now
    if left > longest:
        # The clock was set back: the wait begins again, it does not last until the old time.
        left = longest
        connection.execute(mine.values(wait_until=now + longest))
    if left > 0:
        return _Try(row, left_s=left)
    number = row.fails + 1
    connection.execute(mine.values(fails=number, wait_until=now + pins.wait_s(number)))
    return _Try(row, number)


def _missed(connection: Connection, station: str, row: AnyRow, number: int, now: int) -> None:
    def note(act: str) -> None:
        whose = {"who": row.name, "role": row.role, "station": station}
        audit.append(connection, now, act=act, data={"tries": number}, **whose)

    note("wrong-pin")
    if number >= pins.LOCKED:
        note("locked")


def _stranger(connection: Connection, station: str, row: AnyRow | None, now: int) -> None:
    act = "unknown-badge" if row is None else "disabled-badge"
    who, role = (row.name, row.role) if row is not None else ("", "")
    for last in audit.entries(connection, audit.head(connection).seq - 1, 1):
        same = (last.act, last.who, last.station) == (act, who, station)
        if same and abs(now - epoch(last.at)) < QUIET_S:
            _write_something(connection)
            return
    # What was shown is not written down: it may be a PIN in the wrong place.
    audit.append(connection, now, who=who, role=role, station=station, act=act)


def _write_something(connection: Connection) -> None:
    """Take the time of a commit, so that its absence does not tell a stranger that he is one."""
    made = insert(connection, counters).values(name="strangers", value=1)
    more = {"value": counters.c.value + 1}
    connection.execute(made.on_conflict_do_update(index_elements=[counters.c.name], set_=more))


def _wrong(wait_s: int = 0, *, by_name: bool) -> StoreRefused:
    words = "Name or PIN is wrong." if by_name else "Badge or PIN is wrong."
    return StoreRefused(words, f"Try again{_in(wait_s)}.")


def _too_many(row: AnyRow, left_s: int) -> StoreRefused:
    if left_s > 0:
        return StoreRefused("Too many wrong PINs.", f"Try again{_in(left_s)}.")
    who = "A supervisor" if row.role == "packer" else "An owner"
    return StoreRefused(f"{row.name} is locked after too many wrong PINs.", f"{who} can unlock it.")


def _in(seconds: int) -> str:
    if not seconds:
        return ""
    return f" in {seconds} s" if seconds < 120 else f" in {-(-seconds // 60)} min"
