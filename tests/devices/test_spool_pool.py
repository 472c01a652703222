"""A spool over several printers: who printed is kept, and no printer holds another one up."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from station.devices.jobs import JobState
from station.devices.pool import Pool
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.spool import Spool
from station.devices.spool_file import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.devices.ports import Delivery

RULES = {"label": ("main", "spare"), "packing_slip": ("office",)}


class Dying(SimulatedPrinter):
    """A printer in the middle of whose job the station stops."""

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Stop the station."""
        del title, document
        raise KeyboardInterrupt(job)


class Bench:
    """A spool over three simulated printers; seconds pass when a test says so."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0
        self.main, self.spare = SimulatedPrinter("main"), SimulatedPrinter("spare")
        self.office = SimulatedPrinter("office")
        self.spool = self.open(self.main)

    def open(self, main: SimulatedPrinter) -> Spool:
        """Open the file as a new process would."""
        printers = {"main": main, "spare": self.spare, "office": self.office}
        self.pool = Pool(printers, RULES, ticks=lambda: self.seconds)
        return Spool(self.path, self.pool, ticks=lambda: self.seconds, backoff_s=(1.0, 8.0))

    def put(self, title: str, *keys: str) -> None:
        """Queue a document for each key."""
        for key in keys:
            self.spool.put(key, title, b"^XA" + key.encode(), order_id=f"order-{key}")

    def run(self) -> list[str]:
        """Print all that is due; return the keys in the order in which they were tried."""
        tried = []
        while done := self.spool.run_once():
            tried.append(done.key)
        return tried

    def printers(self, key: str) -> list[str]:
        """Return where each attempt of a job went."""
        return [attempt.printer for attempt in self.spool.attempts(key)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench whose file is closed at the end."""
    bench = Bench(tmp_path / "spool.db")
    yield bench
    bench.spool.close()


def test_each_attempt_keeps_who_printed_it(bench: Bench) -> None:
    """The audit says of each attempt where it came out, a stand-in included."""
    bench.put("label", "a")
    assert bench.printers("a") == [""]
    bench.run()
    bench.main.standing = Fault.REFUSED
    bench.spool.reprint("a", "torn")
    bench.run()
    assert bench.printers("a") == ["main", "spare"]
    job = bench.spool.job("a")
    assert job is not None
    assert (job.state, job.words) == (JobState.SENT, "printed on spare: main has paper out")


def test_a_job_that_nobody_took_went_nowhere(bench: Bench) -> None:
    """When every printer refuses, none is named, and the words name each reason."""
    bench.main.standing, bench.spare.standing = Fault.REFUSED, Fault.ABSENT
    bench.put("label", "a")
    bench.run()
    assert bench.printers("a") == [""]
    (job,) = bench.spool.jobs({JobState.QUEUED})
    assert "main: paper out; spare: not reachable" in job.words


def test_a_doubtful_job_keeps_the_printer_to_look_at(bench: Bench) -> None:
    """The printer whose connection broke is named in the audit and in the words."""
    bench.main.standing = Fault.REFUSED
    bench.spare.script(Fault.DOUBTFUL_LOST)
    bench.put("label", "a")
    bench.run()
    (job,) = bench.spool.doubtful()
    assert bench.printers("a") == ["spare"]
    assert "Look at printer spare" in job.words


def test_where_the_station_died_both_printers_are_named(bench: Bench) -> None:
    """A job that was being sent when the station stopped may lie at any of its printers."""
    bench.spool.close()
    bench.spool = bench.open(Dying("main"))
    bench.put("label", "a")
    with pytest.raises(KeyboardInterrupt):
        bench.spool.run_once()
    bench.spool.close()
    bench.spool = bench.open(bench.main)
    assert [job.key for job in bench.spool.doubtful()] == ["a"]
    assert bench.printers("a") == ["main or spare"]


