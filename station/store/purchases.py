"""Labels: written down before the carrier is called, at most one live label per package.

No transaction is open while a carrier is called: `begin` and `finish` are two of them. What was
begun and not finished is unknown, and stays in the way until it is finished or void.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from station.errors import StoreRefused
from station.model import Label, OrderState
from station.store.database import insert
from station.store.leases import TTL_S
from station.store.port import Purchase
from station.store.records import HELD_STATES
from station.store.schema import (
    IS_LIVE,
    IS_OPEN_STOP,
    IS_TRACKED,
    LABEL_SERIALS,
    confirmations,
    counters,
    orders,
    purchases,
)
from station.store.schema import stops as stop_rows
from station.store.tallies import Moves

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from station.store.records import AnyRow

MOST_SERIALS = 1000
_ON_BENCH = frozenset({*HELD_STATES, OrderState.WAITING})


def begin(
    connection: Connection, wanted: Purchase, fence: int, carrier: str, by: str, now: int
) -> Purchase:
    """Write down that a label is about to be bought; the same key returns what is known."""
    order = connection.execute(
        select(orders).where(orders.c.order_id == wanted.order_id).with_for_update()
    ).first()
    known = by_key(connection, wanted.key)
    if known is not None:
        _check_buyer(known, by, order.station if order else "")
        return _same_package(known, wanted)
    if order is None:
        raise StoreRefused(f"Order {wanted.order_id} is not known.", "Import it again.")
    _check_order(connection, order, fence, by)
    live = live_row(connection, wanted.order_id, wanted.package)
    if live is not None:
        raise StoreRefused(
            f"Package {wanted.package} of order {wanted.order_id} has a label already"
            f" ({live.tracking_id or 'its purchase is not finished'}).",
            "Print that label again, or have it made void.",
        )
    row = {
        "key": wanted.key,
        "order_id": wanted.order_id,
        "package": wanted.package,
        "state": "begun",
        "station": order.station,
        "serial": reserve(connection, 1),
        "fence": fence,
        "carrier": carrier,
        "document": b"",
        "begun": now,
    }
    connection.execute(purchases.insert().values(row))
    _to(connection, order, OrderState.PACKING, now)
    return _purchase(_required(connection, wanted.key))


def _same_package(known: AnyRow, wanted: Purchase) -> Purchase:
    if (known.order_id, known.package) != (wanted.order_id, wanted.package):
        raise StoreRefused(
            f"The purchase {wanted.key} belongs to order {known.order_id}.", "Use another key."
        )
    return _purchase(known)


def _check_buyer(purchase: AnyRow, by: str, holder: str) -> None:
    """Refuse a station that neither began the purchase nor has its order on the bench now."""
    if by and by not in {purchase.station, holder}:
        raise StoreRefused(f"The purchase {purchase.key} is not known.", "Begin it first.")


def _check_order(connection: Connection, order: AnyRow, fence: int, by: str) -> None:
    mine = order.station == by if by else bool(order.station)
    if order.fence != fence or order.state not in _ON_BENCH or not mine:
        raise StoreRefused(
            f"Order {order.order_id} is no longer on this bench.", "Put the goods back and ask."
        )
    stop = select(stop_rows.c.reason).where(
        stop_rows.c.order_id == order.order_id,
        stop_rows.c.fence == fence,
        IS_OPEN_STOP,
    )
    reason = connection.execute(stop.limit(1)).scalar()
    if reason is not None:
        raise StoreRefused(reason, "Answer the stop on the screen first.")


def _to(connection: Connection, order: AnyRow, state: OrderState, now: int) -> None:
    """Move an order of this bench along; its lease counts from now, also when it had lapsed."""
    if order.state == OrderState.PACKED:
        state = OrderState.PACKED
    connection.execute(
        update(orders)
        .where(orders.c.order_id == order.order_id)
        .values(state=state, lease_until=now + TTL_S, updated=now)
    )
    moves = Moves()
    moves.leave(order.state, order.ship_by)
    moves.enter(state, order.ship_by)
    moves.save(connection)


def reserve(connection: Connection, count: int) -> int:
    """Take so many label numbers and return the first; nobody is given them again."""
    if not 1 <= count <= MOST_SERIALS:
        raise StoreRefused(f"{count} numbers cannot be reserved.", f"Ask for 1 to {MOST_SERIALS}.")
    first = insert(connection, counters).values(name=LABEL_SERIALS, value=count)
    following = first.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + count}
    )
    last = connection.execute(following.returning(counters.c.value)).scalar_one()
    return int(last) - count + 1


def finish(connection: Connection, key: str, label: Label, by: str, now: int) -> Purchase:
    """Store tracking id and label in the transaction of the connection."""
    row = _required(connection, key)
    order = connection.execute(
        select(orders).where(orders.c.order_id == row.order_id).with_for_update()
    ).one()
    row = _required(connection, key)
    _check_buyer(row, by, order.station)
    if row.state == "bought" and row.tracking_id == label.tracking_id:
        return _purchase(row)
    _check_label(connection, row, label)
    bought = {
        "state": "bought",
        "tracking_id": label.tracking_id,
        "carrier_code": label.carrier_code,
        "carrier_name": label.carrier_name,
        "service": label.service,
        "document": label.document,
        "ended": now,
    }
    try:
        connection.execute(update(purchases).where(purchases.c.key == key).values(bought))
    except IntegrityError as failure:
        raise _used(label.tracking_id, "another order") from failure
    if order.fence == row.fence and order.state in _ON_BENCH:
        # A label is paid for: from now on no other bench gets the order because time passes.
        _to(connection, order, OrderState.PACKED, now)
    return _purchase(_required(connection, key))


def _check_label(connection: Connection, row: AnyRow, label: Label) -> None:
    if row.state not in {"begun", "unknown"}:
        raise StoreRefused(
            f"The purchase {row.key} is {row.state} ({row.tracking_id or row.reason}):"
            f" label {label.tracking_id} cannot be its label.",
            "Have the carrier make that label void.",
        )
    if (label.order_id, label.package) != (row.order_id, row.package) or not label.tracking_id:
        raise StoreRefused(
            f"Label {label.tracking_id or 'without tracking id'} is not for package"
            f" {row.package} of order {row.order_id}.",
            "Ask the supervisor.",
        )
    holder = tracking_used(connection, label.tracking_id)
    if holder is not None:
        raise _used(label.tracking_id, f"order {holder}")


def _used(tracking_id: str, holder: str) -> StoreRefused:
    return StoreRefused(
        f"Tracking id {tracking_id} is used by {holder} already.",
        "Have the carrier check the label; do not stick it on.",
    )


def void(connection: Connection, key: str, reason: str, by: str, now: int) -> None:
    """Free the package for another label, unless it has left the house."""
    row = _required(connection, key, lock=True)
    _check_buyer(row, by, _holder(connection, row.order_id))
    if row.state == "void":
        return
    left = select(confirmations.c.item_id).where(
        confirmations.c.order_id == row.order_id, confirmations.c.package == row.package
    )
    if connection.execute(left.limit(1)).first() is not None:
        raise StoreRefused(
            f"Package {row.package} of order {row.order_id} has left with label {row.tracking_id}.",
            "A label of a shipped package stays.",
        )
    connection.execute(
        update(purchases)
        .where(purchases.c.key == key)
        .values(state="void", reason=reason, ended=now)
    )


def live(connection: Connection, order_id: str, package: int, by: str) -> Purchase | None:
    """Return the live purchase of a package; a station is only shown its own."""
    row = live_row(connection, order_id, package)
    if row is None or (by and by not in {row.station, _holder(connection, order_id)}):
        return None
    return _purchase(row)


def _holder(connection: Connection, order_id: str) -> str:
    found = select(orders.c.station).where(orders.c.order_id == order_id)
    return connection.execute(found).scalar() or ""


def tracking_used(connection: Connection, tracking_id: str) -> str | None:
    """Return the order whose live label has this tracking id."""
    used = select(purchases.c.order_id).where(
        IS_LIVE, IS_TRACKED, purchases.c.tracking_id == tracking_id
    )
    return connection.execute(used).scalar()


def live_row(connection: Connection, order_id: str, package: int) -> AnyRow | None:
    """Return the row of the live purchase of a package."""
    return connection.execute(
        select(purchases).where(
            IS_LIVE, purchases.c.order_id == order_id, purchases.c.package == package
        )
    ).first()


def live_from(connection: Connection, order_id: str, package: int) -> AnyRow | None:
    """Return the live purchase with a label of ours of a package, or of the next that has one."""
    ours = (purchases.c.order_id == order_id) & (purchases.c.package >= package)
    wanted = select(purchases).where(IS_LIVE, ours, purchases.c.document != b"")
    return connection.execute(wanted.order_by(purchases.c.package).limit(1)).first()


def _keyed(key: str) -> Select[Any]:
    return select(purchases).where(purchases.c.key == key)


def by_key(connection: Connection, key: str) -> AnyRow | None:
    """Return the row of a purchase."""
    return connection.execute(_keyed(key)).first()


def _required(connection: Connection, key: str, *, lock: bool = False) -> AnyRow:
    wanted = _keyed(key).with_for_update() if lock else _keyed(key)
    row = connection.execute(wanted).first()
    if row is None:
        raise StoreRefused(f"The purchase {key} is not known.", "Begin it first.")
    return row


def label_of(row: AnyRow) -> Label:
    """Return the label of a purchase, a row of its table."""
    return Label(
        order_id=row.order_id,
        package=row.package,
        carrier_code=row.carrier_code,
        carrier_name=row.carrier_name,
        tracking_id=row.tracking_id,
        service=row.service,
        document=bytes(row.document),
    )


def _purchase(row: AnyRow) -> Purchase:
    return Purchase(
        key=row.key,
        order_id=row.order_id,
        package=row.package,
        state=cast("Literal['begun', 'bought', 'unknown', 'void']", row.state),
        serial=row.serial,
        label=label_of(row) if row.tracking_id else None,
    )
