"""The devices of a bench: what is told of each, and what a printer is told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from station.devices import tuning
from station.devices.pool import Pool
from station.devices.ports import Delivery
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices_here import DevicesHere, PrinterHere
from station.errors import DeviceAbsent
from station.forms import Format

ZPL, PDF = Format("zpl", 203), Format("pdf", 300, "a4")


@dataclass
class Zebra(SimulatedPrinter):
    """A printer that can be set from here, and remembers what it was told."""

    told: list[bytes] = field(default_factory=list)
    is_off: bool = False

    def __post_init__(self) -> None:
        """Begin like every simulated printer."""
        super().__init__("main")

    def tune(self, commands: bytes) -> None:
        """Take settings."""
        if self.is_off:
            raise DeviceAbsent("Printer main: not reachable.", "Switch it on.")
        self.told.append(commands)


@dataclass
class Corner:
    """A bench with a label printer and an office printer."""

    zebra: Zebra = field(default_factory=Zebra)
    office: SimulatedPrinter = field(default_factory=lambda: SimulatedPrinter("office"))
    form: Format = ZPL

    def __post_init__(self) -> None:
        """Make the printers a pool that was asked nothing yet."""
        self.pool = Pool({"main": self.zebra, "office": self.office}, {"label": ("main",)})

    @property
    def here(self) -> DevicesHere:
        """The devices as the bench has them."""
        return DevicesHere(
            self.pool,
            {
                "main": PrinterHere(self.form, "tcp://zebra:9100 · zpl · 203 dpi · 4x6"),
                "office": PrinterHere(PDF, "cups://office · pdf · a4"),
            },
            lambda: [("ttyACM0", ""), ("ttyACM1", "unplugged")],
            lambda: ("scale", "1,250 g", True),
            lambda name, form: f"{name} {form.name}".encode(),
        )


def test_every_device_has_a_row() -> None:
    """Printers, the keyboard, scanners with a port and the scale are told with their trouble."""
    corner = Corner()
    corner.zebra.standing = Fault.REFUSED
    corner.pool.ask("main")
    rows = [(row.kind, row.name, row.words, row.ok) for row in corner.here.rows()]
    assert rows == [
        ("printer", "main", "paper out", False),
        ("printer", "office", "not asked yet", True),
        ("scanner", "keyboard", "ok", True),
        ("scanner", "ttyACM0", "ok", True),
        ("scanner", "ttyACM1", "unplugged", False),
        ("scale", "scale", "1,250 g", True),
    ]


def test_the_test_label_is_in_the_printers_own_form() -> None:
    """A test label goes to the printer it was asked of, drawn for that one."""
    corner = Corner()
    assert "scan its codes" in corner.here.test("office")
    assert [slip.document for slip in corner.office.came_out] == [b"office pdf"]
    assert not corner.zebra.came_out


def test_a_fault_is_told_in_words() -> None:
    """What is wrong with a printer is the answer, with what to do, and stands in its row."""
    corner = Corner()
    corner.zebra.standing = Fault.REFUSED
    here = corner.here
    assert here.rows()[0].words == "not asked yet"
    assert here.test("main") == "Printer main: paper out. Load labels and close the printer."
    assert here.rows()[0].words == "paper out"


def test_darkness_goes_up_and_down_within_its_range() -> None:
    """Each step is sent and remembered, and ends at the printer's own limits."""
    corner = Corner()
    here = corner.here
    assert here.darker("main", 1) == "Darkness 17 on main: print a test."
    for _ in range(20):
        here.darker("main", 1)
    assert corner.zebra.told[-1] == b"~SD30"
    for _ in range(20):
        here.darker("main", -1)
    assert corner.zebra.told[-1] == b"~SD00"
    assert here.rows()[0].level == 0
    assert here.keep("main") == "main keeps its settings."
    assert corner.zebra.told[-1] == b"^XA^JUS^XZ"


def test_a_printer_that_cannot_be_told_says_so() -> None:
    """An office printer has no darkness here, and nothing is sent to it."""
    corner = Corner()
    here = corner.here
    for words in (here.measure("office"), here.darker("office", 1), here.keep("office")):
        assert words == "office cannot be told that from here: use its own keys."
    assert here.rows()[1].level is None
    assert not corner.office.came_out


def test_a_level_that_was_not_sent_is_not_remembered() -> None:
    """While the printer is off its darkness stays what it was."""
    corner = Corner()
    corner.zebra.is_off = True
    here = corner.here
    assert "not reachable" in here.darker("main", 1)
    assert here.rows()[0].level is None


@pytest.mark.parametrize("language", ["tspl", "epl2"])
def test_a_printer_that_keeps_by_itself_says_so(language: str) -> None:
    """Where no command is needed none is sent, and nobody is sent to the printer's own keys."""
    corner = Corner(form=Format(language, 203))
    assert corner.here.keep("main") == "main keeps its settings by itself."
    assert not corner.zebra.told


@pytest.mark.parametrize("language", ["zpl", "tspl", "epl2", "escpos", "png"])
def test_commands_never_print(language: str) -> None:
    """No setting holds a label: a printer that is set up wastes no number."""
    sent = tuning.measure(language) + tuning.darkness(language, 30) + tuning.save(language)
    assert b"^FD" not in sent
    assert b"PRINT" not in sent
    assert b"P1" not in sent


def test_a_sent_label_is_told_as_sent() -> None:
    """The words do not claim more than the printer said."""
    corner = Corner()
    corner.zebra.delivery = Delivery.SENT
    assert "is sent on main" in corner.here.test("main")