def test_a_plain_printer_is_named_too(tmp_path: Path) -> None:
    """A spool over one printer writes that one's name down."""
    spool = Spool(tmp_path / "one.db", SimulatedPrinter("only"))
    spool.put("a", "label", b"x", order_id="1")
    spool.run_once()
    assert [attempt.printer for attempt in spool.attempts("a")] == ["only"]
    assert spool.outlet("label") == "only"
    spool.close()


def test_papers_take_turns(bench: Bench) -> None:
    """However many labels wait, a packing slip for another printer is next but one."""
    bench.put("label", "a", "b", "c")
    bench.put("packing-slip", "d", "e")
    assert bench.run() == ["a", "d", "b", "e", "c"]


def test_papers_of_one_printer_keep_their_order(bench: Bench) -> None:
    """What comes out of the same printers comes out as it was asked for."""
    bench.put("label", "a")
    bench.put("tote", "b")
    bench.put("label", "c")
    assert bench.run() == ["a", "b", "c"]


def test_a_printer_that_is_down_holds_no_other_up(bench: Bench) -> None:
    """While labels wait for their printers, packing slips come out of the office printer."""
    bench.main.standing = bench.spare.standing = Fault.REFUSED
    bench.put("label", "a", "b")
    bench.put("packing-slip", "c")
    assert bench.run() == ["a", "c", "b"]
    assert bench.office.labels("c") == 1
    assert [job.key for job in bench.spool.jobs({JobState.QUEUED})] == ["a", "b"]


def test_success_wakes_only_what_waits_for_that_printer(bench: Bench) -> None:
    """A slip that came out says nothing of the label printers."""
    bench.main.standing = bench.spare.standing = Fault.REFUSED
    bench.put("label", "a")
    bench.run()
    bench.put("packing-slip", "b")
    assert bench.run() == ["b"]
    bench.main.standing = None
    bench.put("label", "c")
    assert bench.run() == ["c", "a"]


def test_retry_tries_the_mended_printer_first(bench: Bench) -> None:
    """When somebody says it is mended, the first choice has its turn again at once."""
    bench.main.standing = Fault.REFUSED
    bench.put("label", "a")
    bench.run()
    bench.main.standing = None
    bench.spool.retry_now()
    bench.put("label", "b")
    bench.run()
    assert bench.printers("b") == ["main"]


def test_the_digest_outlives_the_document(bench: Bench) -> None:
    """What was printed can still be told from its digest when its bytes are gone."""
    bench.put("label", "a")
    bench.run()
    before = bench.spool.digest("a")
    bench.spool.forget("order-a")
    assert bench.spool.digest("a") == before
    assert len(before) == 64


OLD = """
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL,
  title TEXT NOT NULL, sha256 TEXT NOT NULL, document BLOB, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1, words TEXT NOT NULL DEFAULT '',
  doomed INTEGER NOT NULL DEFAULT 0, changed_ms INTEGER NOT NULL);
CREATE INDEX jobs_state ON jobs (state, seq);
CREATE INDEX jobs_order ON jobs (order_id);
CREATE TABLE attempts (
  key TEXT NOT NULL REFERENCES jobs (key), number INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (key, number));
INSERT INTO jobs (key, order_id, title, sha256, document, state, changed_ms)
  VALUES ('old', 'order-old', 'label', '', x'5e5841', 'sent', 1000);
INSERT INTO attempts VALUES ('old', 1, 1000, 'first');
PRAGMA application_id = 0x53504F4C;
PRAGMA user_version = 1;
"""
"""The file as the program wrote it before it knew of several printers."""


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    """Its jobs stay; its attempts have no printer, and the next ones do."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as db:
        db.executescript(OLD)
    db.close()
    spool = Spool(path, SimulatedPrinter("only"))
    (first,) = spool.attempts("old")
    assert (first.number, first.at, first.reason, first.printer) == (
        1,
        datetime.fromtimestamp(1, UTC),
        "first",
        "",
    )
    spool.reprint("old", "torn")
    spool.run_once()
    assert [attempt.printer for attempt in spool.attempts("old")] == ["", "only"]
    spool.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    db.close()
