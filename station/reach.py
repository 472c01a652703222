"""How the way to the order store is: written by the link, read by everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(slots=True)
class Reach:
    """The state of the way to the store; each field is written by the link alone."""

    trouble: str = ""
    """Why the store cannot be asked, in a few words; empty while it can."""
    since: datetime | None = None
    """When the trouble began."""
    quarantined: str = ""
    """Why this station may not work at all, with what to do; empty while it may."""
    waiting: int = 0
    """Journal entries that the store does not have yet, as of the last trouble."""
    oldest: datetime | None = None
    """When the oldest of them was made."""
