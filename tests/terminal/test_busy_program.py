"""The clock that ends broken codes, while the program is behind with its keys."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from samples import MUG
from textual import events

import station.app
from station.errors import ConfigError
from station.messages import Ticked
from station.wedge import Wedge

if TYPE_CHECKING:
    from station.messages import ScanRead

GOOD = MUG.barcodes[0].text
LAG_S = 0.5
"""Longer than the pause after which a code that came fast is over."""


def no_station(_post: object) -> NoReturn:
    """Open nothing: the sign-in stays on the screen."""
    raise ConfigError("There is no station behind this screen.")


class Listener(station.app.StationApp):
    """The app without a station behind it: it only keeps what was scanned."""

    CSS_PATH = str(Path(station.app.__file__).with_name("app.tcss"))

    def __init__(self) -> None:
        super().__init__(no_station, Wedge(), "bench-1")
        self.scanned: list[tuple[str, bool]] = []

    def take_scan(self, message: ScanRead) -> None:
        """Keep a scan."""
        self.scanned.append((message.text, message.whole))


async def test_a_tick_does_not_cut_a_code_whose_rest_is_queued() -> None:
    """Keys that came together and are handled late are one code, wherever the tick falls."""
    app = Listener()
    async with app.run_test() as pilot:
        for key in GOOD[:7]:
            app.post_message(events.Key(key, key))
        app.post_message(Ticked())
        for key in GOOD[7:]:
            app.post_message(events.Key(key, key))
        app.post_message(events.Key("enter", "\r"))
        time.sleep(LAG_S)  # noqa: ASYNC251 - the loop is held up on purpose, as by a slow terminal
        await pilot.pause()
    assert app.scanned == [(GOOD, True)]
