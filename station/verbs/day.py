"""One day of the house, counted from what the store has; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from station.acts import ActKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.acts import Head
    from station.store.reports import AuditLine, Facts, Parcel

_ACTS = frozenset(kind.value for kind in ActKind)
WRONG_PIN = "wrong-pin"


@dataclass(slots=True)
class Packed:
    """What one packer did."""

    orders: set[str] = field(default_factory=set)
    units: int = 0
    wrong: int = 0
    """Scans of a wrong item."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a report tells; times in the house's own time zone."""

    day: date
    zone: tzinfo | None
    is_whole: bool
    """Whether the store itself was read; False: an office sees the audit log alone."""
    parcels: tuple[Parcel, ...]
    hours: dict[str, int]
    """Orders by the hour in which their first package left; hours without any left out."""
    packers: dict[str, Packed]
    kinds: dict[str, int]
    """Journal entries of the benches by kind: reprinted, voided."""
    acts: tuple[AuditLine, ...]
    """What was decided: signed with a PIN, or by a command of the store's machine or an office."""
    others: dict[str, int]
    """Other lines of the audit log by kind: wrong-pin, locked, person-added …"""
    head: Head

    @property
    def orders(self) -> int:
        """How many orders left."""
        return len({parcel.order_id for parcel in self.parcels})

    @property
    def late(self) -> tuple[Parcel, ...]:
        """Packages that left after their ship-by."""
        return tuple(parcel for parcel in self.parcels if parcel.shipped > parcel.ship_by)

    def local(self, at: int) -> datetime:
        """Return seconds since 1970 as the house's time."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)


def span(day: date, zone: tzinfo | None = None) -> tuple[int, int]:
    """Return when a day begins and ends, in seconds since 1970; it may have 23 or 25 hours."""
    midnights = (datetime.combine(d, time.min, zone) for d in (day, day + timedelta(days=1)))
    start, end = (int(midnight.astimezone(UTC).timestamp()) for midnight in midnights)
    return start, end


def day_of(day: date, facts: Facts, *, is_whole: bool, zone: tzinfo | None = None) -> Day:
    """Return the report of a day; zone None: that of this machine."""
    others = Counter(line.act for line in facts.lines if line.act not in _ACTS)
    made = Day(
        day=day,
        zone=zone,
        is_whole=is_whole,
        parcels=facts.parcels,
        hours={},
        packers=_packers(facts),
        kinds=facts.kinds,
        acts=tuple(line for line in facts.lines if line.act in _ACTS),
        others=dict(others),
        head=facts.head,
    )
    first: dict[str, Parcel] = {}
    for parcel in facts.parcels:
        first.setdefault(parcel.order_id, parcel)
    made.hours.update(_hours(made.local(parcel.shipped) for parcel in first.values()))
    return made


def _hours(times: Iterable[datetime]) -> dict[str, int]:
    return dict(sorted(Counter(f"{at:%H}" for at in times).items()))


def _packers(facts: Facts) -> dict[str, Packed]:
    found: dict[str, Packed] = {}
    for parcel in facts.parcels:
        mine = found.setdefault(parcel.packer, Packed())
        mine.orders.add(parcel.order_id)
        mine.units += parcel.units
    for packer, wrong in facts.wrong.items():
        found.setdefault(packer, Packed()).wrong = wrong
    return dict(sorted(found.items()))


def to_json(day: Day) -> dict[str, Any]:
    """Return a report for scripts; what an office cannot see is left out."""
    seen = _seen(day) if day.is_whole else {}
    return {
        "date": day.day.isoformat(),
        **seen,
        "acts": [_signed(day, line) for line in day.acts],
        "wrong_pins": day.others.get(WRONG_PIN, 0),
        "other_audit_lines": {k: n for k, n in day.others.items() if k != WRONG_PIN},
        "audit": {"seq": day.head.seq, "hash": day.head.hash},
    }


def _seen(day: Day) -> dict[str, Any]:
    return {
        "orders": day.orders,
        "packages": len(day.parcels),
        "units": sum(parcel.units for parcel in day.parcels),
        "late": [
            {
                "order": parcel.order_id,
                "packer": parcel.packer,
                "shipped": day.local(parcel.shipped).isoformat(),
                "ship_by": day.local(parcel.ship_by).isoformat(),
            }
            for parcel in day.late
        ],
        "hours": day.hours,
        "packers": [
            {"name": name, "orders": len(p.orders), "units": p.units, "wrong_scans": p.wrong}
            for name, p in day.packers.items()
        ],
        "reprints": day.kinds.get("reprinted", 0),
        "voids": day.kinds.get("voided", 0),
    }


def _signed(day: Day, line: AuditLine) -> dict[str, Any]:
    return {
        "at": day.local(line.at).isoformat(),
        "who": line.who,
        "role": line.role,
        "station": line.station,
        "act": line.act,
        "order": line.order_id,
        "reason": line.reason,
    }
