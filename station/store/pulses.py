"""How each station was when it was heard of last."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.overview import BenchRow, Echo, Pulse


def pulse(connection: Connection, station: str, pulse: Pulse, now: int) -> Echo:
    """Take in how a station is, and how far its own chain goes."""
    raise NotImplementedError


def benches(connection: Connection) -> tuple[BenchRow, ...]:
    """Return every station that was heard of within a day, by name."""
    raise NotImplementedError
