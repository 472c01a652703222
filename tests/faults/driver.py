"""Packs one order as an honest packer does, in a process that may die at a named step.

Run as a script. Jobs come as lines of JSON on standard input, one at a time. Each job is done by
a fork of this process, which tells on standard output what it did; when it has ended, the code
follows: {"end": 0}, or the negative number of the signal that killed it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Imported before the forks, so that each of them only has the work itself to do.
import alembic.command
import alembic.migration
import PIL.Image
from faults.steps import Failpoints, Point

import labels
from station import beat, compose, papers
from station.coach import DemoCoach
from station.config import Settings, ShipFrom, ShippingSettings
from station.device_settings import PrinterSettings
from station.errors import InputError
from station.journal import Journal
from station.model import Entry, OrderState
from station.pack import Pack
from station.sync.channels.confirmations import export_confirmations
from station.sync.channels.opening import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.compose import Parts
    from station.view import View

PRELOADED = (alembic.command, alembic.migration, PIL.Image, labels, beat, papers, shown)
HOUSE = replace(
    Settings(),
    ship_from=ShipFrom(name="Sample Shop", lines=("1 Yard",), city="Town", country="US"),
    shipping=ShippingSettings(label="own", gs1_company_prefix="9521234"),
)
ORDER_ID = "111-0000001-0000001"
EXPORT = "confirmations.txt"
KEPT_IN_MEMORY = 5
_DONE = {OrderState.SHIPPED, OrderState.CONFIRMED}


@dataclass(frozen=True)
class Job:
    """What one process shall do."""

    home: str
    printer: str
    """Its URL; empty for the folder."""
    point: tuple[str, str, int] | None = None
    spoilt: str = ""
    """The negative control: which promise this process breaks."""
    patience_s: float = 15.0
    """After so many seconds the packer calls the supervisor."""


def tell(**facts: object) -> None:
    """Write one line for the test; it has left this process when this returns."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def asked(tracking_id: str) -> bool:
    """Ask the test whether a label came out."""
    tell(ask=tracking_id)
    return sys.stdin.readline().strip() == "yes"


class Packer:
    """Does what the coach says until the order is on its way, and exports it."""

    def __init__(self, parts: Parts, home: Path) -> None:
        self._parts = parts
        self._bench = parts.bench
        self._home = home
        self._coach = DemoCoach(compose.site_key(home))

    def work(self, patience_s: float) -> bool:
        """Pack and export; False when the work does not get on for so many seconds."""
        self._bench.sign_in("Ana")
        self._parts.link.drain()
        end = time.monotonic() + patience_s
        while not self._is_done():
            if time.monotonic() > end:
                return False
            self._step(self._bench.settle())
            self._parts.link.drain()
        try:
            export_confirmations(self._parts.store, self._home / EXPORT)
        except InputError as error:
            tell(told=str(error))
        return True

    def _is_done(self) -> bool:
        found = self._parts.store.order(ORDER_ID)
        return found is not None and found[1] in _DONE

    def _step(self, view: View) -> None:
        label = view.work.pack.label if view.work else None
        if view.work is None:
            self._claim()
        elif label and view.printing and view.printing.doubtful:
            self._bench.answer(yes=asked(label.tracking_id))
        elif code := self._coach.hint(view).code:
            verdict = self._bench.take_scan(code).verdict
            tell(ack=code, verdict=verdict.word if verdict else "")
        else:
            time.sleep(0.003)

    def _claim(self) -> None:
        """Take the next order; where none is shown, scan the order that lies on the bench."""
        if self._bench.claim_next().work is None:
            tell(hidden=ORDER_ID)
            self._bench.open_order(ORDER_ID)


def pack(job: Job) -> int:
    """Do one job in this process, which ends afterwards; return the exit code."""
    point = Point(*job.point) if job.point else None  # type: ignore[arg-type]  # from JSON
    failpoints = Failpoints(point)
    _SPOILERS.get(job.spoilt, lambda: None)()
    failpoints.lay()
    home = Path(job.home)
    place = compose.Place(replace(HOUSE, printer=PrinterSettings(url=job.printer)), home)
    parts = compose.open_parts(place)
    time.sleep(0.01)  # the link's first look is over, so that its calls are always counted alike
    work = parts.bench.view.work
    tell(resumed=sum(line.done for line in work.pack.lines) if work else 0)
    done = Packer(parts, home).work(job.patience_s)
    tell(calls=failpoints.calls, stuck=not done)
    return 0


def _keep_in_memory() -> None:
    """Break the promise of the journal: entries wait until there are five of them."""
    waiting: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    real = Journal.append

    def append(journal: Journal, *args: Any, **kwargs: Any) -> Entry | None:
        waiting.append((args, kwargs))
        if len(waiting) < KEPT_IN_MEMORY and not kwargs.get("over"):
            return None
        kept = [real(journal, *a, **k) for a, k in waiting]
        waiting.clear()
        return kept[-1]

    Journal.append = append  # type: ignore[assignment,method-assign]  # spoilt on purpose


def _change_keys() -> None:
    """Break the promise of the purchase key: it is another one after each start."""
    here = os.getpid()
    key = property(lambda pack: f"{pack.order_id}/{pack.package}/{pack.attempts}/{here}")
    Pack.purchase_key = key  # type: ignore[assignment,method-assign]  # spoilt on purpose


_SPOILERS: dict[str, Callable[[], None]] = {
    "a journal in memory": _keep_in_memory,
    "a purchase key that changes": _change_keys,
}


def main() -> None:
    """Fork a process for each job and tell how it ended."""
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if not child:
            code = 70
            try:
                code = pack(Job(**json.loads(line)))
            except BaseException as error:
                tell(crashed=repr(error))
                raise
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        tell(end=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
