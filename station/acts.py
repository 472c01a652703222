"""What people may decide about an order beyond packing it, and who may: one table; pure.

The store checks the table in the transaction that does the act and writes it into the audit log;
screens read it to know what to offer, and decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - read at run time by the wire forms
from enum import StrEnum

from station.model import Label  # noqa: TC001 - read at run time by the wire forms


class Role(StrEnum):
    """What somebody is in this house."""

    PACKER = "packer"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


class ActKind(StrEnum):
    """One kind of decision."""

    HOLD = "hold"
    """Order: nobody packs it until it is taken off hold; a bench that has it is stopped."""
    UNHOLD = "unhold"
    """Held order: back to the queue."""
    CANCEL = "cancel"
    """Order that has not left: cancelled; a bench that has it is stopped."""
    PRIORITISE = "prioritise"
    """Waiting or held order: before all others. With units 0: back to its usual place."""
    RELEASE = "release"
    """Claimed, packing or packed order: taken from its bench, which is stopped."""
    REASSIGN = "reassign"
    """Waiting or leased order: leased to another station, with the work so far."""
    REQUEUE = "requeue"
    """Problem order: back to the queue as it is."""
    SHIP_SHORT = "ship short"
    """Problem or leased order: of one SKU only so many units are shipped."""
    TEACH = "teach"
    """A barcode that no product has: from now on it stands for units of a SKU."""
    REJECT = "reject"
    """A proposed barcode: no."""
    WEIGHT = "weight"
    """Order on a bench: its weight is accepted though it is not the expected one."""
    REPRINT = "reprint"
    """Packed or shipped order: its label is printed once more."""
    VOID = "void"
    """Packed order, or shipped and not yet told to the channel: its label is void."""
    RETRY = "retry"
    """Refused confirmation: pending again."""
    DISMISS = "dismiss"
    """Refused confirmation: settled by hand, not told again."""
    UNLOCK = "unlock"
    """Person who is locked out after wrong PINs: may try again."""


_OFFICE = frozenset({Role.SUPERVISOR, Role.OWNER})

RIGHTS: dict[ActKind, frozenset[Role]] = dict.fromkeys(ActKind, _OFFICE)
"""Who may sign which act."""


def may(role: Role, kind: ActKind) -> bool:
    """Tell whether somebody in a role may sign an act."""
    return role in RIGHTS[kind]


def may_unlock(role: Role, whom: Role) -> bool:
    """Tell whether somebody in a role may let somebody in another try his PIN again."""
    return may(role, ActKind.UNLOCK) and (role == Role.OWNER or whom == Role.PACKER)


@dataclass(frozen=True, slots=True)
class Act:
    """One decision; which fields count depends on its kind."""

    kind: ActKind
    order_id: str = ""
    package: int = 1
    sku: str = ""
    """SHIP_SHORT, TEACH: the SKU it is about."""
    units: int = 0
    """SHIP_SHORT: units to ship of the SKU. TEACH: units that one scan counts. PRIORITISE: 1 puts
    the order first, 0 takes that back."""
    code: str = ""
    """TEACH, REJECT: the barcode as it was scanned."""
    station: str = ""
    """REASSIGN: who gets the order."""
    person: str = ""
    """UNLOCK: the name of who is locked out."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, proven with his PIN, and why."""

    who: str
    """The number on his badge; where there is no scanner, his name."""
    pin: str = field(repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of an act."""

    words: str
    """One sentence for whoever asked."""
    by: str = ""
    """The name of who signed it."""
    label: Label | None = None
    """REPRINT: the label, with its document."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here."""

    name: str
    role: Role
    badge: str
    """The number on his badge; a new badge ends the old one."""
    added: datetime
    disabled: datetime | None = None
    locked: bool = False
    """Whether he is locked out after too many wrong PINs."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The store's word that somebody showed badge and PIN at a station."""

    name: str
    role: Role
    lasts_s: float
    """Seconds for which the station may let him in again, also while the store is away."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line of a hash chain: whoever keeps it notices when the past is changed."""

    seq: int = 0
    """0: the chain is empty."""
    hash: str = ""
    """SHA-256 in hexadecimal."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the store's audit log; never a buyer's name or address."""

    seq: int
    """1, 2, 3 … without gaps."""
    at: datetime
    """The store's time; never before that of the line above."""
    who: str
    """Who signed; of an attempt that failed, whose badge it was."""
    role: str
    """His role; `console` for a command on the store's machine, `office` for an enrolled one."""
    station: str
    """Where it was asked for; empty: at the store itself."""
    act: str
    """An ActKind, or what else is written down: wrong-pin, locked, person-added …"""
    order_id: str
    reason: str
    data: dict[str, object]
    hash: str
    """SHA-256 over the line above's hash and this line, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the store remembers, for a station to compare with what it was told."""

    journal: Head
    """The newest line of this station's journal that the store was told of."""
    audit: tuple[Head, ...] = ()
    """The audit lines that were asked for; one that is not there is left out."""
