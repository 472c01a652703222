"""Print jobs as the spool keeps them, and what it tells about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class JobState(StrEnum):
    """How far a document has come."""

    QUEUED = "queued"
    """Waits for its turn, or for the printer."""
    SENDING = "sending"
    """Written down before the first byte leaves."""
    SENT = "sent"
    """The printer took it, or the packer says that it came out."""
    SEEN = "seen"
    """Proved: by the closing scan, or by the file on the disk."""
    UNKNOWN = "unknown"
    """Bytes left and nobody knows what became of them: a person must look."""
    CANCELLED = "cancelled"


CLOSED = frozenset({JobState.SENT, JobState.SEEN, JobState.CANCELLED})
"""States in which nothing is left to do, and the document can be forgotten."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document for the printer."""

    key: str
    order_id: str
    title: str
    state: JobState
    attempts: int
    """How often it was put in the queue: 1, and one more for each reprint."""
    words: str
    """Why it stands where it stands and what to do, as the packer reads it; may be empty."""
    changed: datetime
    forgotten: bool = False
    """The document was deleted; it can no longer be printed again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One leave to print a document, for the audit; the first is the job itself."""

    number: int
    at: datetime
    reason: str
    printer: str = ""
    """Where it went; several names while it is being sent, and where the station died over it.
    Empty: nowhere yet, or it was printed before that was written down."""


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job stands elsewhere now, or its words are new."""

    key: str
    order_id: str
    state: JobState
    words: str
