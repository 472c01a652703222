"""Labels bought elsewhere and saved into a folder: Amazon Buy Shipping, a carrier's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import carrier_papers
from station.errors import InputError
from station.model import Label
from station.text import plain
from station.tracking import Tracking, recognise

if TYPE_CHECKING:
    from pathlib import Path

    from station.forms import Format
    from station.sync.carriers.port import Parcel

_ENDINGS = frozenset({".pdf", ".zpl", ".png", ".gif", ".txt"})
_LARGEST = 1_000_000
"""Bytes of a file: what the order store takes over the network."""


@dataclass(frozen=True, slots=True)
class LabelFolder:
    """Takes the label of an order from the folder, and its number from the barcode on it."""

    folder: Path | None
    form: Format
    others: tuple[str, ...] = ()
    """Names of carriers whose numbers we cannot tell."""
    name: str = "folder"
    prints: bool = True
    is_local: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which it has no label; empty when it is ready."""
        return () if self.folder else ("shipping.label_folder",)

    def serial_of(self, tracking_id: str) -> None:
        """Return nothing: its labels are made elsewhere."""
        del tracking_id

    def buy(self, parcel: Parcel) -> Label:
        """Return the label that lies in the folder for this order; the file stays as it is.

        Raises:
            InputError: There is none, there are several, or it cannot be printed.
        """
        file = self._file(parcel.order.order_id)
        document = _bytes(file)
        tracking = self._tracking(file, document)
        return Label(
            order_id=parcel.order.order_id,
            package=parcel.package,
            carrier_code=tracking.carrier_code,
            carrier_name=tracking.carrier_name,
            tracking_id=tracking.tracking_id,
            document=document,
        )

    def _file(self, order_id: str) -> Path:
        if self.folder is None:
            raise InputError("No folder of labels is set.", "Set shipping.label_folder.")
        try:
            found = sorted(each for each in self.folder.iterdir() if _is_of(each, order_id))
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            words = f"The folder of labels {self.folder} cannot be read: {reason}."
            raise InputError(words, "Connect it, or mend shipping.label_folder.") from error
        if not found:
            words = "There is no label of this order in the folder."
            raise InputError(words, f"Save it there as {order_id}.pdf, then press Enter.")
        if len(found) > 1:
            names = " and ".join(plain(each.name, 60) for each in found[:3])
            words = f"{len(found)} labels of this order are in the folder: {names}."
            raise InputError(words, "Leave one of them, then press Enter.")
        return found[0]

    def _tracking(self, file: Path, document: bytes) -> Tracking:
        """Return the one number that the label's codes name."""
        name = plain(file.name, 60)
        try:
            label = carrier_papers.taken(document, self.form)
            carrier_papers.written(label, self.form)
        except carrier_papers.LabelStopped as error:
            words = f"{name} cannot be used: {error.message}"
            raise carrier_papers.LabelStopped(words, error.remedy, error.picture) from error
        found = _sure(label.codes)
        if not found:
            weak = [read for code in label.codes if (read := recognise(code, self.others))]
            found = {each[0].tracking_id: each for each in weak}
        if len(found) == 1 and len(readings := next(iter(found.values()))) == 1:
            return readings[0]
        if not found:
            words = f"No barcode on {name} is a tracking number that we know."
            raise InputError(words, "Print it yourself and scan its barcode.")
        numbers = " or ".join(sorted({plain(each, 40) for each in found})[:3])
        words = f"It is not sure whose number is on {name}: {numbers}."
        raise InputError(words, "Print it yourself and scan its barcode.")


def _sure(codes: tuple[str, ...]) -> dict[str, tuple[Tracking, ...]]:
    """Return the numbers that can only be one carrier's: a house's other carrier is not offered."""
    read = {code: recognise(code, ("?",)) for code in codes}
    sure = [each for each in read.values() if each and each[-1].carrier_name != "?"]
    return {each[0].tracking_id: each for each in sure}


def _is_of(file: Path, order_id: str) -> bool:
    """Tell whether a file is this order's: its name begins with the id, and the id ends there."""
    rest = file.name.removeprefix(order_id)
    is_named = rest != file.name and not rest[:1].isalnum() and not file.name.startswith(".")
    return is_named and file.suffix.lower() in _ENDINGS and file.is_file()


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            document = source.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        words = f"The label {plain(file.name, 60)} cannot be read: {reason}."
        raise InputError(words, "Mend its rights, or save it again.") from error
    if len(document) > _LARGEST:
        words = f"The label {plain(file.name, 60)} is larger than 1 MB."
        raise InputError(words, "Save it as a smaller PDF, or as ZPL.")
    return document
