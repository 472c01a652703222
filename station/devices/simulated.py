"""A printer without paper, for the demo, for training and for tests; its faults are told to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from station.devices import troubles
from station.devices.file_printer import FilePrinter
from station.devices.ports import Delivery, Health
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from pathlib import Path


class Fault(Enum):
    """What goes wrong with one job."""

    ABSENT = "not reachable, nothing was sent"
    REFUSED = "paper out, nothing was sent"
    DOUBTFUL_LOST = "the connection broke, and no label came out"
    DOUBTFUL_PRINTED = "the connection broke, and the label came out all the same"
    SENT_LOST = "every byte was taken, and no label came out"


TROUBLES = {
    each.words.replace(" ", "-"): each
    for each in (
        troubles.PAPER_OUT,
        troubles.HEAD_OPEN,
        troubles.RIBBON_OUT,
        troubles.PAUSED,
        troubles.TOO_HOT,
        troubles.CUTTER,
    )
}
"""What a simulated printer may refuse with, as it is written in its address."""

FAULTS = {
    "not-reachable": Fault.ABSENT,
    "lost": Fault.DOUBTFUL_LOST,
    "printed": Fault.DOUBTFUL_PRINTED,
    "silent": Fault.SENT_LOST,
    **dict.fromkeys(TROUBLES, Fault.REFUSED),
}
"""Standing faults as they are written in an address: `simulated://paper?fault=paper-out`."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One label that came out."""

    job: str
    title: str
    document: bytes


class SimulatedPrinter:
    """Keeps each label that “came out” and says SENT, as a printer without a sensor does."""

    def __init__(
        self,
        name: str = "simulated",
        *,
        delivery: Delivery = Delivery.SENT,
        folder: Path | None = None,
        fault: str = "",
    ) -> None:
        self.name = name
        self.delivery = delivery
        """What a good job is told to be."""
        self.folder = folder
        """Where labels that came out are also written as files; None: nowhere."""
        self.came_out: list[Slip] = []
        """The truth: every label that came out, in order."""
        self.standing: Fault | None = FAULTS[fault] if fault else None
        """A fault that stays until it is taken away; it goes before the script."""
        self.trouble = TROUBLES.get(fault, troubles.PAPER_OUT)
        """The words with which it refuses."""
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
            raise DeviceRefused(f"Printer {self.name}: {self.trouble.words}.", self.trouble.remedy)
        if fault not in {Fault.DOUBTFUL_LOST, Fault.SENT_LOST}:
            self._come_out(Slip(job, title, document))
        if fault in {Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED}:
            raise DeviceDoubtful(
                f"The connection to printer {self.name} failed in the middle of the label.",
                "Look at the printer, then say whether the label came out.",
            )
        return self.delivery

    def health(self) -> Health:
        """Say the standing fault, or ok."""
        words = {Fault.ABSENT: "not reachable", Fault.REFUSED: self.trouble.words}
        if self.standing in words:
            return Health(ok=False, words=words[self.standing])
        return Health(ok=True, words="ok")

    def _come_out(self, slip: Slip) -> None:
        if self.folder:
            FilePrinter(self.folder).print(slip.job, slip.title, slip.document)
        self.came_out.append(slip)
