"""Several printers as one: each paper goes to the first of its printers that takes it.

Another printer stands in only where nothing was sent. A document of which nobody knows what became
of it never goes to a second printer: two labels under one tracking id are one parcel too many.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from station.devices.ports import Health
from station.devices.printed import Printed, reason
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceError, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from station.devices.ports import Delivery, Printer

_LOGGER = logging.getLogger(__name__)

USUAL_PAPER = "label"
"""The rule of a job whose title names no kind of paper."""

PAPERS = {
    "label": USUAL_PAPER,
    "packing-slip": "packing_slip",
    "pick-list": "pick_list",
    "item": "small",
    "bin": "small",
    "tote": "small",
}
"""The rule in `[papers]` for the first word of a job's title."""

REST_S = (15.0, 60.0)
"""Seconds for which a printer that failed is asked last: at first, and when it goes on failing."""

_KEPT = 200
"""Jobs of which it is known who printed them; the spool writes it down at once."""


class _Seat:
    """One printer in the pool: who uses it now, how it was last, and since when it rests."""

    def __init__(self, name: str, printer: Printer) -> None:
        self.name = name
        self.printer = printer
        self.lock = threading.Lock()
        self.health = Health(ok=True, words="not asked yet")
        self.met: float | None = None
        """When it was used or asked last; None: never, or it should be asked at once."""
        self.trouble = ""
        """Why it did not print the last document that it was given, in a few words."""
        self.refused = False
        """Whether what is known of it comes from a document that it did not take."""
        self.fails = 0
        self.rests_until = 0.0


