"""The audit log: who decided what, as a hash chain that is only ever added to.

Lines are written in the transaction of what they tell. The clock may be set back; the log never
goes back, and says by how much the clock did.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import desc, select, update

from station.acts import Anchors, AuditEntry, Head
from station.chain import digest
from station.store.columns import storable
from station.store.database import insert
from station.store.records import moment
from station.store.schema import counters, journals
from station.store.schema_people import audit_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from station.chain import Finding
    from station.store.records import AnyRow

MAX_PAGE = 200
CLOCK_BACK = "clock_back_s"
"""In a line's data: seconds by which the store's clock was behind the line above."""

_COUNTER = "audit"
FIELDS = ("seq", "at_ms", "who", "role", "station", "act", "order_id", "reason", "data")
"""What a line's hash covers, in its order."""


@dataclass(frozen=True, slots=True)
class AuditLook:
    """What was found in the audit log."""

    head: Head
    """The newest line that is in its place and as it was written."""
    wrong: Finding | None = None
    back: tuple[tuple[int, int], ...] = ()
    """Lines before which the store's clock was set back, and by how many seconds."""


def append(
    connection: Connection,
    now: int,
    *,
    who: str,
    role: str,
    act: str,
    station: str = "",
    order_id: str = "",
    reason: str = "",
    data: dict[str, object] | None = None,
) -> Head:
    """Write one line below the newest; others who write wait until the commit."""
    _alone(connection)
    above = _newest(connection)
    at_ms, told = now * 1000, dict(data or {})
    if above is not None and at_ms < above.at_ms:
        told[CLOCK_BACK] = (above.at_ms - at_ms) // 1000
        at_ms = above.at_ms
    line: dict[str, Any] = {
        "seq": above.seq + 1 if above is not None else 1,
        "at_ms": at_ms,
        "data": json.dumps(told, sort_keys=True),
    }
    words = {"who": who, "role": role, "station": station, "act": act}
    words |= {"order_id": order_id, "reason": reason}
    line |= {name: storable(text) for name, text in words.items()}
    line["hash"] = digest(above.hash if above is not None else "", fields_of(line))
    connection.execute(audit_log.insert().values(line))
    return Head(line["seq"], line["hash"])


def _alone(connection: Connection) -> None:
    # The counter's row is the lock; its value is not used, so that it cannot disagree.
    made = insert(connection, counters).values(name=_COUNTER, value=0)
    connection.execute(made.on_conflict_do_nothing())
    mine = counters.c.name == _COUNTER
    connection.execute(update(counters).where(mine).values(value=counters.c.value + 1))


def fields_of(line: dict[str, Any]) -> list[object]:
    """Return what a line's hash covers, in its order."""
    return [line[name] for name in FIELDS]


def _newest(connection: Connection) -> AnyRow | None:
    return connection.execute(select(audit_log).order_by(desc(audit_log.c.seq)).limit(1)).first()


def head(connection: Connection) -> Head:
    """Return the newest line."""
    row = _newest(connection)
    return Head() if row is None else Head(row.seq, row.hash)


def entries(connection: Connection, after: int, limit: int) -> tuple[AuditEntry, ...]:
    """Return up to limit (≤ 200) lines after a seq, oldest first."""
    rows = connection.execute(
        select(audit_log)
        .where(audit_log.c.seq > after)
        .order_by(audit_log.c.seq)
        .limit(max(0, min(limit, MAX_PAGE)))
    )
    return tuple(map(_entry, rows))


def _entry(row: AnyRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=moment(row.at_ms / 1000),
        who=row.who,
        role=row.role,
        station=row.station,
        act=row.act,
        order_id=row.order_id,
        reason=row.reason,
        data=json.loads(row.data),
        hash=row.hash,
    )


def anchors(connection: Connection, station: str, seqs: Sequence[int]) -> Anchors:
    """Return how far a station's journal is known, and the lines of up to 200 seqs."""
    mine = select(journals.c.head_seq, journals.c.head_hash).where(journals.c.station == station)
    row = connection.execute(mine).first()
    asked = audit_log.c.seq.in_(tuple(seqs)[:MAX_PAGE])
    lines = select(audit_log.c.seq, audit_log.c.hash).where(asked).order_by(audit_log.c.seq)
    found = tuple(Head(seq, told) for seq, told in connection.execute(lines))
    return Anchors(Head() if row is None else Head(row.head_seq, row.head_hash), found)
