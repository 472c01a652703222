"""Whose load lies on the scale, and whether it may be believed to be the parcel in hand.

A load is all that lies there from one time that the scale was empty to the next. It belongs to the
parcel that was packed or weighed while it lay there: the one before, left behind or put back, is
not taken for the one in hand; one that is packed on the scale is taken once its last unit is in.
A parcel is one package of an order, under any name that no other package has.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from station.weighing import LEAST_G

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.devices.ports import Reading
    from station.devices.weighing import Weight
    from station.events import Weighed

HANDS_OFF_S = 2.0
"""Seconds for which more may still be put in: the last unit after its scan, or, where nobody knows
what is right, anything after what lies there came to rest."""


class Weigher(Protocol):
    """A scale that is watched; every property answers at once."""

    @property
    def latest(self) -> Reading:
        """What it shows."""
        ...

    @property
    def trouble(self) -> str:
        """Why it cannot be read; empty while it answers."""
        ...

    @property
    def remedy(self) -> str:
        """What to do about the trouble; empty while there is none."""
        ...

    def weight(self) -> Weight | None:
        """Return the stable load of this moment, or None."""
        ...


@dataclass(frozen=True, slots=True)
class OnScale:
    """What the scale shows while a parcel waits for its weight."""

    reading: Reading
    wanted: Weighed
    """What it should weigh, in which box."""
    trouble: str = ""
    remedy: str = ""
    is_other: bool = False
    """Whether what lies there is another parcel."""
    required: bool = False
    """Whether the parcel may not go without a weight."""


class Pan:
    """Remembers whose load lies on a scale; used under the bench's lock.

    Args:
        weigher: The scale.
        clock: Monotonic seconds.
    """

    def __init__(self, weigher: Weigher, clock: Callable[[], float] = monotonic) -> None:
        self._weigher = weigher
        self._clock = clock
        self._seen = ""
        self._owned = (0, "")
        self._parted = (0, "")
        self._judged = 0
        self._rest = (0, 0.0)
        self._waits: tuple[int, float] | None = None

    def own(self, parcel: str) -> None:
        """Take what lies there since the program was started for this parcel."""
        self._seen, self._owned = parcel, (0, parcel)

    def is_other(self, parcel: str) -> bool:
        """Tell whether what lies there belongs to another parcel."""
        weight = self._loaded()
        return weight is not None and self._owned[0] == weight.load and self._owned[1] != parcel

    def look(self, parcel: str, *, waits: bool) -> Weight | None:
        """Return a weight of the parcel in hand that was not judged yet.

        Args:
            parcel: What is being packed or waits for its weight.
            waits: Whether all of it is in the box, so that its weight is wanted.
        """
        weight = self._loaded()
        if parcel != self._seen:
            self._begin(parcel, weight)
        if not waits:
            self._waits = None
        elif self._waits is None:
            self._waits, self._judged = (weight.number if weight else 0, self._clock()), 0
        if weight is None or self.is_other(parcel):
            return None
        self._owned = (weight.load, parcel)
        if weight.number != self._rest[0]:
            self._rest = (weight.number, self._clock())
        return weight if waits and weight.number != self._judged else None

    def _begin(self, parcel: str, weight: Weight | None) -> None:
        """Begin another parcel; what weighs there what the one before did is that one, put back."""
        self._seen, self._waits = parcel, None
        grams, before = self._parted
        is_new = weight is not None and weight.load != self._owned[0]
        if weight and is_new and before and abs(weight.grams - grams) <= LEAST_G:
            self._owned = (weight.load, before)

    def is_early(self, weight: Weight, *, known: bool) -> bool:
        """Tell whether not all of it may be in the box yet.

        Args:
            weight: What was looked at last.
            known: Whether it is known what it should weigh, so that too little is noticed.
        """
        before, since = self._waits or (0, 0.0)
        if weight.number != before:
            if known:
                return False
            since = self._rest[1]
        return self._clock() < since + HANDS_OFF_S

    def judged(self, weight: Weight) -> None:
        """Do not return this weight of the parcel in hand again."""
        self._judged, self._parted = weight.number, (weight.grams, self._seen)

    def judge_again(self) -> None:
        """Return what lies there once more, because it means something else now."""
        self._judged = 0

    def shows(self, parcel: str, wanted: Weighed, *, required: bool) -> OnScale:
        """Return what it shows for the parcel in hand."""
        weigher, other = self._weigher, self.is_other(parcel)
        return OnScale(weigher.latest, wanted, weigher.trouble, weigher.remedy, other, required)

    @property
    def trouble(self) -> str:
        """Why the scale cannot be read; empty while it answers."""
        return self._weigher.trouble

    def _loaded(self) -> Weight | None:
        weight = self._weigher.weight()
        return weight if weight and weight.grams > LEAST_G else None
