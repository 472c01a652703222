"""What the parts of the interface tell each other: past facts, posted from any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.events import Key, Paste

    from station.floor import Floor


class Typed(Message, bubble=False):
    """Keys and pastes came from the terminal, in this order."""

    def __init__(self, events: tuple[Key | Paste, ...]) -> None:
        super().__init__()
        self.events = events


class Ticked(Message, bubble=False):
    """A tenth of a second has passed.

    It waits its turn behind the keys that were typed before it, so that a busy program does not
    take its own delay for a pause of the scanner.
    """


class ScanRead(Message, bubble=False):
    """A scan became whole, or broke off."""

    def __init__(self, text: str, at: float, *, whole: bool) -> None:
        super().__init__()
        self.text = text
        self.at = at
        """Monotonic seconds of its last character."""
        self.whole = whole


class StoreOpened(Message, bubble=False):
    """The order store, the journal and the devices are there."""

    def __init__(self, floor: Floor) -> None:
        super().__init__()
        self.floor = floor


class OpeningFailed(Message, bubble=False):
    """The station cannot work, for a reason in words."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class BenchChanged(Message, bubble=False):
    """Something about the bench changed elsewhere: a label was bought, printed or stopped."""

    def can_replace(self, message: Message) -> bool:
        """Collapse a flood of changes into the last one."""
        return isinstance(message, BenchChanged)
