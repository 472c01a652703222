"""A real sshd with the printed lines: each way out of the board that there is yields nothing."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from serving.live import LOCAL, until
from ssh.boards import BOARD, END, KEYS, Boards, answers_still
from ssh.clients import Done, ended, forwarding, heard, start
from ssh.machine import CONTROL, SUPERVISOR, VIEWER, free_port
from ssh.owner import let_act
from ssh.ssh_pty import SshTerminal
from ssh.watching import Strace

from station import enrolment
from station.store.service import callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ssh.machine import Machine
    from ssh.owner import Keys

DATA = f"/var/lib/{VIEWER}/data"
ALLOWED = {DATA, *(f"{DATA}/{name}" for name in ("station.log", "enrolment.json"))}
"""The program's own files."""
HOSTILE = {
    "LD_PRELOAD": "/tmp/evil.so",
    "PYTHONSTARTUP": "/tmp/evil.py",
    "PYTHONPATH": "/tmp",
    "BROWSER": "/bin/sh",
    "PAGER": "/bin/sh",
    "TEXTUAL_LOG": "/tmp/textual.log",
    "TEXTUAL_SCREENSHOT": "0",
    "STATION_HOME": "/tmp",
}


@pytest.fixture(scope="module")
def tried(
    machine: Machine, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Done]:
    """Every way to have another program run, all at once."""
    folder = tmp_path_factory.mktemp("tried")
    (folder / "up").write_text("to take away", encoding="ascii")
    words = " ".join(f"{name}={value}" for name, value in HOSTILE.items())
    here = f"{VIEWER}@{LOCAL}"
    ssh = machine.client(VIEWER, keys.viewer)
    scp = machine.client(VIEWER, keys.viewer, program="scp")
    sftp = machine.client(VIEWER, keys.viewer, program="sftp")
    ways = {
        "nothing": [*machine.client(VIEWER, keys.program), here],
        "bash": [*ssh, here, "bash"],
        "id; sh": [*ssh, here, "id; sh"],
        "SetEnv": [*ssh, "-o", f"SetEnv={words}", here],
        "sftp": [*sftp, "-b", "/dev/null", here],
        "scp there": [*scp, str(folder / "up"), f"{here}:/tmp/h8-scp"],
        "scp here": [*scp, "-O", f"{here}:/etc/passwd", str(folder / "down")],
        "status key, terminal asked": [
            *machine.client(VIEWER, keys.program, "-tt"),
            here,
        ],
        "another's key": [*machine.client(VIEWER, keys.stranger), here],
    }
    running = {name: start(command) for name, command in ways.items()}
    done = {name: ended(process) for name, process in running.items()}
    assert not (folder / "down").exists()
    return done


@pytest.mark.parametrize("way", ["nothing", "bash", "id; sh", "SetEnv"])
def test_another_command_is_the_status(tried: dict[str, Done], way: str) -> None:
    """Whatever command is asked for: without a terminal the status comes as JSON, and it alone."""
    assert json.loads(tried[way].out)["orders"]["waiting"] == 2, tried[way]
    assert tried[way].err == ""


def test_a_status_key_gets_no_terminal(tried: dict[str, Done]) -> None:
    """The key of a program gets no terminal, also when it asks for one."""
    done = tried["status key, terminal asked"]
    assert (done.code, done.out) == (255, "")
    assert "PTY allocation request failed" in done.err


@pytest.mark.parametrize("way", ["sftp", "scp there", "scp here"])
def test_no_file_goes_either_way(tried: dict[str, Done], machine: Machine, way: str) -> None:
    """Files can be neither taken nor left."""
    assert tried[way].code != 0, tried[way]
    assert way != "sftp" or "Received message too long" in tried[way].err
    assert machine.files(VIEWER) <= ALLOWED
    assert not machine.path("/tmp/h8-scp").exists()


def test_another_key_is_refused(tried: dict[str, Done]) -> None:
    """Who has none of the keys does not come in, and is asked for no password."""
    done = tried["another's key"]
    assert (done.code, done.out) == (255, "")
    assert "Permission denied (publickey)" in done.err


@pytest.mark.parametrize(("user", "opens"), [(VIEWER, False), (CONTROL, True)])
@pytest.mark.parametrize("way", ["-L", "-D"])
def test_no_tunnel_from_here(
    machine: Machine, keys: Keys, user: str, way: str, *, opens: bool
) -> None:
    """No connection goes through to the machine's network, as it does for an ordinary account."""
    port = free_port()
    told = f"{port}:{LOCAL}:{machine.port}" if way == "-L" else str(port)
    key = keys.viewer if user == VIEWER else keys.control
    with forwarding(machine, user, key, way, told):
        got = heard(port, of=machine.port, socks=way == "-D")
    assert (b"SSH-2.0" in got) is opens


