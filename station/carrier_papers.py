"""Carriers' labels made for the printer in hand: checked, read back, and in its language.

All the work is that of `labels.carrier`, which is only imported here, when a label first needs it.
"""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from station.errors import InputError
from station.text import plain

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from labels import LabelError
    from labels.carrier import TakenLabel
    from station.errors import StationError
    from station.forms import Format

log = logging.getLogger(__name__)


class LabelStopped(InputError):  # noqa: N818 - it says what became of the label
    """A carrier's label that must not be printed, for the reason in words."""

    def __init__(self, message: str, remedy: str, picture: bytes) -> None:
        super().__init__(message, remedy)
        self.picture = picture
        """A PNG that shows why; empty where there is nothing to show."""


def taken(document: bytes, form: Format, tracking_id: str = "") -> TakenLabel:
    """Return a carrier's label for a printer's paper, its tracking barcode read back.

    Raises:
        LabelStopped: It cannot or must not be printed; says why and what to do.
    """
    from labels import LabelError
    from labels.carrier import take
    from labels.media import media

    try:
        return take(document, media=media(form.media), dpi=form.dpi, tracking_id=tracking_id)
    except LabelError as error:
        raise _stopped(error) from error


def _stopped(error: LabelError) -> LabelStopped:
    return LabelStopped(plain(error.message), plain(error.remedy), error.picture)


def fitted(document: bytes, form: Format, tracking_id: str) -> bytes:
    """Return a carrier's label as the printer takes it.

    Args:
        document: What the carrier gave: ZPL, PDF or a picture, raw or packed.
        form: How papers are written for the printer.
        tracking_id: What the label's barcode must say.

    Raises:
        LabelStopped: It cannot or must not be printed; says why and what to do.
    """
    label = taken(document, form, tracking_id)
    for note in label.notes:
        log.info("the label %s: %s", tracking_id, note)
    return written(label, form)


def written(label: TakenLabel, form: Format) -> bytes:
    """Return a label that was taken as the printer takes it.

    Raises:
        LabelStopped: The printer cannot print it.
    """
    from labels import LabelError

    if form.name == "zpl" and label.zpl:
        return label.zpl
    if label.image is None:
        raise LabelStopped(
            "This label is ZPL, which only a printer that speaks it can draw.",
            "Save or fetch it as PDF or PNG, or print it on a Zebra printer.",
            b"",
        )
    try:
        return _drawn(label.image, form)
    except LabelError as error:
        raise _stopped(error) from error


@dataclass(frozen=True, slots=True)
class Press:
    """Makes carriers' labels ready for one printer, and keeps pictures of those that it stops."""

    form: Format
    folder: Path
    """Where the pictures lie while their orders are open; they show names and addresses."""

    def fitted(self, document: bytes, tracking_id: str) -> bytes:
        """Return a carrier's label as the printer takes it.

        Raises:
            LabelStopped: It must not be printed; says why and what to do.
        """
        return fitted(document, self.form, tracking_id)

    def shown(self, error: StationError, order_id: str, package: int) -> StationError:
        """Keep the picture of a stopped label, and return the error that says where it is."""
        if not isinstance(error, LabelStopped) or not error.picture:
            return error
        file = self.folder / f"{_safe(order_id)}-{package}.png"
        if not _kept(file, error.picture):
            return error
        log.warning("the label of %s was stopped; see %s", order_id, file)
        remedy = f"{error.remedy} Its picture: {self.folder.name}/{file.name}"
        return LabelStopped(error.message, remedy, error.picture)

    def forget(self, order_id: str) -> None:
        """Delete the pictures of an order."""
        for file in self._pictures():
            if file.stem.rpartition("-")[0] == _safe(order_id):
                file.unlink(missing_ok=True)

    def keep_only(self, order_ids: set[str]) -> None:
        """Delete the pictures of all other orders."""
        kept = {_safe(each) for each in order_ids}
        for file in self._pictures():
            if file.stem.rpartition("-")[0] not in kept:
                file.unlink(missing_ok=True)

    def _pictures(self) -> list[Path]:
        return list(self.folder.glob("*.png")) if self.folder.is_dir() else []


def _safe(order_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", order_id)[:80]


def _kept(file: Path, picture: bytes) -> bool:
    """Write the picture where only the owner reads it; the label is stopped without it as well."""
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(picture)
    except OSError as error:
        log.warning("the picture of a stopped label was not kept: %s", error)
        return False
    return True


def _drawn(image: Image, form: Format) -> bytes:
    """Return a picture of the whole paper in a printer's language, or as a file."""
    from labels import languages
    from labels.units import MM_PER_INCH, dots_per_mm

    if form.name in languages.LANGUAGES:
        return languages.encode(image, form.name, form.dpi, width_mm=form.width_mm)
    density = dots_per_mm(form.dpi) * MM_PER_INCH
    file = BytesIO()
    if form.name == "png":
        image.save(file, "PNG", dpi=(density, density))
    else:
        image.save(file, "PDF", resolution=density, creationDate=None, modDate=None)
    return file.getvalue()
