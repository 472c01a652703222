"""How printing goes in a few words: for the board, and for the packer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from station import vitals
from station.devices.pool import Pool
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Bench:
    """A spool over a label printer and its spare one."""

    def __init__(self, folder: Path) -> None:
        self.main, self.spare = SimulatedPrinter("main"), SimulatedPrinter("spare")
        printers = {"main": self.main, "spare": self.spare}
        self.pool = Pool(printers, {"label": ("main", "spare")})
        self.spool = Spool(folder / "spool.db", self.pool)

    def print(self, key: str) -> None:
        """Print one label."""
        self.spool.put(key, "label", b"x", order_id="1")
        self.spool.run_once()

    @property
    def words(self) -> tuple[str, str]:
        """What the board says, and what the packer is told besides."""
        return vitals.printer_words(self.spool), vitals.aside(self.spool)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench where all is well."""
    bench = Bench(tmp_path)
    yield bench
    bench.spool.close()


def test_all_well(bench: Bench) -> None:
    """One word when labels come out where they always do."""
    bench.print("a")
    assert bench.words == ("ok", "")


def test_a_stand_in_is_told(bench: Bench) -> None:
    """The packer reads on which printer his label lies, until the usual one is well again."""
    bench.main.standing = Fault.REFUSED
    bench.print("a")
    assert bench.words == ("main: paper out → spare", "printed on spare: main has paper out")
    bench.main.standing = None
    bench.pool.health()
    assert bench.words == ("ok", "")


def test_nothing_comes_out(bench: Bench) -> None:
    """When every printer refuses, that labels wait is what counts, with each reason."""
    bench.main.standing, bench.spare.standing = Fault.REFUSED, Fault.ABSENT
    bench.print("a")
    assert bench.words == ("1 waits: main: paper out; spare: not reachable", "")


def test_a_doubt_goes_before_everything(bench: Bench) -> None:
    """A label that may lie somewhere is told before the printer that is out of paper."""
    bench.main.standing = Fault.REFUSED
    bench.spare.script(Fault.DOUBTFUL_LOST)
    bench.print("a")
    assert bench.words == ("UNSURE about 1", "")


def test_an_idle_printer_is_told(bench: Bench) -> None:
    """What the printers said when nothing was printed is told as well."""
    bench.spare.standing = Fault.ABSENT
    bench.pool.health()
    assert bench.words == ("spare: not reachable", "")


def test_what_changes_while_it_is_asked_is_not_missed() -> None:
    """Words that were old before they were known are asked for again."""
    said = ["ok", "paper out"]

    def words() -> str:
        if len(said) > 1:
            known.changed()
        return said.pop(0)

    known = vitals.Vitals(Mock(), Mock(), words)
    assert [known.printer_words() for _ in range(3)] == ["ok", "paper out", "paper out"]


def test_a_plain_printer_is_enough(tmp_path: Path) -> None:
    """A spool over one printer without a pool tells only what waits."""
    spool = Spool(tmp_path / "one.db", SimulatedPrinter())
    assert (vitals.printer_words(spool), vitals.aside(spool)) == ("ok", "")
    spool.close()
