"""What the bench asks of a carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from station.model import Label, Order


@dataclass(frozen=True, slots=True)
class Parcel:
    """One packed package that needs a label."""

    order: Order
    key: str
    """The purchase key; a carrier with idempotency keys is given it."""
    serial: int
    """A number that the store never gives twice."""
    package: int = 1
    packages: int = 1
    weight_g: int | None = None
    """Grams, where every product's weight is known."""


class Carrier(Protocol):
    """Where a label comes from."""

    @property
    def name(self) -> str:
        """What the store calls it."""
        ...

    @property
    def prints(self) -> bool:
        """Whether its label is ours to print; False where it is on the parcel already."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether it needs nobody else: its labels can be made while the store is away."""
        ...

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which it makes no label; empty when it is ready."""
        ...

    def serial_of(self, tracking_id: str) -> int | None:
        """Return the number that a label of its own was made of; None where it makes none."""
        ...

    def buy(self, parcel: Parcel) -> Label:
        """Return the label of a parcel; the same key again returns the same label.

        Raises:
            StationError: Nothing was bought, for the reason in words.
        """
        ...
