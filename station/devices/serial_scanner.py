"""A scanner on a serial port, or on USB as one (CDC-ACM)."""

from __future__ import annotations

import errno
import select
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import serial

from station.devices.scale_port import LOST, number_of
from station.devices.scan_line import ByteLine, Framing
from station.errors import DeviceAbsent
from station.wedge import MAX_BUFFER

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.wedge import Read

PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
BAUDS = ("1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200")


@dataclass(frozen=True, slots=True)
class Line:
    """How the bits go over the wire; USB does not mind."""

    baud: int = 9600
    parity: str = "none"
    bits: int = 8


class SerialScanner:
    """Reads codes from a serial port that nobody else may use meanwhile.

    Raises:
        DeviceAbsent: It is not there, is used by another program, or may not be read.
    """

    def __init__(
        self,
        path: str,
        name: str,
        framing: Framing,
        line: Line | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        line = line or Line()
        try:
            self._port = serial.Serial(
                path,
                line.baud,
                bytesize=line.bits,
                parity=PARITIES[line.parity],
                timeout=0,
                exclusive=True,
            )
        except LOST as error:
            raise _absent(name, path, error) from error
        self._line = ByteLine(framing, clock)

    def read(self, timeout_s: float) -> tuple[Read, ...]:
        """Wait at most so many seconds and return what was scanned."""
        return self._line.take(self._receive(self._line.wait_s(timeout_s)))

    def _receive(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._port], [], [], timeout_s)
            return self._port.read(MAX_BUFFER) if ready else b""
        except LOST as error:
            raise DeviceAbsent(f"scanner {self.name} unplugged", "Plug it in again.") from error

    def close(self) -> None:
        """Let the port go; never raises."""
        try:
            self._port.close()
        except OSError:  # it is gone
            return


def _absent(name: str, path: str, error: Exception) -> DeviceAbsent:
    number = number_of(error)
    if number in {errno.EACCES, errno.EPERM}:
        return DeviceAbsent(
            f"scanner {name} may not be read",
            "Run `sudo usermod -aG dialout $USER`, then log in again.",
        )
    if number in {errno.EAGAIN, errno.EBUSY} or "exclusively lock" in str(error):
        return DeviceAbsent(f"scanner {name} used by another program", "Close the other one.")
    if number in {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}:
        return DeviceAbsent(f"scanner {name} unplugged", f"Plug it in: {path} is not there.")
    return DeviceAbsent(f"scanner {name} is no serial port", f"Look whether {path} is right.")
