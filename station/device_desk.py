"""Between the app and the devices: what is asked of one is done in the lane, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import commands
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


class DeviceDesk:
    """What the app does with the devices, and with pictures of labels."""

    def __init__(self, app: StationApp, floor: Floor, desk: Desk, station: str) -> None:
        self._app = app
        self._desk = desk
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
        self._shown = ()
        self._app.push_screen(DevicesScreen(self._station))
        self._desk.later(lambda: self._ask(devices.ask))

    def tick(self) -> None:
        """Show the devices as they were last heard of, where somebody looks at them."""
        screen = self._app.screen
        if isinstance(screen, DevicesScreen) and screen.is_mounted and self._devices:
            rows = self._devices.rows()
            if rows != self._shown:
                self._shown = rows
                screen.show(rows)

    def take(self, asked: DevicesScreen.Asked) -> None:
        """Have something done behind the screen."""
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
        self._say("One moment …")
        self._desk.later(lambda: self._ask(acts[asked.what]))

    def _ask(self, act: Callable[[], str]) -> None:
        words = act()
        self._app.call_later(self._say, words)

    def _say(self, words: str) -> None:
        if isinstance(self._app.screen, DevicesScreen):
            self._app.screen.say(words)