@pytest.mark.parametrize(
    "options",
    [
        ("-N", "-R", "0:127.0.0.1:9"),
        ("-N", "-R", "/tmp/h8-socket:127.0.0.1:9"),
        ("-W", "127.0.0.1:{port}"),
    ],
    ids=lambda told: told[-2],
)
def test_no_other_tunnel(machine: Machine, keys: Keys, options: tuple[str, ...]) -> None:
    """No port, no socket and no pipe is opened on the machine, as an ordinary account gets them."""
    words = [word.format(port=machine.port) for word in options]
    strict = ("-o", "ExitOnForwardFailure=yes")
    done = ended(start(machine.client(VIEWER, keys.viewer, *strict, *words, LOCAL)))
    assert done.code == 255, done
    assert "SSH-2.0" not in done.out
    assert machine.files(VIEWER) <= ALLOWED


def test_the_control_account_can_do_all_that(machine: Machine, keys: Keys) -> None:
    """An ordinary account at the same sshd runs commands, so these tests can fail."""
    done = ended(start(machine.client(CONTROL, keys.control, LOCAL, "id -un; echo x > /tmp/h8")))
    assert done.out == f"{CONTROL}\n"
    assert machine.files(CONTROL) >= {"/tmp/h8"}
    machine.inside("rm", "/tmp/h8")


def test_sshd_itself_says_so(machine: Machine) -> None:
    """What sshd reads out of the block is what it was written for, whatever stands before it."""
    told = machine.inside("sh", "-ec", f"sshd -T -C user={VIEWER},host=x,addr=192.0.2.1")
    for line in (
        "disableforwarding yes",
        "permituserrc no",
        "authenticationmethods publickey",
        "allowagentforwarding no",
        "x11forwarding no",
        "allowtcpforwarding no",
        f"authorizedkeysfile /etc/ssh/{VIEWER}.keys",
        "maxsessions 1",
        "passwordauthentication no",
    ):
        assert line in told.splitlines()


def test_the_account_can_change_nothing_that_lets_it_in(machine: Machine) -> None:
    """Keys, home and program belong to root; of all files only the data folder is its own."""
    for place in (f"/etc/ssh/{VIEWER}.keys", f"/var/lib/{VIEWER}", "/opt/station/bin"):
        status = machine.path(place).stat()
        assert status.st_uid == 0
        assert not status.st_mode & 0o022
    assert machine.files(VIEWER) <= ALLOWED
    assert f"{VIEWER}:*:" in machine.inside("cat", "/etc/shadow")


# — the board in a terminal —
@pytest.fixture(scope="module")
def trace(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strace | None]:
    """Follow sshd from before the first board on, where strace is there."""
    if not Strace.is_there():
        yield None
        return
    with Strace(machine.sshd(), tmp_path_factory.mktemp("strace") / "log") as following:
        yield following


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run an SSH agent, which the client offers to forward."""
    at = tmp_path_factory.mktemp("agent") / "socket"
    running = subprocess.Popen(["ssh-agent", "-D", "-a", at], stdout=subprocess.DEVNULL)
    until(at.exists)
    yield at
    running.kill()
    running.wait()


@pytest.fixture(scope="module")
def boards(machine: Machine, keys: Keys, agent: Path, trace: Strace | None) -> Iterator[Boards]:
    """A board whose client asks for an agent, X11, a hostile environment and its escape line."""
    del trace  # it begins before
    wishes = {**HOSTILE, "SSH_AUTH_SOCK": "/tmp/agent", "DISPLAY": ":9", "LANG": "C.UTF-8"}
    words = " ".join(f"{name}={value}" for name, value in wishes.items())
    asks = ("-tt", "-A", "-Y", "-o", f"SetEnv={words}", "-o", "EnableEscapeCommandline=yes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSH_AUTH_SOCK", str(agent))
        patch.setenv("DISPLAY", ":9")
        found = Boards(machine, machine.client(VIEWER, keys.viewer, *asks, LOCAL))
        yield found
        found.close()


def beside_the_board(machine: Machine) -> list[str]:
    """Return what the account runs beside boards, and its files beside its own, and stay so."""
    ends = time.monotonic() + 5
    while True:
        run = [
            each
            for each in machine.processes(VIEWER).values()
            if not each.endswith("-m station board")
        ]
        found = [*run, *sorted(machine.files(VIEWER) - ALLOWED)]
        # A session that was closed a moment ago may still be ending.
        if not found or time.monotonic() > ends:
            return found
        time.sleep(0.1)


def test_the_board_opens_at_80_by_24(boards: Boards) -> None:
    """A supervisor's terminal shows the floor, and that he may only look."""
    screen = boards.open().wait_for("DUE")
    assert "BENCHES" in screen
    assert "111-" not in screen or "Ana" not in screen


def test_its_environment_is_ours(boards: Boards, machine: Machine) -> None:
    """Agent, X11 and every variable that a client may set come to nothing; no core is written."""
    boards.open()
    ((pid, _),) = machine.processes(VIEWER).items()
    entry = Path(f"/proc/{pid}")
    assert set((entry / "environ").read_text(encoding="utf-8").split("\0")) == {
        "TERM=xterm-256color",
        "LANG=C.UTF-8",
        "LC_ALL=",
        "LC_CTYPE=",
        f"STATION_HOME={DATA}",
        "",
    }
    limits = (entry / "limits").read_text(encoding="ascii")
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)


