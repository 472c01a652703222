"""The named steps of a pack, and how a process dies before, inside or after one of them."""

from __future__ import annotations

import functools
import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from station.bench import Bench
from station.devices.file_printer import FilePrinter
from station.devices.printer import TcpPrinter
from station.devices.spool import Spool
from station.devices.spool_file import SpoolFile
from station.devices.transport import TcpStream
from station.journal import Journal
from station.store.sql import SqlOrderStore
from station.sync.carriers.own_label import OwnLabel
from station.sync.channels.exclusive import Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

When = Literal["before", "inside", "after"]

STEPS: dict[str, tuple[type[Any], str]] = {
    "journal.open": (Journal, "open"),
    "journal.append": (Journal, "append"),
    "journal.sent": (Journal, "sent"),
    "bench.take_scan": (Bench, "take_scan"),
    "store.claim": (SqlOrderStore, "claim"),
    "store.begin_purchase": (SqlOrderStore, "begin_purchase"),
    "carrier.buy": (OwnLabel, "buy"),
    "store.finish_purchase": (SqlOrderStore, "finish_purchase"),
    "store.apply": (SqlOrderStore, "apply"),
    "spool.put": (Spool, "put"),
    "spool.move": (SpoolFile, "move"),
    "spool.seen": (Spool, "seen"),
    "spool.forget": (Spool, "forget"),
    "printer.print": (TcpPrinter, "print"),
    "printer.send": (TcpStream, "send_document"),
    "file_printer.print": (FilePrinter, "print"),
    "export.begin": (SqlOrderStore, "begin_export"),
    "export.fill": (Spot, "fill"),
    "export.seal": (SqlOrderStore, "seal_export"),
    "export.rename": (Spot, "take_name"),
    "export.finish": (SqlOrderStore, "finish_export"),
}
"""Where a process may die, by the name of the step."""


@dataclass(frozen=True, order=True)
class Point:
    """One moment: before or after (inside: half the bytes gone) the n-th call of a step."""

    step: str
    when: When
    number: int

    def __str__(self) -> str:
        return f"{self.when} {self.step} {self.number}"


def points(calls: Counter[str]) -> list[Point]:
    """Return every point that a run with so many calls of each step has."""
    whens: tuple[When, ...] = ("before", "after")
    found = [
        Point(step, when, number)
        for step, count in calls.items()
        for number in range(1, count + 1)
        for when in whens
    ]
    inside = [Point("printer.send", "inside", n + 1) for n in range(calls["printer.send"])]
    return sorted([*found, *inside])


class Failpoints:
    """Counts the calls of every step in this process, and kills it at one point."""

    def __init__(self, point: Point | None) -> None:
        self.calls: Counter[str] = Counter()
        self._point = point
        self._lock = threading.Lock()

    def lay(self, steps: Iterable[str] = tuple(STEPS)) -> None:
        """Wrap the methods of the steps; for a process that ends soon."""
        for step in steps:
            owner, name = STEPS[step]
            setattr(owner, name, self._wrapped(step, getattr(owner, name)))

    def _wrapped(self, step: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                self.calls[step] += 1
                number = self.calls[step]
            self._die_at(step, "before", number)
            if self._point == Point(step, "inside", number):
                args = (args[0], args[1][: len(args[1]) // 2])
            result = method(*args, **kwargs)
            self._die_at(step, "inside", number)
            self._die_at(step, "after", number)
            return result

        return watched

    def _die_at(self, step: str, when: When, number: int) -> None:
        if self._point == Point(step, when, number):
            os.kill(os.getpid(), signal.SIGKILL)
