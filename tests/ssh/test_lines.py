"""The lines for sshd, as sh and sshd's own parsers take them."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ssh.public_keys import GOOD

from station import cli, ssh
from station.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = "/opt/station/bin/python"


def unquoted(line: str) -> str:
    """Return the command of a key's line, as sshd takes it out of its quotes (auth-options.c)."""
    read = re.match(r'restrict,(?:pty,)?command="((?:\\"|[^"])*)" ssh-', line)
    assert read, line
    return read[1].replace('\\"', '"')


@given(st.from_regex(r"/[ -~]{0,40}", fullmatch=True))
def test_any_path_reaches_the_shell_whole(python: str) -> None:
    """Whatever the folder is called, sh and sshd read the program's path as one word, or words."""
    try:
        line = ssh.key_line(ssh.VIEWER, python, GOOD)
    except InputError:
        assert set(python) & set("'\"\\")
        return
    assert unquoted(line) == ssh.command(ssh.VIEWER, python)
    words = shlex.split(unquoted(line))
    assert words[-6:] == [python, "-I", "-E", "-m", "station", "$@"]
    # sshd_config splits the line into words too, though it takes the rest of it as it stands.
    assert shlex.split(ssh.sshd_block(ssh.VIEWER, python).split("\n")[1])[0] == "ForceCommand"


@pytest.mark.parametrize("python", ["", "python", "/a\nb", "/a\x00", "/a\x7f"])
def test_a_path_that_is_none_is_refused(python: str) -> None:
    """A relative path, or one with control characters, goes into no line."""
    with pytest.raises(InputError, match="cannot stand in a forced command"):
        ssh.command(ssh.VIEWER, python)


@pytest.mark.parametrize("terminal", ["xterm-256color", "vt100", "screen.xterm+x"])
def test_the_terminal_is_passed_on(terminal: str, tmp_path: Path) -> None:
    """The program gets the terminal's name, the language, its data folder, and nothing else."""
    hostile = {
        "TERM": terminal,
        "LD_DEBUG": "x",
        "PYTHONPATH": "x",
        "TEXTUAL_LOG": "x",
        "PATH": "x",
    }
    assert seen(hostile, tmp_path) == {
        f"TERM={terminal}",
        "LANG=C.UTF-8",
        "LC_ALL=",
        "LC_CTYPE=",
        "STATION_HOME=/var/lib/station-board/data",
    }


@pytest.mark.parametrize("terminal", ["", "../../x", "$(id)", "a b", "a;id", "x\ny", '"', "é"])
def test_a_strange_terminal_is_dumb(terminal: str, tmp_path: Path) -> None:
    """A name that no terminal has is replaced, and never run or looked up."""
    assert "TERM=dumb" in seen({"TERM": terminal, "LANG": "de_DE.UTF-8"}, tmp_path)


def seen(environment: dict[str, str], folder: Path) -> set[str]:
    """Return the environment that the program of a forced command gets."""
    program = folder / "python"
    program.write_text("#!/bin/sh\nexec /usr/bin/env\n", encoding="ascii")
    program.chmod(0o755)
    forced = ssh.command(ssh.VIEWER, str(program))
    done = subprocess.run(
        ["/bin/sh", "-c", forced],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    # What sh sets by itself is no client's word.
    return {
        line for line in done.stdout.splitlines() if not line.startswith(("PWD=", "_=", "SHLVL="))
    }


def test_a_status_key_has_no_terminal() -> None:
    """The key of a program gets the status alone and no terminal."""
    line = ssh.key_line(ssh.VIEWER, PYTHON, GOOD, only_status=True)
    assert line.startswith('restrict,command="')
    assert "set -- status --json; exec" in line


def test_it_is_printed_for_a_file_and_for_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key can be given as its file or as its line; what is printed is the same."""
    file = tmp_path / "id.pub"
    file.write_text(f"{GOOD}\n", encoding="ascii")
    told = []
    for given_ in (str(file), GOOD):
        assert cli.main(["enrol", "--ssh-viewer", given_]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert "Match User station-board" in told[0]
    assert "station enrol board-viewer --viewer" in told[0]


def test_acting_is_another_account(capsys: pytest.CaptureFixture[str]) -> None:
    """Who may act comes in through an account of his own, with a token of its own."""
    assert cli.main(["enrol", "--ssh-viewer", GOOD, "--acting"]) == 0
    told = capsys.readouterr().out
    assert "station enrol board-supervisor --board" in told
    assert "station-board" not in told


def test_a_private_key_is_refused_and_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wrong half of a key is refused, and nothing of it is printed."""
    file = tmp_path / "id"
    file.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", encoding="ascii")
    assert cli.main(["enrol", "--ssh-viewer", str(file)]) == 1
    told = capsys.readouterr()
    assert "private key" in told.err
    assert "c2VjcmV0" not in told.out + told.err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is told with what to give instead."""
    assert cli.main(["enrol", "--ssh-viewer", "/nowhere/id.pub"]) == 1
    assert "cannot be read" in capsys.readouterr().err
