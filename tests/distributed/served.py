"""`station serve` in a process of its own, that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from station.store.service import certificates, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.store.sql import SqlOrderStore

LOCAL = "127.0.0.1"
PATIENCE_S = 30.0
"""Seconds after which a test gives up; none is about how long something takes."""

_ROOT = Path(__file__).parents[2]
_CHILD = Path(__file__).with_name("serving_child.py")
_TOML = """
[store]
url = "{store}"

[serve]
host = "{host}"
port = {port}
rate = 10000
at_once = 1000
"""
"""The limits of the server are not what is tried here."""


@dataclass
class Served:
    """A data folder with a store's address, and the process that serves it."""

    home: Path
    store_url: str
    port: int
    tls: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    """More variables for the process; those that begin with TRIAL_ are read by the child."""
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where stations reach it."""
        return f"{'https' if self.tls else 'http'}://{LOCAL}:{self.port}"

    @property
    def ca(self) -> bytes | None:
        """The CA certificate that stations trust."""
        return (self.home / "tls" / "ca.pem").read_bytes() if self.tls else None

    @property
    def told(self) -> list[str]:
        """What the child wrote down of itself, a line for each."""
        file = self.home / "told.txt"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, **trial: str) -> None:
        """Start it and wait until stations can connect."""
        self.starts += 1
        command = [sys.executable, str(_CHILD), "serve"]
        more = {f"TRIAL_{name.upper()}": value for name, value in trial.items()}
        with (self.home / "stderr.txt").open("ab") as errors:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=_ROOT,
                env=self._environment() | self.environment | more,
            )
        self._process = process
        assert process.stdout
        for line in process.stdout:
            if line.startswith(b"Ctrl-C"):
                return
        process.wait()
        raise AssertionError((self.home / "stderr.txt").read_text())

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> None:
        """End it as an operator does."""
        if self._process is not None:
            self._process.terminate()
            self.ended()

    def ended(self) -> None:
        """Wait until it has ended."""
        assert self._process
        with self._process:
            self._process.wait(PATIENCE_S)
        self._process = None

    def command(self, *words: str) -> str:
        """Run a command of `station` on this machine and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "station", *words],
            capture_output=True,
            text=True,
            cwd=_ROOT,
            env=self._environment(),
            check=False,
        )
        return done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        return {
            "STATION_HOME": str(self.home),
            "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'tests'}",
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
        }


def prepare(home: Path, store_url: str, *, tls: bool = False) -> Served:
    """Make the data folder of a server on a free port."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    if tls:
        certificates.make(home / "tls", ["localhost", LOCAL])
    toml = _TOML.format(store=store_url, host=LOCAL, port=port)
    (home / "station.toml").write_text(toml, encoding="utf-8")
    return Served(home, store_url, port, tls)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.create_server((LOCAL, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def enrol(store: SqlOrderStore, names: Sequence[str]) -> dict[str, str]:
    """Give stations their tokens, as `station enrol NAME` does; return them by name."""
    given = {name: tokens.new() for name in names}
    for name, token in given.items():
        store.enrol(name, "station", tokens.digest(token))
    return given
