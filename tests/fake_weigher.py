"""A watched scale that shows what a test says, without a thread."""

from __future__ import annotations

from dataclasses import dataclass

from station.devices.ports import Reading, ScaleState
from station.devices.weighing import Weight

EMPTY = Reading(ScaleState.ZERO, 0)


@dataclass
class FakeWeigher:
    """What a `ScaleWatch` tells the bench, moved by hand."""

    latest: Reading = EMPTY
    trouble: str = ""
    remedy: str = ""
    number: int = 0
    load: int = 1

    def weight(self) -> Weight | None:
        """Return the stable load."""
        shown = self.latest
        if self.trouble or shown.state is not ScaleState.STABLE or shown.grams is None:
            return None
        return Weight(self.number, shown.grams, self.load)

    def put(self, grams: int) -> None:
        """Let something come to rest on it: more of the same load, or the first of a new one."""
        self.number += 1
        self.latest = Reading(ScaleState.STABLE, grams)

    def move(self, grams: int | None = None) -> None:
        """Let the load move."""
        self.latest = Reading(ScaleState.MOVING, grams)

    def lift(self) -> None:
        """Take everything off."""
        self.load += 1
        self.latest = EMPTY

    def unplug(self) -> None:
        """Be away."""
        self.trouble = "The scale is not there."
        self.remedy = "Plug its cable in."

    def plug_in(self) -> None:
        """Be back."""
        self.trouble = self.remedy = ""
