"""A terminal driver that hands over what was typed in one piece.

Textual posts a message for each character, which costs more than all else that a scan needs. This
driver gathers keys and pastes, in order, until the event loop takes them all at once.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from typing import TYPE_CHECKING, Any

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste

from station.messages import Typed

if TYPE_CHECKING:
    from textual.message import Message


_FORGED = re.compile(r"\x1b\[(?:200~|48(?:;\d+)*t|\?2048;\d+\$y)")
"""Reports of a terminal that a barcode can spell: the begin of a paste, whose end would be awaited
for ever, and the size of the screen. Pastes are taken as if they were typed."""

_PASTE_END = "\x1b[201~"
_END = "\x1d\r"
"""Ends the last line of a paste; alone it is an empty scan, not an Enter."""


class Decoder(codecs.BufferedIncrementalDecoder):
    """UTF-8 from a terminal: what is none becomes a sign, and forged reports are left out."""

    def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:  # noqa: ARG002 - never strict
        text, used = codecs.utf_8_decode(data, "replace", final)
        return _FORGED.sub("", text).replace(_PASTE_END, _END), used


# Textual decodes strictly: one byte of a scanner set to Latin-1 would end the program.
linux_driver.getincrementaldecoder = lambda _name: Decoder  # type: ignore[attr-defined]  # its own import


class GatheringDriver(LinuxDriver):
    """Textual's own driver with one message for a burst of keys."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._gathered: deque[Key | Paste] = deque()

    def process_message(self, message: Message) -> None:
        """Gather keys and pastes; called in the thread that reads the terminal."""
        if not isinstance(message, Key | Paste):
            super().process_message(message)
            return
        message.set_sender(self._app)
        self._gathered.append(message)
        if len(self._gathered) == 1:
            self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        burst = []
        while self._gathered:
            burst.append(self._gathered.popleft())
        if burst:
            self._app.post_message(Typed(tuple(burst)))

    def _query_in_band_window_resize(self) -> None:
        """Learn of a new size from the kernel's signal alone."""
