"""A printer that is away, empty or in doubt: words on the screen, and work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import SPOON, order
from screens.shop import due
from screens.test_label import sscc, state, verify

from station.devices.simulated import Fault
from station.model import OrderState

if TYPE_CHECKING:
    from screens.shop import Shop

SPOON_CODE = "9520000000035"


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Return a shop with an order for a mug, then one for two spoons."""
    return shop.stock(order("111-1"), order("111-2", (SPOON, 2), ship_by=due(5)))


@pytest.mark.parametrize(
    ("fault", "words"), [(Fault.ABSENT, "not reachable"), (Fault.REFUSED, "paper out")]
)
async def test_says_what_the_printer_lacks(two: Shop, fault: Fault, words: str) -> None:
    """A label that cannot be printed is bought, not printed, with the printer's reason."""
    two.printer.standing = fault
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("LABEL BOUGHT, NOT PRINTED", words)
        await ana.sees("Mend the printer, the label comes then; or F6: set aside and go on.")
        await ana.until(lambda: words in ana.rows[-1] and "store ok" in ana.rows[-1], "status")
        ana.fits()


async def test_closes_the_order_set_aside_when_its_label_comes(two: Shop) -> None:
    """A packed order waits aside, the next is packed, and its label's scan closes it later."""
    two.printer.standing = Fault.ABSENT
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("LABEL BOUGHT, NOT PRINTED")
        label = sscc(ana)
        await ana.press("f6")
        await ana.sees("111-2", "1 set aside", "WOODEN SPOON 30 CM")
        await ana.scan(SPOON_CODE)
        await ana.sees("✓ RIGHT  Wooden spoon 30 cm, 1 of 2")
        two.printer.standing = None
        await ana.until(lambda: len(two.printer.came_out) == 1, "the label")
        assert ana.view.work
        assert ana.view.work.order.order_id == "111-2"
        await ana.press("f9", "f7")
        assert ana.screen == "QueueScreen"
        await ana.sees("1 set aside")
        await ana.scan(label)
        await ana.sees("✓ DONE  Order 111-1 is packed.")
        await ana.until(lambda: "set aside" not in ana.text, "nothing set aside")
        await ana.until(lambda: state(ana, "111-1") == OrderState.SHIPPED, "shipped")
        assert len(two.printer.came_out) == 1


async def test_only_a_packed_order_can_be_set_aside(two: Shop) -> None:
    """F6 before the last unit is refused in words."""
    async with two.open() as ana:
        await ana.press("enter", "f6")
        await ana.sees("✗ REFUSED  Only a packed order whose label has not come can be set aside.")


@pytest.mark.parametrize("fault", [Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED])
async def test_doubtful_label_is_asked(two: Shop, fault: Fault) -> None:
    """When nobody knows whether a label came out, the packer is asked, and nothing repeats."""
    two.printer.script(fault)
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("Look at the printer: did this label come out whole? YES F7 · NO F8")
        await ana.sees("UNSURE about 1")
        assert len(two.printer.came_out) == (fault is Fault.DOUBTFUL_PRINTED)
        ana.fits()


async def test_no_prints_the_doubtful_label_once_more(two: Shop) -> None:
    """NO to a doubtful label prints it again."""
    two.printer.script(Fault.DOUBTFUL_LOST)
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("did this label come out whole?")
        await ana.press("f8")
        await ana.until(lambda: len(two.printer.came_out) == 1, "the label")
        await ana.sees("SCAN THE LABEL", "Stick the label on the box")


async def test_yes_asks_for_the_label_that_came_out(two: Shop) -> None:
    """YES to a doubtful label prints nothing and asks for its scan."""
    two.printer.script(Fault.DOUBTFUL_PRINTED)
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("did this label come out whole?")
        await ana.press("f7")
        await ana.sees("SCAN THE LABEL", "• NOTE  Scan the label's barcode.")
        await ana.scan(sscc(ana))
        await ana.sees("✓ DONE")
        assert len(two.printer.came_out) == 1


async def test_closing_scan_answers_the_doubt(two: Shop) -> None:
    """Scanning a doubtful label proves that it came out: no question is left."""
    two.printer.script(Fault.DOUBTFUL_PRINTED)
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("did this label come out whole?")
        await ana.scan(sscc(ana))
        await ana.sees("✓ DONE  Order 111-1 is packed.", "printer ok")