@pytest.mark.parametrize("keys_", KEYS.values(), ids=KEYS)
def test_keys_do_nothing_but_the_boards_own(boards: Boards, machine: Machine, keys_: bytes) -> None:
    """No key, no sequence and no report opens anything, writes anything or stops anything."""
    terminal = boards.open()
    terminal.write(keys_)
    answers_still(terminal)
    assert beside_the_board(machine) == []


def test_the_clients_own_command_line_opens_no_tunnel(boards: Boards, machine: Machine) -> None:
    """A forwarding asked for with ~C has a port at the client, and nothing behind it."""
    port = free_port()
    terminal = boards.open()
    terminal.write(b"\r")
    terminal.write(b"~C")
    terminal.wait_for("ssh> ")
    terminal.write(b"-L %d:127.0.0.1:%d\r" % (port, machine.port))
    assert b"SSH-2.0" not in heard(port, of=machine.port)
    answers_still(terminal)
    assert beside_the_board(machine) == []


def test_sizes_that_no_screen_has(boards: Boards, machine: Machine) -> None:
    """Any size, and a storm of sizes, leaves the board as it was."""
    terminal = boards.open()
    for columns, rows in [(1, 1), (500, 200), (0, 0), (65535, 1), (2, 300)] * 10:
        terminal._set_size(columns, rows)
    terminal._set_size(80, 24)
    answers_still(terminal)
    assert beside_the_board(machine) == []


def test_a_huge_paste(boards: Boards, machine: Machine) -> None:
    """Ten megabytes on one line, and a thousand lines of commands, change nothing."""
    terminal = boards.open()
    terminal.write(b"\x1b[200~" + b"$(id);" * (10 * 2**20 // 6) + b"\r\x1b[201~")
    terminal.write(b"\x1b[200~" + b"$(id)\r" * 1000 + b"\x1b[201~")
    answers_still(terminal)
    assert beside_the_board(machine) == []


def test_the_end_key_ends_the_session(boards: Boards, machine: Machine) -> None:
    """Where the board ends, the connection ends; no shell is behind it."""
    terminal = boards.open()
    terminal.write(END)
    assert terminal.wait_for_end() == 0
    machine.wait_for_nobody(VIEWER)


def test_nothing_is_left_after_a_hang_up(boards: Boards, machine: Machine) -> None:
    """A client that is gone leaves no process behind."""
    boards.open()
    boards.close()
    assert machine.processes(VIEWER) == {}
    assert machine.files(VIEWER) <= ALLOWED


def test_nothing_else_was_run_or_written(trace: Strace | None, boards: Boards) -> None:
    """In all of that the board started no program, and wrote its log alone."""
    boards.close()
    if trace is None:
        pytest.skip("strace is not installed")
    ran, wrote = trace.told()
    own = {name for name in wrote if Path(name).parent == Path(DATA)}
    assert ran == set()
    assert own <= {f"{DATA}/{name}" for name in ("station.log", ".writable", "site.key")}
    assert wrote - own <= {"/dev/null", "/dev/tty"}


def test_a_terminal_without_unicode(machine: Machine, keys: Keys) -> None:
    """With the language C, as the manual tells it, the board comes in ASCII alone."""
    asks = ("-tt", "-o", "SetEnv=LC_ALL=C")
    with SshTerminal(machine.client(VIEWER, keys.viewer, *asks, LOCAL)) as terminal:
        assert terminal.wait_for(BOARD).isascii()
    machine.wait_for_nobody(VIEWER)


# — what the token can do by hand, and who may act —
def test_the_viewers_token_opens_the_board_alone(machine: Machine) -> None:
    """Who takes the token out of its file can ask for the board with it, and for nothing else."""
    kept = enrolment.load(machine.path(DATA))
    assert kept is not None
    trusted = ssl.create_default_context(cadata=kept.ca_pem.decode())
    bearer = {"Authorization": f"Bearer {kept.token}"}
    given = {}
    with httpx.Client(base_url=kept.url, verify=trusted, headers=bearer) as client:
        for route in (route for route, roles in callers.ROLES.items() if roles):
            method, path = route.split()
            told = client.request(method, path.format(export_id=1, stop_id=1))
            given[route] = told.status_code
            time.sleep(0.02)  # within the rate that a station has
    open_ = {route for route, status in given.items() if status != 403}
    assert open_ == {"GET /v1/board", "GET /v1/me"}
    assert len(given) > 30


def test_a_supervisor_may_act(machine: Machine, keys: Keys) -> None:
    """With the lines for acting the board offers decisions; the viewer's key does not open it."""
    let_act(machine, keys)
    user = SUPERVISOR
    with SshTerminal(machine.client(user, keys.supervisor, "-tt", LOCAL)) as terminal:
        terminal.wait_for("Enter decide")
        assert BOARD not in terminal.text
    refused = ended(start(machine.client(user, keys.viewer, LOCAL)))
    assert "Permission denied (publickey)" in refused.err
    machine.wait_for_nobody(user)
