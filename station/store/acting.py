"""Acts: checked against the table of rights, done and written down in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from station.acts import Act, Acted, Signature
    from station.store.database import Database


def act(
    database: Database,
    station: str,
    act: Act,
    signature: Signature,
    now: Callable[[], int],
    *,
    by_name: bool,
) -> Acted:
    """Do what somebody signed."""
    raise NotImplementedError


def act_here(connection: Connection, act: Act, who: str, role: str, reason: str, now: int) -> Acted:
    """Do what was decided at the store's machine or in an enrolled office."""
    raise NotImplementedError
