"""Writing orders: new ones, newer versions in force, and newer versions kept aside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy import insert as plain_insert

from station.model import OrderState
from station.store import restoring
from station.store.database import insert
from station.store.reading import load_asides
from station.store.records import item_rows, order_columns
from station.store.schema import asides, order_items, orders, recipients

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from station.store.records import Version

_BY_ID = orders.c.order_id == bindparam("of_order")


def add(connection: Connection, versions: Sequence[Version], channel: str, now: int) -> set[str]:
    """Insert waiting orders and return the ids of those that were not there already."""
    fixed = {"channel": channel, "state": OrderState.WAITING, "updated": now}
    rows = [{"order_id": version.order_id} | order_columns(version) | fixed for version in versions]
    # Another importer may have been faster with some of them since they were looked up.
    inserted = connection.execute(
        insert(connection, orders).on_conflict_do_nothing().returning(orders.c.order_id), rows
    )
    added = set(inserted.scalars())
    fresh = [version for version in versions if version.order_id in added]
    _add_items(connection, fresh)
    _add_recipients(connection, fresh, aside=False)
    return added


def replace(connection: Connection, versions: Sequence[Version], now: int) -> None:
    """Put newer versions in force; where a lapsed lease is remembered, its fence falls behind."""
    if not versions:
        return
    rows = [{"of_order": v.order_id, "updated": now} | order_columns(v) for v in versions]
    connection.execute(update(orders).where(_BY_ID), rows)
    ids = [version.order_id for version in versions]
    connection.execute(delete(order_items).where(order_items.c.order_id.in_(ids)))
    _add_items(connection, versions)
    _drop_recipients(connection, ids, aside=False)
    _add_recipients(connection, versions, aside=False)


def outdate(connection: Connection, order_ids: Sequence[str]) -> None:
    """Raise the fence of orders that changed after their lease had lapsed."""
    connection.execute(
        update(orders)
        .where(orders.c.order_id.in_(order_ids), orders.c.station != "")
        .values(fence=restoring.next_fence(), station="", packer="")
    )


def put_aside(connection: Connection, versions: Sequence[Version]) -> None:
    """Keep newer versions for the next lease, instead of what was kept before."""
    drop_asides(connection, [version.order_id for version in versions])
    if versions:
        rows = [
            {"order_id": v.order_id, "digest": v.digest, "document": json.dumps(v.facts)}
            for v in versions
        ]
        connection.execute(plain_insert(asides), rows)
        _add_recipients(connection, versions, aside=True)


def drop_asides(connection: Connection, order_ids: Sequence[str]) -> None:
    """Forget newer versions that nobody will pack any more."""
    if order_ids:
        connection.execute(delete(asides).where(asides.c.order_id.in_(order_ids)))
        _drop_recipients(connection, order_ids, aside=True)


def fold_asides(connection: Connection, order_ids: Sequence[str], now: int) -> set[str]:
    """Put in force what was kept aside for orders that nobody packs any more; return their ids."""
    newer = load_asides(connection, order_ids)
    if newer:
        replace(connection, list(newer.values()), now)
        outdate(connection, list(newer))
        drop_asides(connection, list(newer))
    return set(newer)


def _add_items(connection: Connection, versions: Sequence[Version]) -> None:
    rows = [row for version in versions for row in item_rows(version)]
    if rows:
        connection.execute(plain_insert(order_items), rows)


def _add_recipients(connection: Connection, versions: Sequence[Version], *, aside: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"order_id": v.order_id, "aside": aside, "document": json.dumps(v.recipient)}
        for v in versions
    ]
    if rows:
        connection.execute(plain_insert(recipients), rows)


def _drop_recipients(connection: Connection, ids: Sequence[str], *, aside: bool) -> None:
    connection.execute(
        delete(recipients).where(recipients.c.order_id.in_(ids), recipients.c.aside == aside)
    )
