"""A shop with one bench for the screen tests, and a packer who looks and types."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from samples import NOON, PRODUCTS
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.renderables.digits import DIGITS, DIGITS3X3, DIGITS3X3_BOLD

from station import commands, compose
from station.app import StationApp
from station.barcodes import signed
from station.config import Settings, ShipFrom, ShippingSettings
from station.device_settings import USUAL_PRINTER, PrinterSettings
from station.devices.pool import Pool
from station.devices.simulated import SimulatedPrinter
from station.messages import BenchChanged
from station.store.sql import SqlOrderStore
from station.wedge import Wedge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from station.compose import Parts
    from station.floor import Coach, Floor
    from station.model import Order, Product
    from station.sync.link import Link
    from station.view import View

Labels = Literal["carrier", "own", "own-asked"]
PATIENCE_S = 5.0
"""Seconds that something behind the screen may take before a test gives up."""

HOUSE = replace(
    Settings(),
    ship_from=ShipFrom(name="Sample Shop", lines=("1 Yard",), city="Town", country="US"),
    shipping=ShippingSettings(label="own", gs1_company_prefix="9521234"),
    printer=PrinterSettings(format="zpl"),
)
_BIG = {
    tuple(row.ljust(3) for row in font[i * 3 : i * 3 + 3]): sign
    for font in (DIGITS3X3, DIGITS3X3_BOLD)
    for i, sign in enumerate(DIGITS)
    if sign.isdigit()
}
"""Three rows of box drawing → the digit that a person reads in them."""


@dataclass
class Shop:
    """A data folder with a store, a printer that does what it is told, and the app over them."""

    home: Path
    printer: SimulatedPrinter = field(default_factory=SimulatedPrinter)
    settings: Settings = HOUSE
    now: datetime = NOON
    coach: Callable[[Parts], Coach] | None = None
    news: bool = True
    """Whether the app hears at once when something was printed or sent to the store."""
    rings: int = 0
    """How often the bench rang."""
    _floors: list[Floor] = field(default_factory=list)

    @property
    def pool(self) -> Pool:
        """The printer as the only one of the bench."""
        return Pool({USUAL_PRINTER: self.printer}, {"label": (USUAL_PRINTER,)})

    def stock(self, *orders: Order, products: Sequence[Product] = PRODUCTS) -> Shop:
        """Bring products and orders in."""
        store = SqlOrderStore.open(f"sqlite:///{self.home / 'store.db'}")
        store.put_products(products)
        store.put_orders(orders, channel="amazon")
        store.close()
        return self

    def labels(self, label: Labels, *others: str) -> Shop:
        """Choose whose labels are used, and the names of further carriers."""
        shipping = replace(self.settings.shipping, label=label, other_carriers=others)
        self.settings = replace(self.settings, shipping=shipping)
        return self

    def command(self, word: str) -> str:
        """Return the text of a command's barcode, as the printed sheet has it."""
        return signed("CMD", word, compose.site_key(self.home))

    def ring(self) -> None:
        """Count a bell."""
        self.rings += 1

    def floor(self, post: Callable[[BenchChanged], object]) -> Floor:
        """Open the station as the program does."""
        place = compose.Place(self.settings, self.home)
        floor = compose.open_floor(
            place,
            lambda: post(BenchChanged()) if self.news else None,
            self.coach,
            lambda: self.now,
        )
        self._floors.append(floor)
        return floor

    @asynccontextmanager
    async def run(
        self,
        opener: Callable[[Callable[[BenchChanged], object]], Floor],
        size: tuple[int, int] = (80, 24),
        pause_s: float = 0,
    ) -> AsyncIterator[Packer]:
        """Run the app over what the opener opens."""
        app = StationApp(opener, Wedge(pause_s=pause_s), self.settings.station.id)
        app.bell = self.ring  # type: ignore[method-assign]  # a bell without a terminal
        try:
            async with app.run_test(size=size) as pilot:
                yield Packer(app, pilot, self)
                await walk_away(app, pilot)
        finally:
            while self._floors:
                self._floors.pop().close()

    @asynccontextmanager
    async def open(
        self, name: str = "Ana", size: tuple[int, int] = (80, 24), *, pause_s: float = 0
    ) -> AsyncIterator[Packer]:
        """Run the app over this shop, with a packer signed in unless the name is empty."""
        async with self.run(self.floor, size, pause_s) as packer:
            await packer.until(lambda: packer.app._desk is not None, "an open store")
            if name:
                await packer.type_in(name)
            yield packer


