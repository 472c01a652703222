"""What the bench asks of a printer.

A driver moves bytes and tells the truth about them; it knows nothing of orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


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
