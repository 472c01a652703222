"""The states of a print job, with a simulated printer and no thread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from station.devices.jobs import JobChanged, JobState
from station.devices.ports import Delivery
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.spool import Spool
from station.errors import DeviceError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Bench:
    """A spool with its simulated printer, a clock that stands, and all that was told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0
        self.told: list[JobChanged] = []
        self.printer = SimulatedPrinter()
        self.spool = self.open()

    def open(self) -> Spool:
        """Open the file as a new process would."""
        return Spool(
            self.path,
            self.printer,
            clock=lambda: NOW,
            ticks=lambda: self.seconds,
            emit=self.told.append,
            backoff_s=(1.0, 8.0),
        )

    def put(self, *keys: str) -> None:
        """Queue a document for each key."""
        for key in keys:
            self.spool.put(key, "label", b"^XA" + key.encode(), order_id=f"order-{key}")

    def run(self) -> None:
        """Print all that is due."""
        while self.spool.run_once():
            pass

    def states(self) -> dict[str, str]:
        """Return each job's state."""
        return {job.key: job.state.value for job in self.spool.jobs()}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench whose file is closed at the end."""
    bench = Bench(tmp_path / "data" / "spool.db")
    yield bench
    bench.spool.close()


def test_a_job_goes_its_way_and_tells_each_step(bench: Bench) -> None:
    """Queued, sending, sent and seen are told in this order, with the order's id."""
    bench.put("a")
    assert bench.states() == {"a": "queued"}
    bench.run()
    bench.spool.seen("a")
    bench.run()
    assert [(change.order_id, change.state.value) for change in bench.told] == [
        ("order-a", "queued"),
        ("order-a", "sending"),
        ("order-a", "sent"),
        ("order-a", "seen"),
    ]
    assert bench.printer.labels("a") == 1
    job = bench.spool.job("a")
    assert job is not None
    assert (job.title, job.attempts, job.changed) == ("label", 1, NOW)


def test_a_printer_that_sees_makes_it_seen(bench: Bench) -> None:
    """A delivery that the printer itself proves needs no closing scan."""
    bench.printer.delivery = Delivery.SEEN
    bench.put("a")
    bench.run()
    assert bench.states() == {"a": "seen"}


def test_the_same_job_twice_is_one_job(bench: Bench) -> None:
    """Put again, before and after it was printed, a job prints one label."""
    bench.put("a", "a")
    bench.run()
    bench.put("a")
    bench.run()
    assert len(bench.printer.came_out) == 1


@pytest.mark.parametrize(("document", "order_id"), [(b"other", "order-a"), (b"^XAa", "order-b")])
def test_a_key_stands_for_one_document(bench: Bench, document: bytes, order_id: str) -> None:
    """The same key with other bytes, or for another order, is an error and changes nothing."""
    bench.put("a")
    with pytest.raises(InputError, match="other content"):
        bench.spool.put("a", "label", document, order_id=order_id)
    bench.run()
    assert [slip.document for slip in bench.printer.came_out] == [b"^XAa"]


@pytest.mark.parametrize("key", ["", "a\nb", "a\x1b[0m", "\ud800", "x" * 201])
def test_a_key_is_plain_text(bench: Bench, key: str) -> None:
    """A key with controls, or none, is refused, and is found nowhere."""
    with pytest.raises(InputError):
        bench.spool.put(key, "label", b"^XA", order_id="1")
    assert bench.spool.job(key) is None
    with pytest.raises(InputError):
        bench.spool.seen(key)
    with pytest.raises(InputError):
        bench.spool.attempts(key)


def test_an_empty_document_is_no_job(bench: Bench) -> None:
    """Nothing to print is refused."""
    with pytest.raises(InputError, match="empty"):
        bench.spool.put("a", "label", b"", order_id="1")


def test_hostile_titles_become_plain(bench: Bench) -> None:
    """Controls in a title or an order id are cleaned, and the order is found all the same."""
    bench.spool.put("a", "x\x1b]0;y\x07\ud800[/red]", b"^XA", order_id="1\x9b2\udfff")
    bench.run()
    job = bench.spool.job("a")
    assert job is not None
    assert (job.title, job.order_id) == ("x]0;y[/red]", "12")
    assert bench.spool.forget("1\x9b2\udfff") == 1


