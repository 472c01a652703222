"""What the interface is given: the bench and the few facts around it that screens show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from station import proofs

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.bench import Bench
    from station.config import Settings
    from station.devices_here import DevicesHere
    from station.previewing import Previews
    from station.reach import Reach
    from station.store.port import OrderStore
    from station.view import View


@dataclass(frozen=True, slots=True)
class Hint:
    """What a demo packer scans next."""

    words: str
    code: str
    """The text to type or to scan; empty when there is nothing."""


class Coach(Protocol):
    """Tells a demo packer what to scan."""

    def hint(self, view: View) -> Hint:
        """Return the next code for what is on the screen."""
        ...


class Wake(Protocol):
    """Tells the link that the journal has something new."""

    def __call__(self, *, urgent: bool = False) -> None:
        """Urgent when an order left the bench."""
        ...


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Floor:
    """One opened station."""

    bench: Bench
    store: OrderStore
    settings: Settings
    printer_words: Callable[[], str]
    """How the printer is, in a few words; quick, from any thread."""
    reach: Reach
    """How the way to the store is."""
    wake: Wake
    close: Callable[[], None]
    """Stops the threads; nothing depends on it."""
    clock: Callable[[], datetime] = now
    coach: Coach | None = None
    is_far: bool = False
    """Whether the store is on another machine, so that it may take its time."""
    beat: Callable[[dict[str, object]], object] = lambda _pulse: None
    """Takes how the bench is now, for `station status`."""
    ticks: Callable[[], float] = proofs.ticks
    """Monotonic seconds, by which a bench that nobody touches locks itself."""
    scanners: Callable[[], tuple[tuple[str, str], ...]] = tuple
    """(name, trouble) of each scanner with a port of its own; the trouble of one that works is
    empty. Quick, from any thread."""
    devices: DevicesHere | None = None
    """Every device of the bench, for the screen that shows them."""
    previews: Previews | None = None
    """Draws labels for the screen."""
    advice: str = ""
    """What is worth doing before work begins; shown at the sign-in."""
