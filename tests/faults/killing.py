"""One order packed by processes that die, and what must be true of it in the end."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from devices.fake_printer import FakePrinter
from faults.driver import EXPORT, ORDER_ID, Job
from samples import MUG, PRODUCTS, SPOON, order

from station.journal import Journal
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from faults.steps import Point

UNITS = {MUG.sku: 2, SPOON.sku: 2}
KILLED = -9
HERE = Path(__file__)


@dataclass
class Run:
    """What the processes of one order told."""

    home: Path
    printer: FakePrinter
    ends: list[int] = field(default_factory=list)
    acked: list[list[str]] = field(default_factory=list)
    """Codes of the scans that were acknowledged, for each process."""
    resumed: list[int | None] = field(default_factory=list)
    """Units that were on the bench when each process had started."""
    asks: int = 0
    """How often the packer was asked whether the label came out."""
    denials: int = 0
    hidden: int = 0
    """How often NEXT did not show the order that lies on the bench."""
    calls: Counter[str] = field(default_factory=Counter)
    stuck: bool = False
    crashes: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return self.ends.count(KILLED)

    def labels(self, tracking_id: str) -> int:
        """Count the labels with this tracking id that have come out, on paper or as a file."""
        assert self.printer.wait_idle()
        files = len([*(self.home / "printed").glob("label-*")])
        return files + sum(tracking_id[-18:].encode() in label for label in self.printer.labels)


class Driver:
    """The process that forks packers; a context manager that ends it."""

    def __init__(self) -> None:
        root = HERE.parents[2]
        self._process = subprocess.Popen(
            [sys.executable, HERE.with_name("driver.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=root,
            env={"PYTHONPATH": f"{root}:{root / 'tests'}", "PATH": "", "LANG": "C.UTF-8"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            self._process.kill()

    def pack(
        self,
        home: Path,
        *points: Point,
        spoilt: str = "",
        patience_s: float = 15.0,
        folder: bool = False,
    ) -> Run:
        """Pack the order in processes of which each dies at its point, and a last one."""
        with FakePrinter() as printer:
            run = Run(home, printer)
            url = "" if folder else printer.url + "?status=on"
            for point in (*points, None):
                self._start(run, Job(str(home), url, _words(point), spoilt, patience_s))
                if run.ends[-1] != KILLED:
                    break
            assert printer.wait_idle()
        return run

    def _start(self, run: Run, job: Job) -> None:
        run.acked.append([])
        run.resumed.append(None)  # it may die before it can tell
        self._say(json.dumps(asdict(job)))
        for facts in self._told():
            if "ack" in facts:
                run.acked[-1].append(facts["ack"])
            elif "ask" in facts:
                self._answer(run, facts["ask"])
            self._note(run, facts)

    def _note(self, run: Run, facts: dict[str, Any]) -> None:
        if "resumed" in facts:
            run.resumed[-1] = facts["resumed"]
        run.hidden += "hidden" in facts
        run.calls = Counter(facts.get("calls", run.calls))
        run.stuck |= facts.get("stuck", False)
        run.crashes += [facts["crashed"]] if "crashed" in facts else []
        run.ends += [facts["end"]] if "end" in facts else []

    def _answer(self, run: Run, tracking_id: str) -> None:
        """Look at the printer and say the truth."""
        came_out = run.labels(tracking_id) > 0
        run.asks += 1
        run.denials += not came_out
        self._say("yes" if came_out else "no")

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _told(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout
        for line in self._process.stdout:
            facts: dict[str, Any] = json.loads(line)
            yield facts
            if "end" in facts:
                return
        raise AssertionError("The driver has ended.")


def _words(point: Point | None) -> tuple[str, str, int] | None:
    return (point.step, point.when, point.number) if point else None


def furnish(folder: Path) -> Path:
    """Make a data folder with one waiting order of several units, to be copied."""
    store = SqlOrderStore.open(f"sqlite:///{folder / 'store.db'}")
    store.put_products(PRODUCTS)
    wants = [(wanted, UNITS[wanted.sku]) for wanted in (MUG, SPOON)]
    store.put_orders([order(ORDER_ID, *wants)], channel="amazon")
    store.close()
    return folder


def copied(template: Path, target: Path) -> Path:
    """Return a fresh copy of a data folder."""
    shutil.copytree(template, target)
    return target


def violations(run: Run) -> list[str]:
    """Return every promise that was broken, in words; empty is good."""
    return [
        *_of_ends(run),
        *_of_scans(run),
        *_of_purchases(run),
        *_of_labels(run),
        *_of_store(run),
        *_of_exports(run),
    ]


def _of_ends(run: Run) -> Iterator[str]:
    if run.ends[-1] != 0 or run.stuck or run.crashes:
        yield f"the order was not finished: {run.ends} {run.crashes}"


def _of_scans(run: Run) -> Iterator[str]:
    journal = Journal(run.home / "bench-1.journal.db")
    stored = [
        (str(entry.data["text"]), str(entry.data["verdict"]))
        for entry in journal.about(ORDER_ID)
        if entry.kind == "scanned"
    ]
    count, wrong = journal.verify()
    journal.close()
    if wrong:
        yield f"the journal is damaged after {count}: {wrong}"
    # A process may have died between its commit and its acknowledgement: one scan more, or none.
    more = product((0, 1), repeat=run.kills)
    if not any(_explains(run, stored, extras) for extras in more):
        yield f"acknowledged {run.acked}, resumed {run.resumed}, stored {stored}"
    if sum(word == "RIGHT" for _, word in stored) != sum(UNITS.values()):
        yield f"not every unit was counted once: {stored}"


def _explains(run: Run, stored: list[tuple[str, str]], extras: tuple[int, ...]) -> bool:
    """Tell whether so many unacknowledged scans of each killed process explain what is stored."""
    at = 0
    for acked, resumed, extra in zip(run.acked, run.resumed, (*extras, 0), strict=True):
        before = [word for _, word in stored[:at]]
        units = 0 if "DONE" in before else before.count("RIGHT")
        if (
            resumed not in {None, units}
            or [code for code, _ in stored[at : at + len(acked)]] != acked
        ):
            return False
        at += len(acked) + extra
    return at == len(stored)


def papers_kept(home: Path) -> int:
    """Count the documents that the spool still holds."""
    with closing(sqlite3.connect(home / "bench-1.spool.db")) as db:
        found = db.execute("SELECT count(*) FROM jobs WHERE document IS NOT NULL")
        return int(found.fetchone()[0])


def rows(home: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the store's own file."""
    with closing(sqlite3.connect(home / "store.db")) as db:
        return db.execute(question).fetchall()


