"""`station serve` and `station enrol`, as they are typed."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from serving.live import LOCAL, PATIENCE_S, until

from station import cli, enrolment
from station.store.service import certificates, tokens
from station.store.sql import SqlOrderStore
from station.verbs import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.station_command import Station

LINE = re.compile(r"^https://([^/]+)/#([\w-]+)\.([\w-]{43})(?:\.([0-9a-f]{64}))?$", re.MULTILINE)


def line_of(out: str) -> re.Match[str]:
    """Return the parts of the join line that a command printed."""
    found = LINE.search(out)
    assert found, out
    return found


def test_certificates_then_a_bench(station: Station) -> None:
    """Two commands make certificates and a line that says where, who, and which CA."""
    made = station("enrol", "--init", "--name", "packing.example", "--name", "192.168.1.10")
    assert made.code == 0
    ca = (station.home / "tls" / "ca.pem").read_bytes()
    assert f"fingerprint  {certificates.fingerprint(ca)}" in made.out
    assert "packing.example, 192.168.1.10, localhost" in made.out
    told = station("enrol", "bench-7")
    where, name, token, fingerprint = line_of(told.out).groups()
    assert (told.code, where, name) == (0, "packing.example:8443", "bench-7")
    assert fingerprint == certificates.fingerprint(ca)
    assert "--join" in told.out
    assert token not in told.err


def test_the_token_is_kept_nowhere_in_clear(station: Station) -> None:
    """No file of the data folder, log included, holds a token that was printed."""
    station("enrol", "--init", "--name", "packing.example")
    printed = [line_of(station("enrol", f"bench-{n}").out)[3] for n in range(3)]
    held = b"".join(file.read_bytes() for file in station.home.rglob("*") if file.is_file())
    assert not any(token.encode() in held for token in printed)
    assert tokens.digest(printed[0]).encode() in held


def test_who_is_enrolled_is_listed_and_ended(station: Station) -> None:
    """The list shows role and standing; what is ended says so, and ends once."""
    station("enrol", "--init")
    station("enrol", "bench-1")
    station("enrol", "desk", "--office")
    listed = station("enrol", "--list").out
    assert re.search(r"^bench-1 +station +since .*no work yet$", listed, re.MULTILINE)
    assert re.search(r"^desk +office ", listed, re.MULTILINE)
    assert "2 enrolled" in listed
    ended = station("enrol", "--revoke", "bench-1")
    assert (ended.code, "ends within a minute" in ended.out) == (0, True)
    assert re.search(r"^bench-1 +station +ended on ", station("enrol", "--list").out, re.MULTILINE)
    again = station("enrol", "--revoke", "bench-1")
    assert (again.code, "has no token" in again.err, again.out) == (1, True, "")
    assert station("enrol", "--revoke", "\x1b[2J").code == 1


@pytest.mark.parametrize(
    ("flag", "words"), [("--board", "a board"), ("--viewer", "a viewer of the board")]
)
def test_a_board_gets_a_line(station: Station, flag: str, words: str) -> None:
    """A key for a board is made like that of a bench, and the list says what it is for."""
    station("enrol", "--init")
    told = station("enrol", "wall", flag)
    assert (told.code, told.out.splitlines()[0]) == (0, f"wall is enrolled as {words}.")
    assert line_of(told.out)[2] == "wall"
    listed = station("enrol", "--list").out
    assert re.search(rf"^wall +{flag.removeprefix('--')} +since ", listed, re.MULTILINE)


def test_a_name_is_one_thing(station: Station) -> None:
    """Nobody is an office and a viewer with one key."""
    station("enrol", "--init")
    told = station("enrol", "wall", "--office", "--viewer")
    assert (told.code, "not allowed with" in told.err) == (2, True)
    assert station("enrol", "--list").out == "0 enrolled\n"


@pytest.mark.parametrize(
    ("role", "instead"), [("board", "board"), ("viewer", "board"), ("office", "import")]
)
def test_a_board_opens_no_bench(station: Station, role: str, instead: str) -> None:
    """Where a machine joined as something else it is told what to run, and makes no journal."""
    joined = enrolment.Enrolment("https://packing.example:8443", "wall", "t" * 43, role=role)
    enrolment.save(station.home, joined)
    told = station()
    assert told.code == 2
    assert re.search(f"packs nothing.*station {instead}", told.err)
    assert [file.name for file in station.home.glob("*.db*")] == []


def test_a_new_line_ends_the_old_one(station: Station) -> None:
    """A name has one token at a time, the last that was printed."""
    station("enrol", "--init")
    first, second = (line_of(station("enrol", "bench-1").out)[3] for _ in range(2))
    store = SqlOrderStore.open(f"sqlite:///{station.home / 'store.db'}")
    assert store.who(tokens.digest(first)) is None
    assert store.who(tokens.digest(second))
    store.close()


def test_without_certificates_the_command_that_makes_them_is_named(station: Station) -> None:
    """Neither serving nor enrolling goes on without, and both say what to run."""
    for arguments in (["serve"], ["enrol", "bench-1"]):
        answer = station(*arguments)
        assert (answer.code, "station enrol --init" in answer.err) == (2, True)
    assert station("enrol", "--list").out == "0 enrolled\n"


def test_initialising_again_keeps_the_ca(station: Station) -> None:
    """A second time makes a certificate for the same names, and says that the CA is the same."""
    station("enrol", "--init", "--name", "packing.example")
    ca = (station.home / "tls" / "ca.pem").read_bytes()
    again = station("enrol", "--init")
    assert "from the same CA" in again.out
    assert "packing.example" in again.out
    assert (station.home / "tls" / "ca.pem").read_bytes() == ca


def test_a_proxy_is_named_in_the_settings(station: Station) -> None:
    """With names and a port of their own, lines lead there, without a fingerprint of ours."""
    station.configure('[serve]\nhost = "127.0.0.1"\nnames = ["store.example:443", "10.0.0.1"]\n')
    where, _, _, fingerprint = line_of(station("enrol", "bench-1").out).groups()
    assert (where, fingerprint) == ("store.example:443", None)


def test_an_address_of_ipv6_stands_in_brackets(station: Station) -> None:
    """The line can be read as an address also then."""
    station("enrol", "--init", "--name", "fd00::10")
    assert line_of(station("enrol", "bench-1").out)[1] == "[fd00::10]:8443"


def test_ones_own_certificate_needs_no_fingerprint(station: Station, folder: Path) -> None:
    """The owner's certificate is used as it is; ours are not made then."""
    files = f'certificate = "{folder}/server.pem"\nkey = "{folder}/server.key"\n'
    station.configure("[serve]\n" + files)
    where, _, _, fingerprint = line_of(station("enrol", "bench-1").out).groups()
    assert (where, fingerprint) == ("localhost:8443", None)
    refused = station("enrol", "--init")
    assert (refused.code, "Your own certificate" in refused.err) == (2, True)
    station.configure(f'[serve]\ncertificate = "{folder}/server.pem"\n')
    assert "serve.key is not set" in station("serve").err
    station.configure('[serve]\ncertificate = "none.pem"\nkey = "none.key"\n')
    assert "cannot be read" in station("enrol", "bench-1").err


