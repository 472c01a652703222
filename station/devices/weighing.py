"""The scale of the bench, watched by a thread: what it shows, and what may be believed of it.

A weight is believed when two readings in a row are stable and equal. No serial protocol here has a
checksum, so a digit that noise changed is only noticed because it does not come twice.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.devices.attending import Attendant
from station.devices.ports import Reading, ScaleState
from station.devices.scale_units import CREEP_G
from station.errors import DeviceError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.ports import Scale

POLL_S = 0.2
"""Seconds from one question to the next."""
STALE_S = 2.0
"""Seconds after which a reading is none any more."""
HOLD_S = 5.0
"""Seconds for which a trouble stands while a scale that was opened again says nothing better."""
FAULTS_SHOWN = 3
"""Faults in a row that are shown as one; fewer are noise on the line, and frighten for nothing."""

NO_READING = Reading(ScaleState.FAULT)
_EMPTY = frozenset({ScaleState.ZERO, ScaleState.NEGATIVE})
_WORDS = {
    ScaleState.MOVING: "wait: it moves",
    ScaleState.ZERO: "nothing on it",
    ScaleState.NEGATIVE: "below zero: press ZERO",
    ScaleState.OVERLOAD: "too heavy",
    ScaleState.FAULT: "no weight: switch it off and on",
}


def words(reading: Reading) -> str:
    """Return what a scale shows, as the packer reads it, such as “1,250 g”."""
    if reading.state is ScaleState.STABLE and reading.grams is not None:
        return f"{reading.grams:,} g"
    return _WORDS.get(reading.state, _WORDS[ScaleState.FAULT])


@dataclass(frozen=True, slots=True)
class Weight:
    """A stable load on the scale."""

    number: int
    """Rises whenever the load moved or became another one; never for a creep of a few grams."""
    grams: int
    """Above what an empty scale may show."""
    load: int = 0
    """Rises whenever the scale was empty in between: one parcel keeps it while it is packed."""


class Settling:
    """Readings, one after another → the weight that may be believed now. Pure."""

    def __init__(self) -> None:
        self._number = self._load = 0
        self._left = True
        self._empty = False
        self._last: int | None = None
        self._anchor = 0

    def hear(self, reading: Reading) -> Weight | None:
        """Take the next reading; return the weight, or None while nothing may be believed.

        A fault says nothing about the load: the same grams after it are the same weight.
        """
        grams = reading.grams if reading.state is ScaleState.STABLE else None
        empty = reading.state in _EMPTY or (grams is not None and grams <= CREEP_G)
        if empty:
            grams = None
        if reading.state is not ScaleState.FAULT:
            self._notice(grams, empty=empty)
        again = grams is not None and grams == self._last
        self._last = grams
        if grams is None or not again:
            return None
        if self._left or abs(grams - self._anchor) > CREEP_G:
            self._number += 1
            self._left, self._anchor = False, grams
        return Weight(self._number, grams, self._load)

    def _notice(self, grams: int | None, *, empty: bool) -> None:
        self._left = self._left or grams is None
        self._load += empty and not self._empty
        self._empty = empty or (self._empty and grams is None)


@dataclass(frozen=True, slots=True)
class _Heard:
    """The last reading, with all that follows from it; put in place in one step."""

    reading: Reading
    at: float
    weight: Weight | None


class ScaleWatch:
    """Asks the scale about five times a second, and opens it again whenever it comes back.

    Args:
        name: What the packer calls the scale.
        open_scale: Opens it, or raises DeviceError.
        changed: Told from the watch's thread whenever it shows something else.
        clock: Monotonic seconds.
        poll_s: Seconds from one question to the next.
    """

    def __init__(
        self,
        name: str,
        open_scale: Callable[[], Scale],
        changed: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        poll_s: float = POLL_S,
    ) -> None:
        self.name = name
        self.changed = changed
        """May be set before the watch is started."""
        self._open_scale = open_scale
        self._clock = clock
        self._poll_s = poll_s
        self._settling = Settling()
        self._heard: _Heard | None = None
        self._faults = 0
        self._error: tuple[str, str] | None = ("not tried yet", "")
        self._holds_until = -math.inf
        self._attendant = Attendant(name, self._open, self._ask)

    def start(self) -> None:
        """Begin."""
        self._attendant.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End; wait at most so many seconds for the scale to be let go."""
        self._attendant.stop(timeout_s)

    @property
    def latest(self) -> Reading:
        """What it shows; a fault without a number when nothing was heard for two seconds."""
        heard = self._fresh()
        return heard.reading if heard else NO_READING

    @property
    def trouble(self) -> str:
        """Why it cannot be read, in one sentence; empty while it answers."""
        error = self._error
        if error:
            return error[0]
        return "" if self._fresh() else "The scale does not answer."

    @property
    def remedy(self) -> str:
        """What to do about the trouble; empty while there is none."""
        error = self._error
        return error[1] if error else ""

    def words(self) -> str:
        """Return what it shows, or why it shows nothing, as the packer reads it."""
        return self.trouble or words(self.latest)

    def weight(self) -> Weight | None:
        """Return the stable load of this moment, or None while there is none to believe."""
        heard = self._fresh()
        return heard.weight if heard and not self._error else None

    def _fresh(self) -> _Heard | None:
        heard = self._heard
        return heard if heard and self._clock() - heard.at <= STALE_S else None

    def _open(self) -> Scale:
        try:
            return self._open_scale()
        except DeviceError as error:
            self._fail(error)
            raise

    def _ask(self, scale: Scale) -> None:
        asked = time.monotonic()
        try:
            reading = scale.read()
        except DeviceError as error:
            self._fail(error)
            raise
        self._hear(reading)
        time.sleep(max(0.0, asked + self._poll_s - time.monotonic()))

    def _hear(self, reading: Reading) -> None:
        before, was_wrong = self._heard, self._error
        weight, now = self._settling.hear(reading), self._clock()
        is_fault = reading.state is ScaleState.FAULT
        self._faults = self._faults + 1 if is_fault else 0
        shown = before.reading if before and 0 < self._faults < FAULTS_SHOWN else reading
        self._heard = _Heard(shown, now, weight)
        if not is_fault or now > self._holds_until:
            self._error = None
        is_new = not before or (before.reading, before.weight) != (shown, weight)
        if is_new or was_wrong != self._error:
            self.changed()

    def _fail(self, error: DeviceError) -> None:
        self._settling.hear(NO_READING)
        self._holds_until = self._clock() + HOLD_S
        wrong = (plain(error.message, 120) or "The scale is away.", plain(error.remedy, 300))
        if wrong != self._error:
            self._error = wrong
            self.changed()
