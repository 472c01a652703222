"""Print jobs that survive anything, printed one after the other by a thread of their own.

Exactly once cannot be had from a printer, so it is had from people: a job is written down as
*sending* before its first byte leaves, and whatever ends that unclearly, a kill or a power cut
included, makes it *unknown*. Only a person's answer queues an unknown job again, as a new counted
attempt. An unknown job is left aside and the next one is printed. Where there are several printers,
each has its turn, so that jobs which wait for one of them hold no other up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from station.devices.jobs import Attempt, Job, JobChanged, JobState
from station.devices.pool import as_pool
from station.devices.ports import Delivery
from station.devices.printed import Printed
from station.devices.spool_file import SpoolFile
from station.errors import DeviceAbsent, DeviceError, DeviceRefused, InputError, JournalError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from station.devices.ports import Printer

__all__ = ["Attempt", "Job", "JobChanged", "JobState", "Spool"]

_LOGGER = logging.getLogger(__name__)

MAX_KEY = 200
"""Characters of a job's key."""

IDLE_S = 60.0
"""The thread looks after this time even if nobody woke it, in seconds."""

INTERRUPTED = (
    "The station stopped while this was being sent."
    " Look at the printer, then say whether the label came out."
)
DENIED = "the packer says that it did not come out"
_ON_THE_WAY = {JobState.QUEUED, JobState.SENDING}


@dataclass(frozen=True, slots=True)
class _Wait:
    """A printer that was not ready: how often in a row, and when to try next."""

    tries: int
    until: float
    lane: tuple[str, ...]
    """The printers that it waits for."""


@dataclass(frozen=True, slots=True)
class _Owed:
    """How a job ended, until it is written down."""

    key: str
    state: JobState
    words: str
    printer: str


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(_change: JobChanged) -> None:
    """Tell nobody."""


