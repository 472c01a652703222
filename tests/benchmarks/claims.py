"""How fast benches get their next order from PostgreSQL, above an UPDATE of one row by its key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import pgbench
from benchmarks.pg_shop import Server, server
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = min(2, os.cpu_count() or 1)
WORKER = Path(__file__).with_name("claim_worker.py")
WORKERS = (1, 16, 64)
MANY = "many"
MILLION = "million"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    many: int = 100_000
    million: int = 1_000_000
    rounds: int = 2
    alone: int = 5_000
    """Claims of a single worker, and of the threads of one process, in a round."""
    seconds: int = 3
    """Of one run of pgbench."""
    held: int = 60
    """Seconds that a snapshot is held."""


QUICK = Sizes(8_000, 30_000, 1, 100, 1, 2)


@dataclass(slots=True)
class Drain:
    """A store that is claimed from, round after round."""

    server: Server
    name: str
    ids: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Milliseconds of each claim."""

    def claim(
        self, workers: int, claims: int, *, processes: int = 1, seconds: float = 600
    ) -> list[float]:
        """Claim with so many workers in all; return the claims per second as one sample."""
        times = self._times(workers, claims, processes, seconds)
        return [len(times) / (max(end for _, end in times) - min(begin for begin, _ in times))]

    def seconds(self, workers: int, seconds: int) -> list[float]:
        """Claim for some seconds; return how many claims ended in each of them."""
        times = self._times(workers, 10**9, PROCESSES, seconds)
        first = min(begin for begin, _ in times)
        ended = Counter(int(end - first) for _, end in times)
        return [float(ended[second]) for second in range(seconds)]

    def _times(
        self, workers: int, claims: int, processes: int, seconds: float
    ) -> list[tuple[float, float]]:
        share = [str(workers // processes), str(-(-claims // processes)), str(seconds)]
        running = [self._start(f"p{number}", share) for number in range(processes)]
        for process in running:
            _line(process, None)
        for process in running:
            _line(process, "go")
        answers = [process.communicate() for process in running]
        done = [claim for answer, _ in answers for claim in json.loads(answer)]
        self.ids += [order_id for _, _, order_id in done]
        self.waits += [(end - begin) * 1e3 for begin, end, _ in done]
        return [(begin, end) for begin, end, _ in done]

    def _numbers(self, query: str) -> dict[str, int]:
        return {str(name): int(str(n)) for name, n in self.server.run(query, self.name)}

    def _start(self, name: str, share: list[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(WORKER), self.server.url(self.name), name, *share],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(WORKER.parents[2])},
        )

    def checked(self) -> str:
        """Say whether each order was claimed once, by the ids and by the table and its tallies."""
        states = "SELECT state, count(*) FROM orders GROUP BY 1 ORDER BY 1"
        kept = "SELECT name, sum(n) FROM tallies GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1"
        table = self._numbers(states)
        same = self._numbers(kept) == table
        twice = len(self.ids) - len(set(self.ids))
        claimed = table.get("claimed", 0)
        return (
            f"{self.name}: {len(self.ids):,} leases, {twice} of them twice, {claimed:,} orders"
            f" claimed in the table, tallies {'the same' if same else 'WRONG'}"
        )


def _line(process: subprocess.Popen[str], say: str | None) -> None:
    """Say a line to a worker, or wait for one."""
    if process.stdin is None or process.stdout is None:
        raise ValueError(process.args)
    if say is None:
        process.stdout.readline()
    else:
        process.stdin.write(f"{say}\n")
        process.stdin.flush()


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:
    """Drain stores with 1, 16 and 64 workers beside pgbench; then a large one, and a held one."""
    sizes = QUICK if quick else Sizes()
    with server(folder) as running:
        running.fill(MANY, sizes.many)
        drains = {workers: _Beside(running, folder, sizes, workers) for workers in WORKERS}
        rates = [drain.result() for drain in drains.values()]
        running.fill(MILLION, sizes.million)
        large = _large(running, folder, sizes)
        held = _held(running, folder, sizes)
    waits = tuple(
        Series(f"{workers} workers", beside.ours.waits) for workers, beside in drains.items()
    )
    return (*rates, Result("Claims: how long one takes", "ms", waits, ()), large, held)


class _Beside:
    """So many workers at a store of their own, and as many clients of pgbench at others."""

    def __init__(self, running: Server, folder: Path, sizes: Sizes, workers: int) -> None:
        self._server, self._sizes, self._workers = running, sizes, workers
        self._update = pgbench.update_script(folder, sizes.many)
        self._claim = pgbench.claim_script(folder)
        self.ours = Drain(running, f"{workers} workers")
        self._single = Drain(running, "one process")

    def result(self) -> Result:
        """Measure in turn, and check what was claimed."""
        workers, sizes = self._workers, self._sizes
        names = (self.ours.name, self._single.name, "update", "statement")
        for name in names:
            self._server.copy(name, MANY)
        claims = sizes.alone if workers == 1 else -(-sizes.many // sizes.rounds)
        shared = min(PROCESSES, workers)
        ours = f"SqlOrderStore.claim, {shared} processes"
        single = "SqlOrderStore.claim, 1 process"
        sources = {
            ours: lambda: self.ours.claim(workers, claims, processes=shared),
            single: lambda: self._single.claim(workers, sizes.alone),
            "pgbench: UPDATE by key": lambda: self._rate("update", self._update),
            "pgbench: our claim statement": lambda: self._rate("statement", self._claim),
        }
        if workers == 1:
            del sources[single]
        samples = in_turn(sizes.rounds, sources)
        notes = (self.ours.checked(),)
        for name in names:
            self._server.drop(name)
        return _rates(workers, samples, notes)

    def _rate(self, name: str, script: Path) -> list[float]:
        return pgbench.rate(self._server, name, script, self._workers, self._sizes.seconds)


def _rates(workers: int, samples: dict[str, list[float]], notes: tuple[str, ...]) -> Result:
    series = tuple(Series(name, values) for name, values in samples.items())
    ours, *_, update, statement = series
    return Result(
        f"Claims by {workers} at once",
        "per s",
        series,
        (
            Ratio(ours, update, "A whole lease, against one row written and committed."),
            Ratio(statement, update, "What choosing, counting and reading add in the server."),
            Ratio(ours, statement, "What Python keeps of it."),
        ),
        notes,
    )


def _large(running: Server, folder: Path, sizes: Sizes) -> Result:
    """Claim from ten times as many orders, in turn with the first number."""
    script = pgbench.claim_script(folder)
    running.copy("few", MANY)
    few, many = Drain(running, "few"), Drain(running, MILLION)
    labels = f"{sizes.many:,} orders", f"{sizes.million:,} orders"
    sources = {
        f"SqlOrderStore.claim, {labels[0]}": lambda: few.claim(16, sizes.alone),
        f"SqlOrderStore.claim, {labels[1]}": lambda: many.claim(16, sizes.alone),
        f"pgbench: our statement, {labels[0]}": lambda: pgbench.rate(
            running, "few", script, 16, sizes.seconds
        ),
        f"pgbench: our statement, {labels[1]}": lambda: pgbench.rate(
            running, MILLION, script, 16, sizes.seconds
        ),
    }
    series = tuple(Series(*found) for found in in_turn(sizes.rounds, sources).items())
    running.drop("few")
    means = "1 when the number of waiting orders does not matter."
    ratios = (Ratio(series[1], series[0], means), Ratio(series[3], series[2], means))
    return Result("Claims by 16 at once, from a long queue", "per s", series, ratios)


def _held(running: Server, folder: Path, sizes: Sizes) -> Result:
    """Claim while another transaction keeps all that was claimed in the index."""
    drain = Drain(running, MILLION)
    running.run("VACUUM orders", MILLION)
    free = Series("no other transaction", drain.seconds(16, max(2, sizes.held // 3)))
    with _snapshot(running.url(MILLION)):
        during = drain.seconds(16, sizes.held)
        script = pgbench.claim_script(folder)
        walked = pgbench.rate(running, MILLION, script, 16, sizes.seconds)
    held = Series("a snapshot held", during)
    after = Series("the same, its last quarter", during[-max(1, len(during) // 4) :])
    head = Series("pgbench, then: our statement from the head", walked)
    means = "1 when the dead entries are not walked again."
    return Result(
        f"Claims by 16 at once, while a snapshot is held for {sizes.held} s",
        "per s",
        (free, held, after, head),
        (
            Ratio(held, free, means),
            Ratio(after, free, means),
            Ratio(head, after, "Below 1: what it would come to without the watermark."),
        ),
        (f"{sum(during):,.0f} orders were claimed under the snapshot",),
    )


@contextmanager
def _snapshot(url: str) -> Iterator[None]:
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM journals")).scalar()
        yield
    engine.dispose()
