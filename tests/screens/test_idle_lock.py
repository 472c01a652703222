"""A bench that nobody touches locks itself; nothing on it is lost, and nothing stops behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples import MUG, order
from screens.badged_shop import enter, journal

from station.devices.simulated import Fault
from station.pack import Stage

if TYPE_CHECKING:
    from screens.badged_shop import BadgedShop
    from screens.shop import Packer, Shop

MUG_CODE = "9520000000011"
LOCK_S = 15 * 60.0


async def begun(packer: Packer, shop: BadgedShop) -> None:
    """Let Ana pack one of two mugs."""
    await enter(packer, shop, "Ana")
    await packer.press("enter")
    await packer.scan(MUG_CODE)
    await packer.needs("1")


async def test_locks_when_nobody_touches_it(badged: BadgedShop) -> None:
    """After the house's minutes the bench wants badge and PIN, and says what is behind it."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged)
        badged.seconds += LOCK_S - 1
        await packer.pilot.pause(0.15)
        assert packer.screen == "PackScreen"
        badged.seconds += 1
        await packer.sees("Locked: 1 of 2 packed in order 111-1; scan your badge.")
        packer.fits()
        await packer.scan(badged.people["Ana"].badge)
        await packer.sees("Type your PIN.")
        await packer.type_in(badged.people["Ana"].pin)
        await packer.needs("1")
        assert [entry.data for entry in journal(packer, "signed-out")] == [{"by": "idle"}]


async def test_a_key_and_a_scan_keep_it_open(badged: BadgedShop) -> None:
    """A key, a scan and a character half typed each begin the time anew."""
    badged.stock(order("111-1", (MUG, 5)))
    async with badged.open(name="") as packer:
        await begun_with(packer, badged)
        for touch in ("key", "scan", "half"):
            badged.seconds += LOCK_S - 1
            if touch == "key":
                await packer.press("f3")
            elif touch == "scan":
                await packer.scan(MUG_CODE)
            else:
                await packer.scan("9", end="")
            await packer.pilot.pause(0.15)
            assert packer.screen == "PackScreen"


async def begun_with(packer: Packer, shop: BadgedShop) -> None:
    """Let Ana open an order."""
    await enter(packer, shop, "Ana")
    await packer.press("enter")
    await packer.needs("5")


async def test_another_one_goes_on_under_his_name(badged: BadgedShop) -> None:
    """Whoever unlocks the bench takes the order over: what follows is recorded under his name."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged)
        badged.seconds += LOCK_S
        await packer.sees("Locked")
        await enter(packer, badged, "Bo")
        await packer.scan(MUG_CODE)
        about = packer.floor.bench._journal.about("111-1")
        assert [e.packer for e in about if e.kind == "scanned"] == ["Ana", "Bo"]


async def test_labels_come_while_it_is_locked(badged: BadgedShop) -> None:
    """A label that waits for the printer is printed behind the lock, under the packer's name."""
    badged.stock(order("111-1", (MUG, 1)))
    badged.printer.standing = Fault.REFUSED
    async with badged.open(name="") as packer:
        await enter(packer, badged, "Ana")
        await packer.press("enter")
        await packer.scan(MUG_CODE)
        await packer.sees("LABEL BOUGHT, NOT PRINTED")
        badged.seconds += LOCK_S
        await packer.sees("Locked: 1 of 1 packed")
        badged.printer.standing = None
        spool = packer.floor.bench.shipping._spool
        spool.retry_now()
        await packer.until(lambda: bool(badged.printer.came_out), "a label")
        await enter(packer, badged, "Ana")
        await packer.sees("SCAN THE LABEL")
        work = packer.view.work
        assert work is not None
        assert work.pack.stage == Stage.LABEL


async def test_an_open_dialog_does_not_keep_it_open(badged: BadgedShop) -> None:
    """A help or problem screen that was left open is gone when the bench locks."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged)
        await packer.press("f4")
        assert packer.screen == "ProblemScreen"
        badged.seconds += LOCK_S
        await packer.sees("Locked")
        assert packer.screen == "SignIn"


async def test_never_locks_where_names_are_taken(shop: Shop) -> None:
    """A bench without badges stays open for as long as its packer is away."""
    async with shop.open() as packer:
        entrance = packer.app._entrance
        assert entrance is not None
        entrance._touched -= 1_000_000
        entrance.tick("")
        assert packer.screen == "QueueScreen"
