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

    from station.devices.pool import Pool
    from station.devices.ports import Health
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
    """What the settings say of a printer."""

    form: Format
    what: str
    """Its address, format and paper, for the screen."""


class DevicesHere:
    """The devices of one bench.

    Args:
        pool: The printers.
        settings: What is written of each of them, by name.
        scanners: (name, trouble) of each scanner with a port of its own, as of now.
        scale: (name, words, is well) of the scale as of now; None where there is none.
        test_label: Draws the test label of a printer.
    """

    def __init__(
        self,
        pool: Pool,
        settings: Mapping[str, PrinterHere],
        scanners: Callable[[], Iterable[tuple[str, str]]],
        scale: Callable[[], tuple[str, str, bool] | None],
        test_label: Callable[[str, Format], bytes],
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._scanners = scanners
        self._scale = scale
        self._test_label = test_label
        self._levels: dict[str, int] = {}

    def rows(self) -> tuple[DeviceRow, ...]:
        """Return every device as it was when it was last heard of; asks nobody."""
        rows = [self._printer_row(name, health) for name, health in self._pool.each()]
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

    def _printer_row(self, name: str, health: Health) -> DeviceRow:
        what, level = self._settings[name].what, self._levels.get(name)
        return DeviceRow("printer", name, what, health.words, health.ok, level)

    def form_of(self, name: str) -> Format:
        """Return how papers are written for a printer."""
        return self._settings[name].form

    def ask(self) -> str:
        """Ask every printer how it is."""
        self._pool.health()
        return "Every printer was asked."

    def test(self, name: str) -> str:
        """Print a test label on this printer and no other; say how it went."""
        job = f"test/{name}/{secrets.token_hex(6)}"
        try:
            document = self._test_label(name, self.form_of(name))
            delivery = self._pool.print_on(name, job, "test-label", document)
        except StationError as error:
            return str(error)
        return f"The test label is {delivery} on {name}: look at it, and scan its codes."

    def measure(self, name: str) -> str:
        """Let a printer find where its labels begin and end."""
        why_not = self._tell(name, tuning.measure(self.form_of(name).name))
        return why_not or f"{name} measures its labels: some come out blank."

    def darker(self, name: str, steps: int) -> str:
        """Print darker by so many steps, or lighter; it is seen on the next test label.

        How dark a printer is is not asked: the first step begins at the usual level.
        """
        level = self._levels.get(name, tuning.USUAL) + steps * tuning.STEP
        level = min(max(level, tuning.LEVELS.start), tuning.LEVELS.stop - 1)
        if why_not := self._tell(name, tuning.darkness(self.form_of(name).name, level)):
            return why_not
        self._levels[name] = level
        return f"Darkness {level} on {name}: print a test."

    def keep(self, name: str) -> str:
        """Let a printer keep its settings when it is switched off."""
        language = self.form_of(name).name
        if tuning.measure(language) and not tuning.save(language):
            return f"{name} keeps its settings by itself."
        return self._tell(name, tuning.save(language)) or f"{name} keeps its settings."

    def _tell(self, name: str, commands: bytes) -> str:
        """Send settings; return why not, empty when it was done."""
        printer = self._pool.printers[name]
        if not commands or not isinstance(printer, Tunable):
            return f"{name} cannot be told that from here: use its own keys."
        try:
            printer.tune(commands)
        except StationError as error:
            return str(error)
        return ""
