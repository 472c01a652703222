"""`station enrol --ssh-viewer KEY`: prints what lets a supervisor see the board over SSH."""

from __future__ import annotations

import sys
from pathlib import Path

from station import ssh
from station.errors import InputError
from station.verbs import OK

_LONGEST = 16 * 2**10


def show(given: str, *, acting: bool, status: bool) -> int:
    """Print the commands, for root of the machine with sshd; nothing is changed here."""
    account = ssh.SUPERVISOR if acting else ssh.VIEWER
    print(_steps(account, sys.executable, _text_of(given), status=status), end="")
    return OK


def _steps(account: ssh.Account, python: str, key: str, *, status: bool) -> str:
    line = ssh.key_line(account, python, key, only_status=status)
    closed = _closed(Path(python))
    return "\n".join(
        (
            f"# The board over SSH, for {account.user}: docs/ssh.md tells why each line.",
            "# Do this as root on the machine that people reach by ssh; 1, 2, 3 and 5 only once.",
            *(
                [f"# FIRST: others cannot read {closed}. Install in /opt/station."]
                if closed
                else ()
            ),
            "",
            "# 1. An account that can do nothing else",
            ssh.account_commands(account),
            "# 2. On the machine of `station serve`: a key to the order store; it prints a line",
            f"#      station enrol {account.token} {account.kind}",
            "",
            "# 3. Here again: paste that line",
            ssh.join_command(account, python),
            f"# 4. The SSH key, {'for the status alone' if status else 'for the board'}",
            ssh.key_commands(account, line),
            "# 5. What sshd allows this account",
            ssh.sshd_commands(account, python),
            f"# Then, from the other computer: {'ssh -T' if status else 'ssh'} {account.user}@HERE",
            f"# To take the SSH key back: delete its line in {account.keys}",
            f"# To end the account's access to the orders: station enrol --revoke {account.token}",
            "",
        )
    )


def _text_of(given: str) -> str:
    """Return a key that was pasted, or what its file holds."""
    if any(char.isspace() for char in given.strip()):
        return given
    try:
        with Path(given).expanduser().open("rb") as file:
            return file.read(_LONGEST).decode("utf-8", "replace")
    except OSError as error:
        raise InputError(
            f"The key file {given!r} cannot be read: {error.strerror}.",
            "Give a file that ends in .pub, or the line in it between quotes.",
        ) from error


def _closed(python: Path) -> Path | None:
    """Return the first folder on the way to Python that other users may not enter."""
    ways = (python, python.resolve(), Path(__file__).resolve())
    for folder in (folder for way in ways for folder in reversed(way.parents)):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None
