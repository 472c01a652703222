"""Who may come over HTTPS: the stations and offices with a token that is good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read at run time by the wire forms
from typing import TYPE_CHECKING

from sqlalchemy import Select, select, update

from station.store.database import insert
from station.store.records import moment
from station.store.schema import journals, stations

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.records import AnyRow


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A station or an office that was given a token."""

    station: str
    role: str
    """station or office."""
    enrolled: datetime
    revoked: datetime | None
    seen: datetime | None
    """When its journal was heard of last."""


def enrol(connection: Connection, station: str, role: str, token_hash: str, now: int) -> None:
    """Give a station a token; the one it had before is not good any more."""
    values = {"role": role, "token_hash": token_hash, "enrolled": now, "revoked": 0}
    given = insert(connection, stations).values(station=station, **values)
    connection.execute(
        given.on_conflict_do_update(index_elements=[stations.c.station], set_=values)
    )


def revoke(connection: Connection, station: str, now: int) -> bool:
    """End a station's token; return whether it had a good one."""
    mine = (stations.c.station == station) & (stations.c.revoked == 0)
    return connection.execute(update(stations).where(mine).values(revoked=now)).rowcount > 0


def enrolled(connection: Connection) -> tuple[Enrolled, ...]:
    """Return all that were ever given a token, by name."""
    return tuple(map(_enrolled, connection.execute(_all().order_by(stations.c.station))))


def who(connection: Connection, token_hash: str) -> Enrolled | None:
    """Return whose token has this hash, unless it was revoked."""
    good = _all().where(stations.c.token_hash == token_hash, stations.c.revoked == 0)
    row = connection.execute(good).first()
    return None if row is None else _enrolled(row)


def _all() -> Select[tuple[object, ...]]:
    seen = journals.c.seen
    return select(stations, seen).outerjoin(journals, journals.c.station == stations.c.station)


def _enrolled(row: AnyRow) -> Enrolled:
    return Enrolled(
        station=row.station,
        role=row.role,
        enrolled=moment(row.enrolled),
        revoked=moment(row.revoked) if row.revoked else None,
        seen=moment(row.seen) if row.seen else None,
    )
