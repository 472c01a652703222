"""Who works here: badges, PINs, lock-out, and where somebody showed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from station.acts import Pass, Person, Role, Signature
    from station.store.database import Database


def sign_in(database: Database, station: str, badge: str, pin: str, now: Callable[[], int]) -> Pass:
    """Let somebody in with badge and PIN, or with his badge where he has a pass."""
    raise NotImplementedError


def proven(
    database: Database,
    station: str,
    signature: Signature,
    now: Callable[[], int],
    *,
    by_name: bool,
) -> Person:
    """Return who signed; each wrong PIN is counted and written down."""
    raise NotImplementedError


def still_good(connection: Connection, name: str, now: int) -> Person:
    """Return somebody as he is in the transaction of his act; refuse one disabled meanwhile."""
    raise NotImplementedError


def unlock(connection: Connection, name: str) -> None:
    """Let somebody try again who is locked out."""
    raise NotImplementedError


def is_welcome(connection: Connection, name: str) -> bool:
    """Tell whether somebody may go on; True where nobody is known, or he is none of ours."""
    raise NotImplementedError


def any_known(connection: Connection) -> bool:
    """Tell whether anybody was ever added."""
    raise NotImplementedError


def add(database: Database, name: str, role: Role, now: int) -> tuple[Person, str]:
    """Add somebody and return him with his PIN."""
    raise NotImplementedError


def renew(database: Database, name: str, now: int, *, badge: bool, pin: bool) -> tuple[Person, str]:
    """Give somebody a new badge number, a new PIN, or both."""
    raise NotImplementedError


def disable(connection: Connection, name: str, now: int) -> bool:
    """End somebody's access everywhere."""
    raise NotImplementedError


def everybody(connection: Connection, now: int) -> tuple[Person, ...]:
    """Return everybody, by name."""
    raise NotImplementedError
