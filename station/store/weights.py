"""What packages weighed, and what one unit of a SKU weighs by that.

Only a package with one SKU teaches anything. Of each SKU the last packages are kept, and their
median counts: one that was weighed with somebody's hand on it changes nothing, and where the goods
weigh something else from now on, the weight follows after half of the packages that are kept.
"""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from station.model import LearntWeight
from station.store.database import insert
from station.store.schema import learned_weights, order_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from station.model import Entry

KEPT = 7
"""Packages of a SKU that are remembered."""
MOST_G = 1_000_000
"""Grams above which no package of a bench is believed."""


def load(connection: Connection, skus: Iterable[str]) -> tuple[LearntWeight, ...]:
    """Return what is known of some SKUs; those that were never weighed are left out."""
    of = learned_weights
    found = select(of.c.sku, of.c.grams, of.c.samples).where(of.c.sku.in_(sorted(set(skus))))
    rows = connection.execute(found.order_by(of.c.sku))
    return tuple(LearntWeight(row.sku, row.grams, row.samples) for row in rows)


def learn(connection: Connection, closed: Sequence[Entry], now: int) -> None:
    """Remember what closed packages weighed, in the order of their SKUs: nobody deadlocks."""
    lessons: dict[str, list[int]] = {}
    for entry in closed:
        sku, units = _one_sku(connection, entry)
        net_g = entry.data.get("net_g")
        # A journal may hold anything, and is no reason to refuse the package.
        if sku and type(net_g) is int and 0 < net_g <= MOST_G and (unit_g := round(net_g / units)):
            lessons.setdefault(sku, []).append(unit_g)
    if not lessons:
        return
    empty = insert(connection, learned_weights).on_conflict_do_nothing()
    connection.execute(empty, [{"sku": sku, "updated": now} for sku in sorted(lessons)])
    of = learned_weights
    mine = select(of).where(of.c.sku.in_(sorted(lessons))).order_by(of.c.sku)
    for row in connection.execute(mine.with_for_update()).all():
        new = lessons[row.sku]
        values = _values([*json.loads(row.recent), *new], row.samples + len(new))
        connection.execute(update(of).where(of.c.sku == row.sku).values(values | {"updated": now}))


def _values(grams: list[int], samples: int) -> dict[str, Any]:
    recent = grams[-KEPT:]
    return {"grams": round(median(recent)), "recent": json.dumps(recent), "samples": samples}


def _one_sku(connection: Connection, entry: Entry) -> tuple[str, int]:
    """Return the SKU of a package and its units; '' when there are several, or nobody knows."""
    items: Any = entry.data.get("items")
    units = {str(item_id): n for item_id, n in items} if _is_list(items) else {}
    mine = select(order_items.c.item_id, order_items.c.sku).where(
        order_items.c.order_id == entry.order_id, order_items.c.item_id.in_(sorted(units))
    )
    found = {row.item_id: row.sku for row in connection.execute(mine)}
    skus = set(found.values())
    if len(skus) != 1 or found.keys() != units.keys():
        return "", 0
    return skus.pop(), sum(units.values())


def _is_list(items: Any) -> bool:
    return isinstance(items, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and type(pair[1]) is int and pair[1] > 0
        for pair in items
    )
