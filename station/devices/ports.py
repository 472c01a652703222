"""What the bench asks of a printer, a scale and a scanner.

A driver moves bytes and tells the truth about them; it knows nothing of orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from station.wedge import Read


class Delivery(StrEnum):
    """What is known after a job was handed to a printer."""

    SENT = "sent"
    """The printer took every byte; whether a label came out is not known."""
    SEEN = "seen"
    """The printer itself says that it came out, or it is a file that stands on the disk."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a device in the packer's words."""

    ok: bool
    words: str
    """“ok”, “paper out”, “not reachable” … shown as it is."""


class Printer(Protocol):
    """Something that turns a document into paper or a file."""

    name: str

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Hand over one document, once.

        Args:
            job: The spool's key of the job, unique for ever.
            title: A few words for file names and queues.
            document: The bytes in the printer's language.

        Raises:
            DeviceAbsent: not there, nothing was sent; it may be tried again.
            DeviceRefused: needs a hand, nothing was sent; it may be tried again.
            DeviceDoubtful: bytes left, the outcome is unknown; must not be tried again blindly.
        """
        ...

    def health(self) -> Health:
        """Ask the device how it is; never raises, never waits longer than two seconds."""
        ...


@runtime_checkable
class Tunable(Protocol):
    """A printer that can be set from here."""

    def tune(self, commands: bytes) -> None:
        """Send commands that change how it prints, and print nothing.

        Raises:
            DeviceAbsent: not there, nothing was sent.
            DeviceRefused: needs a hand, nothing was sent.
            DeviceDoubtful: some of it left.
        """
        ...


class ScaleState(StrEnum):
    """What a scale says about the weight it shows."""

    STABLE = "stable"
    MOVING = "moving"
    ZERO = "zero"
    """Nothing lies on it."""
    NEGATIVE = "below zero"
    OVERLOAD = "too heavy"
    FAULT = "fault"
    """It answers, and not with a weight: out of order, or in a unit that is not known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a scale."""

    state: ScaleState
    grams: int | None = None
    """To the nearest gram; only a stable weight may be believed. None where there is no number."""


class Scale(Protocol):
    """Something that weighs parcels; opened when it is made, used by one thread."""

    name: str

    def read(self) -> Reading:
        """Return what it shows now, within a second.

        A weight is only STABLE when the scale itself says so in a whole, valid answer with a known
        unit; garbage, half an answer or silence is never a weight.

        Raises:
            DeviceAbsent: It is gone, or does not answer.
        """
        ...

    def close(self) -> None:
        """Let the port go; never raises."""
        ...


class Scanner(Protocol):
    """A scanner with a port of its own; opened when it is made, used by one thread."""

    name: str

    def read(self, timeout_s: float) -> tuple[Read, ...]:
        """Wait at most so many seconds and return what was scanned, whole codes and broken ones.

        Raises:
            DeviceAbsent: It was unplugged; half a code in it is lost and never accepted.
        """
        ...

    def close(self) -> None:
        """Let the port go; never raises."""
        ...
