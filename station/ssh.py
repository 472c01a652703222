"""The board over SSH: the exact lines for an account that can do nothing else; pure.

sshd runs a forced command through the account's shell with the client's words beside it, so the
command takes nothing from the client but the name of its terminal and its language.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import starmap

from station.errors import InputError
from station.ssh_key import one_key

PROGRAM_NAME = re.compile(r"/[^\x00-\x1f\x7f'\"\\]*")
"""Paths that mean the same to sh, sshd_config and authorized_keys once they are quoted."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system that runs the board, and the token that it has."""

    user: str
    token: str
    """The name under which `station enrol` knows it."""
    kind: str
    """The option of `station enrol` that makes its token."""

    @property
    def home(self) -> str:
        """The account's home, which is root's, so that it can leave nothing there."""
        return f"/var/lib/{self.user}"

    @property
    def data(self) -> str:
        """Its data folder: the token and the log, and all that it may write."""
        return f"{self.home}/data"

    @property
    def keys(self) -> str:
        """The file with the SSH keys that open it, which it can read and not change."""
        return f"/etc/ssh/{self.user}.keys"


VIEWER = Account("station-board", "board-viewer", "--viewer")
"""Looks at the board: no names of people, no acts."""

SUPERVISOR = Account("station-supervisor", "board-supervisor", "--board")
"""Acts from the board as well; each act needs a supervisor's name and PIN."""

_SHELL = (
    "umask 077; ulimit -c 0; "
    'case "$TERM" in ""|*[!A-Za-z0-9._+-]*) TERM=dumb;; esac; '
    "{what}exec /usr/bin/env -i "
    'TERM="$TERM" LANG="${{LANG:-C.UTF-8}}" LC_ALL="$LC_ALL" LC_CTYPE="$LC_CTYPE" '
    'STATION_HOME={home} {python} -I -E -m station "$@"'
)
_EITHER = "if [ -t 0 ]; then set -- board; else set -- status --json; fi; "
_STATUS = "set -- status --json; "

_MATCH = (
    ("AuthenticationMethods", "publickey"),
    ("PasswordAuthentication", "no"),
    ("KbdInteractiveAuthentication", "no"),
    ("AuthorizedKeysFile", "{keys}"),
    ("AuthorizedKeysCommand", "none"),
    ("TrustedUserCAKeys", "none"),
    ("PermitTTY", "yes"),
    ("PermitUserRC", "no"),
    ("AcceptEnv", "LANG LC_ALL LC_CTYPE"),
    ("DisableForwarding", "yes"),
    # Before OpenSSH 10.0 DisableForwarding left agent and X11 open (CVE-2025-32728).
    ("AllowAgentForwarding", "no"),
    ("AllowTcpForwarding", "no"),
    ("AllowStreamLocalForwarding", "no"),
    ("X11Forwarding", "no"),
    ("PermitTunnel", "no"),
    ("MaxSessions", "1"),
    ("ClientAliveInterval", "15"),
    ("ClientAliveCountMax", "3"),
)


def command(account: Account, python: str, *, only_status: bool = False) -> str:
    """Return what sshd runs for the account: the board in a terminal, the status JSON without one.

    Raises:
        InputError: The path of Python cannot be quoted for all who read it.
    """
    if not PROGRAM_NAME.fullmatch(python):
        raise InputError(
            f"The path {python!r} cannot stand in a forced command.",
            "Install station in a folder without quotes and backslashes, such as /opt/station.",
        )
    what = _STATUS if only_status else _EITHER
    return _SHELL.format(what=what, home=account.data, python=shlex.quote(python))


def key_line(account: Account, python: str, key: str, *, only_status: bool = False) -> str:
    """Return the line of authorized_keys for one public key; a status key gets no terminal.

    Raises:
        InputError: The key is none that may be used, or more than a key.
    """
    # sshd takes \" for a quote inside quotes, and every other backslash as it stands.
    forced = command(account, python, only_status=only_status).replace('"', '\\"')
    terminal = "" if only_status else "pty,"
    return f'restrict,{terminal}command="{forced}" {one_key(key)}'


def sshd_block(account: Account, python: str) -> str:
    """Return the block of sshd_config which holds whatever else the keys' file may say."""
    settings = (("ForceCommand", command(account, python)), *_MATCH)
    lines = starmap("    {} {}".format, settings[1:])
    told = "\n".join(lines).replace("{keys}", account.keys)
    return f"Match User {account.user}\n    ForceCommand {settings[0][1]}\n{told}\n"


def account_commands(account: Account) -> str:
    """Return the commands, for root, that make the account: no password, a home of root's."""
    user = account.user
    return (
        f"useradd --system --user-group --no-create-home --home-dir {account.home}"
        f" --shell /bin/sh --password '*' {user}\n"
        f"install -d -m 755 -o root -g root {account.home}\n"
        f"install -d -m 700 -o {user} -g {user} {account.data}\n"
    )


def join_command(account: Account, python: str) -> str:
    """Return the command, for root, with which the account takes the line of its token."""
    clean = f"env -i STATION_HOME={account.data}"
    program = f"{shlex.quote(python)} -I -E -m station"
    return f"cd / && runuser -u {account.user} -- {clean} {program} enrol --join\n"


def key_commands(account: Account, line: str) -> str:
    """Return the commands, for root, that let a key in."""
    return f"cat >> {account.keys} <<'END'\n{line}\nEND\nchmod 644 {account.keys}\n"


def sshd_commands(account: Account, python: str) -> str:
    """Return the commands, for root, that give sshd the block and make it read that."""
    file = f"/etc/ssh/sshd_config.d/{account.user}.conf"
    block = sshd_block(account, python)
    return f"cat > {file} <<'END'\n{block}END\nsshd -t && systemctl reload ssh\n"
