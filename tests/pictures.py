"""Draw the pictures of the documentation, screens and papers: `make pictures`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import contact_sheet

from station import __version__, boarding, compose, demo, enrolment, floor
from station.commands import DEVICES, GIVE_BACK, NEXT, PROBLEM, YES, Command
from station.config import StationSettings
from station.device_settings import (
    BoxSettings,
    PaperSettings,
    PrinterSettings,
    ScaleSettings,
    ScannerSettings,
)
from station.enrolment import Enrolment
from station.model import OrderState
from station.overview import Pulse
from station.store.service import server, tokens
from station.store.service.server import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App
    from textual.pilot import Pilot

    from station.app import StationApp
    from station.store.sql import SqlOrderStore

SIZE = (80, 24)
PATIENCE_S = 30.0
ORDER = "902-4425838-3400834"
"""An order of the demo with three lines."""
BIG_ORDER = "902-4449595-3502085"
"""An order of the demo for six of one thing."""


@dataclass(frozen=True, slots=True)
class Packer:
    """Somebody at a bench who keeps pictures of its screen."""

    pilot: Pilot[None]
    app: StationApp
    folder: Path

    def picture(self) -> str:
        """Return the screen as SVG that fetches no font from anywhere."""
        return drawn(self.app)

    def keep(self, name: str) -> None:
        """Keep a picture of the screen."""
        (self.folder / f"{name}.svg").write_text(self.picture(), encoding="utf-8")

    async def scan(self, *texts: str) -> None:
        """Type codes as a scanner does and wait until all is settled."""
        for text in texts:
            for char in text:
                await self.pilot.press({" ": "space", "-": "minus"}.get(char, char))
            await self.pilot.press("enter")
            await self.settle()

    async def give(self, *commands: Command) -> None:
        """Give commands."""
        for command in commands:
            self.app.run_command(command.word)
            await self.settle()

    async def settle(self) -> None:
        """Wait for the threads and the screen."""
        for _ in range(4):
            await self.pilot.pause(0.2)
            await self.app.workers.wait_for_complete()

    async def see(self, word: str) -> None:
        """Wait until a word is on the screen; raises TimeoutError when it does not come."""
        async with asyncio.timeout(PATIENCE_S):
            while word not in self.picture():
                await self.pilot.pause(0.1)
        await self.settle()


async def draw(folder: Path) -> None:
    """Walk through one order and keep a picture of each screen."""
    made = demo.prepare(Path(tempfile.mkdtemp()))
    settings = replace(made.place.settings, station=StationSettings(id="bench 1"))
    app = compose.build_app(replace(made.place, settings=settings))
    async with app.run_test(size=SIZE) as pilot:
        ana = Packer(pilot, app, folder)
        await ana.settle()
        await ana.scan("Ana")
        ana.keep("queue")
        await ana.scan(ORDER, "9521234001041", "9521234001010")
        ana.keep("pack")
        await ana.scan("9521234001027")
        ana.keep("wrong")
        await ana.give(PROBLEM)
        ana.keep("problem")
        await pilot.press("escape")
        await ana.scan("9521234001010", "9521234001010", "X00DEMO117")
        ana.keep("label")
        await ana.give(GIVE_BACK, YES)


async def draw_scale(folder: Path) -> None:
    """Put a parcel on the scale with something in it that does not belong there."""
    home = Path(tempfile.mkdtemp())
    made = demo.prepare(home)
    shown = made.place.home / "scale.txt"
    shown.write_text("zero", encoding="utf-8")
    settings = replace(
        made.place.settings,
        station=StationSettings(id="bench 1"),
        scale=ScaleSettings(url=f"simulated:{shown}"),
        boxes={"M": BoxSettings(150, "medium box")},
    )
    app = compose.build_app(replace(made.place, settings=settings))
    async with app.run_test(size=SIZE) as pilot:
        ana = Packer(pilot, app, folder)
        await ana.settle()
        await ana.scan("Ana", ORDER, "9521234001041", *["9521234001010"] * 3, "X00DEMO117")
        await ana.see("PARCEL")
        shown.write_text("1651", encoding="utf-8")
        await ana.see("WRONG")
        ana.keep("weigh")
        await ana.give(GIVE_BACK, YES)


async def draw_devices(folder: Path) -> None:
    """Look at the devices of a bench on which the spare printer has no paper."""
    made = demo.prepare(Path(tempfile.mkdtemp()))
    settings = replace(
        made.place.settings,
        station=StationSettings(id="bench 1"),
        printer=PrinterSettings("simulated://labels"),
        printers={
            "spare": PrinterSettings("simulated://spare?fault=paper-out"),
            "office": PrinterSettings("simulated://office", "pdf", 300, "a4"),
        },
        papers=PaperSettings(("main", "spare"), ("office",), ("office",)),
        scanner=ScannerSettings(ports=("simulated://hand",)),
        scale=ScaleSettings(url="simulated://bench?grams=1250"),
    )
    app = compose.build_app(replace(made.place, settings=settings))
    async with app.run_test(size=SIZE) as pilot:
        ana = Packer(pilot, app, folder)
        await ana.settle()
        await ana.scan("Ana")
        await ana.give(DEVICES)
        await ana.see("paper&#160;out")
        await pilot.press("enter")
        await ana.see("test&#160;label&#160;is")
        ana.keep("devices")


async def draw_many(folder: Path) -> None:
    """Work at a bench of a far store: stopped, called to another bench, cut off."""
    store = compose.open_database(demo.prepare(Path(tempfile.mkdtemp())).place)
    with serving(store) as (url, running):
        app = compose.build_app(joined(url, store))
        async with app.run_test(size=SIZE) as pilot:
            ana = Packer(pilot, app, folder)
            await ana.settle()
            await ana.scan("Ana")
            await be_stopped(ana, store)
            await be_cut_off(ana, running)
    store.close()


async def be_stopped(ana: Packer, store: SqlOrderStore) -> None:
    """Have one order cancelled and another taken over while they are packed."""
    await ana.scan(ORDER, "9521234001041", "9521234001010")
    store.halt(ORDER, OrderState.CANCELLED, "The buyer cancelled it.")
    await ana.see("CANCELLED")
    ana.keep("cancelled")
    await ana.give(YES)
    await ana.scan(BIG_ORDER, "9521234001126")
    store.claim("bench-2", "Ana", order_id=BIG_ORDER)
    await ana.see("ANY&#160;MORE")
    ana.keep("taken-over")
    await ana.give(YES)


async def be_cut_off(ana: Packer, running: server.Server) -> None:
    """Lose the store with an order in hand, and come back to the queue."""
    await ana.give(NEXT)
    await ana.see("MUG")
    running.should_exit = True
    await ana.see("AWAY")
    await ana.scan("9521234001010")
    ana.keep("pack-away")
    await ana.give(GIVE_BACK, YES)
    ana.keep("queue-away")


def drawn(app: App[None]) -> str:
    """Return the screen as SVG that fetches no font from anywhere."""
    svg = app.export_screenshot(title="station")
    return re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)


async def draw_board(folder: Path) -> None:
    """Look at a floor of three benches as its supervisor, and sign a decision."""
    place = demo.prepare(Path(tempfile.mkdtemp())).place
    with closing(compose.open_database(place)) as store:
        busy(store)
    app = boarding.build(place)
    async with app.run_test(size=SIZE) as pilot:
        async with asyncio.timeout(PATIENCE_S):
            while "HELD" not in drawn(app):
                await pilot.pause(0.1)
        (folder / "board.svg").write_text(drawn(app), encoding="utf-8")
        await pilot.press("down", "enter")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.5)
        (folder / "board-sign.svg").write_text(drawn(app), encoding="utf-8")


def busy(store: SqlOrderStore) -> None:
    """Let three benches be at work, with what a supervisor is asked for."""
    at = floor.now()
    rows = store.queue(8)
    store.halt(rows[7].order_id, OrderState.HELD, "The buyer asked to wait")
    packing = rows[0].order_id, rows[1].order_id
    for station, packer, order in zip(("bench-1", "bench-2"), ("Ana", "Ben"), packing, strict=True):
        store.claim(station, packer, order_id=order)
    store.pulse("bench-1", Pulse("Ana", packing[0], 1, 3, at - timedelta(seconds=21)))
    paper = "paper out"
    store.pulse("bench-2", Pulse("Ben", packing[1], 0, 2, at - timedelta(minutes=4), 2, paper))
    store.pulse("bench-3", Pulse("Eva", scanned=at - timedelta(minutes=1), printer="ok"))


@contextmanager
def serving(store: SqlOrderStore) -> Iterator[tuple[str, server.Server]]:
    """Serve a store on a loopback port until the end, or until somebody ends it before."""
    listening = server.listen(Plan("127.0.0.1", 0))
    plan = Plan("127.0.0.1", listening.getsockname()[1])
    made = server.Server(server.serviced(store, plan, __version__), listening)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield f"http://localhost:{plan.port}", made
    finally:
        made.should_exit = True
        thread.join(PATIENCE_S)


def joined(url: str, store: SqlOrderStore) -> compose.Place:
    """Return the place of a bench that uses the store at this address."""
    home, token = Path(tempfile.mkdtemp()), tokens.new()
    store.enrol("bench-1", "station", tokens.digest(token))
    enrolment.save(home, Enrolment(url, "bench-1", token))
    return compose.place_of(replace(demo.SETTINGS, station=StationSettings()), home)


if __name__ == "__main__":
    for drawing in (draw, draw_scale, draw_devices, draw_many, draw_board):
        asyncio.run(drawing(Path(sys.argv[1])))
    contact_sheet.main(Path(sys.argv[1]))
