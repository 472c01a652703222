"""How the way to the order store is: written by the link, read by everything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

AGREED = timedelta(seconds=60)
"""Clocks that differ by no more than this are taken to agree."""


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
    skew: timedelta = field(default_factory=timedelta)
    """How far the store's clock is ahead of this machine's; zero while they agree."""

    badges: bool | None = None
    """Whether people sign in with badge and PIN; None until the store has said so."""
    unwelcome: str = ""
    """Who may not go on at this station: he was disabled; empty while the packer may."""

    def now(self) -> datetime:
        """Return the store's time, UTC: what is told to the channels must not be a day off."""
        return datetime.now(UTC) + self.skew

    def heard_time(self, at: datetime) -> None:
        """Take in what time it is at the store; a small difference is the way's."""
        off = at - datetime.now(UTC)
        self.skew = off if abs(off) > AGREED else timedelta()
