"""Orders, products and journal entries as the tests of the store need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from station.model import (
    Address,
    Entry,
    Label,
    Lease,
    Order,
    OrderItem,
    OrderState,
    ServiceClass,
)

if TYPE_CHECKING:
    from station.store.port import Applied, ImportResult, OrderStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


class Clock:
    """The store's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON.timestamp()

    def __call__(self) -> float:
        """Return seconds since 1970."""
        return self.now

    def move(self, seconds: float) -> None:
        """Let time pass, or go back."""
        self.now += seconds


def item(item_id: str = "i1", quantity: int = 1, sku: str = "MUG-350") -> OrderItem:
    """Return one line of an order."""
    return OrderItem(item_id, sku, f"Title of {sku}", quantity)


def order(
    order_id: str = "111-1",
    *items: OrderItem,
    due_h: float = 4,
    age_h: float = 20,
    service: ServiceClass = ServiceClass.STANDARD,
) -> Order:
    """Return an order that is due so many hours after noon."""
    return Order(
        order_id=order_id,
        items=items or (item(),),
        ship_by=NOON + timedelta(hours=due_h),
        purchased=NOON - timedelta(hours=age_h),
        ship_to=Address("Jane Doe", ("1 Elm St",), "Springfield", "IL", "62701", "US", "555"),
        service=service,
        note="ring twice",
    )


def moved(old: Order) -> Order:
    """Return the order with another address."""
    return replace(old, ship_to=replace(old.ship_to, city="Shelbyville"))


class Bench:
    """A station's journal, written and sent by hand."""

    def __init__(self, store: OrderStore, station: str = "bench-1", packer: str = "Ana") -> None:
        self.store = store
        self.station = station
        self.packer = packer
        self.seq = 0

    def claim(self, order_id: str | None = None) -> Lease:
        """Lease an order that is there."""
        lease = self.store.claim(self.station, self.packer, order_id=order_id)
        assert lease is not None
        return lease

    def entry(
        self,
        lease: Lease,
        state: OrderState | None,
        data: dict[str, object] | None = None,
        *,
        fence: int | None = None,
    ) -> Entry:
        """Write the next entry of the journal."""
        self.seq += 1
        return Entry(
            seq=self.seq,
            kind=state or "scanned",
            order_id=lease.order.order_id,
            fence=lease.fence if fence is None else fence,
            packer=self.packer,
            at=NOON + timedelta(seconds=self.seq),
            state=state,
            data=data or {},
        )

    def send(self, *entries: Entry) -> Applied:
        """Send entries that were written."""
        return self.store.apply(self.station, entries)

    def tell(self, lease: Lease, state: OrderState | None, **data: object) -> tuple[int, ...]:
        """Write and send one entry; return its conflicts."""
        return self.send(self.entry(lease, state, data)).conflicts

    def shipped(self, lease: Lease, tracking_id: str = "1Z1", package: int = 1) -> Entry:
        """Write the entry that a package has left, with everything in it."""
        data: dict[str, object] = {
            "package": package,
            "tracking_id": tracking_id,
            "carrier_code": "UPS",
            "carrier_name": "UPS",
            "ship_method": "Ground",
            "items": [[line.item_id, line.quantity] for line in lease.order.items],
        }
        return self.entry(lease, OrderState.SHIPPED, data)

    def ship(self, lease: Lease, tracking_id: str = "1Z1", package: int = 1) -> tuple[int, ...]:
        """Send word that a package has left; return its conflicts."""
        return self.send(self.shipped(lease, tracking_id, package)).conflicts


def put(store: OrderStore, *orders: Order) -> ImportResult:
    """Bring orders of Amazon in."""
    return store.put_orders(orders, channel="amazon")


def label(tracking_id: str = "1Z1", order_id: str = "111-1", package: int = 1) -> Label:
    """Return a label as a carrier sells it."""
    return Label(order_id, package, "UPS", "UPS", tracking_id, "Ground", b"^XA^XZ\x00\xff")


def state_of(store: OrderStore, order_id: str = "111-1") -> OrderState:
    """Return where an order stands."""
    found = store.order(order_id)
    assert found is not None
    return found[1]
