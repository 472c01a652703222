"""What a screen is shown of the bench: immutable, handed down whole after each act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from station.model import Lease, Order
    from station.pack import Pack, Verdict
    from station.pan import OnScale
    from station.shipping import Printing


@dataclass(frozen=True, slots=True)
class Work:
    """One open order: what was leased, and how far it is."""

    lease: Lease
    pack: Pack

    @property
    def order(self) -> Order:
        """The order as it was leased."""
        return self.lease.order


@dataclass(frozen=True, slots=True)
class View:
    """All that a screen needs to show; immutable."""

    packer: str = ""
    work: Work | None = None
    """The order in hand; None at the queue."""
    verdict: Verdict | None = None
    printing: Printing | None = None
    """How the label in hand is doing."""
    aside: tuple[str, ...] = ()
    """Ids of packed orders that wait for their label."""
    away: str = ""
    """Why the store cannot be asked; empty while it can."""
    quarantined: str = ""
    """Why this bench may not pack at all; empty while it may."""
    ready: int = 0
    """Orders that are leased ahead: they open without the store."""
    own_label: bool = True
    """Whether the house can print labels of its own."""
    badges: bool = False
    """Whether people sign in with badge and PIN."""
    wants_pin: bool = False
    """Whether a badge was scanned and its PIN is asked for."""
    is_locked: bool = False
    """Whether the packer was signed out without having asked for it."""
    scale: OnScale | None = None
    """What the scale shows, while the parcel in hand waits for its weight."""
