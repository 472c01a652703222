"""A device that is used by a thread of its own, and opened again whenever it comes back."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from station.errors import DeviceError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

FIRST_S, LONGEST_S = 0.2, 3.0
"""Seconds between two tries to open a device that is away: the first pause, and the longest."""

FAULT = "failed: see station.log"
"""The trouble that is no device's, but a fault of the program."""


class Closable(Protocol):
    """What can be let go."""

    def close(self) -> None:
        """Let it go; never raises."""
        ...


Device = TypeVar("Device", bound=Closable)


class Attendant(Generic[Device]):
    """Opens a device and uses it until the end; a device that was unplugged is waited for.

    Args:
        name: What the packer calls the device.
        open_device: Opens it, or raises DeviceError.
        use: Called again and again; returns within a second; raises DeviceError when it is gone.
        changed: Told from the thread whenever the trouble came or went.
    """

    def __init__(
        self,
        name: str,
        open_device: Callable[[], Device],
        use: Callable[[Device], object],
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self.name = name
        self.trouble = "not tried yet"
        """Why it cannot be used, in a few words; empty while it works."""
        self._open = open_device
        self._use = use
        self._changed = changed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"device {name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End; wait at most so many seconds for the device to be let go."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        pause = FIRST_S
        while not self._stopping.is_set():
            try:
                with closing(self._open()) as device:
                    self._tell("")
                    pause = FIRST_S
                    while not self._stopping.is_set():
                        self._use(device)
            except DeviceError as error:
                self._tell(plain(error.message, 120) or "not reachable")
            except Exception:  # else it would be deaf from then on, and seem to work
                if self.trouble != FAULT:
                    log.exception("device %s failed", self.name)
                self._tell(FAULT)
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_S)

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self._changed()
