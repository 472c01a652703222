"""Whole orders and products read from their tables."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from station.model import Barcode, Entry, Order, OrderState, Product
from station.store.records import Version, moment, order_from
from station.store.schema import (
    asides,
    barcodes,
    journal_entries,
    order_items,
    orders,
    products,
    recipients,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from station.store.records import AnyRow

T = TypeVar("T")

_NO_WORK = ("opened", "stopped")
"""That a station opened the order, or lost it, says nothing about what is in the box."""

CHUNK = 500
"""Values bound to one statement; both databases take more, and gain nothing by it."""


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut values into lists of at most size, reading no further than is asked for."""
    source = iter(values)
    while part := list(islice(source, size)):
        yield part


def load_orders(connection: Connection, order_ids: Sequence[str]) -> dict[str, Order]:
    """Return the orders in force by id; unknown ones are left out."""
    found = connection.execute(select(orders).where(orders.c.order_id.in_(order_ids))).all()
    items = _items(connection, order_ids)
    people = _recipients(connection, order_ids, aside=False)
    return {
        row.order_id: order_from(
            row.order_id,
            row.channel,
            Version(
                row.order_id,
                _facts(row, items[row.order_id]),
                people.get(row.order_id, {"name": ""}),
                row.digest,
            ),
        )
        for row in found
    }


def load_asides(connection: Connection, order_ids: Sequence[str]) -> dict[str, Version]:
    """Return the newer versions that wait for the end of a lease, by order id."""
    found = connection.execute(select(asides).where(asides.c.order_id.in_(order_ids))).all()
    if not found:
        return {}
    people = _recipients(connection, order_ids, aside=True)
    return {
        row.order_id: Version(
            row.order_id, json.loads(row.document), people[row.order_id], row.digest
        )
        for row in found
    }


def load_products(connection: Connection, skus: Iterable[str]) -> dict[str, Product]:
    """Return products with all their barcodes by SKU; unknown ones are left out."""
    wanted = list(dict.fromkeys(skus))
    if not wanted:
        return {}
    found = connection.execute(select(products).where(products.c.sku.in_(wanted))).all()
    codes: defaultdict[str, list[Barcode]] = defaultdict(list)
    listed = (
        select(barcodes).where(barcodes.c.sku.in_(wanted)).order_by(barcodes.c.sku, barcodes.c.key)
    )
    for row in connection.execute(listed) if found else ():
        codes[row.sku].append(Barcode(row.text, row.units))
    return {row.sku: _product(row, tuple(codes[row.sku])) for row in found}


def load_work(connection: Connection, order_id: str, base_fence: int) -> tuple[Entry, ...]:
    """Return what has been done to the package in work since it was begun, in order."""
    rows = connection.execute(
        select(journal_entries)
        .where(
            journal_entries.c.order_id == order_id,
            journal_entries.c.fence >= base_fence,
            journal_entries.c.kind.not_in(_NO_WORK),
            ~journal_entries.c.conflict,
        )
        .order_by(journal_entries.c.station, journal_entries.c.seq)
    )
    # Each fence is one station's; sorting few rows here spares the database a sort.
    return tuple(sorted(map(entry_from, rows), key=lambda entry: entry.fence))


def entry_from(row: AnyRow) -> Entry:
    """Return one row of `journal_entries` as the entry that a station wrote."""
    return Entry(
        seq=row.seq,
        kind=row.kind,
        order_id=row.order_id,
        fence=row.fence,
        packer=row.packer,
        at=moment(row.at_ms / 1000),
        state=OrderState(row.state) if row.state else None,
        data=json.loads(row.data),
    )


def _product(row: AnyRow, codes: tuple[Barcode, ...]) -> Product:
    return Product(
        sku=row.sku,
        title=row.title,
        asin=row.asin,
        bin=row.bin,
        weight_g=row.weight_g,
        barcodes=codes,
        requires=tuple(json.loads(row.requires)),
        kit_of=row.kit_of,
    )


def _facts(row: AnyRow, items: list[list[Any]]) -> dict[str, Any]:
    return {
        "ship_by": row.ship_by,
        "purchased": row.purchased,
        "service": row.service,
        "service_level": row.service_level,
        "is_business": row.is_business,
        "purchase_order": row.purchase_order,
        "items": items,
    }


def _items(connection: Connection, order_ids: Sequence[str]) -> defaultdict[str, list[list[Any]]]:
    listed = (
        select(order_items)
        .where(order_items.c.order_id.in_(order_ids))
        .order_by(order_items.c.order_id, order_items.c.position)
    )
    items: defaultdict[str, list[list[Any]]] = defaultdict(list)
    for row in connection.execute(listed):
        items[row.order_id].append([row.item_id, row.sku, row.title, row.quantity, row.asin])
    return items


def _recipients(
    connection: Connection, order_ids: Sequence[str], *, aside: bool
) -> dict[str, dict[str, Any]]:
    listed = select(recipients.c.order_id, recipients.c.document).where(
        recipients.c.order_id.in_(order_ids), recipients.c.aside == aside
    )
    return {row.order_id: json.loads(row.document) for row in connection.execute(listed)}
