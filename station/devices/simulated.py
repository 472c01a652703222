"""A printer without paper, for the demo and for tests: its faults are told to it beforehand."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from station.devices.ports import Delivery, Health
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused


class Fault(Enum):
    """What goes wrong with one job."""

    ABSENT = "not reachable, nothing was sent"
    REFUSED = "paper out, nothing was sent"
    DOUBTFUL_LOST = "the connection broke, and no label came out"
    DOUBTFUL_PRINTED = "the connection broke, and the label came out all the same"
    SENT_LOST = "every byte was taken, and no label came out"


@dataclass(frozen=True, slots=True)
class Slip:
    """One label that came out."""

    job: str
    title: str
    document: bytes


class SimulatedPrinter:
    """Keeps each label that “came out” and says SENT, as a printer without a sensor does."""

    def __init__(self, name: str = "simulated", *, delivery: Delivery = Delivery.SENT) -> None:
        self.name = name
        self.delivery = delivery
        """What a good job is told to be."""
        self.came_out: list[Slip] = []
        """The truth: every label that came out, in order."""
        self.standing: Fault | None = None
        """A fault that stays until it is taken away; it goes before the script."""
        self._script: deque[Fault | None] = deque()

    def script(self, *faults: Fault | None) -> None:
        """Add what happens to the next jobs, one each; None is a good one."""
        self._script.extend(faults)

    def labels(self, job: str) -> int:
        """Return how many labels of a job came out."""
        return sum(slip.job == job for slip in self.came_out)

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Do what the script says, or print well; see the port."""
        fault = self.standing or (self._script.popleft() if self._script else None)
        if fault is Fault.ABSENT:
            raise DeviceAbsent(f"Printer {self.name}: not reachable.", "Switch it on.")
        if fault is Fault.REFUSED:
            raise DeviceRefused(f"Printer {self.name}: paper out.", "Load labels.")
        if fault not in {Fault.DOUBTFUL_LOST, Fault.SENT_LOST}:
            self.came_out.append(Slip(job, title, document))
        if fault in {Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED}:
            raise DeviceDoubtful(
                f"The connection to printer {self.name} failed in the middle of the label.",
                "Look at the printer, then say whether the label came out.",
            )
        return self.delivery

    def health(self) -> Health:
        """Say the standing fault, or ok."""
        words = {Fault.ABSENT: "not reachable", Fault.REFUSED: "paper out"}
        if self.standing in words:
            return Health(ok=False, words=words[self.standing])
        return Health(ok=True, words="ok")
