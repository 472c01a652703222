"""What the owner types on the machine: the order store, and the steps that were printed for him."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from samples import MUG, order
from serving.live import LOCAL, until
from ssh.machine import CONTROL, STATION, answers, free_port
from terminal.homes import furnish

from station import cli, compose

if TYPE_CHECKING:
    from ssh.machine import Machine

ORDERS = ("111-0000000-0000001", "111-0000000-0000002")


class Keys(NamedTuple):
    """Who comes; each is the file of a private key."""

    viewer: Path
    supervisor: Path
    program: Path
    """Asks for the status alone."""
    control: Path
    stranger: Path


def set_up(machine: Machine, keys: Keys) -> None:
    """Start the store, do every printed step, and start sshd."""
    serve_orders(machine)
    follow(machine, printed(machine, keys.viewer), first=True)
    follow(machine, printed(machine, keys.program, "--status"), first=False)
    let_anything(machine, keys.control)
    machine.listen()


def store_of(machine: Machine) -> Path:
    """Return the data folder of the order store, which is root's alone."""
    return machine.folder / "store"


def at_the_store(machine: Machine, *command: str) -> str:
    """Run a command on the store's machine, which is this one; return what it printed."""
    told = io.StringIO()
    with redirect_stdout(told), pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "log_to", lambda _home: None)  # its files are closed by an exit
        assert cli.main(["--home", str(store_of(machine)), *command]) == 0
    return told.getvalue()


def serve_orders(machine: Machine) -> None:
    """Serve a store with two orders."""
    home, port = store_of(machine), free_port()
    home.mkdir(mode=0o700)
    names = f'[serve]\nhost = "{LOCAL}"\nport = {port}\nnames = ["{LOCAL}:{port}"]\n'
    furnish(home, *(order(number, (MUG, 1)) for number in ORDERS), toml=names)
    at_the_store(machine, "enrol", "--init")
    machine.run("env", f"STATION_HOME={home}", *STATION, "serve")
    until(lambda: answers(port))


def printed(machine: Machine, key: Path, *options: str) -> dict[str, str]:
    """Return the steps that the command prints for a key, by number."""
    public = Path(f"{key}.pub").read_text(encoding="ascii")
    told = machine.inside(*STATION, "enrol", "--ssh-viewer", public, *options)
    parts = re.split(r"^# (\d)\. .*$", told, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def follow(machine: Machine, steps: dict[str, str], *, first: bool) -> None:
    """Type the steps as they stand; a second key needs the fourth alone."""
    if first:
        machine.inside("sh", "-e", told=steps["1"])
        words = re.findall(r"^#  +station (.*)$", steps["2"], re.MULTILINE)[0].split()
        line = re.findall(r"^https://.*$", at_the_store(machine, *words), re.MULTILINE)[0]
        machine.inside("sh", "-ec", steps["3"], told=f"{line}\n")
        # The machine of the tests has no systemd; its sshd is started after the steps.
        machine.inside("sh", "-e", told=steps["5"].replace(" && systemctl reload ssh", ""))
    machine.inside("sh", "-e", told=steps["4"])


def let_act(machine: Machine, keys: Keys) -> None:
    """Do the steps for supervisors too, and make sshd read its settings again."""
    follow(machine, printed(machine, keys.supervisor, "--acting"), first=True)
    machine.listen_again()


def let_anything(machine: Machine, key: Path) -> None:
    """Make an account for which nothing of all this holds."""
    home = f"/var/lib/{CONTROL}"
    machine.inside("useradd", "--create-home", "--home-dir", home, "--password", "*", CONTROL)
    public = Path(f"{key}.pub").read_text(encoding="ascii")
    own = f"umask 022; mkdir {home}/.ssh; cat > {home}/.ssh/authorized_keys"
    machine.inside("sh", "-ec", own, told=public)
