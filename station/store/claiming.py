"""The next order for a bench: the most urgent one that nobody has."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from station.model import Barcode, LearntWeight, Lease, Product
from station.store import leases, restoring
from station.store.claim_statement import FACTS, PRODUCT, claim_statement
from station.store.columns import storable
from station.store.postgresql import SLOT
from station.store.records import Version, order_from
from station.store.schema import QUEUE_ORDER
from station.store.watermark import HEAD, Key, Start, Watermark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Dialect

    from station.store.database import Database
    from station.store.records import AnyRow


class QueueClaims:
    """Leases the most urgent waiting orders of one store; safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watermark = Watermark(lambda: database.entered)

    def next(self, station: str, packer: str, skip: Sequence[str], now: int) -> Lease | None:
        """Lease the most urgent waiting order that is not in skip; None if there is none.

        A lost answer is `StoreUnreachable`: the order may be leased, and `claimed` then names it.
        """
        if not self._database.is_server:
            return self._step_by_step(station, packer, skip, now)
        row = self._row(station, packer, skip, now)
        if row.paused:
            self._database.look(restoring.refuse_while_awaited)
        if row.lease is None:
            return self._step_by_step(station, packer, skip, now) if row.found else None
        if row.lease["goes_on"]:
            # What was done to it before belongs to the lease, too.
            names = ("order_id", "fence", "base_fence")
            return self._database.look(lambda c: leases.lease(c, *(row.lease[n] for n in names)))
        return _lease(row)

    def _step_by_step(
        self, station: str, packer: str, skip: Sequence[str], now: int
    ) -> Lease | None:
        return self._database.change(lambda c: leases.claim_next(c, station, packer, skip, now))

    def _row(self, station: str, packer: str, skip: Sequence[str], now: int) -> AnyRow:
        who = {
            "to_station": station,
            "to_packer": storable(packer),
            "skip": [*map(storable, skip)],
            "now": now,
        }
        start = self._watermark.start(skips=bool(skip))
        row = self._from(start, who)
        if row.found is None and start.key != HEAD:
            self._watermark.empty()
            start = self._watermark.start(skips=bool(skip))
            row = self._from(start, who)
        if row.lease is not None and not skip:
            self._watermark.taken(start, _key(row.lease))
        return row

    def _from(self, start: Start, who: dict[str, Any]) -> AnyRow:
        names = tuple(f"from_{column.name}" for column in QUEUE_ORDER)
        with self._database.once() as connection:
            sql, constants = _compiled(connection.dialect)
            values = {**constants, **who, **dict(zip(names, start.key, strict=True))}
            values["slot"] = connection.info[SLOT]
            return connection.exec_driver_sql(sql, values).one()


@lru_cache(maxsize=4)
def _compiled(dialect: Dialect) -> tuple[str, dict[str, Any]]:
    """Return the statement's text and its constants: to look up a compiled one costs as much."""
    compiled = claim_statement().compile(dialect=dialect)
    return str(compiled), dict(compiled.params)


def _key(lease: dict[str, Any]) -> Key:
    rank, ship_by, service, purchased, order_id = (lease[column.name] for column in QUEUE_ORDER)
    return rank, ship_by, service, purchased, order_id


def _lease(row: AnyRow) -> Lease:
    known = row.lease
    facts = {name: known[name] for name in FACTS} | {"items": row.items or []}
    person = json.loads(row.person) if row.person else {"name": ""}
    version = Version(known["order_id"], facts, person, known["digest"])
    return Lease(
        order_from(known["order_id"], known["channel"], version),
        tuple(map(_product, row.known or ())),
        known["fence"],
        float(leases.TTL_S),
        (row.last or 0) + 1,
        weights=tuple(LearntWeight(*values) for values in row.learnt or ()),
    )


def _product(values: Sequence[Any]) -> Product:
    *plain, requires, codes = values
    return Product(
        **dict(zip(PRODUCT, plain, strict=True)),
        barcodes=tuple(Barcode(text, units) for text, units in codes or ()),
        requires=tuple(json.loads(requires)),
    )
