"""Keys before focus: what every program of ours does with what was typed, scanned or pasted.

Every key and paste comes through `on_event` first: printable and control characters are collected
until a line is whole, function keys are commands. Text fields do not exist, because they lose and
glue scans (see README, decisions).
"""

from __future__ import annotations

import os
from abc import abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events, on

from station import keys, plain_terminal
from station.closed_doors import ClosedDoors
from station.driver import GatheringDriver
from station.messages import ScanRead, Typed

if TYPE_CHECKING:
    from station.wedge import Read, Wedge

Result = TypeVar("Result")


class TypedApp(ClosedDoors[Result], Generic[Result], inherit_bindings=False):
    """A program without text fields.

    Args:
        wedge: Collects typed characters.
    """

    def __init__(self, wedge: Wedge) -> None:
        plain = not plain_terminal.has_colours(os.environ)
        if plain:
            os.environ["NO_COLOR"] = "1"  # Textual reads it in its constructor
        # Without colours Textual's own greys must go too: an old terminal takes them for blinking.
        super().__init__(driver_class=GatheringDriver, ansi_color=True if plain else None)
        self._wedge = wedge
        self.animation_level = "none"

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes before bindings and focus see them."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.take_typed(Typed((event,)))
            return
        await super().on_event(event)

    @on(Typed)
    def take_typed(self, message: Typed) -> None:
        """Take a burst of keys and pastes."""
        for event in message.events:
            if isinstance(event, events.Key):
                self._key(event)
            else:
                self._scanned(self._wedge.paste(event.text, event.time), event.time)
        if not self._wedge.pending:
            self._show_typed()

    def _key(self, event: events.Key) -> None:
        at, kind = event.time, keys.kind(event.key, event.character, pending=self._wedge.pending)
        if kind == keys.Kind.CHARACTER and event.character:
            self._scanned(self._wedge.feed(event.character, at), at)
        elif kind == keys.Kind.END and (self._wedge.is_waiting or self._wedge.is_tail(at)):
            self._scanned(self._wedge.feed("\r", at), at)
        elif kind == keys.Kind.ERASE:
            self._wedge.erase()
        elif kind == keys.Kind.CLEAR:
            self._wedge.clear()
        elif self._wedge.pending:
            self._wedge.spoil()
        else:
            self._command_key(event.key)

    def _scanned(self, reads: tuple[Read, ...], at: float) -> None:
        for read in reads:
            self.take_scan(ScanRead(read.text, at, whole=read.whole))

    @abstractmethod
    def take_scan(self, message: ScanRead) -> None:
        """Take a whole line or scan."""

    @abstractmethod
    def _command_key(self, key: str) -> None: ...

    @abstractmethod
    def _show_typed(self) -> None: ...
