"""How this bench is, for its pulse: gathered from what is at hand, without a word to any device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import wording
from station.devices.jobs import JobState
from station.overview import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.bench import Bench
    from station.devices.spool import Spool
    from station.journal import Journal


class Vitals:
    """How a bench is; safe to ask from any thread.

    Args:
        bench: The bench.
        journal: Its journal.
        printer_words: How printing goes, in a few words; asked once for each change.
        aside: What the packer must know of it besides; empty for nothing.
    """

    def __init__(
        self,
        bench: Bench,
        journal: Journal,
        printer_words: Callable[[], str],
        aside: Callable[[], str] = lambda: "",
    ) -> None:
        self._bench = bench
        self._journal = journal
        self._ask_printer = printer_words
        self._aside = aside
        # Asking the spool at each scan would cost more than the scan.
        self._known: list[tuple[str, str]] = []
        self.scan_p99_ms: int | None = None
        """How long the slowest scans took; the screen says it."""

    def printer_words(self) -> str:
        """Return how printing goes, as of the last change: for the board."""
        return self._words()[0]

    def bench_words(self) -> str:
        """Return the same for the packer, who must know on which printer his paper lies."""
        return self._words()[1]

    def _words(self) -> tuple[str, str]:
        known = self._known
        if not known:
            words = self._ask_printer()
            known[:] = [(words, self._aside() or words)]
        return known[0]

    def changed(self) -> None:
        """Take in that a print job may have changed."""
        self._known = []  # another list: who is asking at this moment fills the old one

    def pulse(self) -> Pulse:
        """Return how the bench is now."""
        view = self._bench.view
        lines = view.work.pack.lines if view.work else ()
        return Pulse(
            packer=view.packer,
            order_id=view.work.order.order_id if view.work else "",
            done=sum(line.done for line in lines),
            units=sum(line.needed for line in lines),
            scanned=self._bench.scanned,
            backlog=self._journal.backlog(),
            printer=self.printer_words(),
            scan_p99_ms=self.scan_p99_ms,
            journal=self._journal.head,
        )


def printer_words(spool: Spool) -> str:
    """Return how printing goes; the printers are not asked."""
    return _waiting(spool) or spool.printer.words


def aside(spool: Spool) -> str:
    """Return that the last paper came out elsewhere than usual; empty where worse is the matter."""
    return "" if _waiting(spool) else spool.printer.aside


def _waiting(spool: Spool) -> str:
    """Return why papers do not come out; empty when all of them do."""
    if trouble := spool.trouble:
        return trouble
    if doubtful := spool.doubtful():
        return f"UNSURE about {len(doubtful)}"
    waiting = spool.jobs((JobState.QUEUED,))
    words = next((job.words for job in waiting if job.words), "")
    return wording.printer_words(words, len(waiting)) if words else ""
