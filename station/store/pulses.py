"""How each station was when it was heard of last."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from station import wire
from station.acts import Head
from station.overview import BenchRow, Echo, Pulse
from station.store import audit, people
from station.store.database import insert
from station.store.records import moment
from station.store.schema import journals
from station.store.schema_people import pulses
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.records import AnyRow

KEPT_S = 24 * 3600
"""Seconds after which a station that is not heard of leaves the board."""
SILENT_S = 120
"""Seconds after which a station counts as silent; it sends a pulse every 30 s."""
STEP_S = 600
"""Steps of the time that is told of a station that is well: an idle floor stays the same."""

_MINUTE_S = 60
_MOST = 10**9
_HASH = 64
_NAME, _ORDER, _WORDS = 40, 64, 80


def pulse(connection: Connection, station: str, pulse: Pulse, now: int) -> Echo:
    """Take in how a station is, and how far its own chain goes."""
    known = _cleaned(pulse)
    values = {"seen": now, "document": json.dumps(wire.to_json(known), separators=(",", ":"))}
    made = insert(connection, pulses).values(station=station, **values)
    connection.execute(made.on_conflict_do_update(index_elements=[pulses.c.station], set_=values))
    _keep_head(connection, station, known.journal)
    if known.packer:
        people.at_work(connection, station, known.packer, now)
    return Echo(
        badges=people.any_known(connection),
        is_welcome=not known.packer or people.is_welcome(connection, known.packer),
        head=audit.head(connection),
    )


def _cleaned(pulse: Pulse) -> Pulse:
    """Return a pulse that cannot harm: a station of ours may speak nonsense, or for somebody."""
    p99 = pulse.scan_p99_ms
    return Pulse(
        packer=plain(pulse.packer, _NAME),
        order_id=plain(pulse.order_id, _ORDER),
        done=_number(pulse.done),
        units=_number(pulse.units),
        scanned=pulse.scanned,
        backlog=_number(pulse.backlog),
        printer=plain(pulse.printer, _WORDS),
        scan_p99_ms=None if p99 is None else _number(p99),
        journal=Head(_number(pulse.journal.seq), plain(pulse.journal.hash, _HASH)),
    )


def _number(value: int) -> int:
    return max(0, min(value, _MOST))


def _keep_head(connection: Connection, station: str, head: Head) -> None:
    """Remember the newest line of a station's chain; what was told once is never taken back."""
    mine = (journals.c.station == station) & (journals.c.head_seq < head.seq)
    told = {"head_seq": head.seq, "head_hash": head.hash}
    connection.execute(update(journals).where(mine).values(told))


def benches(connection: Connection, now: int) -> tuple[BenchRow, ...]:
    """Return every station that was heard of within a day, by name."""
    rows = connection.execute(
        select(pulses).where(pulses.c.seen > now - KEPT_S).order_by(pulses.c.station)
    )
    return tuple(_bench(row, now) for row in rows)


def _bench(row: AnyRow, now: int) -> BenchRow:
    silent = row.seen < now - SILENT_S
    step = _MINUTE_S if silent else STEP_S
    seen = row.seen if silent else max(row.seen, now)
    told = wire.from_json(Pulse, json.loads(row.document))
    return BenchRow(row.station, moment(seen // step * step), replace(told, journal=Head()), silent)
