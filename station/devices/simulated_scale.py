"""A scale for tests and demonstrations: it shows what it is told, or what a file says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from station.devices.ports import Reading, ScaleState
from station.devices.scale_units import LIMIT_G
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from pathlib import Path

_GRAMS = re.compile(r"(-?\d{1,7})(?: ?g)?")
_STATES = {
    "moving": Reading(ScaleState.MOVING),
    "zero": Reading(ScaleState.ZERO, 0),
    "negative": Reading(ScaleState.NEGATIVE),
    "overload": Reading(ScaleState.OVERLOAD),
    "fault": Reading(ScaleState.FAULT),
}


def showing(text: str) -> Reading:
    """Return what a line stands for: grams, moving, zero, negative, overload; else a fault."""
    word = text.strip().lower()
    number = _GRAMS.fullmatch(word)
    if number is None:
        return _STATES.get(word, Reading(ScaleState.FAULT))
    grams = int(number[1])
    if abs(grams) > LIMIT_G:
        return Reading(ScaleState.OVERLOAD if grams > 0 else ScaleState.FAULT)
    if grams == 0:
        return Reading(ScaleState.ZERO, 0)
    return Reading(ScaleState.NEGATIVE if grams < 0 else ScaleState.STABLE, grams)


class SimulatedScale:
    """Shows what it is told."""

    def __init__(self, name: str, grams: int = 0) -> None:
        self.name = name
        self.reading = showing(str(grams))
        """May be set at any time."""

    def show(self, text: str) -> None:
        """Put so many grams on it, or let it say another thing: see `showing`."""
        self.reading = showing(text)

    def read(self) -> Reading:
        """Return what it was told last."""
        return self.reading

    def close(self) -> None:
        """Do nothing."""


class FileScale:
    """Shows what a file says: `1250`, `moving`, `zero`, `overload` …; without the file, unplugged.

    Raises:
        DeviceAbsent: There is no file.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.name = name or path.name
        self._path = path
        self.read()

    def read(self) -> Reading:
        """Read the file."""
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                return showing(file.readline(100))
        except OSError as error:
            raise DeviceAbsent(
                "The simulated scale is unplugged.", f"Write grams into {self._path}."
            ) from error

    def close(self) -> None:
        """Do nothing."""
