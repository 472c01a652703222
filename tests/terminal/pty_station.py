"""The real program under a real pseudo terminal, and its screen as a person reads it."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyte
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

ROOT = Path(__file__).parents[2]
LAUNCH = Path(__file__).with_name("launch.py")
PATIENCE_S = 20.0
"""Longest wait for something on the screen; only a failing test waits that long."""


class PtyStation:
    """`python -m station` in a terminal of its own; a context manager that ends it."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.stream = bytearray()
        """Every byte that the program wrote to the terminal."""
        self._screen = pyte.Screen(columns, rows)
        self._reader = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._may_read = threading.Event()
        self._may_read.set()
        self._hung_up = threading.Event()
        self._master, slave = os.openpty()
        self._set_size(columns, rows)
        self.process = subprocess.Popen(
            self._program(arguments),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=environment(home, settings or {}),
        )
        os.close(slave)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.resume_reading()
        self._thread.join(5)
        if self._master >= 0:
            os.close(self._master)

    # — what the person does —
    def write(self, data: bytes) -> None:
        """Send bytes as one write, as a keyboard or a scanner does."""
        left = memoryview(data)
        while left:
            left = left[os.write(self._master, left) :]

    def scan(self, code: str, end: str = "\r") -> None:
        """Send one code and its end in one write."""
        self.write((code + end).encode())

    def press_enter(self) -> None:
        """Press Enter alone; sooner than people can, it would belong to the code before it."""
        time.sleep(0.1)
        self.write(b"\r")

    def press(self, key: bytes) -> None:
        """Press a function key or Escape; Escape alone is only known after a while."""
        self.write(key)
        time.sleep(0.15)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the kernel tells the program."""
        with self._changed:
            self._screen.resize(rows, columns)
            self._set_size(columns, rows)

    def hang_up(self) -> None:
        """Close the terminal, as a lost SSH line does."""
        # A terminal that a thread is reading stays open until the program writes something.
        self._hung_up.set()
        self._thread.join(5)
        os.close(self._master)
        self._master = -1

    def stop_reading(self) -> None:
        """Leave everything that the program writes in the kernel from now on."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    # — what the person sees —
    @property
    def text(self) -> str:
        """The screen's rows, joined by line feeds."""
        with self._changed:
            return "\n".join(self._screen.display)

    def wait_for(self, text: str | Callable[[str], object], timeout_s: float = PATIENCE_S) -> str:
        """Wait until a text, or something true, is on the screen; return the screen.

        The test fails with the screen when it does not come.
        """
        is_there = (lambda screen: text in screen) if isinstance(text, str) else text
        end = time.monotonic() + timeout_s
        while not is_there(screen := self.text):
            if time.monotonic() > end or self.process.poll() is not None:
                pytest.fail(f"{text!r} is not on the screen:\n{screen}", pytrace=False)
            with self._changed:
                self._changed.wait(0.05)
        return screen

    def wait_until(self, condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        """Wait until something is true outside the screen.

        The test fails with the screen when it does not become true.
        """
        end = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"It did not come; the screen is:\n{self.text}", pytrace=False)
            time.sleep(0.02)

    def wait_for_end(self) -> int:
        """Wait until the program has ended and its last byte was read; return its exit code."""
        code = self.process.wait(PATIENCE_S)
        self._thread.join(PATIENCE_S)
        return code

    @property
    def is_alive(self) -> bool:
        """Whether the program runs."""
        return self.process.poll() is None

    def sign_in(self, name: str = "Ana") -> None:
        """Type a name, wait for the queue, or for the order that was in hand."""
        self.wait_for("Ready.")
        self.scan(name)
        self.wait_for(lambda screen: "Who packs here?" not in screen and name in screen)

    def _program(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, str(LAUNCH), *arguments]

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        master = self._master
        while True:
            self._may_read.wait()
            if self._hung_up.is_set():
                break
            if not select.select([master], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(master, 65536)
            except OSError:  # the last writer has gone
                break
            if not data:
                break
            with self._changed:
                self.stream += data
                self._reader.feed(data)
                self._changed.notify_all()


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the program: its own data folder, no other setting."""
    foreign = ("STATION_", "COLUMNS", "LINES")  # the size is the terminal's own
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "STATION_HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
