"""Counts of orders and confirmation lines, kept beside them and saved in the same transaction."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, or_, select

from station.model import Counts, OrderState
from station.store.database import ENTERED, insert
from station.store.postgresql import SLOT
from station.store.records import epoch, moment
from station.store.schema import IS_PENDING, IS_WAITING, confirmations, orders, tallies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.dialects import postgresql, sqlite

    AnyInsert = sqlite.Insert | postgresql.Insert

HOUR_S = 3600
KEPT_HOURS = 24
"""Hours after which few orders that were due then still move."""

LEFT = "left"
"""Orders that left a bench; their `hour` counts steps of ten minutes."""
STEP_S = 600
KEPT_STEPS = 3 * 24 * 6
"""Steps after which nobody asks any more how many orders left."""

LINE = "line:"
"""Before the state of a confirmation line, so that it is no state of an order."""


class Moves(Counter[tuple[str, int]]):
    """What one transaction moves from state to state; saved last, so that locks are short."""

    def enter(self, state: str, ship_by: int, n: int = 1) -> None:
        """Count n orders into a state."""
        self[str(state), ship_by // HOUR_S if state == OrderState.WAITING else 0] += n

    def leave(self, state: str, ship_by: int, n: int = 1) -> None:
        """Count n orders out of a state."""
        self.enter(state, ship_by, -n)

    def lines(self, state: str, n: int) -> None:
        """Count n confirmation lines into a state, or out of it when n is negative."""
        self[LINE + state, 0] += n

    def left(self, at: int) -> None:
        """Count an order that left its bench at a time."""
        self[LEFT, at // STEP_S] += 1

    def save(self, connection: Connection) -> None:
        """Add the moves to the tallies, always in the same order: two savers cannot deadlock.

        Each connection to a server adds to rows of its own slot: else all claims would wait for
        one row until the commit before them is on the disk.
        """
        slot = connection.info.get(SLOT, 0)
        rows = [
            {"name": name, "hour": hour, "slot": slot, "n": n}
            for (name, hour), n in sorted(self.items())
            if n
        ]
        if rows:
            connection.execute(adding(insert(connection, tallies)), rows)
        if any(row["name"] == OrderState.WAITING and row["n"] > 0 for row in rows):
            connection.info[ENTERED] = True


def adding(add: AnyInsert) -> AnyInsert:
    """Return an INSERT into the tallies that adds to what is there."""
    return add.on_conflict_do_update(
        index_elements=[tallies.c.name, tallies.c.hour, tallies.c.slot],
        set_={"n": tallies.c.n + add.excluded.n},
    )


def hour_of(ship_by: ColumnElement[int]) -> ColumnElement[int]:
    """Return `ship_by // HOUR_S` in SQL, which by itself rounds towards zero."""
    past = (ship_by % HOUR_S + HOUR_S) % HOUR_S
    return (ship_by - past) // HOUR_S


def fold(connection: Connection, now: int) -> None:
    """Bring the slots of hours long past together in slot 0, and drop those that hold nothing.

    Else each hour would leave a row for each connection behind, for ever.
    """
    past = tallies.c.hour.between(1, now // HOUR_S - KEPT_HOURS)
    _forget_left(connection, now)
    idle = (tallies.c.name == OrderState.WAITING) & past
    spread = (tallies.c.slot != 0) | (tallies.c.n == 0)
    gone = connection.execute(
        delete(tallies).where(idle, spread).returning(tallies.c.name, tallies.c.hour, tallies.c.n)
    )
    total: Counter[tuple[str, int]] = Counter()
    for name, hour, n in gone:
        total[name, hour] += n
    rows = [
        {"name": name, "hour": hour, "slot": 0, "n": n}
        for (name, hour), n in sorted(total.items())
        if n
    ]
    if rows:
        connection.execute(adding(insert(connection, tallies)), rows)


def _forget_left(connection: Connection, now: int) -> None:
    step = now // STEP_S
    # A bench whose clock is wrong may have told of the future.
    old = or_(tallies.c.hour < step - KEPT_STEPS, tallies.c.hour > step + KEPT_STEPS)
    connection.execute(delete(tallies).where(tallies.c.name == LEFT, old))


def left(connection: Connection, since: int, until: int) -> tuple[tuple[int, int], ...]:
    """Return (start, orders that left their bench) of each ten minutes in which any did."""
    found = (
        select(tallies.c.hour, func.sum(tallies.c.n).label("n"))
        .where(
            tallies.c.name == LEFT,
            tallies.c.hour > since // STEP_S,
            tallies.c.hour <= until // STEP_S,
        )
        .group_by(tallies.c.hour)
        .order_by(tallies.c.hour)
    )
    return tuple((row.hour * STEP_S, int(row.n)) for row in connection.execute(found))


def counts(connection: Connection, now: datetime, day_end: datetime) -> Counts:
    """Return what the store holds; the cost does not grow with the number of orders."""
    found = select(tallies.c.name, func.sum(tallies.c.n)).group_by(tallies.c.name)
    totals = {name: int(n) for name, n in connection.execute(found)}
    states = {state: totals.get(state.value, 0) for state in OrderState}
    overdue = _waiting_before(connection, epoch(now))
    today = max(0, _waiting_before(connection, epoch(day_end)) - overdue)
    oldest = connection.execute(select(func.min(confirmations.c.shipped)).where(IS_PENDING))
    first = oldest.scalar()
    return Counts(
        states=states,
        overdue=overdue,
        today=today,
        later=states[OrderState.WAITING] - overdue - today,
        confirmations={
            state: totals.get(LINE + state, 0)
            for state in ("pending", "exported", "refused", "unknown")
        },
        oldest_pending_s=None if first is None else max(0.0, now.timestamp() - first),
    )


def due_by_hour(
    connection: Connection, now: datetime, day_end: datetime
) -> tuple[tuple[datetime, int], ...]:
    """Return (start of the UTC hour, waiting orders due in it), hours without any left out."""
    first, last = epoch(now), epoch(day_end)
    start, end = -(-first // HOUR_S), last // HOUR_S
    if start > end:
        hours = {first // HOUR_S: _waiting_between(connection, first, last)}
    else:
        found = (
            select(tallies.c.hour, func.sum(tallies.c.n).label("n"))
            .where(
                tallies.c.name == OrderState.WAITING, tallies.c.hour >= start, tallies.c.hour < end
            )
            .group_by(tallies.c.hour)
        )
        hours = {row.hour: int(row.n) for row in connection.execute(found)}
        # The first and the last hour are cut by now and by the end of the day.
        hours[start - 1] = _waiting_between(connection, first, start * HOUR_S)
        hours[end] = _waiting_between(connection, end * HOUR_S, last)
    return tuple((moment(hour * HOUR_S), n) for hour, n in sorted(hours.items()) if n > 0)


def first_due(connection: Connection, now: int, hours: Sequence[int]) -> dict[int, int]:
    """Return the earliest ship_by of waiting orders in each hour, or from now on in the present.

    Args:
        connection: To read with.
        now: Seconds since 1970.
        hours: When each hour starts, in seconds since 1970; waiting orders are due in each.
    """
    start = tallies.c.hour * HOUR_S
    begin = case((start < now, now), else_=start)
    firsts = [
        select(orders.c.ship_by)
        .where(IS_WAITING, orders.c.rank == rank, orders.c.ship_by >= begin)
        .order_by(orders.c.ship_by)
        .limit(1)
        .scalar_subquery()
        .label(f"rank_{rank}")
        for rank in (0, 1)
    ]
    wanted = [at // HOUR_S for at in hours]
    named = (tallies.c.name == OrderState.WAITING) & tallies.c.hour.in_(wanted)
    found: dict[int, int] = {}
    for row in connection.execute(select(start, *firsts).where(named).group_by(tallies.c.hour)):
        known = [at for at in row[1:] if at is not None]
        if known:
            found[row[0]] = min(known)
    return found


def _waiting_before(connection: Connection, until: int) -> int:
    hour = until // HOUR_S
    whole = select(func.coalesce(func.sum(tallies.c.n), 0)).where(
        tallies.c.name == OrderState.WAITING, tallies.c.hour < hour
    )
    before = int(connection.execute(whole).scalar_one())
    return before + _waiting_between(connection, hour * HOUR_S, until)


def _waiting_between(connection: Connection, start: int, end: int) -> int:
    if start >= end:
        return 0
    # The index begins with the rank: both of its values are named, so that each is one range.
    due = orders.c.rank.in_((0, 1)) & (orders.c.ship_by >= start) & (orders.c.ship_by < end)
    return connection.execute(
        select(func.count()).select_from(orders).where(IS_WAITING, due)
    ).scalar_one()
