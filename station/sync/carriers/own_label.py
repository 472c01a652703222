"""Our own label, for own delivery and couriers who need none of theirs: an SSCC, and paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import papers
from station.errors import ConfigError
from station.model import Label

if TYPE_CHECKING:
    from station.config import ShipFrom, ShippingSettings
    from station.sync.carriers.port import Parcel


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """Makes a label of the seller's GS1 company prefix and the store's serial number.

    The same parcel gives the same tracking id, so that a repeated purchase is harmless.
    """

    sender: ShipFrom
    house: ShippingSettings
    form: papers.Format
    name: str = "own"
    prints: bool = True

    def buy(self, parcel: Parcel) -> Label:
        """Return the label with its document.

        Raises:
            ConfigError: The house has no GS1 prefix or no sender's address yet.
            InputError: A value cannot be printed.
        """
        sscc = self._sscc(parcel.serial)
        sheet = papers.shipping_label(parcel.order, sscc, parcel.weight_g, self.sender, self.house)
        return Label(
            order_id=parcel.order.order_id,
            package=parcel.package,
            carrier_code="Other",
            carrier_name=self.house.carrier_name,
            tracking_id=sscc,
            service=self.house.service,
            document=papers.draw((sheet,), self.form),
        )

    def _sscc(self, serial: int) -> str:
        from labels import LabelError, sscc

        missing = [
            name
            for name, value in (
                ("shipping.gs1_company_prefix", self.house.gs1_company_prefix),
                ("ship_from.name", self.sender.name),
            )
            if not value
        ]
        if missing:
            text = f"Labels of ours need {' and '.join(missing)}."
            raise ConfigError(text, "Set it in station.toml, or scan a carrier label.")
        try:
            return sscc(self.house.gs1_company_prefix, serial)
        except LabelError as error:
            raise ConfigError(error.message, error.remedy) from error
