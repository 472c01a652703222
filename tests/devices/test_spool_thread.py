"""The thread that prints: it is told, it tells, it stops, and it lives through trouble."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest

from station.devices.jobs import JobChanged, JobState
from station.devices.ports import Delivery, Health
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.spool import Spool
from station.errors import JournalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Listener:
    """Collects what is told, with the thread that told it, and lets a test wait for it."""

    def __init__(self) -> None:
        self.changes: list[JobChanged] = []
        self.threads: set[str] = set()
        self._news = threading.Condition()

    def __call__(self, change: JobChanged) -> None:
        """Take one change."""
        with self._news:
            self.changes.append(change)
            self.threads.add(threading.current_thread().name)
            self._news.notify_all()

    def wait(self, enough: Callable[[JobChanged], bool], count: int = 1) -> bool:
        """Wait until so many changes are as wanted."""
        with self._news:
            return self._news.wait_for(lambda: sum(map(enough, self.changes)) >= count, timeout=10)

    @staticmethod
    def wait_for(condition: Callable[[], object]) -> bool:
        """Wait for what nobody tells."""
        for _ in range(2000):
            if condition():
                return True
            time.sleep(0.005)
        return False


class SlowPrinter:
    """Holds each job until it is let go."""

    name = "slow"

    def __init__(self) -> None:
        self.busy = threading.Event()
        self.go_on = threading.Event()

    def print(self, job: str, title: str, document: bytes) -> Delivery:  # noqa: ARG002 - the port's
        """Wait to be let go."""
        self.busy.set()
        assert self.go_on.wait(10)
        return Delivery.SENT

    def health(self) -> Health:
        """Be well."""
        return Health(ok=True, words="ok")


def put(spool: Spool, *keys: str) -> None:
    """Queue a document for each key."""
    for key in keys:
        spool.put(key, "label", b"^XA" + key.encode(), order_id="1")


def is_sent(change: JobChanged) -> bool:
    """Tell whether a job is through."""
    return change.state is JobState.SENT


def test_the_thread_prints_what_is_put(tmp_path: Path) -> None:
    """Jobs put from four threads are each printed once, and told by the spool's own thread."""
    listener = Listener()
    printer = SimulatedPrinter()
    spool = Spool(tmp_path / "spool.db", printer, emit=listener)
    spool.start()
    spool.start()
    threads = [
        threading.Thread(target=put, args=(spool, *(f"{name}{i % 10}" for i in range(20))))
        for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    assert listener.wait(is_sent, 40)
    for thread in threads:
        thread.join()
    spool.close()
    assert len(printer.came_out) == len({slip.job for slip in printer.came_out}) == 40
    assert listener.threads == {"spool"}


def test_a_printer_that_comes_back_is_noticed(tmp_path: Path) -> None:
    """A job that waited for the printer is printed without anybody doing anything."""
    listener = Listener()
    printer = SimulatedPrinter()
    printer.script(Fault.ABSENT, Fault.REFUSED, Fault.ABSENT)
    spool = Spool(tmp_path / "spool.db", printer, emit=listener, backoff_s=(0.01, 0.02))
    spool.start()
    put(spool, "a")
    assert listener.wait(is_sent)
    spool.close()
    waiting = [change.words for change in listener.changes if change.state is JobState.QUEUED]
    assert [words.split(": ")[-1] for words in waiting] == [
        "",
        "not reachable. Switch it on.",
        "paper out. Load labels and close the printer.",
        "not reachable. Switch it on.",
    ]


def test_an_answer_is_taken_while_another_job_is_sent(tmp_path: Path) -> None:
    """The bench never waits for the printer: jobs are put and read while one is being sent."""
    printer = SlowPrinter()
    spool = Spool(tmp_path / "spool.db", printer)
    spool.start()
    put(spool, "a")
    assert printer.busy.wait(10)
    put(spool, "b")
    job = spool.job("a")
    assert job is not None
    assert job.state is JobState.SENDING
    spool.cancel("b", "not needed")
    printer.go_on.set()
    spool.close()
    assert spool.trouble == ""


def test_a_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A job that is still being sent when the file is closed is unknown to the next process."""
    printer = SlowPrinter()
    spool = Spool(tmp_path / "spool.db", printer)
    spool.start()
    put(spool, "a")
    assert printer.busy.wait(10)
    spool.stop(timeout_s=0.01)
    spool._file.close()
    printer.go_on.set()
    spool.stop(timeout_s=10)
    again = Spool(tmp_path / "spool.db", SimulatedPrinter())
    assert [job.key for job in again.doubtful()] == ["a"]
    assert "while this was being sent" in again.doubtful()[0].words
    again.close()


def test_a_disk_in_trouble_stops_printing_and_is_told(tmp_path: Path) -> None:
    """While the file cannot be written nothing is sent; it goes on when the disk is well."""
    listener = Listener()
    printer = SimulatedPrinter()
    spool = Spool(tmp_path / "spool.db", printer, emit=listener, backoff_s=(0.01, 0.02))
    put(spool, "a")
    spool._file._db.execute("PRAGMA query_only = ON")
    spool.start()
    assert listener.wait_for(lambda: spool.trouble)
    assert "may not be written" in spool.trouble
    assert printer.came_out == []
    spool._file._db.execute("PRAGMA query_only = OFF")
    assert listener.wait(is_sent)
    spool.close()
    assert printer.labels("a") == 1


def test_a_result_that_cannot_be_written_is_owed(tmp_path: Path) -> None:
    """When the disk fails after the label left, the label is not sent again, but written later."""

    class Breaker(SimulatedPrinter):
        """Prints, and with that the disk is full."""

        def print(self, job: str, title: str, document: bytes) -> Delivery:
            spool._file._db.execute("PRAGMA query_only = ON")
            return super().print(job, title, document)

    printer = Breaker()
    spool = Spool(tmp_path / "spool.db", printer)
    put(spool, "a")
    for _ in range(3):
        with pytest.raises(JournalError):
            spool.run_once()
    spool._file._db.execute("PRAGMA query_only = OFF")
    assert spool.run_once() is None
    assert [job.state for job in spool.jobs()] == [JobState.SENT]
    assert printer.labels("a") == 1
    spool.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_told(tmp_path: Path) -> None:
    """A defect in a driver ends the thread aloud; the job is unknown, never sent again."""
    printer = SimulatedPrinter()
    printer.print = lambda *_: 1 // 0  # type: ignore[method-assign, assignment]
    spool = Spool(tmp_path / "spool.db", printer)
    put(spool, "a")
    spool.start()
    assert spool._thread
    spool._thread.join(10)
    assert "has stopped" in spool.trouble
    spool.close()
    again = Spool(tmp_path / "spool.db", SimulatedPrinter())
    assert [job.state for job in again.jobs()] == [JobState.UNKNOWN]
    again.close()


def test_the_file_is_asked_for_what_it_promised(tmp_path: Path) -> None:
    """WAL and FULL are in force on the spool's connection, and deleted bytes are overwritten."""
    spool = Spool(tmp_path / "spool.db", SimulatedPrinter())
    pragmas = ("journal_mode", "synchronous", "secure_delete", "locking_mode")
    values = [spool._file._db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 2, 1, "exclusive"]
    spool.close()
    with pytest.raises(JournalError):
        spool.jobs()


def test_one_station_per_file(tmp_path: Path) -> None:
    """A second station on the same file is refused in words, and is no harm to the first."""
    first = Spool(tmp_path / "spool.db", SimulatedPrinter())
    with pytest.raises(JournalError, match="another station"):
        Spool(tmp_path / "spool.db", SimulatedPrinter())
    put(first, "a")
    first.close()


def test_a_newer_file_is_refused_unharmed(tmp_path: Path) -> None:
    """A file of a newer version is not touched, and the words say what to do."""
    path = tmp_path / "spool.db"
    Spool(path, SimulatedPrinter()).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="newer version"):
        Spool(path, SimulatedPrinter())
    assert path.read_bytes() == before


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """What is no spool file, SQLite or not, is refused in words and stays as it is."""
    text = tmp_path / "notes.txt"
    text.write_text("not a database, " * 100)
    with pytest.raises(JournalError, match="no spool file"):
        Spool(text, SimulatedPrinter())
    other = tmp_path / "journal.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE entries (seq INTEGER)")
    db.close()
    with pytest.raises(JournalError, match="no print spool"):
        Spool(other, SimulatedPrinter())
    with pytest.raises(JournalError, match="cannot be opened"):
        Spool(tmp_path, SimulatedPrinter())
