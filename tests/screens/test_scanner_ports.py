"""Scanners with ports of their own, at the bench: what they read counts, and who is away."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samples import SPOON, order

from station import compose
from station.device_settings import ScannerSettings
from station.devices import scanning
from station.messages import BenchChanged, ScanRead

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from screens.shop import Packer, Shop

    from station.floor import Floor

SPOON_CODE = "9520000000035"


@asynccontextmanager
async def opened(shop: Shop, name: str = "Ana") -> AsyncIterator[Packer]:
    """Run the app with a simulated scanner at a port, a packer signed in, its order in hand."""
    shop.stock(order("111-2", (SPOON, 3)))
    shop.settings = replace(shop.settings, scanner=ScannerSettings(ports=("simulated://hand",)))

    def floor(post: Callable[[Any], object]) -> Floor:
        return compose.open_floor(
            compose.Place(shop.settings, shop.home),
            lambda: post(BenchChanged()),
            heard=lambda read, at: post(ScanRead(read.text, at, whole=read.whole)),
        )

    floors: list[Floor] = []

    def kept(post: Callable[[Any], object]) -> Floor:
        floors.append(floor(post))
        return floors[0]

    async with shop.run(kept) as packer:
        await packer.until(lambda: packer.app._desk is not None, "an open store")
        await packer.until(lambda: floors[0].scanners() == (("hand", ""),), "the scanner")
        if name:
            await packer.type_in(name)
            await packer.press("enter")
        await asyncio.sleep(0.06)
        yield packer
    floors[0].close()


async def test_its_scans_count_like_typed_ones(shop: Shop) -> None:
    """A code from the port is judged at once; half a typed code beside it stays its own."""
    async with opened(shop) as ana:
        await ana.scan(SPOON_CODE[:3], end="")
        with (shop.home / "simulated" / "hand.scans").open("a") as out:
            out.write(f"{SPOON_CODE}\n")
        await ana.sees("✓ RIGHT  Wooden spoon 30 cm, 1 of 3")
        await ana.scan(SPOON_CODE[3:])
        await ana.sees("✓ RIGHT  Wooden spoon 30 cm, 2 of 3")


async def test_a_broken_command_is_not_done(shop: Shop) -> None:
    """What is not whole is no command, even if all of one can be read in it."""
    async with opened(shop) as ana:
        await ana.scan(SPOON_CODE)
        await ana.sees("✓ RIGHT  Wooden spoon 30 cm, 1 of 3")
        ana.app.post_message(ScanRead(shop.command("UNDO"), 1.0, whole=False))
        await ana.sees("SCAN AGAIN  The code broke off", "1/3")


async def test_a_scanner_that_is_away_is_named(shop: Shop) -> None:
    """The last row says which scanner was unplugged, until it is back."""
    async with opened(shop) as ana:
        file = shop.home / "simulated" / "hand.scans"
        file.unlink()
        file.mkdir()
        await ana.until(lambda: "scanner hand unplugged" in ana.rows[-1], "the words")
        file.rmdir()
        await ana.until(lambda: "scanner hand" not in ana.rows[-1], "its return")


async def test_the_sign_in_says_once_that_no_scanner_was_learnt(shop: Shop) -> None:
    """The hint stands at the sign-in until a scanner was learnt."""
    async with shop.open("") as packer:
        await packer.sees("Ready.", "scanner not learnt: station scanner learn")
    scanning.mark_learnt(shop.home)
    async with shop.open("") as packer:
        await packer.sees("Ready.")
        assert "learnt" not in "\n".join(packer.rows)