@dataclass
class Packer:
    """The eyes and the hands in front of a running app."""

    app: StationApp
    pilot: Pilot[None]
    shop: Shop
    _at: float = field(default_factory=time.monotonic)
    """The time of the next key: a test is not slower or faster than a packer."""

    # — hands —
    async def scan(self, text: str, end: str = "\r") -> None:
        """Let the scanner type a code with its end, as the terminal would hand it over."""
        for event in XTermParser().feed(text + end):
            if isinstance(event, Key):
                self._key(event, 0.004)
        await self.settle()

    async def type_in(self, text: str) -> None:
        """Type a word like a person, and Enter."""
        for char in text:
            self._key(Key(char, char), 0.15)
        await self.press("enter")

    async def break_off(self, text: str) -> None:
        """Let the scanner type half a code, just now, and wait until the pause was noticed."""
        self._at = time.monotonic()
        await self.scan(text, end="")
        await self.until(lambda: not self.app._wedge.pending, "the end of the broken scan")
        await self.settle()

    async def paste(self, text: str) -> None:
        """Let the terminal hand over a bracketed paste, as some scanners' drivers do."""
        self._at += 0.5
        event = Paste(text)
        event.time = self._at
        self.app.post_message(event)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys like a person."""
        for key in keys:
            self._key(Key(key, {"enter": "\r", "escape": "\x1b"}.get(key)), 0.5)
            await self.settle()

    def _key(self, key: Key, after_s: float) -> None:
        self._at += after_s
        key.time = self._at
        self.app.post_message(key)

    async def settle(self) -> None:
        """Let the app do everything that the last key led to, its threads included."""
        for _ in range(2):
            await self.pilot.pause(0)
            await self.app.workers.wait_for_complete()
        await self.pilot.pause(0)

    async def hear(self, message: Literal["bench", "queue"]) -> None:
        """Let news from elsewhere come in, as the link and the clock bring it."""
        if message == "bench":
            self.app.post_message(BenchChanged())
        else:
            assert self.app._desk
            self.app._desk.refresh()
            link: Link = self.floor.wake.__self__  # type: ignore[attr-defined]
            await asyncio.to_thread(link.once)
            self.app.post_message(BenchChanged())
        await self.settle()

    # — eyes —
    @property
    def rows(self) -> list[str]:
        """The screen, row by row, as text without colours."""
        compositor = self.app.screen._compositor
        background = self.app._background_screens
        update = compositor.render_update(full=True, screen_stack=background)
        lines = getattr(update, "strips", [])
        return ["".join(strip.text for strip in line) for line in lines]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.rows)

    @property
    def screen(self) -> str:
        """The name of what is on the screen."""
        return type(self.app.screen).__name__

    @property
    def big(self) -> str:
        """The number in big digits, read from what is drawn; empty when there is none."""
        rows = [row[:12] for row in self.rows]
        for top in range(len(rows) - 2):
            found = [
                _BIG.get(tuple(row[x : x + 3].ljust(3) for row in rows[top : top + 3]), "")
                for x in range(12)
            ]
            if number := "".join(found):
                return number
        return ""

    @property
    def view(self) -> View:
        """What the bench tells the screens."""
        return self.app.view

    @property
    def floor(self) -> Floor:
        """The opened station."""
        assert self.app._desk
        return self.app._desk._floor

    def row(self, words: str) -> str:
        """Return the first row that holds the words; the screen is shown when none does."""
        found = next((row for row in self.rows if words in row), None)
        assert found is not None, f"{words!r} is not on the screen:\n{self.text}"
        return found

    def lacks(self, *words: str) -> None:
        """Make sure that none of the words is on the screen."""
        for each in words:
            assert each not in self.text, f"{each!r} is on the screen:\n{self.text}"

    async def sees(self, *words: str) -> None:
        """Wait until all the words are on the screen."""

        def seen() -> bool:
            text = self.text
            return all(each in text for each in words)

        await self.until(seen, *words)

    async def needs(self, number: str) -> None:
        """Wait until this is the number in big digits."""
        await self.until(lambda: self.big == number, f"a big {number or 'nothing'}")

    async def until(self, true: Callable[[], bool], *what: str) -> None:
        """Wait until something is true."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > end:
                missing = [each for each in what if each not in self.text] or [*what]
                raise AssertionError(f"waited for {missing} at:\n{self.text}")
            await asyncio.sleep(0.002)
            await self.pilot.pause(0)

    async def delivered(self) -> None:
        """Wait until the store has the whole journal."""
        journal = self.floor.bench._journal
        await self.until(lambda: not journal.backlog(), "the journal at the store")

    def fits(self) -> None:
        """Make sure that every row has exactly the screen's width, and no control character."""
        width, height = self.app.size
        rows = self.rows
        text = "\n".join(rows)
        assert len(rows) == height
        assert {cell_len(row) for row in rows} == {width}, text
        assert not [char for char in text if char != "\n" and not char.isprintable()]


async def walk_away(app: StationApp, pilot: Pilot[None]) -> None:
    """Stop what the app does by itself, so that a test of something else ends in peace."""
    app._desk = None
    for timer in tuple(app._timers):
        timer.stop()
    if app.is_running:
        await pilot.pause(0.002)


def due(hours: float) -> datetime:
    """Return the time so many hours after noon."""
    return NOON + timedelta(hours=hours)


def keys_of(screen: commands.Screen) -> dict[str, str]:
    """Return word → key of a screen's commands."""
    return {command.word: key for key, command in commands.on_screen(screen)}
