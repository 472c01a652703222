"""Two printers that fail at random, their pool and spool, a person, and the count of the truth."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devices.fake_printer import HOST, FakePrinter

from station.devices.jobs import JobState
from station.devices.pool import Pool
from station.devices.printer import TcpPrinter
from station.devices.spool import Spool
from station.devices.transport import Timeouts
from station.devices.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from station.devices.jobs import Job
    from station.devices.ports import Printer

FAST = Timeouts(connect_s=1.0, send_s=0.1, receive_s=0.02)
DEADLINE_S = 0.06
RULES = {"label": ("main", "spare"), "packing_slip": ("spare", "main"), "small": ("spare",)}
TITLES = ("label", "label", "label", "packing-slip", "tote")
BATCH = 5
"""Jobs that wait at the same time."""

KINDS = ("cut", "cut", "hang-up", "stall", "paper", "power", "switch", "garbage", "away", "lid")
"""What can be broken for one job; see `Printers.break_one`."""

STRUCK = (
    "reset_after",
    "close_after",
    "stall",
    "paper out inside a label",
    "power cycle",
    "refuse",
    "garbage",
    "hung up",
    "head open",
)
"""The fake printers' names of the faults that must all have struck."""

SAID = (
    "doubtful, it came out: True",
    "doubtful, it came out: False",
    "cancelled",
    "reprinted, torn",
)
"""What the person must have said and done."""

TORN = "the label is torn"


def _open_lid(fake: FakePrinter) -> None:
    fake.head_open = True
    fake.struck["head open"] += 1


_LASTING: dict[str, Callable[[FakePrinter], None]] = {
    "stall": lambda fake: setattr(fake, "stalled", True),
    "paper": lambda fake: setattr(fake, "paper_left", 0),
    "garbage": lambda fake: setattr(fake, "garbage", True),
    "away": lambda fake: setattr(fake, "hangs_up", True),
    "lid": _open_lid,
}
"""What stays broken until somebody comes."""


def document(key: str) -> bytes:
    """Return a label that no other job has."""
    return b"^XA^FO50,50^FDjob-%s^FS" % key.encode() + b"^FO1,1^FDx^FS" * (int(key) % 40) + b"^XZ"


@dataclass
class Printers:
    """The two printers as they really are."""

    main: FakePrinter
    spare: FakePrinter
    dice: random.Random
    losing: set[str] = field(default_factory=set)
    """Printers that will lose what they hold when somebody comes."""

    @property
    def each(self) -> dict[str, FakePrinter]:
        """Both by their names."""
        return {"main": self.main, "spare": self.spare}

    @property
    def struck(self) -> Counter[str]:
        """Return how often each fault really struck, at either printer."""
        return self.main.struck + self.spare.struck

    def came_out(self, key: str) -> int:
        """Return how many labels of a job lie there."""
        return sum(fake.count(document(key)) for fake in self.each.values())

    def break_one(self, size: int) -> None:
        """Prepare one fault at one of them; four times of ten none."""
        name = self.dice.choice(("main", "main", "spare"))
        fake = self.each[name]
        if self.dice.random() < 0.4:
            return
        match self.dice.choice(KINDS):
            case "cut":
                fake.reset_after = self.dice.randint(0, size)
            case "hang-up":
                fake.close_after = self.dice.randint(0, size)
            case "switch":
                fake.refuse()
            case "power":
                fake.paper_left = 0
                self.losing.add(name)
            case other:
                _LASTING[other](fake)

    def mend(self) -> None:
        """Do what a person does, and wait for what still comes out."""
        for name, fake in self.each.items():
            if name in self.losing:
                fake.power_cycle()
            fake.hangs_up = False
            fake.mend()
            assert fake.wait_idle()
        self.losing.clear()


