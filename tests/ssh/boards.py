"""The board as a supervisor has it open over SSH, and everything that he can press."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from serving.live import PATIENCE_S
from ssh.machine import VIEWER
from ssh.ssh_pty import SshTerminal

if TYPE_CHECKING:
    from ssh.machine import Machine

BOARD = "LOOK ONLY"
HELP = "Show what every key does"
END = b"\x1b[21~"
KEYS = {
    "Ctrl-C": b"\x03",
    "Ctrl-\\": b"\x1c",
    "Ctrl-Z": b"\x1a",
    "Ctrl-P": b"\x10",
    "Ctrl-S": b"\x13",
    "Ctrl-Q": b"\x11",
    "other controls": bytes(range(1, 32)),
    "letters and signs": bytes(range(32, 127)),
    "no UTF-8": bytes(range(127, 256)),
    "F1 to F9": b"".join(b"\x1bO%c" % c for c in b"PQRS")
    + b"".join(b"\x1b[%d~" % n for n in (15, 17, 18, 19, 20)),
    "F11, F12 and on": b"".join(b"\x1b[%d~" % n for n in (23, 24, 25, 26, 28, 29, 31, 32, 33, 34)),
    "arrows with all modifiers": b"".join(
        b"\x1b[1;%d%c" % (held, way) for held in range(2, 17) for way in b"ABCDHF"
    ),
    "every short sequence": b"".join(
        b"\x1b%c%c" % (kind, last) for kind in b"[O" for last in range(64, 127)
    ),
    "Alt with everything": b"".join(b"\x1b%c" % c for c in range(32, 91)),
    "reports that nobody asked for": b"\x1b[?1;2c\x1b[5;5R\x1b]52;c;aGk=\x07\x1bP1$r0m\x1b\\"
    b"\x1b]11;rgb:0/0/0\x07\x1b[8;99999;99999t\x1b[48;1;1;1;1t\x1b[?2048;1$y",
    "mouse everywhere": b"".join(
        b"\x1b[<%d;%d;%d%c" % (button, x, x // 3 + 1, way)
        for button in (0, 1, 2, 64, 65)
        for x in (1, 40, 80, 9999)
        for way in b"Mm"
    ),
    "a command line": b"\r:!sh\r!sh\r$(id)\r`id`\r",
}


class Boards:
    """The board as a supervisor has it open; opened again when a key has ended it."""

    def __init__(self, machine: Machine, command: list[str]) -> None:
        self._machine = machine
        self._command = command
        self._open: SshTerminal | None = None

    def open(self) -> SshTerminal:
        """Return a board that runs."""
        if self._open is None or not self._open.is_alive:
            self.close()
            self._open = SshTerminal(self._command)
            self._open.wait_for(BOARD)
        return self._open

    def close(self) -> None:
        """Hang up, as a lost line does, and wait until nothing is left on the machine."""
        if self._open is not None:
            hung_up, self._open = self._open, None
            with hung_up:
                pass
            self._machine.wait_for_nobody(VIEWER)


def answers_still(terminal: SshTerminal) -> None:
    """Wait until a key that comes behind everything else has its effect."""
    for key, shown in ((b"\x1bOP", True), (b"\x1b", False)):
        ends = time.monotonic() + PATIENCE_S
        while (HELP in terminal.text) is not shown:
            assert time.monotonic() < ends, terminal.text
            terminal.write(key)
            again = time.monotonic() + 0.5
            while (HELP in terminal.text) is not shown and time.monotonic() < again:
                time.sleep(0.01)
