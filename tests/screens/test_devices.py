"""The devices of the bench: how each is, a test label, and scans that only try a scanner."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from samples import order

from station import compose, equipment
from station.device_settings import PaperSettings, PrinterSettings, ScaleSettings
from station.devices.pool import Pool
from station.devices.simulated import Fault, SimulatedPrinter
from station.screens.devices import DeviceList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from screens.shop import Packer, Shop

    from station.devices.ports import Delivery

MUG_CODE = "9520000000011"
MUCH = "0123456789" * 40


class Zebra(SimulatedPrinter):
    """A printer that can be set from here, and may take its time over a label."""

    def __init__(self, name: str = "main") -> None:
        super().__init__(name)
        self.told: list[bytes] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def tune(self, commands: bytes) -> None:
        """Take settings."""
        self.told.append(commands)

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Print when it may."""
        assert self.go_on.wait(10)
        return super().print(job, title, document)


@pytest.fixture
def zebra(shop: Shop) -> Zebra:
    """Give the shop's printer, which can be set."""
    shop.printer = Zebra()
    return shop.printer


@asynccontextmanager
async def looked_at(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Packer]:
    """Look at the devices; every printer was asked."""
    async with shop.open(size=size) as ana:
        await ana.press("f7")
        await ana.sees("Every printer was asked."[: size[0] - 2])
        yield ana


async def test_every_device_is_shown(shop: Shop) -> None:
    """Printers, scanners and the scale stand there with their state; Esc goes back."""
    shop.settings = replace(shop.settings, scale=ScaleSettings(url="simulated://bench?grams=0"))
    async with looked_at(shop) as ana:
        await ana.sees("DEVICES", "PRINTERS", "SCANNERS", "SCALE", "F9 show label  Esc back")
        assert ana.row("▸ main").rstrip().endswith("✓ ok")
        assert "ZPL 203 dpi, 4x6: label" in ana.text
        assert ana.row("keyboard").rstrip().endswith("✓ ok")
        ana.fits()
        await ana.press("escape")
        assert ana.screen == "QueueScreen"


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (40, 12)])
async def test_small_terminals_show_the_chosen_printer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """However many devices there are, the one at the cursor is seen with its state."""
    names = [f"printer-{number}" for number in range(9)]
    fleet = {name: PrinterSettings(f"simulated://{name}", "zpl") for name in names}
    house = replace(shop.settings, printers=fleet)
    shop.settings = replace(house, papers=PaperSettings(label=("main", *names)))
    pool = equipment.open_printer(compose.Place(shop.settings, shop.home))
    monkeypatch.setattr(compose, "open_printer", lambda _place: pool)
    last = pool.printers["printer-8"]
    assert isinstance(last, SimulatedPrinter)
    last.standing = Fault.ABSENT
    async with looked_at(shop, size) as ana:
        ana.fits()
        await ana.press(*["down"] * 12)
        assert ana.row("▸ printer-8").rstrip().endswith("! not reachable")
        ana.fits()
        await ana.press(*["up"] * 12)
        assert "✓ ok" in ana.row("▸ main")


async def test_a_test_label_comes_out(shop: Shop, zebra: Zebra) -> None:
    """Enter prints one, in the printer's own language, and says what to do with it."""
    async with looked_at(shop) as ana:
        await ana.press("enter")
        await ana.sees("The test label is sent on main: look at it, and scan its codes.")
        (slip,) = zebra.came_out
        assert (slip.title, slip.document[:3]) == ("test-label", b"^XA")
        await ana.press("f9")
        await ana.sees("TEST LABEL", "Dots per inch")


async def test_a_key_that_is_held_down_prints_one_label(shop: Shop, zebra: Zebra) -> None:
    """While a label is on its way nothing else is asked of a printer; the next one waits."""
    zebra.go_on.clear()
    async with looked_at(shop) as ana:
        await ana.press("enter", "enter", "enter")
        await ana.sees("One moment")
        zebra.go_on.set()
        await ana.sees("The test label is sent")
        await ana.press("f5")
        await ana.sees("Every printer was asked.")  # after all that was asked before
        assert len(zebra.came_out) == 1
        await ana.press("enter")
        await ana.until(lambda: len(zebra.came_out) == 2, "another test label")


async def test_no_scan_waits_for_a_printer(shop: Shop, zebra: Zebra) -> None:
    """A test label that takes its time holds up no order."""
    shop.stock(order("111-1"))
    zebra.go_on.clear()
    async with looked_at(shop) as ana:
        await ana.press("enter")
        await ana.sees("One moment")
        await ana.press("escape", "enter")
        await ana.sees("111-1")
        await ana.scan(MUG_CODE)
        await ana.sees("✓ RIGHT")
        assert not zebra.came_out
        zebra.go_on.set()
        await ana.until(lambda: len(zebra.came_out) > 0, "the test label")


