"""A scanner without a scanner: codes are read from a file or a named pipe, for demos and tests."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

from station.devices.scan_line import ByteLine, Framing
from station.errors import DeviceAbsent
from station.wedge import MAX_BUFFER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.wedge import Read

_LOOK_S = 0.02
"""Seconds between two looks at the file."""


class SimulatedScanner:
    """Reads what is appended to a file, as `echo 9520000000011 >> FILE` does.

    A file that is missing is made; one that goes away is a scanner that was unplugged.

    Raises:
        DeviceAbsent: The file cannot be made or read.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        framing: Framing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o600)
        except OSError as error:
            raise DeviceAbsent(
                f"scanner {name} unplugged", f"Look whether {path} can be written."
            ) from error
        self._is_file = stat.S_ISREG(os.fstat(self._handle).st_mode)
        if self._is_file:
            os.lseek(self._handle, 0, os.SEEK_END)
        self._line = ByteLine(framing, clock)

    def read(self, timeout_s: float) -> tuple[Read, ...]:
        """Wait at most so many seconds and return what was scanned."""
        end = time.monotonic() + self._line.wait_s(timeout_s)
        while not (data := self._receive()) and time.monotonic() < end:
            time.sleep(_LOOK_S)
        return self._line.take(data)

    def _receive(self) -> bytes:
        try:
            if not os.fstat(self._handle).st_nlink:
                raise DeviceAbsent(f"scanner {self.name} unplugged", "Plug it in again.")
            return os.read(self._handle, MAX_BUFFER)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise DeviceAbsent(f"scanner {self.name} unplugged", "Plug it in again.") from error

    def close(self) -> None:
        """Let the file go; never raises."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)
