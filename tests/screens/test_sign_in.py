"""The first screen: who packs here, and why the station cannot work."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from samples import MUG, order

from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.shop import Shop

    from station.floor import Floor
    from station.messages import BenchChanged


async def test_asks_for_a_name(shop: Shop) -> None:
    """The first screen says what it wants and how, and which key ends the program."""
    async with shop.open(name="") as packer:
        await packer.sees("STATION", "Who packs here?", "Ready.", "F10 end")
        await packer.sees("Type your name, then press Enter.")
        packer.fits()


async def test_is_there_before_the_store(shop: Shop) -> None:
    """The screen asks for a name while the store is still being opened."""
    may_open = threading.Event()

    def slow(post: Callable[[BenchChanged], object]) -> Floor:
        assert may_open.wait(5)
        return shop.floor(post)

    async with shop.run(slow) as packer:
        await packer.sees("Who packs here?", "Opening the order store …")
        may_open.set()
        await packer.sees("Ready.")


async def test_shows_and_mends_what_is_typed(shop: Shop) -> None:
    """A name grows as it is typed, Backspace takes a letter back, Enter signs in."""
    async with shop.open(name="") as packer:
        await packer.scan("Anna", end="")
        await packer.sees("Anna▏")
        await packer.press("backspace", "backspace")
        await packer.sees("An▏")
        await packer.type_in("a")
        await packer.sees("BENCH-1 · Ana")
        assert packer.screen == "QueueScreen"


async def test_takes_no_empty_name(shop: Shop) -> None:
    """Enter without a name, and a name of blanks, leave the packer where he is."""
    async with shop.open(name="") as packer:
        await packer.press("enter")
        await packer.scan("   ")
        assert packer.screen == "SignIn"
        assert shop.rings == 1


async def test_takes_a_scanned_name(shop: Shop) -> None:
    """A badge that holds a name signs its owner in."""
    async with shop.open(name="") as packer:
        await packer.scan("Jürgen Weiß")
        await packer.sees("BENCH-1 · Jürgen Weiß")


async def test_takes_no_command_for_a_name(shop: Shop) -> None:
    """A command barcode is nobody's name: the record of who packed what depends on it."""
    async with shop.open(name="") as packer:
        await packer.scan(shop.command("LOGOUT"))
        assert packer.screen == "SignIn"
        assert shop.rings == 1


async def test_takes_no_broken_scan_for_a_name(shop: Shop) -> None:
    """A badge that broke off in the middle signs nobody in."""
    async with shop.open(name="", pause_s=0.05) as packer:
        await packer.break_off("Konstan")
        assert packer.screen == "SignIn"


async def test_says_why_it_cannot_work(shop: Shop) -> None:
    """A station that cannot open says why and what to do, all of it readable at 80 columns."""
    words = "store.db was written by a newer version of station (9, this is 1)."
    remedy = "Install the newer version again; this one touches nothing."

    def broken(_post: Callable[[BenchChanged], object]) -> Floor:
        raise ConfigError(words, remedy)

    async with shop.run(broken) as packer:
        await packer.sees("store.db was written by", "touches nothing")
        assert shop.rings == 1
        shown = " ".join(packer.text.split())
        assert words in shown
        assert remedy in shown


async def test_ends_the_program(shop: Shop) -> None:
    """F10 at the sign-in ends the program."""
    async with shop.open(name="") as packer:
        await packer.press("f10")
        assert packer.app._exit


async def test_next_packer_goes_on_with_the_order_in_hand(shop: Shop) -> None:
    """After a sign-out at the queue and a new name, work is recorded under the new name."""
    shop.stock(order("111-1", (MUG, 1)))
    async with shop.open() as packer:
        await packer.press("f10")
        await packer.sees("Who packs here?")
        await packer.type_in("Bo")
        await packer.press("enter")
        await packer.sees("BENCH-1 · Bo", "111-1")
        about = packer.floor.bench._journal.about("111-1")
        assert [entry.packer for entry in about] == ["Bo"]
