"""What a session does on the machine: strace follows sshd, and its log is read."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Self

from serving.live import PATIENCE_S, until

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

CALLS = "execve,clone,clone3,fork,vfork,openat,open,creat,rename,mkdir,symlink,link"
_LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)[( ](.*)")
_BOARD = re.compile(r'"/opt/station/bin/python", \[.*"-m", "station", "board"\]')
_WRITES = re.compile(r"O_(?:WR\w+|RDWR|CREAT|TRUNC|APPEND)")


class Strace:
    """Follows a process and all that comes of it, until the end of the block."""

    def __init__(self, pid: int, log: Path) -> None:
        self._log = log
        self._process = subprocess.Popen(
            ["strace", "-f", "-s", "300", "-e", f"trace={CALLS}", "-o", log, "-p", str(pid)],
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        until(self._log.exists)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    @staticmethod
    def is_there() -> bool:
        """Return whether strace is installed."""
        return shutil.which("strace") is not None

    def told(self) -> tuple[set[str], set[str]]:
        """Return what the board ran after its own start, and which files it opened to write."""
        mine: set[str] = set()
        ran, wrote = set(), set()
        for line in self._log.read_text(encoding="utf-8", errors="replace").splitlines():
            read = _LINE.match(line)
            pid, call, rest = read.groups() if read else ("", "", "")
            failed = " = -1 " in rest or rest.endswith(" = ?")
            if call == "execve" and _BOARD.match(rest):
                mine.add(pid)
            elif call == "execve" and pid in mine:
                ran.add(rest)
            elif pid in mine and call in {"clone", "clone3", "fork", "vfork"}:
                mine.update(re.findall(r"= (\d+)$", rest))
            elif (
                pid in mine and not failed and (not call.startswith("open") or _WRITES.search(rest))
            ):
                wrote.add((re.findall(r'"([^"]*)"', rest) or [rest])[0])
        assert mine, "strace saw no board"
        return ran, wrote
