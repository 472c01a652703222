"""A keyboard scanner read from Linux' own event device, so that a scan comes to us alone.

The device is grabbed: its keys reach no terminal and no other program, whatever has the focus.
Formats: linux/input.h (struct input_event, EVIOCGRAB).
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
import time
from typing import TYPE_CHECKING

from station.devices.evdev_keys import KeyStream
from station.devices.scan_line import Framing, ScanLine
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.wedge import Read

EVENT = struct.Struct("@llHHi")
"""Seconds, microseconds, kind, code, value; the machine's own sizes."""

_EVIOCGRAB = 0x40044590
"""_IOW('E', 0x90, int)."""

_AT_ONCE = 512
"""Events of one call; a key is three of them, or more."""


def grab(handle: int) -> None:
    """Take the device for this program alone.

    Raises:
        OSError: EBUSY where another program has it.
    """
    fcntl.ioctl(handle, _EVIOCGRAB, 1)


class EvdevScanner:
    """Reads codes from the keys of one device.

    Args:
        path: `/dev/input/event5`, or better a name below `/dev/input/by-id`.
        name: What the packer calls it.
        framing: How codes begin and end.
        grab_device: Takes the opened device for this program alone.
        clock: Monotonic seconds.

    Raises:
        DeviceAbsent: It is not there, is grabbed by another program, or may not be read.
    """

    def __init__(
        self,
        path: str,
        name: str,
        framing: Framing,
        grab_device: Callable[[int], object] = grab,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        try:
            self._handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise _absent(name, path, error) from error
        try:
            grab_device(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise _absent(name, path, error) from error
        self._keys = KeyStream()
        self._line = ScanLine(framing, clock)
        self._rest = b""

    def read(self, timeout_s: float) -> tuple[Read, ...]:
        """Wait at most so many seconds and return what was scanned."""
        data = self._rest + self._receive(self._line.wait_s(timeout_s))
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        events = EVENT.iter_unpack(data[:whole])
        chars = (self._keys.feed(kind, code, value) for _, _, kind, code, value in events)
        return self._line.take("".join(chars))

    def _receive(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._handle], [], [], timeout_s)
            data = os.read(self._handle, EVENT.size * _AT_ONCE) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._unplugged() from error
        if ready and not data:
            raise self._unplugged()
        return data

    def _unplugged(self) -> DeviceAbsent:
        return DeviceAbsent(f"scanner {self.name} unplugged", "Plug it in again.")

    def close(self) -> None:
        """Let the device go, and with it the grab; never raises."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def _absent(name: str, path: str, error: OSError) -> DeviceAbsent:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return DeviceAbsent(
            f"scanner {name} may not be read",
            "Run `sudo usermod -aG input $USER` and log in again, or give it a udev rule:"
            " docs/scanners.md has it.",
        )
    if error.errno == errno.EBUSY:
        return DeviceAbsent(f"scanner {name} used by another program", "Close the other one.")
    if error.errno in {errno.ENOTTY, errno.EINVAL}:
        return DeviceAbsent(f"scanner {name} is no keyboard", f"Look whether {path} is right.")
    return DeviceAbsent(f"scanner {name} unplugged", f"Plug it in: {path} is not there.")