class Pool:
    """The printers of a bench behind the port of one.

    Args:
        printers: Each by its name, the usual one first.
        rules: For each paper of `PAPERS` the names of its printers, the first choice first.
        rest_s: See `REST_S`.
        ticks: Monotonic seconds.
    """

    def __init__(
        self,
        printers: Mapping[str, Printer],
        rules: Mapping[str, tuple[str, ...]],
        *,
        rest_s: tuple[float, float] = REST_S,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = ", ".join(printers)
        self.rules = dict(rules)
        self.uneasy = threading.Event()
        """Set when a printer should be asked now how it is."""
        self._seats = {name: _Seat(name, printer) for name, printer in printers.items()}
        self._rest_s = rest_s
        self._ticks = ticks
        self._printed: OrderedDict[str, Printed] = OrderedDict()
        self._last: Printed | None = None

    @property
    def printers(self) -> dict[str, Printer]:
        """Each printer by its name."""
        return {name: seat.printer for name, seat in self._seats.items()}

    def lane(self, title: str) -> tuple[str, ...]:
        """Return the names of the printers for a job's title, the first choice first."""
        paper = PAPERS.get(title.partition(" ")[0], USUAL_PAPER)
        return self.rules.get(paper) or self.rules[USUAL_PAPER]

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Hand the document to the first printer of its paper that takes it; see the port."""
        refusals: list[tuple[_Seat, DeviceError]] = []
        for seat in self._in_turn(self.lane(title)):
            self._remember(job, self._printed_on(seat, title))
            try:
                return self._handed(seat, job, title, document)
            except (DeviceAbsent, DeviceRefused) as error:
                refusals.append((seat, error))
            except DeviceDoubtful as error:
                if self._one:
                    raise
                raise _at(seat.name, error) from error
        self._forget(job)
        if len(refusals) == 1:
            raise refusals[0][1]
        raise _nobody(refusals) from refusals[-1][1]

    def print_on(self, name: str, job: str, title: str, document: bytes) -> Delivery:
        """Hand the document to this printer and to no other; see the port."""
        return self._handed(self._seats[name], job, title, document)

    def printed(self, job: str) -> Printed | None:
        """Return which printer a job went to last; None when none took a byte of it."""
        return self._printed.get(job)

    @property
    def aside(self) -> str:
        """What the packer must know of the last job: that another printer than usual has it.

        Empty once the usual one is well again.
        """
        last = self._last
        if last is None or not any(self._is_ill(name) for name, _why in last.instead_of):
            return ""
        return last.words

    def _is_ill(self, name: str) -> bool:
        seat = self._seats[name]
        return not seat.health.ok or seat.rests_until > self._ticks()

    def health(self) -> Health:
        """Ask every printer, those that are printing excepted; ok only when all are well."""
        for name in self._seats:
            self.ask(name)
        known = self.each()
        if self._one:
            return known[0][1]
        ill = [f"{name}: {health.words}" for name, health in known if not health.ok]
        return Health(ok=not ill, words="; ".join(ill) or "ok")

    def each(self) -> tuple[tuple[str, Health], ...]:
        """Return how each printer was when it was used or asked last; asks nobody."""
        return tuple((name, seat.health) for name, seat in self._seats.items())

    def ask(self, name: str) -> Health:
        """Ask a printer how it is, unless it is printing; a well one is used first again."""
        seat = self._seats[name]
        if seat.lock.acquire(blocking=False):
            try:
                self._heard(seat, _health(seat.printer))
            finally:
                seat.lock.release()
        return seat.health

    def idle_s(self, name: str) -> float | None:
        """Return the seconds since a printer was used or asked; None: ask it now."""
        met = self._seats[name].met
        return None if met is None else self._ticks() - met

    def end_rests(self) -> None:
        """Use every printer in its turn again: somebody has mended one."""
        for seat in self._seats.values():
            seat.rests_until = 0.0
            seat.met = None
        self.uneasy.set()

    @property
    def words(self) -> str:
        """How printing can go on, as of the last look: each printer that is not well; or ok.

        Such as “main: paper out → spare”: the well printer that stands in comes last.
        """
        ill = [(name, health.words) for name, health in self.each() if not health.ok]
        if self._one:
            return ill[0][1] if ill else "ok"
        told = (f"{name}: {words}{self._then(name)}" for name, words in ill)
        return "; ".join(told) or "ok"

    def _then(self, name: str) -> str:
        other = self.stand_in(name)
        return f" → {other}" if other else ""

    def stand_in(self, name: str) -> str:
        """Return the first well printer that stands in for another one; empty for none."""
        for rule in self.rules.values():
            if name in rule:
                after = rule[rule.index(name) + 1 :]
                well = [other for other in after if self._seats[other].health.ok]
                if well:
                    return well[0]
        return ""

    # — one document —
    def _in_turn(self, names: tuple[str, ...]) -> list[_Seat]:
        """Return the printers as they are tried: one that just failed after those that did not."""
        now = self._ticks()
        seats = [self._seats[name] for name in names]
        return sorted(seats, key=lambda seat: seat.rests_until > now)  # stable: else as written

    def _handed(self, seat: _Seat, job: str, title: str, document: bytes) -> Delivery:
        with seat.lock:
            try:
                delivery = seat.printer.print(job, title, document)
            except DeviceError as error:
                self._failed(seat, error)
                raise
            self._heard(seat, Health(ok=True, words="ok") if seat.refused else seat.health)
            seat.fails, seat.rests_until = 0, 0.0
            return delivery

    def _failed(self, seat: _Seat, error: DeviceError) -> None:
        first, longest = self._rest_s
        seat.fails += 1
        seat.rests_until = self._ticks() + min(first * 2 ** min(seat.fails - 1, 10), longest)
        seat.trouble = "unsure about a label"
        if not isinstance(error, DeviceDoubtful):
            seat.trouble = reason(error.message)
            seat.health, seat.refused = Health(ok=False, words=seat.trouble), True
        seat.met = None  # it may have been the document: the printer itself says how it is
        self.uneasy.set()

    def _heard(self, seat: _Seat, health: Health) -> None:
        seat.health, seat.refused = health, False
        seat.met = self._ticks()
        if health.ok:
            seat.fails, seat.rests_until = 0, 0.0

    def _printed_on(self, seat: _Seat, title: str) -> Printed:
        rule = self.lane(title)
        before = rule[: rule.index(seat.name)]
        return Printed(seat.name, tuple((name, self._seats[name].trouble) for name in before))

    def _remember(self, job: str, printed: Printed) -> None:
        self._last = self._printed[job] = printed
        self._printed.move_to_end(job)
        while len(self._printed) > _KEPT:
            self._printed.popitem(last=False)

    def _forget(self, job: str) -> None:
        self._printed.pop(job, None)
        self._last = next(reversed(self._printed.values()), None)

    @property
    def _one(self) -> bool:
        return len(self._seats) == 1


def as_pool(printer: Printer) -> Pool:
    """Return a pool as it is, and one printer as a pool under its own name."""
    if isinstance(printer, Pool):
        return printer
    return Pool({printer.name: printer}, {USUAL_PAPER: (printer.name,)})


def _health(printer: Printer) -> Health:
    try:
        return printer.health()
    except Exception:  # who asks must live; a driver's fault is told like a printer's
        _LOGGER.exception("asking the printer %s failed", printer.name)
        return Health(ok=False, words="fault of the program")


def _at(name: str, error: DeviceDoubtful) -> DeviceDoubtful:
    """Say at which of several printers a person must look."""
    remedy = error.remedy.replace("Look at the printer", f"Look at printer {name}", 1)
    return DeviceDoubtful(f"Printer {name}: {error.message}", remedy)


def _nobody(refusals: list[tuple[_Seat, DeviceError]]) -> DeviceError:
    reasons = "; ".join(f"{seat.name}: {reason(error.message)}" for seat, error in refusals)
    absent = all(isinstance(error, DeviceAbsent) for _seat, error in refusals)
    kind = DeviceAbsent if absent else DeviceRefused
    return kind(f"No printer takes it: {reasons}.", "Mend one of them; it is tried again.")
