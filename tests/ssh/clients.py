"""Clients without a terminal, and what comes through their tunnels."""

from __future__ import annotations

import socket
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from serving.live import LOCAL, PATIENCE_S, until
from ssh.machine import answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ssh.machine import Machine


class Done(NamedTuple):
    """What came of a client's command."""

    code: int
    out: str
    err: str


def ended(process: subprocess.Popen[str]) -> Done:
    """Wait for a client's end."""
    out, err = process.communicate(timeout=PATIENCE_S)
    return Done(process.returncode, out, err)


def start(command: list[str]) -> subprocess.Popen[str]:
    """Start a client without a terminal."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)


@contextmanager
def forwarding(machine: Machine, user: str, key: Path, *options: str) -> Iterator[None]:
    """Keep a connection which wants nothing but a forwarding."""
    strict = ("-o", "ExitOnForwardFailure=yes", "-N")
    client = start(machine.client(user, key, *strict, *options, LOCAL))
    try:
        yield
    finally:
        client.kill()
        client.communicate()


def heard(port: int, *, of: int, socks: bool = False) -> bytes:
    """Return what a tunnel lets through of an SSH server's greeting."""
    until(lambda: answers(port))
    got = b""
    with (
        socket.create_connection((LOCAL, port), PATIENCE_S) as connection,
        suppress(ConnectionError),
    ):
        if socks:  # RFC 1928 §3, §4: no password; connect to a port of loopback
            connection.sendall(b"\x05\x01\x00")
            connection.recv(2)
            connection.sendall(b"\x05\x01\x00\x01\x7f\0\0\x01" + of.to_bytes(2, "big"))
        while b"SSH-2.0" not in got and (more := connection.recv(100)):
            got += more
    return got
