"""A terminal driver that hands over what was typed in one piece.

Textual posts a message for each character, which costs more than all else that a scan needs. This
driver gathers keys and pastes, in order, until the event loop takes them all at once.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste

from station.messages import Typed

if TYPE_CHECKING:
    from textual.message import Message


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