class Floor:
    """A spool over both printers, and the person who looks after them."""

    def __init__(
        self,
        path: Path,
        printers: Printers,
        wrapped: Callable[[Pool], Printer] = lambda pool: pool,
    ) -> None:
        self.printers = printers
        drivers: dict[str, Printer] = {
            name: TcpPrinter(
                HOST, fake.port, status="on", deadline_s=DEADLINE_S, timeouts=FAST, name=name
            )
            for name, fake in printers.each.items()
        }
        self.pool = Pool(drivers, RULES, rest_s=(0.01, 0.05))
        self.watch = Watch(self.pool, lambda: None, every_s=0.02)
        self.spool = Spool(path, wrapped(self.pool), ticks=lambda: 0.0, backoff_s=(0.0, 0.0))
        self.said: Counter[str] = Counter()
        self.jobs = 0
        self.stood_in = 0
        """Documents that another printer than the usual one took."""
        self.wrong: list[str] = []
        """What was lost unseen or doubled without a word, as it was noticed."""

    def print_all(self, jobs: int, most: int) -> None:
        """Print so many jobs, a few at a time, until nobody has a question left.

        Which fault strikes hangs on moments: where one never did, some more jobs are printed.
        """
        while self.jobs < jobs or (self.missing and self.jobs < most):
            self._print_batch([f"{self.jobs + number}" for number in range(BATCH)])
            self.jobs += BATCH
        for key in map(str, range(self.jobs)):
            self.wrong += self._judged(key)

    @property
    def missing(self) -> list[str]:
        """Faults that have not struck yet, and answers that nobody has given yet."""
        struck = self.printers.struck + self.said
        return [kind for kind in (*STRUCK, *SAID) if not struck[kind]]

    def _print_batch(self, keys: list[str]) -> None:
        for key in keys:
            title = self.printers.dice.choice(TITLES)
            self.spool.put(key, title, document(key), order_id=f"order-{key}")
        while self._open(keys):
            self._print_next()

    def _open(self, keys: list[str]) -> list[Job]:
        jobs = (self.spool.job(key) for key in keys)
        over = {JobState.SEEN, JobState.CANCELLED}
        return [job for job in jobs if job is not None and job.state not in over]

    def _print_next(self) -> None:
        printers, dice = self.printers, self.printers.dice
        waiting = self.spool.jobs({JobState.QUEUED})
        printers.break_one(len(document(waiting[0].key)) if waiting else 0)
        if dice.random() < 0.2:
            self.watch.look()
        done = self.spool.run_once()
        if done is not None:
            self._take(done)
        printers.mend()
        for job in self.spool.doubtful():
            self._answer(job)
        for job in self.spool.jobs({JobState.SENT}):
            self._close(job)

    def _take(self, done: Job) -> None:
        self.stood_in += done.words.startswith("printed on ")
        if done.state is JobState.SEEN and not self._whole(done.key):
            self.wrong.append(f"{done.key} is told to be seen, and nothing came out")
        elif done.state is JobState.SEEN:
            self._close(done)

    def _answer(self, job: Job) -> None:
        """Say what lies there; of an order that was cancelled meanwhile: print it no more."""
        came_out = self._whole(job.key)
        self.said[f"doubtful, it came out: {came_out}"] += 1
        if not came_out and self.printers.dice.random() < 0.15:
            self.said["cancelled"] += 1
            self.spool.cancel(job.key, "the order was cancelled")
        else:
            self.spool.answer(job.key, came_out)

    def _close(self, job: Job) -> None:
        """Scan the label back; ask for it once more where it is torn, or not there."""
        out = self._whole(job.key)
        if out and self.printers.dice.random() > 0.05:
            self.spool.seen(job.key)
            return
        self.said["reprinted, torn" if out else "reprinted, not there"] += 1
        self.spool.reprint(job.key, TORN if out else "nothing came out")

    def _whole(self, key: str) -> bool:
        """Look whether a label lies there, besides those that are torn."""
        return self.printers.came_out(key) > self._torn(key)

    def _torn(self, key: str) -> int:
        return sum(attempt.reason == TORN for attempt in self.spool.attempts(key))

    def _judged(self, key: str) -> Iterator[str]:
        """Say what is wrong with a job that is over, by what really came out."""
        job, attempts = self.spool.job(key), self.spool.attempts(key)
        out, torn = self.printers.came_out(key), self._torn(key)
        if job is None or (job.state is JobState.SEEN and out < 1 + torn):
            yield f"{key} is lost and nobody knows"
        if out > 1 + torn:
            yield f"{key} came out {out} times, {torn} reprints were asked for"
        if out > len(attempts) or not all(attempt.reason for attempt in attempts):
            yield f"{key} came out {out} times in {len(attempts)} attempts"
        for name, fake in self.printers.each.items():
            told = sum(name in attempt.printer.split(" or ") for attempt in attempts)
            if fake.count(document(key)) > told:
                yield f"{key} came out of {name}, and no attempt says so"


@dataclass(frozen=True, slots=True)
class Told:
    """What a run was like."""

    jobs: int
    wrong: list[str]
    missing: list[str]
    """Of what had to strike, what never did."""
    struck: Counter[str]
    said: Counter[str]
    stood_in: int
    """Documents that another printer than the usual one took."""
    labels: int
    seconds: float


def run(
    path: Path,
    seed: int,
    jobs: int,
    most: int = 0,
    wrapped: Callable[[Pool], Printer] = lambda pool: pool,
) -> Told:
    """Print so many jobs at two printers that fail, and count."""
    begun = time.monotonic()
    with FakePrinter() as main, FakePrinter() as spare:
        main.odometer = 0  # this one counts its labels, the other does not
        printers = Printers(main, spare, random.Random(seed))
        floor = Floor(path, printers, wrapped)
        try:
            floor.print_all(jobs, most)
        finally:
            floor.spool.close()
        out = len(main.labels) + len(spare.labels)
        seconds = time.monotonic() - begun
        return Told(
            floor.jobs,
            floor.wrong,
            floor.missing,
            printers.struck,
            floor.said,
            floor.stood_in,
            out,
            seconds,
        )
