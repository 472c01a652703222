"""An SSH client in a terminal of its own, as a supervisor sits at it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from terminal.pty_station import PtyStation

if TYPE_CHECKING:
    from collections.abc import Sequence

LAUNCH = Path(__file__).with_name("client_launch.py")


class SshTerminal(PtyStation):
    """A client's command in a pseudo terminal; its screen is read by pyte."""

    def __init__(self, command: Sequence[str], columns: int = 80, rows: int = 24) -> None:
        super().__init__(Path("/nonexistent"), *command, columns=columns, rows=rows)

    def _program(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, str(LAUNCH), *arguments]
