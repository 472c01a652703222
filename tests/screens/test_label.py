"""From the last unit to the closing scan: whose label, bought, printed, seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import order
from screens.shop import due

from station.errors import StoreUnreachable
from station.model import OrderState

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"
UPS = "1Z999AA10123456784"
ODD = "ZQ73M9221145"
"""A number that no known carrier claims."""


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Return a shop with two orders for one mug each."""
    return shop.stock(order("111-1"), order("111-2", ship_by=due(5)))


async def verify(ana: Packer) -> None:
    """Take the most urgent order and scan its mug."""
    await ana.press("enter")
    await ana.scan(MUG_CODE)


def sscc(ana: Packer) -> str:
    """Return what the big barcode of the label in hand says."""
    work = ana.view.work
    assert work
    assert work.pack.label
    return "00" + work.pack.label.tracking_id


def state(ana: Packer, order_id: str) -> OrderState:
    """Return where the store has an order."""
    found = ana.floor.store.order(order_id)
    assert found
    return found[1]


async def test_own_label_comes_with_the_last_unit(two: Shop) -> None:
    """With the last unit a label of ours is bought and printed once, and its scan is asked for."""
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL", f"SSCC …{sscc(ana)[-6:]}")
        await ana.sees("Stick the label on the box and scan its big barcode at the bottom.")
        await ana.until(lambda: len(two.printer.came_out) == 1, "a label")
        assert sscc(ana).encode()[2:] in two.printer.came_out[0].document


async def test_closing_scan_closes_the_order(two: Shop) -> None:
    """The scan of the right label is DONE, leads to the queue, and tells the store."""
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.scan(sscc(ana))
        await ana.sees("✓ DONE  Order 111-1 is packed.", "1 waiting")
        assert ana.screen == "QueueScreen"
        await ana.until(lambda: state(ana, "111-1") == OrderState.SHIPPED, "shipped")
        assert len(two.printer.came_out) == 1


async def test_label_of_another_box_is_wrong(two: Shop) -> None:
    """The label of another parcel on this box is WRONG, and nothing is closed."""
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.scan("00095212340000000990")
        await ana.sees("✗ WRONG  this label is not of this order.", "SCAN THE LABEL")
        assert state(ana, "111-1") != OrderState.SHIPPED


async def test_reprints_the_same_label(two: Shop) -> None:
    """F5 prints the same bytes again and says what to do with the other one."""
    async with two.open() as ana:
        await verify(ana)
        await ana.until(lambda: len(two.printer.came_out) == 1, "a label")
        await ana.sees("SCAN THE LABEL")
        await ana.press("f5")
        await ana.sees("label prints again. Destroy the other one.")
        await ana.until(lambda: len(two.printer.came_out) == 2, "a second label")
        first, second = two.printer.came_out
        assert first.document == second.document


async def test_label_is_coming_while_the_store_is_away(
    two: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label that cannot be bought yet is coming, in words; it comes when the store is back."""
    async with two.open() as ana:

        def away(*_args: object) -> None:
            raise StoreUnreachable("The store is away.", "Wait.")

        with monkeypatch.context() as outage:
            outage.setattr(ana.floor.store, "begin_purchase", away)
            await verify(ana)
            await ana.sees("LABEL IS COMING", "Close the box; the label is being made.")
            ana.fits()
        await ana.hear("queue")
        await ana.sees("SCAN THE LABEL")


async def test_label_that_cannot_be_made_says_why(shop: Shop) -> None:
    """Without a GS1 prefix there is no label of ours: the reason and the remedy are words."""
    shop.stock(order("111-1"))
    shop.settings = shop.settings.__class__()
    shop.labels("own")
    async with shop.open() as ana:
        await verify(ana)
        await ana.sees("✗ REFUSED", "SCAN THE CARRIER LABEL")


async def test_carrier_label_is_asked_for(two: Shop) -> None:
    """A house without labels of its own asks for the carrier's, and Enter for our own."""
    two.labels("carrier")
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE CARRIER LABEL", "All units are in the box.")
        await ana.sees(
            "Scan the tracking barcode of the carrier label, or press Enter to print one."
        )


async def test_carrier_label_closes_with_its_scan(two: Shop) -> None:
    """The tracking barcode of a known carrier's label closes the order; nothing is printed."""
    two.labels("carrier")
    async with two.open() as ana:
        await verify(ana)
        await ana.scan(UPS)
        await ana.sees("✓ DONE  Order 111-1 is packed.")
        await ana.until(lambda: state(ana, "111-1") == OrderState.SHIPPED, "shipped")
        assert two.printer.came_out == []


async def test_used_number_is_refused(two: Shop) -> None:
    """The label of a parcel that has left is REFUSED for the next one, with the order's id."""
    two.labels("carrier")
    async with two.open() as ana:
        await verify(ana)
        await ana.scan(UPS)
        await ana.sees("✓ DONE")
        await verify(ana)
        await ana.scan(UPS)
        await ana.sees("✗ REFUSED  This tracking id was used for order 111-1.")
        assert state(ana, "111-2") != OrderState.SHIPPED


async def test_doubtful_number_is_asked(two: Shop) -> None:
    """A number that no known carrier claims is a question with its two keys in the sentence."""
    two.labels("carrier", "Sample Parcel", "Other Parcel")
    async with two.open() as ana:
        await verify(ana)
        await ana.scan(ODD)
        await ana.sees("• QUESTION  Is this a Sample Parcel label?")
        await ana.sees("Is this a Sample Parcel label? YES F7 · NO F8")
        await ana.press("f8")
        await ana.sees("Is this a Other Parcel label? YES F7 · NO F8")
        await ana.press("f7")
        await ana.sees("✓ DONE  Order 111-1 is packed.")


async def test_no_to_everything_changes_nothing(two: Shop) -> None:
    """NO to the last carrier leaves the order as it was."""
    two.labels("carrier", "Sample Parcel")
    async with two.open() as ana:
        await verify(ana)
        await ana.scan(ODD)
        await ana.press("f8")
        await ana.sees("• NOTE  Nothing was changed.", "SCAN THE CARRIER LABEL")


async def test_unknown_number_is_no_label(two: Shop) -> None:
    """A code that can be no label is UNKNOWN."""
    two.labels("carrier")
    async with two.open() as ana:
        await verify(ana)
        await ana.scan("HELLO WORLD?")
        await ana.sees("✗ UNKNOWN  This is no label that we know.")


async def test_own_label_on_demand(two: Shop) -> None:
    """Where own labels are asked for, Enter brings one."""
    two.labels("own-asked")
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE CARRIER LABEL")
        await ana.press("enter")
        await ana.sees("SCAN THE LABEL")
        await ana.until(lambda: len(two.printer.came_out) == 1, "a label")


async def test_giving_a_packed_order_back_is_asked(two: Shop) -> None:
    """F9 with units in the box asks first; YES puts the order back and makes its label void."""
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.press("f9")
        await ana.sees("Give the order back and put every unit back? YES F7 · NO F8")
        await ana.press("f8")
        await ana.sees("SCAN THE LABEL")
        await ana.press("f9", "f7")
        await ana.sees("Given back to the queue.")
        await ana.until(lambda: ana.floor.store.label("111-1") is None, "a void label")


async def test_store_hears_of_the_label_at_once(two: Shop) -> None:
    """What was done behind the screen goes to the store at once, not with the next scan."""
    async with two.open() as ana:
        await verify(ana)
        await ana.sees("SCAN THE LABEL")
        await ana.delivered()