@pytest.mark.parametrize("arguments", [["serve"], ["enrol", "bench-1"], ["enrol", "--init"]])
def test_on_a_bench_these_commands_belong_elsewhere(station: Station, arguments: list[str]) -> None:
    """Where the store is behind another machine's server, the words say so."""
    station.configure('[store]\nurl = "https://packing.example:8443"\n')
    answer = station(*arguments)
    assert (answer.code, "on another machine" in answer.err) == (2, True)


@pytest.mark.parametrize("name", ["a b", "../x", "", "x" * 41, "-x.y", "a.b", "\x1b[2J"])
def test_a_name_that_is_none_is_refused(station: Station, name: str) -> None:
    """A name that a line could not carry is refused in words, and nobody is enrolled."""
    station("enrol", "--init")
    answer = station("enrol", "--", name)
    assert answer.code in {1, 2}
    assert "\x1b" not in answer.err
    assert station("enrol", "--list").out == "0 enrolled\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["enrol"],
        ["enrol", "a", "--list"],
        ["enrol", "--init", "--list"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_words_are_usage(station: Station, arguments: list[str]) -> None:
    """What cannot be understood ends with 2 and touches nothing."""
    answer = station(*arguments)
    assert (answer.code, "usage: station" in answer.err) == (2, True)
    assert not station.home.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 0", "from 1 to 65535"),
        ("rate = 0", "from 1 to 10000"),
        ("at_once = 2", "from 8 to 1000"),
        ('names = "one"', "Write a list"),
        ("prot = 1", "serve.prot is unknown"),
    ],
)
def test_wrong_settings_are_named(station: Station, text: str, words: str) -> None:
    """Each wrong setting ends with 2 and says what may stand there."""
    station.configure(f"[serve]\n{text}\n")
    answer = station("serve")
    assert (answer.code, words in answer.err) == (2, True), answer


