"""A terminal driver that hands over what was typed in one piece.

Textual posts a message for each character, which costs more than all else that a scan needs. This
driver gathers keys and pastes, in order, until the event loop takes them all at once.
"""

from __future__ import annotations

import codecs
import os
import re
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste

from station import plain_terminal
from station.messages import Typed
from station.wedge import MAX_BUFFER

if TYPE_CHECKING:
    from textual.message import Message


_FORGED = re.compile(r"\x1b\[(?:200~|48(?:;\d+)*t|\?2048;\d+\$y)")
"""Reports of a terminal that a barcode can spell: the begin of a paste, whose end would be awaited
for ever, and the size of the screen. Pastes are taken as if they were typed."""

_PASTE_END = "\x1b[201~"
_END = "\x1d\r"
"""Ends the last line of a paste; alone it is an empty scan, not an Enter."""


_RUN = re.compile(r"[^\x00-\x1f\x7f]+")
_LONGEST = MAX_BUFFER + 64
"""Characters of one run that are handed on: more make a scan that is refused as a whole, too."""


class Decoder(codecs.BufferedIncrementalDecoder):
    """UTF-8 from a terminal: what is none becomes a sign, and forged reports are left out.

    Of a run without an end only the begin is handed on: each character costs as much as a key.
    """

    most_per_s: ClassVar[int] = 0
    """Characters of one second that are handed on; 0: all of them, as a bench needs it."""

    _run = 0
    _since = 0.0
    _count = 0

    def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:  # noqa: ARG002 - never strict
        text, used = codecs.utf_8_decode(data, "replace", final)
        if self._is_flood(len(text)):
            return "", used
        return self._shortened(_FORGED.sub("", text).replace(_PASTE_END, _END)), used

    def _is_flood(self, more: int) -> bool:
        """Tell whether so much came within a second that nobody typed it."""
        now = time.monotonic()
        if now - self._since > 1:
            self._since, self._count = now, 0
        self._count += more
        return 0 < self.most_per_s < self._count

    def _shortened(self, text: str) -> str:
        def begin(run: re.Match[str]) -> str:
            before = self._run if run.start() == 0 else 0
            self._run = before + len(run[0]) if run.end() == len(text) else 0
            return run[0][: max(0, _LONGEST - before)]

        short, runs = _RUN.subn(begin, text)
        self._run = self._run if runs or not text else 0
        return short


# Textual decodes strictly: one byte of a scanner set to Latin-1 would end the program.
linux_driver.getincrementaldecoder = lambda _name: Decoder  # type: ignore[attr-defined]  # its own import


class GatheringDriver(LinuxDriver):
    """Textual's own driver with one message for a burst of keys."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._gathered: deque[Key | Paste] = deque()
        self._is_utf8 = shows_utf8()

    def write(self, data: str) -> None:
        """Write to the terminal, in ASCII where it shows nothing else."""
        super().write(data if self._is_utf8 else plain_terminal.ascii_of(data))

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


def shows_utf8() -> bool:
    """Tell whether the terminal shows UTF-8, by the variables that the program began with."""
    file = b""
    with suppress(OSError):
        file = Path("/proc/self/environ").read_bytes()
    return plain_terminal.is_utf8(plain_terminal.began_with(file, os.environ))
