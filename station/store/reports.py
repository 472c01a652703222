"""What happened between two times: read whole, for a report that somebody asks for once a day."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from station.acts import Head
from station.store import audit
from station.store.schema import confirmations, journal_entries, orders
from station.store.schema_people import audit_log

if TYPE_CHECKING:
    from sqlalchemy import Connection

WRONG_SCAN = '"verdict": "WRONG"'
"""How the journal's data say it; a code that was scanned has its quotes escaped there."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package that left."""

    order_id: str
    package: int
    packer: str
    units: int
    shipped: int
    """Seconds since 1970, UTC; so is ship_by."""
    ship_by: int


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit log without its data."""

    at: int
    """Seconds since 1970, UTC."""
    who: str
    role: str
    station: str
    act: str
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened between two times."""

    parcels: tuple[Parcel, ...] = ()
    wrong: dict[str, int] = field(default_factory=dict)
    """Wrong scans by packer."""
    kinds: dict[str, int] = field(default_factory=dict)
    """Journal entries `reprinted` and `voided`."""
    lines: tuple[AuditLine, ...] = ()
    head: Head = field(default_factory=Head)
    """The newest line of the audit log, whenever it was written."""


def between(connection: Connection, start: int, end: int) -> Facts:
    """Return what happened from start until before end, in seconds since 1970."""
    return Facts(
        parcels=_parcels(connection, start, end),
        wrong=_wrong(connection, start, end),
        kinds=_kinds(connection, start, end),
        lines=_lines(connection, start, end),
        head=audit.head(connection),
    )


def _parcels(connection: Connection, start: int, end: int) -> tuple[Parcel, ...]:
    line = confirmations.c
    left = (
        select(
            line.order_id,
            line.package,
            func.sum(line.quantity).label("units"),
            func.min(line.shipped).label("shipped"),
        )
        .where(line.shipped >= start, line.shipped < end)
        .group_by(line.order_id, line.package)
        .subquery()
    )
    rows = connection.execute(
        select(left, orders.c.packer, orders.c.ship_by)
        .join(orders, orders.c.order_id == left.c.order_id)
        .order_by(left.c.shipped, left.c.order_id, left.c.package)
    )
    return tuple(
        Parcel(r.order_id, r.package, r.packer, int(r.units), r.shipped, r.ship_by) for r in rows
    )


def _wrong(connection: Connection, start: int, end: int) -> dict[str, int]:
    entry = journal_entries.c
    rows = connection.execute(
        select(entry.packer, entry.data)
        .where(entry.at_ms >= start * 1000, entry.at_ms < end * 1000)
        .where(entry.kind == "scanned", entry.data.contains(WRONG_SCAN, autoescape=True))
    )
    return dict(Counter(row.packer for row in rows if _is_wrong(row.data)))


def _is_wrong(data: str) -> bool:
    try:
        known = json.loads(data)
    except ValueError:
        return False
    return isinstance(known, dict) and known.get("verdict") == "WRONG"


def _kinds(connection: Connection, start: int, end: int) -> dict[str, int]:
    entry = journal_entries.c
    rows = connection.execute(
        select(entry.kind, func.count())
        .where(entry.at_ms >= start * 1000, entry.at_ms < end * 1000)
        .where(entry.kind.in_(("reprinted", "voided")))
        .group_by(entry.kind)
    )
    return {kind: int(n) for kind, n in rows}


def _lines(connection: Connection, start: int, end: int) -> tuple[AuditLine, ...]:
    line = audit_log.c
    rows = connection.execute(
        select(audit_log)
        .where(line.at_ms >= start * 1000, line.at_ms < end * 1000)
        .order_by(line.seq)
    )
    return tuple(
        AuditLine(r.at_ms // 1000, r.who, r.role, r.station, r.act, r.order_id, r.reason)
        for r in rows
    )
