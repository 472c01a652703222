"""Every scanner with a port of its own, each watched by a thread; what it reads is handed on."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.devices.attending import Attendant
from station.devices.open_scanner import scanner_port, usable
from station.errors import DeviceAbsent
from station.wedge import Wedge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.device_settings import ScannerSettings
    from station.devices.ports import Scanner
    from station.wedge import Read

    Heard = Callable[[Read, float], object]

WAIT_S = 0.25
"""Seconds of one look at a scanner that says nothing: as long may the end of the program take."""

_MARK = "scanner.learnt"
NOT_LEARNT = "scanner not learnt: station scanner learn"
"""What the sign-in says until a scanner was learnt here."""

FLOOD = 100
"""Codes in a second that no scanner reads: a device that sends as many talks nonsense."""


class Feed:
    """Hands on what one scanner reads, until it talks nonsense."""

    def __init__(self, heard: Heard, clock: Callable[[], float] = time.monotonic) -> None:
        self._heard = heard
        self._clock = clock
        self._since = float("-inf")
        self._count = 0

    def use(self, scanner: Scanner) -> None:
        """Wait a moment for a code and hand it on.

        Raises:
            DeviceAbsent: It was unplugged, or floods us.
        """
        reads = scanner.read(WAIT_S)
        at = self._clock()
        if at - self._since >= 1:
            self._since, self._count = at, 0
        self._count += len(reads)
        if self._count > FLOOD:
            raise DeviceAbsent(
                f"scanner {scanner.name} sends nonsense", "Check its speed, parity and bits."
            )
        for read in reads:
            self._heard(read, at)


@dataclass(frozen=True, slots=True)
class Scanners:
    """The scanners of one bench."""

    attended: tuple[Attendant[Scanner], ...] = ()

    def start(self) -> None:
        """Begin to listen; one that is away is waited for."""
        for one in self.attended:
            one.start()

    def each(self) -> tuple[tuple[str, str], ...]:
        """Return (name, trouble) of each as of now; the trouble of one that works is empty."""
        return tuple(
            (one.name, one.trouble.removeprefix(f"scanner {one.name} ")) for one in self.attended
        )

    def words(self) -> str:
        """Return which ones are away, in a few words; empty when every one works."""
        return ", ".join(f"scanner {name} {trouble}" for name, trouble in self.each() if trouble)

    def stop(self) -> None:
        """Let every scanner go."""
        for one in self.attended:
            one.stop()


def scanners(
    settings: ScannerSettings,
    base: Path,
    heard: Heard,
    changed: Callable[[], object] = lambda: None,
) -> Scanners:
    """Return every scanner in the settings; nothing is opened before they are started.

    Args:
        settings: `[scanner]`.
        base: The folder of the data.
        heard: Told each code, whole or broken, and its monotonic time in seconds, from any thread.
        changed: Told from any thread that a scanner went away or came back.

    Raises:
        ConfigError: An address cannot be.
    """
    ports = [scanner_port(url, settings, base) for url in dict.fromkeys(settings.ports)]
    return Scanners(
        tuple(Attendant(port.name, port.open, Feed(heard).use, changed) for port in ports)
    )


def typed_wedge(settings: ScannerSettings) -> Wedge:
    """Return the collector for scanners that type.

    Raises:
        ConfigError: The prefix cannot show where a code begins.
    """
    pause_s, on_pause = settings.pause_ms / 1000, settings.suffix == "none"
    return Wedge(ends_on_pause=on_pause, pause_s=pause_s, prefix=usable(settings.prefix))


def is_learnt(home: Path) -> bool:
    """Tell whether `station scanner learn` was ever finished here."""
    return (home / _MARK).exists()


def mark_learnt(home: Path) -> None:
    """Remember that a scanner was learnt, so that nobody is asked to any more."""
    with suppress(OSError):
        (home / _MARK).touch()
