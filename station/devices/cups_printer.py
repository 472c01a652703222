"""A print queue of CUPS: a label printer without filters, or an office printer that takes PDF.

What CUPS calls completed is that the bytes went down the line: a printer that broke the line in a
short label, or that has no paper, is “completed” all the same. So a queue says SENT at most. A job
that is not over in time is taken back, because a queue that tries again prints a surprise.
"""

from __future__ import annotations

import difflib
import threading
import time
from typing import TYPE_CHECKING

from station.devices import cups_ipp as ipp
from station.devices.kinds import kind_of
from station.devices.lp import PAPER, RAW, CheckedZebra
from station.devices.ports import Delivery, Health
from station.devices.transport import LOOK
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceError, DeviceRefused
from station.text import plain

if TYPE_CHECKING:
    from station.devices.cups_ipp import Answer, CupsServer

POLL_S = 0.05
UNREACHABLE_S = 3.0
"""How long CUPS may try in vain to reach the printer before the job is taken back."""
STOP_S = 2.0
"""For a job that was taken back to be over."""

_UNREACHED = ("may not exist or is unavailable", "is not responding", "is unreachable")
"""CUPS' network backend before it has a connection; another language leaves the label unsure."""

_REASONS = {
    "media-empty": ("paper out", "Load paper."),
    "media-needed": ("paper out", "Load paper."),
    "media-jam": ("paper jam", "Take the jammed paper out."),
    "cover-open": ("cover open", "Close the printer."),
    "door-open": ("cover open", "Close the printer."),
    "marker-supply-empty": ("toner or ribbon out", "Put a new one in."),
    "toner-empty": ("toner or ribbon out", "Put a new one in."),
    "output-area-full": ("output tray full", "Take the paper out of the tray."),
    "offline": ("offline", "Switch the printer on."),
    "shutdown": ("offline", "Switch the printer on."),
    "other": ("it reports a fault", "Look at the printer."),
}
"""printer-state-reasons that are faults (RFC 8011 §5.4.12), in the packer's words."""


