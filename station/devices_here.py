"""Every device of this bench: how it is, and what a person can have it do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.devices import tuning
from station.devices.ports import Tunable
from station.errors import StationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from station.devices.ports import Health, Printer
    from station.forms import Format

KEYBOARD = "keyboard"
"""What every scanner is that types."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device as a screen shows it."""

    kind: str
    """printer, scanner or scale."""
    name: str
    what: str
    """Its address, and what is in it."""
    words: str
    """“ok”, or what is wrong, as the packer says it."""
    ok: bool
    level: int | None = None
    """The darkness that was set here last; None: it was not."""


@dataclass(frozen=True, slots=True)
class PrinterHere:
    """One printer with what is known of it."""

    printer: Printer
    form: Format
    what: str
    """Its address, format and paper, for the screen."""


class DevicesHere:
    """The devices of one bench.

    Args:
        printers: By their names.
        health: How each printer was when it was asked last, by name; asks nobody.
        ask: Asks every printer now.
        scanners: (name, trouble) of each scanner with a port of its own, as of now.
        scale: (name, words, is well) of the scale as of now; None where there is none.
        test_label: Draws the test label of a printer.
    """

    def __init__(
        self,
        printers: Mapping[str, PrinterHere],
        health: Callable[[], Iterable[tuple[str, Health]]],
        ask: Callable[[], object],
        scanners: Callable[[], Iterable[tuple[str, str]]],
        scale: Callable[[], tuple[str, str, bool] | None],
        test_label: Callable[[str, Format], bytes],
    ) -> None:
        self._printers = printers
        self._health = health
        self._ask = ask
        self._scanners = scanners
        self._scale = scale
        self._test_label = test_label
        self._levels: dict[str, int] = {}

    def rows(self) -> tuple[DeviceRow, ...]:
        """Return every device as it was when it was last heard of; asks nobody."""
        known = dict(self._health())
        rows = [self._printer_row(name, known.get(name)) for name in self._printers]
        rows.append(DeviceRow("scanner", KEYBOARD, "every scanner that types", "ok", ok=True))
        rows += [
            DeviceRow("scanner", name, "", trouble or "ok", ok=not trouble)
            for name, trouble in self._scanners()
        ]
        scale = self._scale()
        if scale is not None:
            name, words, well = scale
            rows.append(DeviceRow("scale", name, "", words, ok=well))
        return tuple(rows)

    def _printer_row(self, name: str, health: Health | None) -> DeviceRow:
        here = self._printers[name]
        words, well = (health.words, health.ok) if health else ("not asked yet", True)
        return DeviceRow("printer", name, here.what, words, well, self._levels.get(name))

    def form_of(self, name: str) -> Format:
        """Return how papers are written for a printer."""
        return self._printers[name].form

    def ask(self) -> str:
        """Ask every printer how it is."""
        self._ask()
        return "Every printer was asked."

    def test(self, name: str) -> str:
        """Print a test label; say how it went."""
        here = self._printers[name]
        document = self._test_label(name, here.form)
        job = f"test/{name}/{secrets.token_hex(6)}"
        try:
            delivery = here.printer.print(job, "test-label", document)
        except StationError as error:
            return str(error)
        return f"The test label is {delivery} on {name}: look at it, and scan its codes."

    def measure(self, name: str) -> str:
        """Let a printer find where its labels begin and end."""
        why_not = self._tell(name, tuning.measure(self._printers[name].form.name))
        return why_not or f"{name} measures its labels: some come out blank."

    def darker(self, name: str, steps: int) -> str:
        """Print darker by so many steps, or lighter; it is seen on the next test label."""
        level = self._levels.get(name, tuning.USUAL) + steps * tuning.STEP
        level = min(max(level, tuning.LEVELS.start), tuning.LEVELS.stop - 1)
        if why_not := self._tell(name, tuning.darkness(self._printers[name].form.name, level)):
            return why_not
        self._levels[name] = level
        return f"Darkness {level} on {name}: print a test."

    def keep(self, name: str) -> str:
        """Let a printer keep its settings when it is switched off."""
        why_not = self._tell(name, tuning.save(self._printers[name].form.name))
        return why_not or f"{name} keeps its settings."

    def _tell(self, name: str, commands: bytes) -> str:
        """Send settings; return why not, empty when it was done."""
        printer = self._printers[name].printer
        if not commands or not isinstance(printer, Tunable):
            return f"{name} cannot be told that from here: use its own keys."
        try:
            printer.tune(commands)
        except StationError as error:
            return str(error)
        return ""
