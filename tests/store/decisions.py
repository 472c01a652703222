"""People who sign acts at a store of any kind, and orders in the state that each act is for."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update
from store.samples import Bench, item, label, order, put

from station.acts import Act, ActKind, Role, Signature
from station.model import OrderState, Product
from station.store.schema import barcodes, confirmations, order_items, orders, purchases, stops
from station.store.schema_people import people, proposals
from station.store.sql import SqlOrderStore
from station.store.tallies import Moves

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.acts import Acted, AuditEntry
    from station.model import Lease
    from station.store.port import OrderStore

OTHERS = ["postgresql"] if os.environ.get("STATION_LONG") else []
"""The databases for which one stands, but where there is time."""

on_one = pytest.mark.parametrize("sql_store", ["sqlite", *OTHERS], indirect=True)
in_one = pytest.mark.parametrize("store", ["sqlite", *OTHERS], indirect=True)
"""In one database; `test_matrix` does each act in every store."""

NAMES = {Role.OWNER: "Olga", Role.SUPERVISOR: "Sue", Role.PACKER: "Pat"}
_WATCHED = (orders, order_items, stops, purchases, confirmations, proposals, barcodes, people)


def behind(request: pytest.FixtureRequest, store: OrderStore) -> SqlOrderStore:
    """Return the database that a store of the `store` fixture ends in."""
    if isinstance(store, SqlOrderStore):
        return store
    found: SqlOrderStore = request.getfixturevalue("service")._app.state.store
    return found


class Office:
    """An owner, a supervisor and a packer, and the store at which they decide.

    Args:
        store: Where acts are asked for.
        sql: The database behind it, where everything else is done.
    """

    def __init__(self, store: OrderStore, sql: SqlOrderStore) -> None:
        self.store = store
        self.sql = sql
        self.signs = {role: self._add(name, role) for role, name in NAMES.items()}

    def _add(self, name: str, role: Role) -> Signature:
        person, pin = self.sql.add_person(name, role)
        return Signature(person.badge, pin, "Because I say so.")

    def act(
        self, act: Act, role: Role = Role.SUPERVISOR, *, station: str = "bench-7", why: str = "!"
    ) -> Acted:
        """Have somebody in a role sign an act at a station."""
        sign = self.signs[role]
        words = sign.reason if why == "!" else why
        return self.store.act(station, act, Signature(sign.who, sign.pin, words))

    def do(self, kind: ActKind, order_id: str = "111-1", **more: Any) -> Acted:
        """Have the supervisor sign an act about an order."""
        return self.act(Act(kind, order_id, **more))

    def lines(self) -> tuple[AuditEntry, ...]:
        """Return the audit log."""
        return self.sql.audit()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything that an act may change."""
        with self.sql._database.read() as connection:
            return {
                table.name: sorted(tuple(row) for row in connection.execute(select(table)))
                for table in _WATCHED
            }


# — an order, or what else an act is about, in the state for it —
def _put(office: Office, order_id: str) -> None:
    put(office.sql, order(order_id, item(quantity=3)))


def _claim(office: Office, order_id: str) -> tuple[Bench, Lease]:
    _put(office, order_id)
    bench = Bench(office.sql, f"bench of {order_id}", "Ana")
    return bench, bench.claim(order_id)


def _waiting(office: Office, kind: ActKind, order_id: str) -> Act:
    _put(office, order_id)
    return Act(kind, order_id, units=1)


def _held(office: Office, kind: ActKind, order_id: str) -> Act:
    _put(office, order_id)
    office.sql.halt(order_id, OrderState.HELD, "wait")
    return Act(kind, order_id)


def _problem(office: Office, kind: ActKind, order_id: str) -> Act:
    bench, lease = _claim(office, order_id)
    bench.tell(lease, OrderState.PROBLEM, problem="short")
    return Act(kind, order_id, sku="MUG-350", units=2)


def _claimed(office: Office, kind: ActKind, order_id: str) -> Act:
    bench, lease = _claim(office, order_id)
    bench.tell(lease, OrderState.PACKING)
    return Act(kind, order_id)


def _elsewhere(office: Office, kind: ActKind, order_id: str) -> Act:
    Bench(office.sql, "bench-8").send()
    _claimed(office, kind, order_id)
    return Act(kind, order_id, station="bench-8")


def _packed(office: Office, kind: ActKind, order_id: str) -> Act:
    packed(office, order_id)
    return Act(kind, order_id)


def packed(office: Office, order_id: str) -> tuple[Bench, Lease]:
    """Have an order packed, with a label, at a bench of its own."""
    bench, lease = _claim(office, order_id)
    bench.tell(lease, OrderState.PACKING)
    key, number = f"key of {order_id}", f"1Z {order_id}"
    office.sql.begin_purchase(key, order_id, 1, lease.fence, "own")
    office.sql.finish_purchase(key, label(number, order_id))
    return bench, lease


def _refused(office: Office, kind: ActKind, order_id: str) -> Act:
    bench, lease = packed(office, order_id)
    bench.ship(lease, f"1Z {order_id}")
    with office.sql._database.write() as connection:
        mine = confirmations.c.order_id == order_id
        connection.execute(update(confirmations).where(mine).values(state="refused", reason="no"))
        moves = Moves()
        moves.lines("pending", -1)
        moves.lines("refused", 1)
        moves.save(connection)
    return Act(kind, order_id)


def _code(office: Office, kind: ActKind, order_id: str) -> Act:
    office.sql.put_products([Product("MUG-350")])
    bench, lease = _claim(office, order_id)
    entry = bench.entry(lease, None, {"code": f"X-{order_id}", "sku": "MUG-350"})
    bench.send(replace(entry, kind="proposed"))
    return Act(kind, code=f"X-{order_id}", sku="MUG-350", units=1)


def locked(office: Office, name: str) -> None:
    """Lock somebody out, as ten wrong PINs would."""
    with office.sql._database.write() as connection:
        connection.execute(update(people).where(people.c.name == name).values(fails=10))


def _locked_out(office: Office, kind: ActKind, order_id: str) -> Act:
    name = f"Lou {order_id[-1]}"
    office.sql.add_person(name, Role.PACKER)
    locked(office, name)
    return Act(kind, person=name)


STAGES: dict[ActKind, Callable[[Office, ActKind, str], Act]] = {
    ActKind.HOLD: _waiting,
    ActKind.UNHOLD: _held,
    ActKind.CANCEL: _waiting,
    ActKind.PRIORITISE: _waiting,
    ActKind.RELEASE: _claimed,
    ActKind.REASSIGN: _elsewhere,
    ActKind.REQUEUE: _problem,
    ActKind.SHIP_SHORT: _problem,
    ActKind.TEACH: _code,
    ActKind.REJECT: _code,
    ActKind.WEIGHT: _claimed,
    ActKind.REPRINT: _packed,
    ActKind.VOID: _packed,
    ActKind.RETRY: _refused,
    ActKind.DISMISS: _refused,
    ActKind.UNLOCK: _locked_out,
}
"""How the floor is made ready for each act, about the order with an id."""
