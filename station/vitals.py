"""How this bench is, for its pulse: gathered from what is at hand, without a word to any device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.overview import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.bench import Bench
    from station.journal import Journal


class Vitals:
    """How a bench is; safe to ask from any thread.

    Args:
        bench: The bench.
        journal: Its journal.
        printer_words: How printing goes, in a few words; asked once for each change.
    """

    def __init__(self, bench: Bench, journal: Journal, printer_words: Callable[[], str]) -> None:
        self._bench = bench
        self._journal = journal
        self._ask_printer = printer_words
        self._printer: list[str] = []  # asking the spool at each scan would cost more than the scan
        self.scan_p99_ms: int | None = None
        """How long the slowest scans took; the screen says it."""

    def printer_words(self) -> str:
        """Return how printing goes, as of the last change."""
        known = tuple(self._printer)
        if not known:
            known = (self._ask_printer(),)
            self._printer[:] = known
        return known[0]

    def changed(self) -> None:
        """Take in that a print job may have changed."""
        self._printer.clear()

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