class Spool:
    """The queue of one printer, or of a pool of them, in a file of its own.

    `emit` is called in the thread that prints; it must neither wait nor raise. `clock` dates the
    records; `ticks` (monotonic seconds) spaces the tries, so that a changed clock delays nothing.
    """

    def __init__(
        self,
        path: Path,
        printer: Printer,
        *,
        clock: Callable[[], datetime] = _now,
        ticks: Callable[[], float] = time.monotonic,
        emit: Callable[[JobChanged], None] = _silent,
        backoff_s: tuple[float, float] = (0.5, 15.0),
    ) -> None:
        """Open the file; what was being sent when the last process died becomes unknown."""
        self.printer = as_pool(printer)
        self._file = SpoolFile(path)
        self._clock = clock
        self._ticks = ticks
        self._emit = emit
        self._first_s, self._longest_s = backoff_s
        """The first pause after a printer was not ready, and the longest, in seconds."""
        self._waits: dict[str, _Wait] = {}
        self._news: deque[JobChanged] = deque()
        self._owed: _Owed | None = None
        self._turns: dict[tuple[str, ...], int] = {}
        """When each group of printers had its turn last."""
        self._turn = 0
        self._printing = threading.Lock()
        self._changing = threading.Lock()  # news leaves in the order in which it became true
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble = ""
        try:
            self._settle()
        except JournalError:
            self._file.close()
            raise

    @property
    def trouble(self) -> str:
        """Why nothing is printed although the printer may be well; empty when all is well."""
        if self._thread and not self._thread.is_alive() and not self._stopping.is_set():
            return "The print thread has stopped. Restart the station."
        return self._trouble

    def put(self, key: str, title: str, document: bytes, *, order_id: str) -> Job:
        """Queue a document; the same key with the same bytes is the same job, printed once.

        Args:
            key: Unique for ever; plain text of at most 200 characters.
            title: For file names and queues; never a buyer's name, it is kept.
            document: The bytes in the printer's language.
            order_id: Whose document it is.

        Raises:
            InputError: the key is there with other bytes, or cannot be used; or no bytes.
            JournalError: it could not be stored, and will not be printed.
        """
        if not key or plain(key, MAX_KEY) != key:
            raise InputError("This print job's key cannot be used.", "Use a plain, short key.")
        if not document:
            raise InputError("The document is empty.", "Make it again from the order.")
        job = Job(key, plain(order_id), plain(title, 120), JobState.QUEUED, 1, "", self._clock())
        with self._changing:
            if self._file.insert(job, document):
                self._tell_later(key)
        return self._known(key)

    def job(self, key: str) -> Job | None:
        """Return a job, or None when there is none of that key."""
        return self._file.job(key) if plain(key, MAX_KEY) == key else None

    def jobs(self, states: Collection[JobState] = tuple(JobState)) -> tuple[Job, ...]:
        """Return the jobs in these states, oldest first."""
        return self._file.jobs(states)

    def doubtful(self) -> tuple[Job, ...]:
        """Return the jobs that a person must look after, oldest first."""
        return self._file.jobs({JobState.UNKNOWN})

    def attempts(self, key: str) -> tuple[Attempt, ...]:
        """Return when, why and where a document was let to the printer, first to last."""
        return self._file.attempts(self._known(key).key)

    def digest(self, key: str) -> str:
        """Return the SHA-256 of a job's bytes in hexadecimal digits, also once they are gone."""
        return self._file.digest(self._known(key).key)

    def outlet(self, title: str) -> str:
        """Return the name of the printer that a title's jobs come out of, or might."""
        return " or ".join(self.printer.lane(title))

    def seen(self, key: str) -> Job:
        """Take note that the closing scan read this label, whatever the printer said of it."""
        if self._known(key).state is not JobState.SEEN:
            self._move(key, set(JobState) - {JobState.SEEN}, JobState.SEEN, "")
        return self._known(key)

    def answer(self, key: str, came_out: bool) -> Job:
        """Take a person's word on a doubtful job; “no” queues it as a new attempt.

        Raises:
            InputError: nobody asked about this job.
        """
        if came_out:
            done = self._move(key, {JobState.UNKNOWN}, JobState.SENT, "")
            same = {JobState.SENT, JobState.SEEN}
        else:
            done = self._again(key, {JobState.UNKNOWN}, DENIED)
            same = _ON_THE_WAY
        job = self._known(key)
        if not done and job.state not in same:  # said twice, it counts once
            raise InputError(f"The document {key} is not in doubt: it is {job.state}.")
        return job

    def reprint(self, key: str, reason: str) -> Job:
        """Queue a document that was sent or seen once more, counted and with its reason.

        Raises:
            InputError: it is still on its way or in doubt, it was forgotten, or no reason is given.
        """
        why = plain(reason, 200)
        if not why:
            raise InputError("A reprint needs a reason.", "Say why the label is printed again.")
        if not self._again(key, {JobState.SENT, JobState.SEEN}, why):
            job = self._known(key)
            if job.forgotten:
                raise InputError(
                    f"The document {key} was deleted with the order.", "Make it again."
                )
            raise InputError(
                f"The document {key} cannot be printed again: it is {job.state}.",
                "First say whether it came out." if job.state is JobState.UNKNOWN else "",
            )
        return self._known(key)

    def cancel(self, key: str, reason: str) -> Job:
        """Take a job that waits, or is in doubt, out of the queue.

        Raises:
            InputError: it is being sent, or was printed.
        """
        if not self._move(
            key, {JobState.QUEUED, JobState.UNKNOWN}, JobState.CANCELLED, plain(reason, 200)
        ):
            job = self._known(key)
            if job.state is not JobState.CANCELLED:
                raise InputError(f"The document {key} cannot be cancelled: it is {job.state}.")
        return self._known(key)

    def forget(self, order_id: str) -> int:
        """Delete the bytes of an order's jobs from the disk, once each is closed; the rows stay.

        Returns:
            How many documents were deleted now; what is on its way or in doubt goes later.
        """
        return self._file.forget(plain(order_id))

    def retry_now(self) -> None:
        """Try everything that waits for the printer at once: somebody has mended it."""
        self._waits.clear()
        self.printer.end_rests()
        self._awake.set()

    def run_once(self) -> Job | None:
        """Print the next job that is due, or return None when there is none.

        Raises:
            JournalError: the file cannot be written; then nothing was sent, or what was sent is
                written down by the next call, and not sent again.
        """
        with self._printing:
            self._settle()
            self._tell()
            job = self._next_due()
            if job is None or not self._begin(*job):
                return None
            self._tell()
            self._owed = self._print(self._known(job[0]))
            self._settle()
            self._tell()
            return self._known(job[0])

    def start(self) -> None:
        """Print in a thread that dies with the process and never waits for the screen."""
        self._stopping.clear()
        if self._thread and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Start no further job; wait at most so many seconds for the one that is being sent."""
        self._stopping.set()
        self._awake.set()
        if self._thread:
            self._thread.join(timeout_s)

    def close(self) -> None:
        """Stop, and let the file go."""
        self.stop()
        self._file.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                done = self.run_once()
                pause = 0.0 if done else self._pause()
                self._trouble = ""
            except JournalError as error:
                pause = self._longest_s
                self._trouble = str(error)
                _LOGGER.error("nothing is printed: %s", error)  # noqa: TRY400 - told in words
            if self._awake.wait(pause):
                self._awake.clear()

    def _begin(self, key: str, title: str) -> bool:
        """Write down that a job is being sent, and the printers that it may come out of."""
        self._turn += 1
        self._turns[self.printer.lane(title)] = self._turn
        return self._move(key, {JobState.QUEUED}, JobState.SENDING, "", self.outlet(title))

    def _print(self, job: Job) -> _Owed:
        document = self._file.document(job.key) or b""
        try:
            delivery = self.printer.print(job.key, job.title, document)
        except (DeviceAbsent, DeviceRefused) as error:
            self._wait_for_printer(job)
            return _Owed(job.key, JobState.QUEUED, plain(str(error)), "")
        except DeviceError as error:
            self._waits.pop(job.key, None)
            by = self._out(job).printer
            return _Owed(job.key, JobState.UNKNOWN, plain(str(error)), by)
        out = self._out(job)
        # This printer is well: all that waited for it may try again, in order.
        for key, wait in list(self._waits.items()):
            if out.printer in wait.lane:
                self._waits.pop(key, None)
        state = JobState.SEEN if delivery is Delivery.SEEN else JobState.SENT
        return _Owed(job.key, state, out.words, out.printer)

    def _out(self, job: Job) -> Printed:
        """Return where a job went that was printed or is in doubt."""
        return self.printer.printed(job.key) or Printed(self.printer.name)

    def _wait_for_printer(self, job: Job) -> None:
        before = self._waits.get(job.key)
        tries = before.tries + 1 if before else 1
        pause = min(self._first_s * 2 ** min(tries - 1, 30), self._longest_s)
        self._waits[job.key] = _Wait(tries, self._ticks() + pause, self.printer.lane(job.title))

    def _settle(self) -> None:
        """Write down how the last sending ended; one that nobody can tell of is unknown."""
        if owed := self._owed:
            self._move(owed.key, {JobState.SENDING}, owed.state, owed.words, owed.printer)
            self._owed = None
        for job in self._file.jobs({JobState.SENDING}):
            self._move(job.key, {JobState.SENDING}, JobState.UNKNOWN, INTERRUPTED)

    def _next_due(self) -> tuple[str, str] | None:
        """Return the oldest job of the printers whose last turn is longest ago."""
        due = [job for job in self._file.queued() if self._left(job[0]) <= 0]
        return min(due, key=lambda job: self._turns.get(self.printer.lane(job[1]), 0), default=None)

    def _left(self, key: str) -> float:
        wait = self._waits.get(key)
        return wait.until - self._ticks() if wait else 0.0

    def _pause(self) -> float:
        lefts = [self._left(key) for key, _title in self._file.queued()]
        return max(0.0, min([*lefts, IDLE_S]))

    def _known(self, key: str) -> Job:
        job = self.job(key)
        if job is None:
            raise InputError(f"There is no print job {plain(key, MAX_KEY)}.")
        return job

    def _move(
        self,
        key: str,
        origins: set[JobState],
        state: JobState,
        words: str,
        printer: str | None = None,
    ) -> bool:
        self._known(key)
        with self._changing:
            moved = self._file.move(key, origins, state, words, self._clock(), printer)
            if moved:
                self._tell_later(key)
        return moved

    def _again(self, key: str, origins: set[JobState], reason: str) -> bool:
        self._known(key)
        with self._changing:
            queued = self._file.again(key, origins, reason, self._clock())
            if queued:
                self._waits.pop(key, None)
                self._tell_later(key)
        return queued

    def _tell_later(self, key: str) -> None:
        job = self._known(key)
        self._news.append(JobChanged(job.key, job.order_id, job.state, job.words))
        self._awake.set()

    def _tell(self) -> None:
        while self._news:
            self._emit(self._news.popleft())
