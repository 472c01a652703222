"""Hundreds of jobs through a printer that fails at random: exactly one label each comes out."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices.jobs import Job, JobState
from station.devices.printer import StatusUse, TcpPrinter
from station.devices.spool import Spool
from station.devices.transport import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAST = Timeouts(connect_s=1.0, send_s=0.1, receive_s=0.02)
JOBS = 150


def document(number: int) -> bytes:
    """Return a label that no other job has."""
    return b"^XA^FO50,50^FDjob-%04d^FS" % number + b"^FO1,1^FDx^FS" * (number % 40) + b"^XZ"


def break_something(fake: FakePrinter, size: int, dice: random.Random) -> None:
    """Prepare one fault for the next connection, or none."""
    faults = ["cut", "cut", "close", "paper", "stall", "refuse", "lid", "open", "", "", "", ""]
    match dice.choice(faults):
        case "cut":
            fake.reset_after = dice.choice([dice.randint(0, size), size])
        case "close":
            fake.close_after = dice.randint(0, size)
        case "paper":
            fake.paper_left = 0
        case "stall":
            fake.stalled = True
        case "refuse":
            fake.refuse()
        case "open":
            fake.keeps_open = True
        case "lid":
            fake.head_open = True
            fake.struck["head open"] += 1


class Packer:
    """Looks at the printer before he answers, as he is told."""

    def __init__(self, fake: FakePrinter, spool: Spool) -> None:
        self.fake = fake
        self.spool = spool
        self.said: Counter[str] = Counter()

    def mend(self) -> None:
        """Mend the printer and wait until it has printed what it still held."""
        self.fake.mend()
        assert self.fake.wait_idle()

    def answer(self, job: Job) -> None:
        """Say whether the label lies there."""
        came_out = self.labels(job) > 0
        self.said[f"came out: {came_out}"] += 1
        self.spool.answer(job.key, came_out)

    def close(self, job: Job) -> None:
        """Scan the label back, or ask for it again because there is none."""
        if self.labels(job):
            self.spool.seen(job.key)
        else:
            self.said["sent, but no label: reprint"] += 1
            self.spool.reprint(job.key, "no label came out")

    def labels(self, job: Job) -> int:
        """Return how many labels of the job came out."""
        return self.fake.count(document(int(job.key)))


def blind(packer: Packer, job: Job) -> None:
    """Send again whatever is in doubt, as a program without people would."""
    packer.spool.answer(job.key, came_out=False)


def run(
    path: Path,
    fake: FakePrinter,
    status: StatusUse,
    seed: int,
    answer: Callable[[Packer, Job], None] = Packer.answer,
    jobs: int = JOBS,
) -> tuple[Counter[int], Counter[str]]:
    """Print all jobs under faults; return how many had 0, 1, 2 … labels, and what was said."""
    dice = random.Random(seed)
    driver = TcpPrinter(HOST, fake.port, status=status, deadline_s=0.06, timeouts=FAST)
    spool = Spool(path, driver, ticks=lambda: 0.0, backoff_s=(0.0, 0.0))
    packer = Packer(fake, spool)
    for number in range(jobs):
        spool.put(f"{number}", "label", document(number), order_id=f"order-{number}")
    while spool.jobs(set(JobState) - {JobState.SEEN}):
        while waiting := spool.jobs({JobState.QUEUED}):
            break_something(fake, len(document(int(waiting[0].key))), dice)
            spool.run_once()
            packer.mend()
            for doubtful in spool.doubtful():
                answer(packer, doubtful)
        for job in spool.jobs({JobState.SENT}):
            packer.close(job)
    spool.close()
    return Counter(fake.count(document(number)) for number in range(jobs)), packer.said


@pytest.mark.parametrize("status", ["on", "off"])
def test_one_label_per_job(
    tmp_path: Path, status: StatusUse, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an honest packer every job ends with exactly one label and no stranger comes out."""
    with FakePrinter() as fake:
        labels, said = run(tmp_path / "spool.db", fake, status, seed=20261123)
        struck = fake.struck
        assert labels == {1: JOBS}
        assert len(fake.labels) == JOBS
    with capsys.disabled():
        print(f"\nstatus {status}, {JOBS} jobs: {sum(struck.values())} faults {dict(struck)},")  # noqa: T201
        print(f"the packer said: {dict(said)}")  # noqa: T201
    assert said["came out: True"]
    assert said["came out: False"]
    assert struck["reset_after"]
    assert struck["stall"]
    assert struck["paper out inside a label"]


def test_blind_repeats_double_labels(tmp_path: Path) -> None:
    """The negative control: a spool that sends doubtful jobs again by itself doubles labels."""
    with FakePrinter() as fake:
        labels, _ = run(tmp_path / "spool.db", fake, "on", seed=20261123, answer=blind, jobs=30)
    assert sum(count for number, count in labels.items() if number > 1) > 0
