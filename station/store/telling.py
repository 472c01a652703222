"""What the channels and the packers wait for: confirmations not accepted, proposed barcodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, union_all

from station.overview import Proposal, Refusal, Told
from station.store.columns import Words
from station.store.records import moment
from station.store.schema import confirmations, products
from station.store.schema_people import proposals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

MOST = 50
COUNTED = 1000
"""Lines of a state and channel that are counted one by one."""
_LINES = 500
_ACCEPTED = "accepted"
_OPEN = ("exported", "pending", "refused", "unknown")
"""States in which a channel has not said yes. A line that is settled by hand is in none."""

_state, _channel, _shipped = (confirmations.c[name] for name in ("state", "channel", "shipped"))
_NONE = literal("", Words()).label("channel")


def told(connection: Connection, totals: dict[str, int]) -> tuple[Told, ...]:
    """Return the confirmation lines that are not accepted, by channel and state.

    Exported lines count where the channel accepts lines at all; one that is told by file never
    does. No more than 1,000 of each are counted: the rest is known from the totals by state.
    """
    pairs = _pairs(connection)
    accepting = {channel for state, channel in pairs if state == _ACCEPTED}
    found = [
        _told(connection, state, channel)
        for state, channel in pairs
        if state in _OPEN and (state != "exported" or channel in accepting)
    ]
    return tuple(
        sorted(_whole(found, totals), key=lambda one: (one.channel, _OPEN.index(one.state)))
    )


def _pairs(connection: Connection) -> list[tuple[str, str]]:
    """Return each state and channel that has lines: one step in the index for each."""
    begin = (select(literal(state, Words()).label("state"), _NONE) for state in (*_OPEN, _ACCEPTED))
    pairs = select(union_all(*begin).subquery()).cte("pairs", recursive=True)
    after = select(func.min(_channel)).where(_state == pairs.c.state, _channel > pairs.c.channel)
    more = select(pairs.c.state, after.scalar_subquery()).where(pairs.c.channel.is_not(None))
    pairs = pairs.union_all(more)
    found = select(pairs.c.state, pairs.c.channel).where(pairs.c.channel != "")
    return [(row.state, row.channel) for row in connection.execute(found)]


def _told(connection: Connection, state: str, channel: str) -> Told:
    mine = (_state == state) & (_channel == channel)
    some = select(_shipped).where(mine).order_by(_shipped).limit(COUNTED).subquery()
    row = connection.execute(select(func.count(), func.min(some.c.shipped))).one()
    return Told(channel, state, row[0], moment(row[1] or 0))


def _whole(found: list[Told], totals: dict[str, int]) -> Iterator[Told]:
    """Yield what was found, with the true number where one channel alone has too many to count."""
    for one in found:
        others = [other for other in found if other.state == one.state and other is not one]
        alone = one.state != "exported" and all(other.lines < COUNTED for other in others)
        if one.lines == COUNTED and alone:
            rest = totals.get(one.state, 0) - sum(other.lines for other in others)
            yield Told(one.channel, one.state, max(one.lines, rest), one.oldest)
        else:
            yield one


def refused(connection: Connection) -> tuple[Refusal, ...]:
    """Return up to 50 packages whose confirmation was refused, by channel, the oldest first."""
    rows = connection.execute(
        select(confirmations).where(_state == "refused").order_by(_channel, _shipped).limit(_LINES)
    )
    packages: dict[tuple[str, int], Refusal] = {}
    for row in rows:
        one = Refusal(row.order_id, row.package, row.channel, row.reason, moment(row.shipped))
        packages.setdefault((row.order_id, row.package), one)
    return tuple(packages.values())[:MOST]


def proposed(connection: Connection) -> tuple[Proposal, ...]:
    """Return up to 50 barcodes that nobody has decided about."""
    rows = connection.execute(
        select(proposals, func.coalesce(products.c.title, "").label("title"))
        .outerjoin(products, products.c.sku == proposals.c.sku)
        .order_by(proposals.c.code, proposals.c.sku)
        .limit(MOST)
    )
    return tuple(
        Proposal(
            row.code, row.sku, row.title, row.order_id, row.station, row.packer, moment(row.at)
        )
        for row in rows
    )
