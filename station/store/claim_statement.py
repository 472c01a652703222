"""The statement with which PostgreSQL chooses, leases, counts and reads the next order at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    Text,
    all_,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from station.model import OrderState
from station.store import leases, restoring, stops
from station.store.schema import (
    IS_WAITING,
    QUEUE_ORDER,
    barcodes,
    confirmations,
    learned_weights,
    order_items,
    orders,
    products,
    recipients,
    tallies,
)
from station.store.tallies import adding, hour_of

if TYPE_CHECKING:
    from sqlalchemy import CTE, Column, ColumnElement, Label, Select

FACTS = ("ship_by", "purchased", "service", "service_level", "is_business", "purchase_order")
"""Columns of an order that are facts of its `records.Version`."""

PRODUCT = ("sku", "title", "asin", "bin", "weight_g", "kit_of")
"""The first values of a product in the answer; then come requires and its barcodes."""

_ITEM = ("item_id", "sku", "title", "quantity", "asin")
_NEEDED = tuple(
    orders.c[name]
    for name in ("order_id", "channel", "state", "digest", "fence", "base_fence", "rank", *FACTS)
)


_PLACE: ColumnElement[Any] = literal_column("orders.ctid")
"""Where PostgreSQL keeps this version of the row: another place after each change."""


@cache
def claim_statement() -> Select[*tuple[Any, ...]]:
    """Return the statement; its row has `found` and no `lease` when the order changed under it.

    All of it sees one snapshot, but the queue's first row is locked in its newest version. It is
    updated at the place where that was found: a version that the snapshot does not see, whose
    items and recipient would be older ones, is not updated.
    """
    store = _store()
    first = _first(store)
    taken = _taken(first)
    whole: ColumnElement[Any] = func.row_to_json(literal_column("taken"))
    found: ColumnElement[Any] = select(first.c.order_id).scalar_subquery()
    lease = case((taken.c.order_id.is_not(None), whole))
    return (
        select(store.c.paused, found.label("found"), lease.label("lease"), *_content(taken))
        .select_from(store.outerjoin(taken, true()))
        .add_cte(_counted(taken))
    )


def _store() -> CTE:
    lowest = restoring.lowest_fence().label("lowest")
    return select(restoring.is_awaited().label("paused"), lowest).cte("store")


def _first(store: CTE) -> CTE:
    mark = tuple_(*(_given(f"from_{c.name}", c) for c in QUEUE_ORDER))
    skip: Any = bindparam("skip", type_=ARRAY(Text))
    lowest = select(store.c.lowest).scalar_subquery()
    mine = orders.c.station == _given("to_station", orders.c.station)
    again = and_(mine, orders.c.fence > lowest)
    return (
        select(
            orders.c.order_id,
            _PLACE.label("place"),
            again.label("again"),
            leases.IS_HANDED_ON.label("handed_on"),
            restoring.next_fence(lowest).label("fence"),
        )
        .where(
            IS_WAITING,
            tuple_(*QUEUE_ORDER) >= mark,
            orders.c.order_id != all_(skip),
            ~select(store.c.paused).scalar_subquery(),
            ~stops.is_unheard(_given("to_station", orders.c.station)),
        )
        .order_by(*QUEUE_ORDER)
        .limit(literal_column("1"))
        # Rows that point to the order may be added meanwhile: its key does not change.
        .with_for_update(of=orders, skip_locked=True, key_share=True)
        .cte("first")
    )


def _given(name: str, column: Column[Any]) -> Any:
    return bindparam(name, type_=column.type)


def _taken(first: CTE) -> CTE:
    now = _given("now", orders.c.updated)
    return (
        update(orders)
        .where(orders.c.order_id == first.c.order_id, first.c.place == _PLACE)
        .values(
            **leases.lease_values(first.c.again, first.c.handed_on, first.c.fence),
            station=_given("to_station", orders.c.station),
            packer=_given("to_packer", orders.c.packer),
            lease_until=now + leases.TTL_S,
            updated=now,
        )
        .returning(*_NEEDED, (first.c.again | first.c.handed_on).label("goes_on"))
        .cte("taken")
    )


def _counted(taken: CTE) -> CTE:
    """Add to the tallies what `tallies.Moves` would, in its order."""
    slot = _given("slot", tallies.c.slot)
    zero: Any = literal_column("0")
    one: Any = literal_column("1")
    moves = union_all(
        select(taken.c.state, zero, slot, one),
        select(literal(OrderState.WAITING.value), hour_of(taken.c.ship_by), slot, -one),
    )
    return adding(insert(tallies).from_select(["name", "hour", "slot", "n"], moves)).cte("counted")


def _content(taken: CTE) -> tuple[Label[Any], ...]:
    """Return what else belongs to a lease, as JSON where it is several rows."""
    mine = order_items.c.order_id == taken.c.order_id
    person = select(recipients.c.document).where(
        recipients.c.order_id == taken.c.order_id, ~recipients.c.aside
    )
    item = func.json_build_array(*(order_items.c[name] for name in _ITEM))
    items = select(func.json_agg(aggregate_order_by(item, order_items.c.position))).where(mine)
    skus = select(order_items.c.sku).where(mine).correlate(taken)
    known = select(
        func.json_agg(aggregate_order_by(_product_json(), products.c.sku)),
    ).where(products.c.sku == any_(func.array(skus.scalar_subquery())))
    last = select(func.max(confirmations.c.package)).where(
        confirmations.c.order_id == taken.c.order_id
    )
    learnt = select(
        func.json_agg(aggregate_order_by(_learnt_json(), learned_weights.c.sku)),
    ).where(learned_weights.c.sku == any_(func.array(skus.scalar_subquery())))
    parts = {"items": items, "person": person, "known": known, "last": last, "learnt": learnt}
    return tuple(part.scalar_subquery().label(name) for name, part in parts.items())


def _learnt_json() -> ColumnElement[Any]:
    return func.json_build_array(*(learned_weights.c[name] for name in ("sku", "grams", "samples")))


def _product_json() -> ColumnElement[Any]:
    codes = select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(barcodes.c.text, barcodes.c.units), barcodes.c.key
            )
        )
    ).where(barcodes.c.sku == products.c.sku)
    plain = (products.c[name] for name in PRODUCT)
    return func.json_build_array(*plain, products.c.requires, codes.scalar_subquery())
