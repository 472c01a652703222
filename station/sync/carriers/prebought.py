"""A carrier label that the packer has at hand, bought in Seller Central or at the post office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.model import Label

if TYPE_CHECKING:
    from station.sync.carriers.port import Parcel
    from station.tracking import Tracking


@dataclass(frozen=True, slots=True)
class Prebought:
    """Takes the number that the packer scanned from the label."""

    tracking: Tracking
    name: str = "prebought"
    prints: bool = False
    is_local: bool = True
    missing: tuple[str, ...] = ()

    def serial_of(self, tracking_id: str) -> None:
        """Return nothing: its labels are made elsewhere."""
        del tracking_id

    def buy(self, parcel: Parcel) -> Label:
        """Return the label as it is; nothing is bought and nothing is printed."""
        return Label(
            order_id=parcel.order.order_id,
            package=parcel.package,
            carrier_code=self.tracking.carrier_code,
            carrier_name=self.tracking.carrier_name,
            tracking_id=self.tracking.tracking_id,
        )
