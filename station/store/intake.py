"""Bringing orders in: each once, never moved back, and a stop for who packs one that changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from station.errors import StoreRefused
from station.model import OrderState, StopKind
from station.store import entries, shortening, versions
from station.store.causes import MISSING
from station.store.missing import welcome
from station.store.port import ImportResult
from station.store.reading import load_asides, load_orders
from station.store.records import FINAL_STATES, HELD_STATES, differences, order_from, version_of
from station.store.schema import asides, orders
from station.store.stops import raise_stop
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from station.model import Order
    from station.store.records import AnyRow, Version

BATCH = 500
"""Orders written in one transaction: all of them or none, and a claim waits for no more."""


@dataclass(slots=True)
class _Batch:
    """What is to be done with the orders of one transaction."""

    fresh: list[Version] = field(default_factory=list)
    newer: list[Version] = field(default_factory=list)
    on_bench: list[Version] = field(default_factory=list)
    found: list[AnyRow] = field(default_factory=list)
    """Orders that were missing and are listed again."""
    lifted: list[str] = field(default_factory=list)
    """Orders of which somebody had decided to ship less."""
    added: list[str] = field(default_factory=list)
    moves: Moves = field(default_factory=Moves)
    result: ImportResult = field(default_factory=ImportResult)

    def count(self, **more: int) -> None:
        """Add to the result."""
        self.result = summed(self.result, ImportResult(**more))


def summed(one: ImportResult, other: ImportResult) -> ImportResult:
    """Return the sum of two results."""
    return ImportResult(
        new=one.new + other.new,
        updated=one.updated + other.updated,
        unchanged=one.unchanged + other.unchanged,
        stopped=one.stopped + other.stopped,
        held=one.held + other.held,
    )


def put_batch(
    connection: Connection, batch: Sequence[Order], channel: str, now: int
) -> ImportResult:
    """Insert or update some orders in the transaction of the connection."""
    # In order of their ids: two importers then lock rows in the same order.
    wanted = {version.order_id: version for version in map(version_of, batch)}
    known = _known(connection, sorted(wanted))
    plan = _Batch(result=ImportResult(unchanged=len(batch) - len(wanted)))
    for order_id, version in sorted(wanted.items()):
        _sort(plan, version, known.get(order_id), channel)
    _add(connection, plan, channel, now)
    _replace(connection, plan, known, now)
    _stop_changed(connection, plan, known, now)
    due = {version.order_id: version.facts["ship_by"] for version in plan.newer}
    welcome(connection, plan.found, due, plan.moves, now)
    plan.moves.save(connection)
    shortening.tell_lifted(connection, plan.lifted, now)
    entries.replay(connection, plan.added, now)
    return plan.result


def _known(connection: Connection, order_ids: Sequence[str]) -> dict[str, AnyRow]:
    rows = connection.execute(
        select(
            orders.c.order_id,
            orders.c.channel,
            orders.c.state,
            orders.c.ship_by,
            orders.c.fence,
            orders.c.station,
            orders.c.lease_until,
            orders.c.cause,
            orders.c.digest,
            asides.c.digest.label("aside"),
        )
        .outerjoin(asides, asides.c.order_id == orders.c.order_id)
        .where(orders.c.order_id.in_(order_ids))
        .order_by(orders.c.order_id)
        .with_for_update(of=orders)
    )
    return {row.order_id: row for row in rows}


def _sort(plan: _Batch, version: Version, known: AnyRow | None, channel: str) -> None:
    if known is None:
        plan.fresh.append(version)
        return
    if known.channel != channel:
        raise StoreRefused(
            f"Order {version.order_id} of {channel} has the number of an order of {known.channel}.",
            "Give the orders of one channel a prefix.",
        )
    if known.state in FINAL_STATES:
        plan.count(unchanged=1)
        return
    if known.cause == MISSING:
        plan.found.append(known)
    if version.digest == (known.aside or known.digest):
        plan.count(**{"updated" if known.cause == MISSING else "unchanged": 1})
    elif known.state in HELD_STATES:
        plan.on_bench.append(version)
    else:
        plan.newer.append(version)


def _add(connection: Connection, plan: _Batch, channel: str, now: int) -> None:
    if not plan.fresh:
        return
    added = versions.add(connection, plan.fresh, channel, now)
    plan.count(new=len(added), unchanged=len(plan.fresh) - len(added))
    for version in plan.fresh:
        if version.order_id in added:
            plan.moves.enter(OrderState.WAITING, version.facts["ship_by"])
    plan.added = sorted(added)


def _replace(connection: Connection, plan: _Batch, known: dict[str, AnyRow], now: int) -> None:
    plan.lifted = shortening.lifted(connection, plan.newer)
    _begin_anew(connection, plan, known)
    versions.replace(connection, plan.newer, now)
    lapsed = [v.order_id for v in plan.newer if known[v.order_id].station]
    if lapsed:
        versions.outdate(connection, lapsed)
    for version in plan.newer:
        row = known[version.order_id]
        plan.moves.leave(row.state, row.ship_by)
        plan.moves.enter(row.state, version.facts["ship_by"])
    plan.count(updated=len(plan.newer))


def _begin_anew(connection: Connection, plan: _Batch, known: dict[str, AnyRow]) -> None:
    """Let a box that is packed and waits for another bench not count for other goods."""
    packed = [version for version in plan.newer if known[version.order_id].lease_until < 0]
    stored = load_orders(connection, [version.order_id for version in packed]) if packed else {}
    for version in packed:
        new = order_from(version.order_id, known[version.order_id].channel, version)
        if differences(stored[version.order_id], new):
            mine = orders.c.order_id == version.order_id
            connection.execute(update(orders).where(mine).values(lease_until=0))


def _stop_changed(connection: Connection, plan: _Batch, known: dict[str, AnyRow], now: int) -> None:
    if not plan.on_bench:
        return
    ids = [version.order_id for version in plan.on_bench]
    in_force, aside = load_orders(connection, ids), load_asides(connection, ids)
    keep: list[Version] = []
    put_now: list[Version] = []
    for version in plan.on_bench:
        row, order_id = known[version.order_id], version.order_id
        stored = in_force[order_id]
        new = order_from(order_id, row.channel, version)
        told = order_from(order_id, row.channel, aside[order_id]) if order_id in aside else stored
        words = differences(told, new)
        # What differs in the deadline alone from what is on the bench may be put in force there.
        (keep if differences(stored, new) else put_now).append(version)
        plan.count(**{"stopped" if words else "updated": 1})
        if words:
            raise_stop(connection, row, StopKind.CHANGED, f"The order changed: {words}.", now)
    versions.put_aside(connection, keep)
    versions.drop_asides(connection, [version.order_id for version in put_now])
    versions.replace(connection, put_now, now)