@pytest.mark.parametrize(
    ("fault", "words"), [(Fault.ABSENT, "not reachable"), (Fault.REFUSED, "paper out")]
)
def test_a_printer_that_is_not_ready_is_tried_later(bench: Bench, fault: Fault, words: str) -> None:
    """The job stays queued with the printer's words and is tried again after a growing pause."""
    bench.printer.standing = fault
    bench.put("a")
    tries = []
    for second in range(40):
        bench.seconds = float(second)
        if bench.spool.run_once():
            tries.append(second)
    assert tries == [0, 1, 3, 7, 15, 23, 31, 39]
    job = bench.spool.job("a")
    assert job is not None
    assert job.state is JobState.QUEUED
    assert words in job.words
    bench.printer.standing = None
    bench.spool.retry_now()
    bench.run()
    assert bench.states() == {"a": "sent"}
    assert bench.printer.labels("a") == 1


def test_all_that_waited_goes_in_order_once_the_printer_is_back(bench: Bench) -> None:
    """One good print lets everything that waited for the printer go at once, oldest first."""
    bench.printer.standing = Fault.ABSENT
    bench.put("a", "b")
    for second in (0.0, 1.0, 3.0):
        bench.seconds = second
        bench.run()
    bench.printer.standing = None
    bench.put("c")
    bench.run()
    assert [slip.job for slip in bench.printer.came_out] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault.REFUSED, "queued"),
        (Fault.DOUBTFUL_LOST, "unknown"),
        (Fault.DOUBTFUL_PRINTED, "unknown"),
    ],
)
def test_a_bad_job_never_blocks_the_next(bench: Bench, fault: Fault, state: str) -> None:
    """Whatever becomes of one job, the following ones are printed in the same round."""
    bench.printer.script(fault)
    bench.put("a", "b")
    assert bench.spool.run_once() == bench.spool.job("a")
    assert bench.states() == {"a": state, "b": "queued"}
    bench.spool.run_once()
    assert bench.states()["b"] == "sent"


