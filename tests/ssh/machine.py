"""A machine with Debian's sshd on loopback, in a world of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from serving.live import LOCAL, PATIENCE_S, until

if TYPE_CHECKING:
    from collections.abc import Sequence

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WORLD = Path(__file__).with_name("world.py")
STATION = ("/opt/station/bin/python", "-I", "-E", "-m", "station")
VIEWER = "station-board"
SUPERVISOR = "station-supervisor"
CONTROL = "station-control"
"""An ordinary account beside it, for which sshd allows what it usually does."""
WATCHED = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/var/lib", "/etc")


def lacking() -> str:
    """Return why there can be no such machine here; empty: there can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "only root of a Linux machine can make a machine with sshd"
    if SSHD is None or shutil.which("ssh") is None:
        return "openssh-server is not installed"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False)
    return "this machine allows no mounts of one's own" if tried.returncode else ""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind((LOCAL, 0))
        port: int = found.getsockname()[1]
        return port


def new_key(file: Path) -> Path:
    """Make a key pair; return the private half's file."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    return file


@dataclass
class Machine:
    """sshd in a world of its own, the account for the board, and clients that come from outside."""

    folder: Path
    port: int = field(default_factory=free_port)
    _running: list[subprocess.Popen[str]] = field(default_factory=list)
    _pid: int = 0

    def start(self) -> None:
        """Make the world."""
        memory = self.folder / "memory"
        memory.mkdir()
        told = ("--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
        world = self._spawn(
            ["unshare", *told, "--propagation", "private", sys.executable, WORLD, memory],
            subprocess.PIPE,
        )
        assert world.stdout is not None
        assert world.stdout.readline() == "ready\n"
        children = Path(f"/proc/{world.pid}/task/{world.pid}/children")
        self._pid = int(children.read_text(encoding="ascii").split()[0])

    def stop(self) -> None:
        """End everything in it: sshd, the board, and the mounts."""
        if self._running:
            self._running[0].kill()  # all that runs in the world ends with it
        for process in self._running:
            process.communicate(timeout=PATIENCE_S)

    def inside(self, *command: str | Path, told: str = "") -> str:
        """Run a command as root of that machine; return what it said."""
        done = subprocess.run(
            self._within(*command),
            input=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *command: str | Path) -> None:
        """Start a program there which runs until the machine ends."""
        with (self.folder / "programs.log").open("a", encoding="utf-8") as told:
            self._spawn(self._within(*command), told)

    def path(self, place: str) -> Path:
        """Return how a file of that machine is reached from here."""
        return Path(f"/proc/{self._pid}/root{place}")

    def listen(self) -> None:
        """Start sshd with Debian's own settings, a host key of its own, and this port."""
        assert SSHD is not None
        key = "/etc/ssh/host-of-the-tests"
        self.inside("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        public = self.inside("cat", f"{key}.pub")
        (self.folder / "known").write_text(f"[{LOCAL}]:{self.port} {public}", encoding="ascii")
        where = ("-p", str(self.port), "-o", f"ListenAddress={LOCAL}", "-h", key)
        self.run(SSHD, "-D", "-E", "/run/sshd.log", *where)
        until(lambda: answers(self.port))

    def listen_again(self) -> None:
        """Make sshd read its settings again, as `systemctl reload` does."""
        listened = self.log().count("Server listening")
        self.inside("sh", "-ec", "kill -HUP $(cat /run/sshd.pid)")
        until(lambda: self.log().count("Server listening") > listened)

    def client(self, user: str, key: Path, *options: str, program: str = "ssh") -> list[str]:
        """Return the beginning of a client's command: no settings of this machine, one key."""
        known = f"UserKnownHostsFile={self.folder / 'known'}"
        settings = ("IdentitiesOnly=yes", known, "LogLevel=ERROR", f"User={user}", "BatchMode=yes")
        told = [word for setting in settings for word in ("-o", setting)]
        port = "-p" if program == "ssh" else "-P"
        return [program, "-F", "none", "-i", str(key), port, str(self.port), *told, *options]

    def sshd(self) -> int:
        """Return sshd's own process, as it is numbered outside."""
        for entry in Path("/proc").iterdir():
            told = _line(entry) if entry.name.isdecimal() else ""
            if f"-p {self.port} -o Listen" in told and not told.startswith("nsenter"):
                return int(entry.name)
        raise AssertionError(self.log())

    def uid(self, user: str) -> int:
        """Return the number of a user there."""
        return int(self.inside("id", "-u", user))

    def processes(self, user: str) -> dict[int, str]:
        """Return the processes of a user, with what they run; sshd's own are left out."""
        found = {}
        number = str(self.uid(user))
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and (told := _owned(entry, number)):
                found[int(entry.name)] = told
        return {pid: told for pid, told in found.items() if not told.startswith("sshd")}

    def wait_for_nobody(self, user: str) -> None:
        """Wait until a user has no process left."""
        ends = time.monotonic() + PATIENCE_S
        while left := self.processes(user):
            assert time.monotonic() < ends, left
            time.sleep(0.05)

    def files(self, user: str) -> set[str]:
        """Return every file of a user in all places where he could write."""
        look = (
            f"find {' '.join(WATCHED)} -xdev -user {user} 2>/dev/null || true"  # files come and go
        )
        return set(self.inside("sh", "-c", look).splitlines())

    def log(self) -> str:
        """Return what sshd wrote down."""
        return self.path("/run/sshd.log").read_text(encoding="utf-8")

    def _within(self, *command: str | Path) -> list[str]:
        return ["nsenter", "-t", str(self._pid), "-m", "-p", "--", *map(str, command)]

    def _spawn(self, command: Sequence[str | Path], told: IO[str] | int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=told, stderr=told, text=True
        )
        self._running.append(process)
        return process


def answers(port: int) -> bool:
    """Return whether somebody listens on a port of loopback."""
    try:
        socket.create_connection((LOCAL, port), 1).close()
    except OSError:
        return False
    return True


def _line(entry: Path) -> str:
    """Return what a process was started as, "" when it has ended."""
    try:
        told = (entry / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return told.replace(b"\0", b" ").decode("utf-8", "replace").strip()


def _owned(entry: Path, uid: str) -> str:
    """Return what a process runs when it belongs to that user."""
    try:
        status = (entry / "status").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    mine = re.search(rf"^Uid:\s+{uid}\s", status, re.MULTILINE)
    return _line(entry) or "(ended)" if mine else ""