def test_a_line_is_asked_for_and_not_an_argument(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a line nothing is joined, and no line at all is told."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    answer = station("enrol", "--join")
    assert (answer.code, "There was no line." in answer.err) == (1, True)


@pytest.fixture
def served(station: Station) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Return a running `station serve` in a process of its own, and where it listens."""
    with closing(socket.socket()) as probe:
        probe.bind((LOCAL, 0))
        port = probe.getsockname()[1]
    station.configure(f"[serve]\nport = {port}\n")
    station("enrol", "--init", "--name", LOCAL)
    arguments = [sys.executable, "-m", "station", "serve", "--host", LOCAL]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=_environment())
    try:
        yield process, f"{LOCAL}:{port}"
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_S)


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_bench_joins_a_server_and_the_server_ends_in_peace(
    served: tuple[subprocess.Popen[str], str],
    station: Station,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line that is pasted joins; a revoked one does not; SIGTERM ends the server with 0."""
    process, where = served
    assert process.stdout
    told = [process.stdout.readline() for _ in range(5)]
    assert any(f"https://{where}" in line for line in told), told
    until(lambda: _connects(where))
    line = line_of(station("enrol", "bench-7").out)[0]
    bench = tmp_path / "bench"
    monkeypatch.setattr(sys, "stdin", io.StringIO(line + "\n"))
    assert cli.main(["--home", str(bench), "enrol", "--join"]) == 0
    kept = enrolment.load(bench)
    assert kept
    assert (kept.url, kept.station) == (f"https://{where}", "bench-7")
    guessed = line.replace(kept.token, tokens.new())
    wrong = station("--home", tmp_path / "other", "enrol", "--join", guessed)
    assert (wrong.code, "key" in wrong.err) == (1, True), wrong
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0


def _connects(where: str) -> bool:
    host, port = where.split(":")
    with closing(socket.socket()) as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_the_check_looks_at_the_certificate(station: Station) -> None:
    """Without a server there is nothing to do; with one its end is told, and an open key."""
    assert re.search(r"^ok +server +not set up", station("check").out, re.MULTILINE)
    station("enrol", "--init")
    assert re.search(r"^ok +server +good until \d{4}-", station("check").out, re.MULTILINE)
    (station.home / "tls" / "server.key").chmod(0o644)
    answer = station("check")
    assert re.search(r"^LOOK +server .*chmod 600", answer.out, re.MULTILINE)
    assert answer.code == 3


@pytest.mark.parametrize(
    ("days", "good", "words"),
    [(400, True, "good until"), (29, False, "ends in 29 days"), (-1, False, "no bench can")],
)
def test_the_end_of_a_certificate_is_told_in_time(
    tmp_path: Path, days: int, good: bool, words: str
) -> None:
    """A month before its end somebody should look."""
    certificates.make(tmp_path, ["x.example"])
    pem = (tmp_path / "server.pem").read_bytes()
    found, told = serving.ending(pem, certificates.expires(pem) - timedelta(days=days))
    assert (found, words in told) == (good, True), told
