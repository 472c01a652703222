"""Draw the pictures of the documentation from the real screens: `make pictures`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from station import compose, demo
from station.commands import GIVE_BACK, PROBLEM, YES
from station.config import StationSettings

if TYPE_CHECKING:
    from textual.pilot import Pilot

SIZE = (80, 24)
ORDER = "902-4425838-3400834"
"""An order of the demo with three lines."""


def picture(app: object, title: str) -> str:
    """Return the screen as SVG that fetches no font from anywhere."""
    svg = str(app.export_screenshot(title=title))  # type: ignore[attr-defined]  # a Textual app
    return re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)


async def scan(pilot: Pilot[None], text: str) -> None:
    """Type a code as a scanner does and wait until all is settled."""
    for char in text:
        await pilot.press({" ": "space", "-": "minus"}.get(char, char))
    await pilot.press("enter")
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Wait for the threads and the screen."""
    for _ in range(4):
        await pilot.pause(0.2)
        await pilot.app.workers.wait_for_complete()


async def draw(folder: Path) -> None:
    """Walk through one order and keep a picture of each screen."""
    made = demo.prepare(Path(tempfile.mkdtemp()))
    settings = replace(made.place.settings, station=StationSettings(id="bench 1"))
    app = compose.build_app(replace(made.place, settings=settings))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)

        def keep(name: str) -> None:
            (folder / f"{name}.svg").write_text(picture(app, "station"), encoding="utf-8")

        await scan(pilot, "Ana")
        keep("queue")
        await scan(pilot, ORDER)
        await scan(pilot, "9521234001041")
        await scan(pilot, "9521234001010")
        keep("pack")
        await scan(pilot, "9521234001027")
        keep("wrong")
        app.run_command(PROBLEM.word)
        await settle(pilot)
        keep("problem")
        await pilot.press("escape")
        for code in ("9521234001010", "9521234001010", "X00DEMO117"):
            await scan(pilot, code)
        keep("label")
        app.run_command(GIVE_BACK.word)
        app.run_command(YES.word)
        await settle(pilot)


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
