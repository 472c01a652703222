"""Between the app and the devices: what is asked of one is done behind the screen, and told.

It has a lane of its own: a printer may take long to say that it is not there, and no scan waits
for that.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from station import commands
from station.lane import Lane
from station.preview_desk import PreviewDesk
from station.screens.devices import DevicesScreen
from station.screens.pack import PackScreen
from station.screens.queue import QueueScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.app import StationApp
    from station.commands import Command
    from station.desk import Desk
    from station.devices_here import DeviceRow, DevicesHere
    from station.floor import Floor


log = logging.getLogger(__name__)


class DeviceDesk:
    """What the app does with the devices, and with pictures of labels."""

    def __init__(self, app: StationApp, floor: Floor, desk: Desk, station: str) -> None:
        self._app = app
        self._lane = Lane()
        self._is_asking = False
        self._devices = floor.devices
        self._previews = floor.previews
        self._station = station
        self._pictures = PreviewDesk(app, desk)
        self._shown: tuple[DeviceRow, ...] = ()

    def takes(self, command: Command) -> bool:
        """Do what a command asks of the devices; False: it asks nothing of them."""
        screen, previews, work = self._app.screen, self._previews, self._app.view.work
        if command == commands.DEVICES and isinstance(screen, QueueScreen) and self._devices:
            self._open(self._devices)
        elif command == commands.PREVIEW and isinstance(screen, PackScreen) and previews and work:
            self._pictures.show(lambda: previews.label(work))
        else:
            return command in {commands.DEVICES, commands.PREVIEW}
        return True

    def _open(self, devices: DevicesHere) -> None:
        self._shown = devices.rows()
        self._app.push_screen(DevicesScreen(self._station, self._shown))
        self._have(devices.ask)

    def tick(self) -> None:
        """Show the devices as they were last heard of, where somebody looks at them."""
        screen = self._app.screen
        if isinstance(screen, DevicesScreen) and screen.is_mounted and self._devices:
            rows = self._devices.rows()
            if rows != self._shown:
                self._shown = rows
                screen.show(rows)

    def take(self, asked: DevicesScreen.Asked) -> None:
        """Have one thing done at a time: a key that is held down prints one label."""
        devices, previews, name = self._devices, self._previews, asked.name
        if devices is None:
            return
        if asked.what == "preview" and previews:
            self._pictures.show(lambda: previews.test(name, devices.form_of(name)))
            return
        acts: dict[str, Callable[[], str]] = {
            "test": lambda: devices.test(name),
            "measure": lambda: devices.measure(name),
            "lighter": lambda: devices.darker(name, -1),
            "darker": lambda: devices.darker(name, 1),
            "keep": lambda: devices.keep(name),
            "ask": devices.ask,
        }
        self._have(acts[asked.what])

    def _have(self, act: Callable[[], str]) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._say("One moment …")
            self._lane.put(lambda: self._ask(act))

    def _ask(self, act: Callable[[], str]) -> None:
        try:
            words = act()
        except Exception:  # who waits for an answer must get one
            log.exception("asking a device failed")
            words = "A fault of the program: see station.log."
        self._app.call_later(self._answered, words)

    def _answered(self, words: str) -> None:
        self._is_asking = False
        self._say(words)

    def _say(self, words: str) -> None:
        if isinstance(self._app.screen, DevicesScreen):
            self._app.screen.say(words)
