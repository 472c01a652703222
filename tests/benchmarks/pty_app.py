"""A program in a real pseudo-terminal, whose output is read as soon as it comes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import warnings
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from typing import Self

ROWS, COLUMNS = 24, 80
CHUNK = 1 << 16
BARE_APP = Path(__file__).with_name("bare_app.py")
RAW_LOOP = Path(__file__).with_name("raw_loop.py")

_OWN = ("STATION_", "TEXTUAL", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PYTHONPROFILE")
"""Variables of the person who measures must not change what is measured."""


class NotShownError(Exception):
    """The program never painted what it was waited for."""


class PtyApp:
    """A program of 80×24 whose questions to the terminal nobody answers.

    Args:
        command: What to run, by Python itself: `sys.executable` is put before it.
        more: Variables of its environment beside the usual ones.
    """

    def __init__(self, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        argv = [sys.executable, *command]
        env = {key: value for key, value in os.environ.items() if not key.startswith(_OWN)}
        env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", **(more or {})}
        self.output = bytearray()
        """What was read and not yet forgotten."""
        self.received = 0
        """Bytes read so far."""
        self.began = perf_counter()
        with warnings.catch_warnings():
            # Python 3.12 warns of forks beside threads; this child only becomes another program.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid, self._fd = pty.fork()
        if self._pid == 0:
            _become(argv, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def write(self, keys: bytes) -> float:
        """Type keys in one write and return the moment just before it."""
        at = perf_counter()
        os.write(self._fd, keys)
        return at

    def read(self, until: float) -> float | None:
        """Take output that comes before a moment; return when it came, None when none did."""
        ready, _, _ = select.select([self._fd], [], [], max(0.0, until - perf_counter()))
        if not ready:
            return None
        try:
            chunk = os.read(self._fd, CHUNK)
        except OSError:  # Linux: the program has ended
            return None
        at = perf_counter()
        self.output += chunk
        self.received += len(chunk)
        return at if chunk else None

    def wait(self, pattern: re.Pattern[bytes], timeout_s: float = 30.0) -> float:
        """Return the moment at which output matched; what came until then is forgotten.

        Raises:
            NotShownError: It never did.
        """
        until = perf_counter() + timeout_s
        while (at := self.read(until)) is not None:
            if found := pattern.search(self.output):
                del self.output[: found.end()]
                return at
        raise NotShownError(f"{pattern.pattern!r} was not painted: {bytes(self.output[-400:])!r}")

    def rest(self, seconds: float) -> int:
        """Read and forget whatever comes for so long; return how many bytes it was."""
        before, until = self.received, perf_counter() + seconds
        while perf_counter() < until:
            if self.read(until) is None:
                break
        self.output.clear()
        return self.received - before

    def close(self) -> None:
        """End the program as a power cut would."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)


def _become(argv: list[str], env: Mapping[str, str]) -> None:
    """Turn the forked child into the program; never returns."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execve(argv[0], argv, dict(env))
    finally:
        os._exit(127)