def _of_purchases(run: Run) -> Iterator[str]:
    live = rows(run.home, "SELECT key, state FROM purchases WHERE state <> 'void'")
    if [state for _, state in live] != ["bought"]:
        yield f"not exactly one live purchase: {live}"


def _of_labels(run: Run) -> Iterator[str]:
    bought = rows(run.home, "SELECT tracking_id FROM purchases WHERE state = 'bought'")
    for (tracking_id,) in bought:
        count = run.labels(tracking_id)
        if count != 1:
            yield f"{count} labels came out; asked {run.asks}, denied {run.denials}"
    if len(run.printer.labels) > len(bought):
        yield f"{len(run.printer.labels)} labels for {len(bought)} purchases"


def _of_store(run: Run) -> Iterator[str]:
    taken = [seq for (seq,) in rows(run.home, "SELECT seq FROM journal_entries ORDER BY seq")]
    journal = Journal(run.home / "bench-1.journal.db")
    count, _ = journal.verify()
    journal.close()
    if taken != [*range(1, count + 1)]:
        yield f"the store has entries {taken} of {count}"
    if conflicts := rows(run.home, "SELECT seq, kind FROM journal_entries WHERE conflict"):
        yield f"without effect: {conflicts}"
    wanted = sorted((f"001-{i}", n) for i, n in enumerate(UNITS.values(), 1))
    lines = rows(run.home, "SELECT item_id, quantity FROM confirmations ORDER BY item_id")
    if lines != wanted:
        yield f"confirmation lines {lines}"
    counted = "SELECT name, sum(n) FROM tallies GROUP BY name HAVING sum(n) <> 0 ORDER BY name"
    states = rows(run.home, "SELECT state, 1 FROM orders") + rows(run.home, counted)
    counts = [("confirmed", 1), ("left", 1), ("line:exported", len(UNITS))]
    if states != [("confirmed", 1), *counts]:
        yield f"the order is {states}"


def _of_exports(run: Run) -> Iterator[str]:
    files = sorted(run.home.glob("confirmations*"))
    if [file.name for file in files] != [EXPORT]:
        yield f"files of confirmations: {files}"
        return
    found = [line.split("\t")[:3] for line in files[0].read_text("utf-8").splitlines()[1:]]
    wanted = [[ORDER_ID, f"001-{i}", str(n)] for i, n in enumerate(UNITS.values(), 1)]
    if sorted(found) != wanted:
        yield f"exported {found}"
    if open_ones := rows(run.home, "SELECT export_id FROM exports WHERE state = 'open'"):
        yield f"exports still open: {open_ones}"