def test_a_device_error_of_another_kind_is_doubtful(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver that does not say whether bytes left is not believed that none did."""

    def fail(*_: object) -> Delivery:
        raise DeviceError("no idea")

    monkeypatch.setattr(bench.printer, "print", fail)
    bench.put("a")
    bench.run()
    assert bench.states() == {"a": "unknown"}


@pytest.mark.parametrize("fault", [Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED])
def test_a_doubtful_job_waits_for_a_person(bench: Bench, fault: Fault) -> None:
    """An unknown job is never sent by itself; an honest answer makes it exactly one label."""
    bench.printer.script(fault)
    bench.put("a")
    bench.seconds = 1e6
    bench.run()
    assert [job.key for job in bench.spool.doubtful()] == ["a"]
    assert "Look at the printer" in bench.spool.doubtful()[0].words
    came_out = bench.printer.labels("a") == 1
    bench.spool.answer("a", came_out)
    bench.run()
    assert bench.states() == {"a": "sent"}
    assert bench.printer.labels("a") == 1
    reasons = [attempt.reason for attempt in bench.spool.attempts("a")]
    assert reasons == (
        ["first"] if came_out else ["first", "the packer says that it did not come out"]
    )


def test_an_answer_counts_once(bench: Bench) -> None:
    """The same answer said twice is one answer."""
    bench.printer.script(Fault.DOUBTFUL_LOST, None, Fault.DOUBTFUL_PRINTED)
    bench.put("a")
    bench.run()
    bench.spool.answer("a", came_out=False)
    assert bench.spool.answer("a", came_out=False).attempts == 2
    bench.run()
    bench.put("b")
    bench.run()
    bench.spool.answer("b", came_out=True)
    assert bench.spool.answer("b", came_out=True).state is JobState.SENT
    assert len(bench.printer.came_out) == 2


def test_nobody_answers_what_nobody_asked(bench: Bench) -> None:
    """A job that is not in doubt takes no answer that would change it."""
    bench.put("a")
    with pytest.raises(InputError, match="not in doubt"):
        bench.spool.answer("a", came_out=True)
    bench.run()
    with pytest.raises(InputError, match="not in doubt"):
        bench.spool.answer("a", came_out=False)
    with pytest.raises(InputError, match="no print job"):
        bench.spool.answer("nothing", came_out=True)


def test_a_reprint_is_counted_with_its_reason(bench: Bench) -> None:
    """A second label comes out only for a reason, and both stand in the audit."""
    bench.put("a")
    bench.run()
    with pytest.raises(InputError, match="needs a reason"):
        bench.spool.reprint("a", " \n")
    assert bench.spool.reprint("a", "torn\x1b").attempts == 2
    bench.run()
    assert bench.printer.labels("a") == 2
    audit = [(attempt.number, attempt.reason) for attempt in bench.spool.attempts("a")]
    assert audit == [(1, "first"), (2, "torn")]
    assert all(attempt.at == NOW for attempt in bench.spool.attempts("a"))


def test_only_what_was_printed_is_reprinted(bench: Bench) -> None:
    """Queued and doubtful jobs are not reprinted: the one will come, the other needs a look."""
    bench.printer.script(Fault.DOUBTFUL_LOST)
    bench.put("a", "b")
    bench.spool.run_once()
    with pytest.raises(InputError, match="First say whether"):
        bench.spool.reprint("a", "torn")
    with pytest.raises(InputError, match="queued"):
        bench.spool.reprint("b", "torn")


def test_cancelled_jobs_are_not_printed(bench: Bench) -> None:
    """A cancelled job keeps its reason and never leaves; one that was printed is not cancelled."""
    bench.put("a", "b")
    assert bench.spool.cancel("a", "buyer cancelled").words == "buyer cancelled"
    bench.spool.cancel("a", "again")
    bench.run()
    assert bench.states() == {"a": "cancelled", "b": "sent"}
    with pytest.raises(InputError, match="cannot be cancelled"):
        bench.spool.cancel("b", "late")


def test_the_closing_scan_outranks_everything(bench: Bench) -> None:
    """A label that was read is there: doubtful and queued jobs become seen and are not sent."""
    bench.printer.script(Fault.DOUBTFUL_PRINTED)
    bench.put("a", "b")
    bench.spool.run_once()
    assert bench.spool.seen("a").state is JobState.SEEN
    assert bench.spool.seen("b").state is JobState.SEEN
    bench.run()
    assert bench.printer.labels("b") == 0


def test_a_scan_during_the_sending_stays(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A label scanned while the printer is still asked remains seen, whatever it says then."""
    original = bench.printer.print

    def scanned_at_once(job: str, title: str, document: bytes) -> Delivery:
        bench.spool.seen(job)
        with pytest.raises(InputError, match="cannot be cancelled"):
            bench.spool.cancel(job, "late")
        return original(job, title, document)

    monkeypatch.setattr(bench.printer, "print", scanned_at_once)
    bench.printer.script(Fault.DOUBTFUL_PRINTED)
    bench.put("a")
    bench.run()
    assert bench.states() == {"a": "seen"}


def test_forgetting_takes_the_bytes_from_the_disk(bench: Bench) -> None:
    """After forget no byte of a closed job's document is in any of the spool's files."""
    canary = b"Marie Curie, 36 quai de Bethune"
    bench.spool.put("a", "label", b"^XA" + canary * 500 + b"^XZ", order_id="1")
    bench.spool.put("b", "label", b"^XAb", order_id="2")
    bench.run()
    assert bench.spool.forget("1") == 1
    files = b"".join(file.read_bytes() for file in bench.path.parent.iterdir())
    assert canary not in files
    job = bench.spool.put("a", "label", b"^XA" + canary * 500 + b"^XZ", order_id="1")
    assert (job.state, job.forgotten) == (JobState.SENT, True)
    with pytest.raises(InputError, match="deleted"):
        bench.spool.reprint("a", "torn")
    assert bench.spool.forget("1") == 0
    assert bench.spool.reprint("b", "torn").state is JobState.QUEUED


def test_open_jobs_are_forgotten_when_they_close(bench: Bench) -> None:
    """What may still have to be printed keeps its bytes until then, and not a moment longer."""
    bench.printer.script(Fault.DOUBTFUL_LOST)
    bench.put("a", "b", "c")
    bench.spool.run_once()
    assert [bench.spool.forget(f"order-{key}") for key in "abc"] == [0, 0, 0]
    bench.spool.answer("a", came_out=False)
    bench.spool.cancel("c", "not needed")
    bench.run()
    assert sorted(slip.document for slip in bench.printer.came_out) == [b"^XAa", b"^XAb"]
    assert all(job.forgotten for job in bench.spool.jobs())
    assert b"^XA" not in b"".join(file.read_bytes() for file in bench.path.parent.iterdir())


def test_jobs_survive_a_new_process(bench: Bench) -> None:
    """What was queued before is printed by the next process, in order and once."""
    bench.put("a", "b", "c")
    bench.spool.run_once()
    bench.spool.close()
    bench.spool = bench.open()
    bench.run()
    assert [slip.job for slip in bench.printer.came_out] == ["a", "b", "c"]
