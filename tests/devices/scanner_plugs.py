"""Scanners at the other end of a wire, a device node or a file, in a test's hand."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import time
import tty
from typing import TYPE_CHECKING, Protocol

from station.devices.evdev_keys import DOWN, EV_KEY, EV_SYN, UP
from station.devices.evdev_scanner import EVENT, EvdevScanner
from station.devices.serial_scanner import SerialScanner
from station.devices.simulated_scanner import SimulatedScanner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.devices.ports import Scanner
    from station.devices.scan_line import Framing

SHIFT, CTRL, ENTER, TAB = 42, 29, 28, 15
_ROWS = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    57: (" ", " "),
}
_KEYS = {
    char: (first + at, shifted)
    for first, rows in _ROWS.items()
    for shifted, row in enumerate(rows)
    for at, char in enumerate(row)
}


class Plug(Protocol):
    """One scanner that a test plugs in, scans with, and pulls out."""

    def open(self, framing: Framing) -> Scanner:
        """Plug it in if need be, and open it as the station does."""
        ...

    def send(self, text: str) -> None:
        """Send characters in one piece."""
        ...

    def unplug(self) -> None:
        """Pull it out."""
        ...


class PtyPlug:
    """A serial scanner at a pseudo terminal."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ttyACM0"
        self.master = -1
        self._slave = -1

    def plug_in(self) -> None:
        """Make the port, under the same name as before."""
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path.symlink_to(os.ttyname(self._slave))

    def open(self, framing: Framing) -> Scanner:
        """Open the port."""
        if self.master < 0:
            self.plug_in()
        return SerialScanner(str(self.path), "ttyACM0", framing)

    def send(self, text: str) -> None:
        """Send characters in one piece."""
        self.write(text.encode())

    def write(self, data: bytes) -> None:
        """Send bytes."""
        left = memoryview(data)
        while left:
            left = left[os.write(self.master, left[:1000]) :]
            while len(left) and self._waiting() > 2000:
                time.sleep(0.001)

    def _waiting(self) -> int:
        answer = fcntl.ioctl(self._slave, termios.FIONREAD, b"\0" * 4)
        return int(struct.unpack("i", answer)[0])

    def unplug(self) -> None:
        """Hang up; nothing happens where it is not plugged in."""
        if self.master >= 0:
            os.close(self.master)
            os.close(self._slave)
            self.path.unlink()
            self.master = -1


class EvdevPlug:
    """A keyboard scanner whose events come through a named pipe; its grab is only counted."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "event5"
        self.grabbed = 0
        self._pipe = -1

    def open(self, framing: Framing) -> Scanner:
        """Open the device."""
        if self._pipe < 0:
            os.mkfifo(self.path)
        scanner = EvdevScanner(str(self.path), "event5", framing, self._grab)
        if self._pipe < 0:
            self._pipe = os.open(self.path, os.O_WRONLY)
        return scanner

    def _grab(self, _handle: int) -> None:
        self.grabbed += 1

    def send(self, text: str) -> None:
        """Press and let go the keys of characters."""
        data = b"".join(map(pressed, text))
        for at in range(0, len(data), 4000):
            os.write(self._pipe, data[at : at + 4000])

    def events(self, *events: tuple[int, int, int]) -> None:
        """Send raw events: kind, code, value."""
        os.write(self._pipe, b"".join(EVENT.pack(0, 0, *event) for event in events))

    def unplug(self) -> None:
        """Take the device away."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self.path.unlink()
            self._pipe = -1


def pressed(char: str) -> bytes:
    """Return the events of one character on an American keyboard."""
    held = []
    if char in "\r\n\t":
        key = TAB if char == "\t" else ENTER
    elif ord(char) < 0x20:
        held, key = [CTRL], _KEYS[chr(ord(char) | 0x40).lower()][0]
    else:
        key, shifted = _KEYS[char]
        held = [SHIFT] if shifted else []
    down = [(EV_KEY, code, DOWN) for code in (*held, key)]
    up = [(EV_KEY, code, UP) for code in (key, *held)]
    return b"".join(EVENT.pack(0, 0, *event) for event in (*down, *up, (EV_SYN, 0, 0)))


class FilePlug:
    """A simulated scanner: a file that grows."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bench.scans"

    def open(self, framing: Framing) -> Scanner:
        """Open the file."""
        return SimulatedScanner(self.path, "bench", framing)

    def send(self, text: str) -> None:
        """Append characters."""
        with self.path.open("a", encoding="utf-8", newline="") as out:
            out.write(text)

    def unplug(self) -> None:
        """Take the file away."""
        self.path.unlink(missing_ok=True)


PLUGS: dict[str, Callable[[Path], Plug]] = {
    "serial": PtyPlug,
    "evdev": EvdevPlug,
    "simulated": FilePlug,
}
