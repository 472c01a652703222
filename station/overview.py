"""The floor at one moment, as a supervisor sees it: records without personal data of buyers; pure.

Ages are kept as times, so that two looks at an unchanged floor are equal.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime  # noqa: TC003 - read at run time by the wire forms

from station import wire
from station.acts import Head
from station.model import OrderState, QueueRow  # noqa: TC001 - the same


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a station is, in its own words."""

    packer: str = ""
    order_id: str = ""
    """The order in hand."""
    done: int = 0
    """Units verified of it."""
    units: int = 0
    """Units of it."""
    scanned: datetime | None = None
    """When something was scanned last."""
    backlog: int = 0
    """Journal entries that the store does not have yet."""
    printer: str = ""
    """ok, or what is wrong with it, in the packer's words."""
    scan_p99_ms: int | None = None
    journal: Head = field(default_factory=Head)
    """The newest line of the station's own chain."""


@dataclass(frozen=True, slots=True)
class Echo:
    """The store's answer to a pulse."""

    badges: bool
    """Whether people sign in with badge and PIN here: the store knows somebody."""
    is_welcome: bool
    """Whether the packer of the pulse may go on; False: he was disabled."""
    head: Head
    """The newest line of the store's audit log, for the station to keep."""


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One station on the board."""

    station: str
    seen: datetime
    """When the store heard of it last, to the minute; while it is well in steps of ten minutes."""
    pulse: Pulse
    silent: bool = False
    """Whether it has not been heard of for two minutes."""


@dataclass(frozen=True, slots=True)
class Hour:
    """Waiting orders that must leave in one hour."""

    start: datetime
    waiting: int
    deadline: datetime
    """The earliest ship-by among them."""


@dataclass(frozen=True, slots=True)
class Told:
    """Confirmation lines of one channel that it has not accepted yet."""

    channel: str
    state: str
    """pending, exported, refused or unknown."""
    lines: int
    oldest: datetime
    """When the oldest of them was shipped."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A package whose confirmation a channel refused."""

    order_id: str
    package: int
    channel: str
    reason: str
    shipped: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A barcode that a packer wants to be known as that of a SKU."""

    code: str
    sku: str
    title: str
    order_id: str
    station: str
    packer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pull:
    """When orders of one channel were brought in last."""

    channel: str
    at: datetime | None = None
    """None: before that was written down."""


@dataclass(frozen=True, slots=True)
class Board:
    """The floor at one moment."""

    states: dict[OrderState, int]
    overdue: int
    """Waiting orders whose ship-by is past."""
    today: int
    """Waiting orders due until the day's last cut-off."""
    later: int
    hours: tuple[Hour, ...] = ()
    """Waiting orders by hour until the last cut-off, without the overdue ones."""
    done: tuple[tuple[datetime, int], ...] = ()
    """Orders that left the benches by ten minutes, for the last 24 hours; empty ones left out."""
    benches: tuple[BenchRow, ...] = ()
    stuck: tuple[QueueRow, ...] = ()
    """Orders that wait for a decision: problem, held, and packed ones at a silent station."""
    told: tuple[Told, ...] = ()
    refused: tuple[Refusal, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    channels: tuple[Pull, ...] = ()
    head: Head = field(default_factory=Head)
    """The newest line of the audit log."""
    may_act: bool = True
    """False for a viewer, who sees no names of people and no words that people typed."""

    def for_viewers(self) -> Board:
        """Return the same floor without names of packers and without what people typed."""
        benches = tuple(replace(b, pulse=replace(b.pulse, packer="")) for b in self.benches)
        return replace(
            self,
            benches=benches,
            stuck=tuple(replace(row, holder="") for row in self.stuck),
            proposals=tuple(replace(p, packer="", code="") for p in self.proposals),
            refused=tuple(replace(r, reason="") for r in self.refused),
            may_act=False,
        )


def digest(board: Board) -> str:
    """Return 32 hexadecimal digits that are others for another floor."""
    text = json.dumps(wire.to_json(board), separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
