"""The words of the packing floor as frozen records; no behaviour beyond their invariants.

Times are aware datetimes in UTC, weights are grams, quantities are units. Text fields were made
plain (`station.text`) when they crossed the border.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - read at run time by the wire forms
from enum import IntEnum, StrEnum


class ServiceClass(IntEnum):
    """How urgent a channel calls an order; lower goes first when two ship at the same time."""

    PRIME = 0
    PREMIUM = 1
    EXPEDITED = 2
    STANDARD = 3


class OrderState(StrEnum):
    """Where an order stands in the store."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    PACKING = "packing"
    PACKED = "packed"
    SHIPPED = "shipped"
    CONFIRMED = "confirmed"
    HELD = "held"
    PROBLEM = "problem"
    CANCELLED = "cancelled"


class ProblemKind(StrEnum):
    """Why a packer parks an order."""

    SHORT = "short"
    DAMAGED = "damaged"
    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as the channel gave it."""

    name: str
    lines: tuple[str, ...] = ()
    """Street lines, at most three, none empty."""
    city: str = ""
    region: str = ""
    """State, province or prefecture."""
    postal_code: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2, or what the channel wrote."""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order: so many units of one SKU still to ship."""

    item_id: str
    """The channel's order-item-id."""
    sku: str
    title: str
    quantity: int
    """Units to ship, 1 or more."""
    asin: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a buyer is owed, and until when it must have left."""

    order_id: str
    items: tuple[OrderItem, ...]
    ship_by: datetime
    purchased: datetime
    ship_to: Address
    service: ServiceClass = ServiceClass.STANDARD
    service_level: str = ""
    """The channel's own word for the service, such as “NextDay”."""
    channel: str = "amazon"
    is_business: bool = False
    purchase_order: str = ""
    note: str = ""

    @property
    def units(self) -> int:
        """Units of all items."""
        return sum(item.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class Barcode:
    """One code that stands for units of a product."""

    text: str
    """Digits of a GTIN, or the characters of an FNSKU or a code of the house."""
    units: int = 1
    """Units that one scan of it counts: 6 on the wrap of a six-pack."""


@dataclass(frozen=True, slots=True)
class Product:
    """What the house knows about one SKU."""

    sku: str
    title: str = ""
    asin: str = ""
    bin: str = ""
    weight_g: int | None = None
    barcodes: tuple[Barcode, ...] = ()
    requires: tuple[str, ...] = ()
    """Any of serial, lot, expiry, transparency, ack:<text>."""
    kit_of: str = ""


@dataclass(frozen=True, slots=True)
class LearntWeight:
    """What one unit of a SKU weighed in packages that were weighed."""

    sku: str
    grams: int
    """The median of the last packages, each divided by its units."""
    samples: int
    """Packages that it was learnt from."""


class StopKind(StrEnum):
    """Why an order must not be packed on."""

    CHANGED = "changed"
    """The goods or the address are others now; it goes back to the queue in its new form."""
    VANISHED = "vanished"
    """The channel lists it no longer."""
    HELD = "held"
    CANCELLED = "cancelled"
    TAKEN_OVER = "taken over"
    """Its packer goes on with it at another station."""
    LOST = "lost"
    """Its lease lapsed while the station was away, and another one got the order."""
    RELEASED = "released"
    """A supervisor took it from the station: back to the queue, or to another station."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The store's leave to pack one order, with all that is needed to do so offline."""

    order: Order
    products: tuple[Product, ...]
    """One for each SKU of the order that the store knows."""
    fence: int
    """Rises with each lease of the order; the store refuses the work of an older one."""
    expires_in_s: float
    """Seconds from the request until another station may take the order."""
    package: int = 1
    """The number of the package that is packed under this lease, from 1."""
    entries: tuple[Entry, ...] = ()
    """What was done to the package before, elsewhere: the work goes on from there."""
    weights: tuple[LearntWeight, ...] = ()
    """What packages weighed before that held one SKU of this order only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a station's journal: a past fact about an order."""

    seq: int
    """1, 2, 3 … without gaps, for each station."""
    kind: str
    """opened, scanned, undone, unscanned, bought, sent, closed, parked, released, stopped …"""
    order_id: str
    """Empty for facts about no order, such as a sign-in."""
    fence: int
    packer: str
    at: datetime
    state: OrderState | None = None
    """Where the order stands after this fact, as the store shall see it; None: unchanged."""
    data: dict[str, object] = field(default_factory=dict)
    """JSON values only; never a name or an address."""


@dataclass(frozen=True, slots=True)
class Label:
    """A live label of one package."""

    order_id: str
    package: int
    carrier_code: str
    """The channel's code, such as “UPS”; “Other” where the channel has none."""
    carrier_name: str
    tracking_id: str
    service: str = ""
    """The ship-method that the channel is told."""
    document: bytes = b""
    """The printable label; empty where the label came from elsewhere."""


@dataclass(frozen=True, slots=True)
class ConfirmationLine:
    """What the channel is told about one order item of one package."""

    order_id: str
    item_id: str
    quantity: int
    shipped: datetime
    carrier_code: str
    carrier_name: str
    tracking_id: str
    ship_method: str = ""
    transparency_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One waiting order as the queue shows it; no personal data."""

    order_id: str
    ship_by: datetime
    service: ServiceClass
    purchased: datetime
    units: int
    lines: int
    title: str
    """The first item's title."""
    state: OrderState = OrderState.WAITING
    holder: str = ""
    """Station and packer, while somebody holds it; else the reason of a hold or a problem."""
    rank: int = 1
    """0: a supervisor put it first."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Word from the store that an order must not be packed on as it is."""

    stop_id: int
    order_id: str
    reason: str
    kind: StopKind = StopKind.CHANGED


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store holds, by state and by deadline."""

    states: dict[OrderState, int]
    overdue: int
    today: int
    later: int
    confirmations: dict[str, int] = field(default_factory=dict)
    """Confirmation lines by state: pending, exported, refused, unknown."""
    oldest_pending_s: float | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """How a station names itself when it comes to the store: which memory speaks."""

    journal: str
    """The journal's own id, given when its file was made."""
    run: str
    """The id of this run of the program; a run that a newer one replaced may not come back."""
    last: int
    """The highest seq in the journal."""
    sent: int
    """The highest seq that the store said it has."""
    store: str = ""
    """The id of the store that the station came to last; empty: none."""
    epoch: int = 0
    """The highest epoch that it has heard of there; 0: none."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The store's answer to a station that came."""

    upto: int
    """The highest seq that the store has; lower than `sent` when the store was restored from a
    backup: the station then sends everything after it again."""
    store: str
    """The store's own id, given when it was made."""
    epoch: int
    """Rises each time the store was restored from a backup."""
    at: datetime
    """The store's time, UTC."""
