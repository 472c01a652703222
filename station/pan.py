"""Whose load lies on the scale, and whether it may be believed to be the parcel in hand.

A load is all that lies there from one time that the scale was empty to the next. It belongs to the
order that was packed or weighed while it lay there: the parcel before, left behind, is not taken
for the one in hand; one that is packed on the scale is taken as soon as its last unit is in.
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
"""Seconds for which the last unit may still be in the packer's hand after it was scanned."""


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
    """Whether what lies there belongs to another order."""
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
        self._owned: tuple[int, str] = (0, "")
        self._judged = 0
        self._waits: tuple[str, int, float] = ("", 0, 0.0)

    def own(self, order_id: str) -> None:
        """Take what lies there since the program was started for a parcel of this order."""
        self._owned = (0, order_id)

    def is_other(self, order_id: str) -> bool:
        """Tell whether what lies there belongs to another order."""
        weight = self._loaded()
        return weight is not None and self._owned[0] == weight.load and self._owned[1] != order_id

    def look(self, order_id: str, *, waits: bool) -> Weight | None:
        """Return a weight of the order's parcel that was not judged yet.

        Args:
            order_id: The order in hand, which is being packed or waits for its weight.
            waits: Whether all of it is in the box, so that its weight is wanted.
        """
        weight = self._loaded()
        if waits and self._waits[0] != order_id:
            self._waits = (order_id, weight.number if weight else 0, self._clock())
        elif not waits:
            self._waits = ("", 0, 0.0)
        if weight is None or self.is_other(order_id):
            return None
        self._owned = (weight.load, order_id)
        return weight if waits and weight.number != self._judged else None

    def is_early(self, weight: Weight) -> bool:
        """Tell whether the last unit may not be in the box yet that lies there unmoved."""
        _, before, since = self._waits
        return weight.number == before and self._clock() < since + HANDS_OFF_S

    def judged(self, number: int) -> None:
        """Do not return this weight again; 0: the one that lies there is judged anew."""
        self._judged = number

    def shows(self, order_id: str, wanted: Weighed, *, required: bool) -> OnScale:
        """Return what it shows for the parcel in hand."""
        weigher, other = self._weigher, self.is_other(order_id)
        return OnScale(weigher.latest, wanted, weigher.trouble, weigher.remedy, other, required)

    @property
    def trouble(self) -> str:
        """Why the scale cannot be read; empty while it answers."""
        return self._weigher.trouble

    def _loaded(self) -> Weight | None:
        weight = self._weigher.weight()
        return weight if weight and weight.grams > LEAST_G else None
