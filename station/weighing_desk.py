"""Between the app and the scale: its weight is judged and shown as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import commands
from station.pack import Stage

if TYPE_CHECKING:
    from station.app import StationApp
    from station.commands import Command
    from station.desk import Desk
    from station.floor import Floor


class WeighingDesk:
    """What the app does with the scale of an opened floor."""

    def __init__(self, app: StationApp, floor: Floor, desk: Desk) -> None:
        self._app = app
        self._bench = floor.bench
        self._desk = desk

    def tick(self) -> None:
        """Judge a weight that came, or show what the scale says; quick, called again and again."""
        if self._bench.pan is None or self._desk.is_busy:
            return
        if self._bench.weight_waits():
            self._desk.do(lambda bench: bench.take_weight() or bench.view)
            return
        work = self._app.view.work
        if work and work.pack.stage == Stage.WEIGH and (view := self._bench.view) != self._app.view:
            self._app.present(view)

    def takes(self, command: Command) -> bool:
        """Do what a command asks of the scale; False: it asks nothing of it."""
        if command != commands.WEIGH:
            return False
        self._desk.do(lambda bench: bench.go_unweighed())
        return True
