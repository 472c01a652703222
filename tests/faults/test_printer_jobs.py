"""Thousands of jobs at two printers that fail: none lost unseen, none doubled without a word."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from faults import two_printers

from station.devices.ports import Delivery, Health
from station.errors import DeviceDoubtful

if TYPE_CHECKING:
    from pathlib import Path

    from faults.conftest import Say

    from station.devices.pool import Pool

JOBS = 2000 if os.environ.get("STATION_LONG") else 150
SEED = 20261123


def test_no_label_is_lost_or_doubled_unseen(tmp_path: Path, say: Say) -> None:
    """Every job comes out once, or is known as not printed; each further label has its reason."""
    told = two_printers.run(tmp_path / "spool.db", SEED, JOBS, 4 * JOBS)
    say(f"faults that struck in {told.jobs} jobs", dict(told.struck))
    say("the person said", dict(told.said))
    say("labels, and documents that a stand-in took", (told.labels, told.stood_in))
    say("seconds", round(told.seconds, 1))
    assert told.wrong == []
    assert told.missing == []
    assert told.labels == told.jobs - told.said["cancelled"] + told.said["reprinted, torn"]
    assert told.stood_in


class Blind:
    """A printer that hands whatever is in doubt over once more."""

    def __init__(self, pool: Pool) -> None:
        self.name = pool.name
        self._pool = pool

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Print, and once more where nobody knows what became of it."""
        try:
            return self._pool.print(job, title, document)
        except DeviceDoubtful:
            return self._pool.print(job, title, document)

    def health(self) -> Health:
        """Ask nobody."""
        return Health(ok=True, words="ok")


class Sure(Blind):
    """A printer that says of every label that it came out."""

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Print, and believe the best."""
        try:
            self._pool.print(job, title, document)
        except DeviceDoubtful:
            return Delivery.SEEN
        return Delivery.SEEN


def test_blind_repeats_are_caught(tmp_path: Path) -> None:
    """The negative control: where doubtful jobs are sent again by themselves, labels double."""
    told = two_printers.run(tmp_path / "spool.db", SEED, 40, wrapped=Blind)
    assert any("reprints were asked for" in words for words in told.wrong)


def test_blind_trust_is_caught(tmp_path: Path) -> None:
    """The other control: where every job counts as printed, labels are missing."""
    told = two_printers.run(tmp_path / "spool.db", SEED, 40, wrapped=Sure)
    assert any("nothing came out" in words for words in told.wrong)
    assert any("lost and nobody knows" in words for words in told.wrong)