async def test_a_fault_is_told(shop: Shop, zebra: Zebra) -> None:
    """What is wrong is said with what to do, and stands in the printer's row at once."""
    async with looked_at(shop) as ana:
        assert "✓ ok" in ana.row("▸ main")
        zebra.standing = Fault.REFUSED
        await ana.press("enter")
        await ana.sees("Printer main: paper out. Load labels and close the printer.")
        await ana.until(lambda: "! paper out" in ana.row("▸ main"), "its row")
        zebra.standing = None
        await ana.press("f5")
        await ana.until(lambda: "✓ ok" in ana.row("▸ main"), "its row")


async def test_a_fault_of_the_program_is_told(
    shop: Shop, zebra: Zebra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong behind the screen, there is an answer, and the next key works."""
    async with looked_at(shop) as ana:
        monkeypatch.setattr(zebra, "tune", lambda commands: commands[0] / 0)
        await ana.press("f2")
        await ana.sees("A fault of the program: see station.log.")
        await ana.press("enter")
        await ana.sees("The test label is sent")


async def test_darkness_and_labels_are_set(shop: Shop, zebra: Zebra) -> None:
    """The printer is told at once, and its row keeps what it was told."""
    async with looked_at(shop) as ana:
        assert "darkness" not in ana.row("▸ main")
        await ana.press("f4")
        await ana.sees("Darkness 17 on main: print a test.", "main   darkness 17")
        await ana.press("f3")
        await ana.sees("Darkness 15 on main: print a test.", "main   darkness 15")
        await ana.press("f8")
        await ana.sees("main keeps its settings.")
        await ana.press("f2")
        await ana.sees("main measures its labels: some come out blank.")
        assert zebra.told == [b"~SD17", b"~SD15", b"^XA^JUS^XZ", b"~JC"]
        assert not zebra.came_out


async def test_a_scan_is_shown_and_counts_for_nothing(shop: Shop) -> None:
    """What a scanner reads here is shown, safe for a terminal, and never reaches the bench."""
    shop.stock(order("111-1"))
    async with looked_at(shop) as ana:
        before = ana.floor.bench.scanned
        for code in (MUG_CODE, "111-1", "[b]\x1d]d2", MUCH):
            await ana.scan(code)
            await ana.sees(f"Scanned: {code[:6]}".partition("\x1d")[0])
            ana.fits()
        assert ana.floor.bench.scanned == before
        assert ana.view.work is None
        await ana.scan(shop.command("BACK"))
        assert ana.screen == "QueueScreen"


async def test_an_enter_that_ends_a_scan_prints_nothing(shop: Shop, zebra: Zebra) -> None:
    """A scanner may end its codes with CR and LF: neither is the key that prints."""
    async with looked_at(shop) as ana:
        for end in ("\r", "\n", "\r\n", "\t"):
            await ana.scan(MUG_CODE, end=end)
        await ana.sees(f"Scanned: {MUG_CODE}")
        assert not zebra.came_out


async def test_the_weight_is_live(shop: Shop) -> None:
    """What lies on the scale is shown as it changes, without a key."""
    shop.settings = replace(shop.settings, scale=ScaleSettings(url="simulated:scale.txt"))
    file = shop.home / "scale.txt"
    async with looked_at(shop) as ana:
        for grams in (250, 1300):
            file.write_text(f"{grams}\n")
            await ana.sees(f"✓ {grams:,} g")


async def test_one_of_two_printers_is_down(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each printer has its own state; the test label comes out of the chosen one only."""
    main, spare = Zebra(), Zebra("spare")
    main.standing = Fault.ABSENT
    pool = Pool({"main": main, "spare": spare}, {"label": ("main", "spare")})
    fleet = {"spare": PrinterSettings("simulated://spare", "zpl")}
    shop.settings = replace(
        shop.settings, printers=fleet, papers=PaperSettings(label=("main", "spare"))
    )
    monkeypatch.setattr(compose, "open_printer", lambda _place: pool)
    async with looked_at(shop) as ana:
        await ana.until(lambda: "! not reachable" in ana.row("▸ main"), "its row")
        assert "✓ ok" in ana.row("spare ")
        await ana.press("enter")
        await ana.sees("Printer main: not reachable. Switch it on.")
        assert not spare.came_out
        await ana.press("down", "enter")
        await ana.sees("The test label is sent on spare")
        assert len(spare.came_out) == 1


async def test_nothing_is_painted_while_nothing_changes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are the same are not drawn again, however often the clock ticks."""
    async with looked_at(shop) as ana:
        await ana.until(lambda: "✓ ok" in ana.row("▸ main"), "the printer")
        drawn: list[int] = []
        monkeypatch.setattr(DeviceList, "_draw", lambda _self: drawn.append(1))
        desk = ana.app._devices
        assert desk is not None
        for _ in range(50):
            desk.tick()
        assert not drawn
        shop.printer.standing = Fault.REFUSED
        devices = ana.floor.devices
        assert devices is not None
        devices.ask()
        desk.tick()
        assert drawn
