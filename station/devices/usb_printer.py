"""A printer on USB: a character device that is read and written, such as /dev/usb/lp0.

The kernel's usblp driver gives one program at a time the device; CUPS takes the printer away from
it while a queue of its own prints, and then the device is gone.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import termios
import time
import tty
from contextlib import suppress
from pathlib import Path
from typing import Self

from station.devices.printer import Known, StreamPrinter
from station.devices.transport import LOOK, MAX_ANSWER, Stream, Timeouts, reason
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class DeviceStream(Stream):
    """An open device, or anything else that is read, written and polled by its number."""

    def __init__(self, handle: int, peer: str, timeouts: Timeouts) -> None:
        super().__init__(peer, timeouts)
        self._handle = handle

    @classmethod
    def open(cls, path: Path, timeouts: Timeouts) -> Self:
        """Open the device.

        Raises:
            DeviceAbsent: It is not plugged in, or another program prints.
            DeviceRefused: It may not be used, or it is no device.
        """
        try:
            handle = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise _closed(path, error) from error
        if not stat.S_ISCHR(os.fstat(handle).st_mode):
            os.close(handle)
            raise _no_device(path)
        stream = cls(handle, str(path), timeouts)
        if os.isatty(handle):  # a printer that presents itself as a serial port
            stream.make_raw()
        return stream

    def make_raw(self) -> None:
        """Let a serial port hand on every byte as it is; DeviceAbsent when it has just gone."""
        try:
            tty.setraw(self._handle)
        except (OSError, termios.error) as error:
            self.close()
            raise _closed(Path(self.peer), OSError(errno.ENODEV, "unplugged")) from error

    def close(self) -> None:
        """Close the device."""
        with suppress(OSError):  # one that was unplugged may complain of its own end
            os.close(self._handle)

    def _send(self, data: memoryview) -> int:
        end = time.monotonic() + self._timeouts.send_s
        while True:
            if not self._poll(select.POLLOUT, end - time.monotonic()):
                raise TimeoutError
            try:
                return os.write(self._handle, data)
            except BlockingIOError:
                continue

    def _receive(self, seconds: float) -> bytes | None:
        end = time.monotonic() + seconds
        while self._poll(select.POLLIN, end - time.monotonic()):
            try:
                got = os.read(self._handle, MAX_ANSWER)
            except BlockingIOError:
                continue
            if got:
                return got
            # A transfer of length 0 is no end: USB printers send them when they have no answer.
            if self._events(0, select.POLLIN) & _GONE:
                return b""
            if (left := end - time.monotonic()) <= 0:
                break
            time.sleep(min(0.005, left))
        return None

    def _end(self, seconds: float) -> None:
        """Wait until the last transfer was taken; a device has no other way to end a document."""
        if not self._poll(select.POLLOUT, seconds):
            raise DeviceDoubtful(
                f"The printer at {self.peer} did not take the end of the label within"
                f" {seconds:g} s.",
                LOOK,
            )

    def _poll(self, event: int, seconds: float) -> bool:
        """Wait for an event; OSError when the device is gone."""
        events = self._events(seconds, event)
        if events & event:
            return True
        if events & _GONE:
            raise OSError(errno.ENODEV, "it was unplugged or switched off")
        return False

    def _events(self, seconds: float, event: int) -> int:
        watch = select.poll()
        watch.register(self._handle, event)
        found = watch.poll(max(0.0, seconds) * 1000)
        return found[0][1] if found else 0


class UsbPrinter(StreamPrinter):
    """A printer behind a device of its own on this machine."""

    def __init__(
        self,
        path: Path,
        *,
        known: Known | None = None,
        timeouts: Timeouts | None = None,
        name: str = "",
    ) -> None:
        self.path = path
        super().__init__(
            lambda patience: DeviceStream.open(path, patience),
            known or Known(),
            name or str(path),
            timeouts,
        )


def _closed(path: Path, error: OSError) -> DeviceAbsent | DeviceRefused:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return DeviceRefused(
            f"The printer at {path} may not be used by this user.",
            "Add the user to the group of the device: sudo usermod -aG lp USER; then log in again.",
        )
    if error.errno == errno.EBUSY:
        return DeviceAbsent(
            f"The printer at {path} is used by another program.",
            "Remove the print queue of the same printer, or print through that queue.",
        )
    if error.errno in {errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}:
        return _no_device(path)
    return DeviceAbsent(
        f"The printer at {path} is not there ({reason(error)}).",
        "Switch it on and check its cable.",
    )


def _no_device(path: Path) -> DeviceRefused:
    return DeviceRefused(f"{path} is no device.", "Name one, such as /dev/usb/lp0.")
