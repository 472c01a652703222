"""The floor at one moment, read at a cost that does not grow with the number of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.overview import Board, Hour, digest
from station.store import audit, pulls, pulses, stuck, tallies, telling
from station.store.records import epoch, moment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

DONE_S = 24 * 3600
"""Seconds of the trend."""


def board(connection: Connection, now: datetime, day_end: datetime) -> Board:
    """Return the floor as it is."""
    at = epoch(now)
    counts = tallies.counts(connection, now, day_end)
    return Board(
        states=counts.states,
        overdue=counts.overdue,
        today=counts.today,
        later=counts.later,
        hours=_hours(connection, now, day_end),
        done=_done(connection, at),
        benches=pulses.benches(connection, at),
        stuck=stuck.orders_stuck(connection, at, counts.states),
        told=telling.told(connection, counts.confirmations),
        refused=telling.refused(connection),
        proposals=telling.proposed(connection),
        channels=pulls.channels(connection),
        head=audit.head(connection),
    )


def _hours(connection: Connection, now: datetime, day_end: datetime) -> tuple[Hour, ...]:
    """Return what is due in each hour, with its first deadline: one row of the queue each."""
    due = tallies.due_by_hour(connection, now, day_end)
    if not due:
        return ()
    first = tallies.first_due(connection, epoch(now), [epoch(start) for start, _n in due])
    return tuple(Hour(start, n, moment(first.get(epoch(start), epoch(start)))) for start, n in due)


def _done(connection: Connection, now: int) -> tuple[tuple[datetime, int], ...]:
    left = tallies.left(connection, now - DONE_S, now)
    return tuple((moment(start), n) for start, n in left)


def is_known(board: Board, known: str) -> bool:
    """Tell whether a floor is the one with a digest."""
    return bool(known) and digest(board) == known