class CupsPrinter:
    """Prints through a queue and follows each job until CUPS is done with it."""

    def __init__(
        self, queue: str, server: CupsServer, *, deadline_s: float = 30.0, name: str = ""
    ) -> None:
        self.queue = queue
        self.server = server
        self.deadline_s = deadline_s
        """Seconds for CUPS to bring a document to the printer."""
        self.name = name or f"queue {queue}"
        self._one_at_a_time = threading.Lock()

    def print(self, job: str, title: str, document: bytes) -> Delivery:  # noqa: ARG002 - the port's
        """Queue the document once and follow it; see the port."""
        if not document:
            raise DeviceRefused("The label is empty.", "Make it again from the order.")
        with self._one_at_a_time:
            queue = self._ready(document)
            options = PAPER if kind_of(document) == "pdf" else RAW
            number = self._lp().hand_over(title, document, options)
            # A queue that tries again may have sent some of it before it could not be reached.
            return self._follow(number, tries_once=_tries_once(queue))

    def tune(self, commands: bytes) -> None:
        """Send commands that change how it prints, as a job of their own; see the port."""
        self.print("settings", "settings", commands)

    def health(self) -> Health:
        """Ask CUPS how the queue is; the printer itself is left alone."""
        try:
            queue = self._described(1.5)
        except DeviceError as error:
            return Health(ok=False, words=error.message)
        trouble = self._trouble(queue)
        if trouble:
            return Health(ok=False, words=trouble.message)
        if not _tries_once(queue):
            return Health(ok=True, words=f"ok, but it may print a label twice; {self._mend_policy}")
        return Health(ok=True, words="ok, tells no status")

    @property
    def _mend_policy(self) -> str:
        return f"run: sudo lpadmin -p {self.queue} -o printer-error-policy=abort-job"

    def _lp(self) -> CheckedZebra:
        return CheckedZebra(self.queue, self.server.address)

    def _described(self, seconds: float | None = None) -> Answer:
        try:
            queue = self.server.queue(self.queue, seconds)
            if queue.status == ipp.NOT_FOUND:
                raise self._unknown(self.server.queues(seconds and 0.4))
        except ipp.Unanswered as error:
            raise DeviceAbsent(
                f"CUPS does not answer ({error}).", "Start it: sudo systemctl start cups."
            ) from error
        if queue.first("printer-state") is None:
            raise DeviceAbsent(
                f"CUPS says nothing of the queue {self.queue} (status {queue.status:#06x}).",
                f"Look at it with: lpstat -p {self.queue}",
            )
        return queue

    def _unknown(self, known: tuple[str, ...]) -> DeviceAbsent:
        near = difflib.get_close_matches(self.queue, known, n=1)
        names = plain(", ".join(known))[:100]
        hint = f"Did you mean “{plain(near[0])}”?" if near else f"Known: {names or 'none'}."
        return DeviceAbsent(f"CUPS has no print queue {self.queue}.", hint)

    def _ready(self, document: bytes) -> Answer:
        kind, queue = kind_of(document), self._described()
        if trouble := self._trouble(queue):
            raise trouble
        is_raw = "raw" in str(queue.first("printer-make-and-model")).lower()
        if kind == "png" or (kind == "pdf" and is_raw):
            raise DeviceRefused(
                f"The print queue {self.queue} cannot print a {kind.upper()}.",
                f"Set format to {'zpl' if is_raw else 'pdf'} for it, or choose another printer.",
            )
        return queue

    def _trouble(self, queue: Answer) -> DeviceRefused | None:
        """Return for what the queue is not given a document: it would print it much later."""
        if queue.first("printer-state") == ipp.QUEUE_STOPPED:
            return DeviceRefused(
                f"The print queue {self.queue} is stopped.", f"Run: sudo cupsenable {self.queue}"
            )
        if queue.first("printer-is-accepting-jobs") is False:
            return DeviceRefused(
                f"The print queue {self.queue} takes no jobs.", f"Run: sudo cupsaccept {self.queue}"
            )
        for reason in queue.all("printer-state-reasons"):
            if reason.endswith(("-warning", "-report")):
                continue
            known = _REASONS.get(reason.removesuffix("-error"))
            if known:
                return DeviceRefused(f"Printer {self.name}: {known[0]}.", known[1])
        return None

    def _follow(self, number: int, *, tries_once: bool) -> Delivery:
        """Ask for the job until it is over; take it back when that takes too long."""
        end = time.monotonic() + self.deadline_s
        unreached = None
        while (now := time.monotonic()) < end:
            job = self._job(number)
            if job and _is_over(job):
                return self._judge(job, tries_once=tries_once)
            unreached = (unreached or now) if job and _is_unreached(job) else None
            if unreached and now - unreached > UNREACHABLE_S:
                break
            time.sleep(POLL_S)
        return self._judge(self._taken_back(number), tries_once=tries_once)

    def _taken_back(self, number: int) -> Answer:
        """Cancel a job and return its end: it may have been printed at the last moment."""
        try:
            self.server.cancel(number)
        except ipp.Unanswered as error:
            raise self._lost_sight() from error
        end = time.monotonic() + STOP_S
        while True:
            job = self._job(number)
            is_late = time.monotonic() > end
            if job and (is_late or _has_stopped(job)):
                return job
            if is_late:
                raise self._lost_sight()
            time.sleep(POLL_S)

    def _judge(self, job: Answer, *, tries_once: bool) -> Delivery:
        state = job.first("job-state")
        if state == ipp.COMPLETED:
            return Delivery.SENT
        if _is_over(job) and _never_began(job):
            raise DeviceRefused(
                f"The print queue {self.queue} did not begin with the label.",
                f"Look at it with: lpstat -p {self.queue}. It is tried again by itself.",
            )
        if state == ipp.CANCELED and tries_once and _is_unreached(job):
            raise DeviceAbsent(
                f"CUPS cannot reach the printer of the queue {self.queue}.",
                "Switch it on and check its cable and address.",
            )
        how = "was canceled" if state == ipp.CANCELED else "failed"
        words = plain(str(job.first("job-printer-state-message") or ""))[:120]
        raise DeviceDoubtful(
            f"The label's print job {how if _is_over(job) else 'is not over'} in the queue"
            f" {self.queue}{f' ({words})' if words else ''}.",
            LOOK,
        )

    def _job(self, number: int) -> Answer | None:
        """Return a job, or None while CUPS does not answer; DeviceDoubtful when it forgot it."""
        try:
            job = self.server.job(number)
        except ipp.Unanswered:
            return None
        if job.first("job-state") is None:
            raise self._lost_sight()
        return job

    def _lost_sight(self) -> DeviceDoubtful:
        return DeviceDoubtful(
            f"The label was given to the queue {self.queue}, and CUPS does not say what became"
            " of it.",
            LOOK,
        )


def _is_over(job: Answer) -> bool:
    return job.first("job-state") in {ipp.CANCELED, ipp.ABORTED, ipp.COMPLETED}


def _has_stopped(job: Answer) -> bool:
    """Say whether a job is over and nothing of it is still on its way to the printer."""
    reasons = " ".join(job.all("job-state-reasons"))
    return _is_over(job) and (_never_began(job) or "stop" not in reasons)


def _never_began(job: Answer) -> bool:
    """Say whether not one byte of a job can have left, which only an explicit “no value” tells."""
    return any(group.get("time-at-processing") == [None] for group in job.groups)


def _tries_once(queue: Answer) -> bool:
    return queue.first("printer-error-policy") == "abort-job"


def _is_unreached(job: Answer) -> bool:
    message = str(job.first("job-printer-state-message") or "")
    return any(words in message for words in _UNREACHED)
