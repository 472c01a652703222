"""What must be true in the end, read from the database, the journals and the printers alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, select

from station.model import OrderState
from station.store.schema import (
    confirmations,
    journal_entries,
    journals,
    order_items,
    orders,
    purchases,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from distributed.packers import Station
    from sqlalchemy import Table

    from station.model import Entry, Order

_LEFT = {OrderState.SHIPPED, OrderState.CONFIRMED}


@dataclass(frozen=True, slots=True)
class Memory:
    """All tables that count, as lists of rows."""

    orders: list[Any]
    items: list[Any]
    confirmations: list[Any]
    entries: list[Any]
    journals: list[Any]
    purchases: list[Any]


def remembered(url: str) -> Memory:
    """Return what a store holds."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:

            def rows(table: Table) -> list[Any]:
                return list(connection.execute(select(table)))

            tables = (orders, order_items, confirmations, journal_entries, journals, purchases)
            return Memory(*map(rows, tables))
    finally:
        engine.dispose()


def violations(
    url: str,
    wanted: Collection[Order],
    stations: Sequence[Station],
    *,
    gone: Collection[Station] = (),
) -> list[str]:
    """Return every promise that was broken, in words; empty is good.

    Args:
        url: The store's database.
        wanted: The orders that were to be shipped.
        stations: All that worked on them.
        gone: Stations whose memory is out of the game: copies, old images, benches excused.
    """
    memory = remembered(url)
    present = [station for station in stations if station not in gone]
    return [
        *_of_orders(memory, wanted),
        *_of_confirmations(memory, wanted),
        *_of_packing(stations, wanted),
        *_of_fences(memory, stations),
        *_of_journals(memory, present),
        *_of_scans(present),
        *_of_labels(memory, stations, wanted),
    ]


def conflicts(url: str) -> int:
    """Count the entries that a store keeps without effect."""
    return sum(row.conflict for row in remembered(url).entries)


def _of_orders(memory: Memory, wanted: Collection[Order]) -> Iterator[str]:
    states = {row.order_id: row.state for row in memory.orders}
    for order in wanted:
        state = states.get(order.order_id)
        if state not in _LEFT:
            yield f"lost: order {order.order_id} is {state}"


def _of_confirmations(memory: Memory, wanted: Collection[Order]) -> Iterator[str]:
    told: dict[str, list[Any]] = defaultdict(list)
    for row in memory.confirmations:
        told[row.order_id].append(row)
    owners: dict[str, set[str]] = defaultdict(set)
    for order in wanted:
        rows = told[order.order_id]
        units = Counter({item.item_id: item.quantity for item in order.items})
        confirmed = Counter[str]()
        for row in rows:
            confirmed[row.item_id] += row.quantity
            owners[row.tracking_id].add(order.order_id)
        if confirmed != units or len(rows) != len(units):
            yield f"doubled or lost: order {order.order_id} is confirmed as {dict(confirmed)}"
        if len({(row.tracking_id, row.package) for row in rows}) > 1:
            yield f"doubled: order {order.order_id} has more than one parcel"
    for tracking_id, ids in owners.items():
        if len(ids) > 1 or not tracking_id:
            yield f"doubled: tracking id {tracking_id!r} is on {sorted(ids)}"


def _shipped(stations: Sequence[Station]) -> dict[str, list[tuple[str, Entry]]]:
    found: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for station in stations:
        for entry in station.history():
            if entry.state == OrderState.SHIPPED:
                found[entry.order_id].append((station.name, entry))
    return found


def _of_packing(stations: Sequence[Station], wanted: Collection[Order]) -> Iterator[str]:
    shipped = _shipped(stations)
    for order in wanted:
        by = {(name, entry.data["tracking_id"]) for name, entry in shipped[order.order_id]}
        if len(by) != 1:
            yield f"doubled or lost: order {order.order_id} was packed as {sorted(map(str, by))}"


def _of_fences(memory: Memory, stations: Sequence[Station]) -> Iterator[str]:
    holders: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in memory.entries:
        if row.fence and not row.conflict:
            holders[row.order_id, row.fence].add(row.station)
    for station in stations:
        for entry in station.history():
            if entry.fence:
                holders[entry.order_id, entry.fence].add(station.name)
    for (order_id, fence), names in holders.items():
        if len(names) > 1:
            yield f"doubled: {sorted(names)} had order {order_id} under fence {fence}"


def _of_journals(memory: Memory, stations: Sequence[Station]) -> Iterator[str]:
    known = {row.station: row for row in memory.journals}
    kept: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in memory.entries:
        kept[row.station, row.journal].append(row.seq)
    for station in stations:
        mine = [entry.seq for entry in station.journal._entries("1", ())]
        theirs = sorted(kept[station.name, station.journal.id])
        if station.journal.backlog():
            yield f"lost: {station.name} still holds {station.journal.backlog()} entries"
        if theirs != mine:
            yield f"lost or doubled: of {station.name} the store has {len(theirs)} of {len(mine)}"
        row = known.get(station.name)
        if row is None or (row.journal, row.upto) != (station.journal.id, len(mine)):
            yield f"lost: the store's mark of {station.name} is {row and row.upto} of {len(mine)}"
        if wrong := station.journal.verify()[1]:
            yield f"lost: {station.name}: {wrong}"


def _of_scans(stations: Sequence[Station]) -> Iterator[str]:
    for station in stations:
        kept = [str(e.data["text"]) for e in station.history() if e.kind == "scanned"]
        if kept != station.acked:
            lost = len(station.acked) - len(kept)
            yield f"lost: {station.name} acknowledged {lost} scans that its journal has not"


def _of_labels(
    memory: Memory, stations: Sequence[Station], wanted: Collection[Order]
) -> Iterator[str]:
    told = {row.order_id: row.tracking_id for row in memory.confirmations}
    live = {row.order_id: row for row in memory.purchases if row.state == "bought"}
    for order in wanted:
        came_out = [
            slip
            for station in stations
            for slip in station.printer.came_out
            if slip.job.rpartition("/")[0].rpartition("/")[0] == order.order_id
        ]
        tracking_id = told.get(order.order_id, "")
        right = [slip for slip in came_out if tracking_id[-18:].encode() in slip.document]
        if len(came_out) != 1 or not right:
            yield f"doubled or lost: {len(came_out)} labels of order {order.order_id} came out"
        known = live.get(order.order_id)
        if known is None or known.tracking_id != tracking_id:
            bought = known.tracking_id if known else None
            yield f"lost: order {order.order_id} went as {tracking_id}, bought was {bought}"
