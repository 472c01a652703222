"""Rows to records of the model and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from station.model import (
    Address,
    ConfirmationLine,
    Order,
    OrderItem,
    OrderState,
    QueueRow,
    ServiceClass,
)
from station.store.columns import storable
from station.store.schema import orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    AnyRow = Row[*tuple[Any, ...]]


HELD_STATES = frozenset({OrderState.CLAIMED, OrderState.PACKING, OrderState.PACKED})
"""States in which a station has the order on its bench."""

FINAL_STATES = frozenset({OrderState.SHIPPED, OrderState.CONFIRMED, OrderState.CANCELLED})
"""States that no import changes."""


_compact = json.JSONEncoder(separators=(",", ":")).encode


def epoch(moment: datetime) -> int:
    """Return whole seconds since 1970, UTC; what is smaller is dropped."""
    return int(moment.timestamp() // 1)


def moment(seconds: float) -> datetime:
    """Return the aware UTC datetime of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """An order as it is stored: what it is, who gets it, and a digest of both."""

    order_id: str
    facts: dict[str, Any]
    """JSON values; times in whole seconds."""
    recipient: dict[str, Any]
    """JSON values: name, address, phone and note."""
    digest: str


def version_of(order: Order) -> Version:
    """Return an order as it is stored."""
    facts = {
        "ship_by": epoch(order.ship_by),
        "purchased": epoch(order.purchased),
        "service": int(order.service),
        "service_level": order.service_level,
        "is_business": order.is_business,
        "purchase_order": order.purchase_order,
        "items": [[i.item_id, i.sku, i.title, i.quantity, i.asin] for i in order.items],
    }
    recipient = {
        "name": order.ship_to.name,
        "lines": list(order.ship_to.lines),
        "city": order.ship_to.city,
        "region": order.ship_to.region,
        "postal_code": order.ship_to.postal_code,
        "country": order.ship_to.country,
        "phone": order.ship_to.phone,
        "note": order.note,
    }
    whole = _compact([facts, recipient]).encode()
    digest = hashlib.blake2b(whole, digest_size=16).hexdigest()
    return Version(storable(order.order_id), facts, recipient, digest)


def order_columns(version: Version) -> dict[str, Any]:
    """Return the columns of `orders` that a version decides."""
    items = version.facts["items"]
    units = sum(item[3] for item in items)
    columns = {name: value for name, value in version.facts.items() if name != "items"}
    return columns | {
        "units": units,
        "lines": len(items),
        "title": items[0][2] if items else "",
        "single_sku": items[0][1] if units == 1 and len(items) == 1 else "",
        "digest": version.digest,
    }


def item_rows(version: Version) -> list[dict[str, Any]]:
    """Return the rows of `order_items` of a version."""
    names = ("item_id", "sku", "title", "quantity", "asin")
    return [
        {"order_id": version.order_id, "position": position} | dict(zip(names, item, strict=True))
        for position, item in enumerate(version.facts["items"])
    ]


def order_from(order_id: str, channel: str, version: Version) -> Order:
    """Return the order that a version describes."""
    facts, recipient = version.facts, dict(version.recipient)
    note = recipient.pop("note", "")
    recipient["lines"] = tuple(recipient.get("lines", ()))
    return Order(
        order_id=order_id,
        items=tuple(
            OrderItem(item_id, sku, title, quantity, asin)
            for item_id, sku, title, quantity, asin in facts["items"]
        ),
        ship_by=moment(facts["ship_by"]),
        purchased=moment(facts["purchased"]),
        ship_to=Address(**recipient),
        service=ServiceClass(facts["service"]),
        service_level=facts["service_level"],
        channel=channel,
        is_business=facts["is_business"],
        purchase_order=facts["purchase_order"],
        note=note,
    )


QUEUE_COLUMNS = (
    orders.c.order_id,
    orders.c.ship_by,
    orders.c.service,
    orders.c.purchased,
    orders.c.units,
    orders.c.lines,
    orders.c.title,
    orders.c.state,
    orders.c.station,
    orders.c.packer,
    orders.c.reason,
    orders.c.rank,
)
"""What a line of the queue shows."""


def holder_words(state: str, station: str, packer: str, reason: str) -> str:
    """Return who has an order, or why nobody may take it; '' for one that is free."""
    if state in HELD_STATES:
        return f"{station} · {packer}" if packer else station
    if state in {OrderState.HELD, OrderState.PROBLEM, OrderState.CANCELLED}:
        return reason
    return ""


def queue_row(row: AnyRow) -> QueueRow:
    """Return one row of `QUEUE_COLUMNS` as the queue shows it."""
    return QueueRow(
        order_id=row.order_id,
        ship_by=moment(row.ship_by),
        service=ServiceClass(row.service),
        purchased=moment(row.purchased),
        units=row.units,
        lines=row.lines,
        title=row.title,
        state=OrderState(row.state),
        holder=holder_words(row.state, row.station, row.packer, row.reason),
        rank=row.rank,
    )


def confirmation_line(row: AnyRow) -> ConfirmationLine:
    """Return one row of `confirmations` as the channel is told it."""
    return ConfirmationLine(
        order_id=row.order_id,
        item_id=row.item_id,
        quantity=row.quantity,
        shipped=moment(row.shipped),
        carrier_code=row.carrier_code,
        carrier_name=row.carrier_name,
        tracking_id=row.tracking_id,
        ship_method=row.ship_method,
        transparency_codes=tuple(json.loads(row.transparency)),
    )


def differences(old: Order, new: Order) -> str:
    """Return what a packer must know about a newer version, in words; '' when it is nothing.

    Goods, numbers and the address count. A new deadline or service does not stop anybody.
    """
    words = [*_item_differences(old.items, new.items)]
    if asdict(old.ship_to) != asdict(new.ship_to):
        words.append("the address changed")
    return "; ".join(words)


def _item_differences(old: Sequence[OrderItem], new: Sequence[OrderItem]) -> list[str]:
    before = {item.item_id: item for item in old}
    after = {item.item_id: item for item in new}
    gone = [f"{before[key].sku} was removed" for key in before if key not in after]
    words = [f"{after[key].sku} was added" for key in after if key not in before]
    for key in before.keys() & after.keys():
        if before[key].sku != after[key].sku:
            words.append(f"{before[key].sku} became {after[key].sku}")
        elif before[key].quantity != after[key].quantity:
            words.append(
                f"quantity of {after[key].sku} changed from {before[key].quantity}"
                f" to {after[key].quantity}"
            )
    return [*gone, *sorted(words)]
