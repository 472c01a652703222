"""A serial port whose loss has words: pyserial's errors, and those that it lets through."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Iterator

    import serial

LOST: tuple[type[Exception], ...] = (OSError, ValueError)
"""What a port raises that is not there, or goes while it is used."""
with suppress(ImportError):  # not POSIX
    import termios

    LOST += (termios.error,)

STEP_S = 0.005
"""Seconds that one read waits for a byte."""
WRITE_S = 0.4
"""Seconds in which a question must be gone."""


@dataclass(frozen=True, slots=True)
class Line:
    """How the bytes travel."""

    device: str
    """/dev/ttyUSB0."""
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    """N, E or O."""


class Port:
    """A serial port of our own, held exclusively.

    Raises:
        DeviceAbsent: From everything: not there, not allowed, in use, or unplugged.
    """

    def __init__(self, line: Line) -> None:
        import serial

        self.device = line.device
        with _translated(line.device):
            self._port = serial.Serial(
                line.device,
                line.baud,
                bytesize=line.bits,
                parity=line.parity,
                timeout=STEP_S,
                write_timeout=WRITE_S,
                exclusive=True,
            )
            if line.parity != "N":
                _check_parity(self._port)

    def write(self, question: bytes) -> None:
        """Send it."""
        with _translated(self.device):
            self._port.write(question)

    def read(self) -> bytes:
        """Return what came, or nothing after a moment."""
        with _translated(self.device):
            return bytes(self._port.read(max(1, self._port.in_waiting)))

    def take_unasked(self) -> bool:
        """Throw away what waits; return whether anything did."""
        with _translated(self.device):
            waiting = bool(self._port.in_waiting)
            self._port.reset_input_buffer()
            return waiting

    def close(self) -> None:
        """Let it go."""
        self._port.close()


def _check_parity(port: serial.Serial) -> None:
    """Let the kernel turn a byte of wrong parity into NUL; pyserial does not ask for it."""
    if os.name == "posix":
        import termios

        settings = termios.tcgetattr(port.fileno())
        settings[0] |= termios.INPCK
        termios.tcsetattr(port.fileno(), termios.TCSANOW, settings)


@contextmanager
def _translated(device: str) -> Iterator[None]:
    try:
        yield
    except LOST as error:
        raise _absent(device, number_of(error)) from error


def number_of(error: Exception) -> int | None:
    """Return the system's number of an error; those of a terminal have it without a name."""
    first = error.args[0] if error.args else None
    number = getattr(error, "errno", first)
    return number if isinstance(number, int) else None


def _absent(device: str, code: int | None) -> DeviceAbsent:
    if code in {errno.EACCES, errno.EPERM}:
        return DeviceAbsent(
            f"No right to use the scale on {device}.",
            "Put this user into the group dialout and sign in again.",
        )
    if code in {errno.EAGAIN, errno.EBUSY}:
        return DeviceAbsent(
            f"The scale on {device} is used by another program.", "End the other program."
        )
    return DeviceAbsent(f"The scale on {device} is unplugged.", "Plug it in.")
