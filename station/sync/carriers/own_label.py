"""Our own label, for own delivery and couriers who need none of theirs: an SSCC, and paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import forms, papers
from station.errors import ConfigError
from station.model import Label

if TYPE_CHECKING:
    from station.config import ShipFrom, ShippingSettings
    from station.forms import Format
    from station.sync.carriers.port import Parcel


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """Makes a label of the seller's GS1 company prefix and the store's serial number.

    The same parcel gives the same tracking id, so that a repeated purchase is harmless.
    """

    sender: ShipFrom
    house: ShippingSettings
    form: Format
    name: str = "own"
    prints: bool = True
    is_local: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which it makes no label; empty when it is ready."""
        return missing(self.sender, self.house)

    def buy(self, parcel: Parcel) -> Label:
        """Return the label with its document.

        Raises:
            ConfigError: The house has no GS1 prefix or no sender's address yet.
            InputError: A value cannot be printed.
        """
        sscc = self._sscc(parcel.serial)
        sheet = papers.shipping_label(
            parcel.order,
            sscc,
            parcel.weight_g,
            self.sender,
            self.house,
            package=parcel.package,
            packages=1 if parcel.package == 1 else 0,
            media=self.form.media,
        )
        return Label(
            order_id=parcel.order.order_id,
            package=parcel.package,
            carrier_code="Other",
            carrier_name=self.house.carrier_name,
            tracking_id=sscc,
            service=self.house.service,
            document=forms.draw((sheet,), self.form),
        )

    def serial_of(self, tracking_id: str) -> int | None:
        """Return the serial number in an SSCC of this house; None in anybody else's number."""
        from labels import LabelError, sscc

        prefix = self.house.gs1_company_prefix
        serial = tracking_id[1 + len(prefix) : -1]
        if not prefix or not (serial.isascii() and serial.isdigit()):
            return None
        try:
            return int(serial) if sscc(prefix, int(serial)) == tracking_id else None
        except LabelError:
            return None

    def _sscc(self, serial: int) -> str:
        from labels import LabelError, sscc

        if self.missing:
            text = f"Labels of ours need {' and '.join(self.missing)}."
            raise ConfigError(text, "Set it in station.toml, or scan a carrier label.")
        try:
            return sscc(self.house.gs1_company_prefix, serial)
        except LabelError as error:
            raise ConfigError(error.message, error.remedy) from error


def missing(sender: ShipFrom, house: ShippingSettings) -> tuple[str, ...]:
    """Return the settings that labels of ours lack."""
    needed = {
        "shipping.gs1_company_prefix": house.gs1_company_prefix,
        "ship_from.name": sender.name,
    }
    return tuple(name for name, value in needed.items() if not value)
