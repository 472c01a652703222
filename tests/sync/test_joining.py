"""A bench joins a store over real TLS, or is told why it does not."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sync.store_http import TOKEN
from sync.strange_servers import Authority, answer, authority, strange

from station import enrolment
from station.enrolment import Enrolment
from station.errors import ConfigError, StoreRefused, StoreUnreachable
from station.sync.joining import join

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from sync.strange_servers import Strange

PEM = b"application/x-pem-file"
PROBLEM = b"application/problem+json"
UNKNOWN = b'{"type": "token", "title": "Not known.", "detail": "Enrol.", "status": 401}'
NOT_FOUND = b'{"type": "not-found", "title": "Nothing here.", "detail": "", "status": 404}'


@dataclass
class Store:
    """What a small order store answers; the tests spoil parts of it."""

    ca: bytes
    page: bytes = answer(b'{"name": "bench-1", "role": "station", "site_key": "a2V5"}')
    seen: list[tuple[bytes, bool]] = field(default_factory=list)
    """Path of each request, and whether it brought the key."""

    def __call__(self, connection: socket.socket, head: bytes) -> None:
        """Answer one request."""
        path = head.split()[1].partition(b"?")[0]
        self.seen.append((path, TOKEN.encode() in head))
        connection.sendall(self.ca if path == b"/v1/ca" else self.page)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the CA of the store."""
    return authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the CA of somebody else."""
    return authority(tmp_path_factory.mktemp("other"))


@pytest.fixture
def store(ours: Authority) -> Store:
    """Return a store that answers well."""
    return Store(answer(ours.pem, PEM))


@pytest.fixture
def server(store: Store, ours: Authority) -> Iterator[Strange]:
    """Return the store's server."""
    with strange(store, ours.context) as running:
        yield running


def _line(server: Strange, ours: Authority, name: str = "bench-1") -> str:
    return f"{server.url}/#{name}.{TOKEN}.{ours.fingerprint}"


def test_a_bench_joins(server: Strange, store: Store, ours: Authority, tmp_path: Path) -> None:
    """The CA is fetched without the key, the key is tried over verified TLS, then all is kept."""
    joined = join(_line(server, ours), tmp_path)
    kept = enrolment.load(tmp_path)
    assert joined == kept
    assert kept is not None
    assert (kept.url, kept.station, kept.token) == (server.url, "bench-1", TOKEN)
    assert kept.ca_pem == ours.pem
    assert kept.site_key == b"key"
    assert store.seen == [(b"/v1/ca", False), (b"/v1/me", True)]


@pytest.mark.parametrize("role", ["station", "office", "board", "viewer"])
def test_the_store_says_what_a_key_is_for(
    server: Strange, store: Store, ours: Authority, tmp_path: Path, role: str
) -> None:
    """What the machine is stands in its enrolment; the line itself does not say it."""
    store.page = answer(b'{"name": "bench-1", "role": "%s", "site_key": "a2V5"}' % role.encode())
    join(_line(server, ours), tmp_path)
    kept = enrolment.load(tmp_path)
    assert kept is not None
    assert kept.role == role


def test_a_line_with_another_name_is_not_joined(
    server: Strange, ours: Authority, tmp_path: Path
) -> None:
    """The name in a line must be the one that the store gave the key to."""
    _fails(ConfigError, "was changed", _line(server, ours, "bench-2"), tmp_path)


def test_a_role_of_a_newer_program_is_not_joined(
    server: Strange, store: Store, ours: Authority, tmp_path: Path
) -> None:
    """A kind of machine that this program does not know is not guessed at."""
    store.page = answer(b'{"name": "bench-1", "role": "drone", "site_key": ""}')
    _fails(ConfigError, "same version", _line(server, ours), tmp_path)


def test_the_same_place_may_be_joined_again(
    server: Strange, ours: Authority, tmp_path: Path
) -> None:
    """A new key for the same name at the same store needs no further word."""
    enrolment.save(tmp_path, Enrolment(server.url, "bench-1", "b" * 43))
    assert join(_line(server, ours), tmp_path).token == TOKEN


@pytest.mark.parametrize("was", ["name", "store"])
def test_a_bench_is_not_moved_silently(
    server: Strange, store: Store, ours: Authority, tmp_path: Path, was: str
) -> None:
    """Another store or name needs a word more; without it nothing is asked and nothing changes."""
    url = server.url if was == "name" else "https://old.local:8443"
    old = Enrolment(url, "bench-9" if was == "name" else "bench-1", "b" * 43)
    enrolment.save(tmp_path, old)
    with pytest.raises(ConfigError, match=r"already.*--again"):
        join(_line(server, ours), tmp_path)
    assert enrolment.load(tmp_path) == old
    assert store.seen == []
    join(_line(server, ours), tmp_path, again=True)
    assert enrolment.load(tmp_path) != old


def test_a_damaged_enrolment_is_replaced_when_asked(
    server: Strange, ours: Authority, tmp_path: Path
) -> None:
    """A damaged file stands in the way until somebody says again."""
    (tmp_path / enrolment.FILE).write_text("{")
    (tmp_path / enrolment.FILE).chmod(0o600)
    with pytest.raises(ConfigError, match="damaged"):
        join(_line(server, ours), tmp_path)
    assert join(_line(server, ours), tmp_path, again=True) == enrolment.load(tmp_path)


def _fails(
    kind: type[Exception] | tuple[type[Exception], ...], words: str, line: str, home: Path
) -> None:
    with pytest.raises(kind, match=words) as caught:
        join(line, home)
    assert TOKEN not in str(caught.value)
    assert enrolment.load(home) is None


def test_another_certificate_is_not_joined(
    server: Strange, store: Store, other: Authority, tmp_path: Path
) -> None:
    """A server whose CA is not the line's gets no key."""
    _fails(ConfigError, "not the one that made this line", _line(server, other), tmp_path)
    assert [key for _, key in store.seen] == [False]


def test_the_right_certificate_shown_by_another_is_not_enough(
    ours: Authority, other: Authority, tmp_path: Path
) -> None:
    """One who passes the store's CA on, and speaks with a key of his own, gets no key."""
    between = Store(answer(ours.pem, PEM))
    with strange(between, other.context) as server:
        _fails(StoreUnreachable, "not the one we know", _line(server, ours), tmp_path)
    assert between.seen == [(b"/v1/ca", False)]


@pytest.mark.parametrize("ours_first", [True, False])
def test_a_certificate_beside_the_right_one_is_not_trusted(
    ours: Authority, other: Authority, tmp_path: Path, *, ours_first: bool
) -> None:
    """A second certificate in the answer does not slip in with the first."""
    both = ours.pem + other.pem if ours_first else other.pem + ours.pem
    between = Store(answer(both, PEM))
    words = "not the one that made this line|not the one we know|Something else"
    with strange(between, other.context) as server:
        _fails((ConfigError, StoreUnreachable), words, _line(server, ours), tmp_path)
    assert between.seen == [(b"/v1/ca", False)]


@pytest.mark.parametrize(
    "ca",
    [
        answer(b"<html>", b"text/html"),
        answer(b"<html>", PEM),
        answer(b"\xff\xfe", PEM),
        answer(b"-----BEGIN CERTIFICATE-----\n=====\n-----END CERTIFICATE-----\n", PEM),
        answer(b"", b"text/plain", b"204 No Content"),
        answer(b"", PEM, b"302 Found\r\nLocation: https://127.0.0.1:1/v1/ca"),
        answer(b"x" * 100_000, PEM),
    ],
)
def test_an_answer_that_is_no_certificate_is_somebody_elses(
    server: Strange, store: Store, ours: Authority, tmp_path: Path, ca: bytes
) -> None:
    """Whatever comes instead of a certificate, the line is kept to oneself."""
    store.ca = ca
    words = "Something else than the order store|not the one that made this line"
    _fails((StoreUnreachable, ConfigError), words, _line(server, ours), tmp_path)
    assert store.seen == [(b"/v1/ca", False)]


def test_a_store_with_its_owners_certificate_needs_a_new_line(
    server: Strange, store: Store, ours: Authority, tmp_path: Path
) -> None:
    """A line from before the owner brought his own certificate is told to be old."""
    store.ca = answer(NOT_FOUND, PROBLEM, b"404 Not Found")
    _fails(ConfigError, "another certificate now.*new line", _line(server, ours), tmp_path)


def test_a_key_that_the_store_does_not_know_is_not_kept(
    server: Strange, store: Store, ours: Authority, tmp_path: Path
) -> None:
    """A line that was used up, or whose bench was revoked, changes nothing at the bench."""
    store.page = answer(UNKNOWN, PROBLEM, b"401 Unauthorized")
    _fails(StoreRefused, "not valid any more", _line(server, ours), tmp_path)


def test_a_line_without_fingerprint_trusts_what_the_system_trusts(
    server: Strange, store: Store, ours: Authority, tmp_path: Path
) -> None:
    """Without a fingerprint nothing is fetched unverified, and our own CA is not good enough."""
    line = _line(server, ours).rpartition(".")[0]
    _fails(StoreUnreachable, "not the one we know", line, tmp_path)
    assert store.seen == []


def test_a_line_without_fingerprint_is_joined(
    server: Strange,
    store: Store,
    ours: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A certificate that the system trusts needs no fingerprint and leaves none behind."""
    trusted = tmp_path / "system.pem"
    trusted.write_bytes(ours.pem)
    monkeypatch.setenv(ssl.get_default_verify_paths().openssl_cafile_env, str(trusted))
    joined = join(_line(server, ours).rpartition(".")[0], tmp_path)
    assert joined.ca_pem == b""
    assert [path for path, _ in store.seen] == [b"/v1/me"]


def test_the_store_is_away(ours: Authority, store: Store, tmp_path: Path) -> None:
    """Nothing is kept while nobody answers."""
    with strange(store, ours.context) as server:
        line = _line(server, ours)
    _fails(StoreUnreachable, "No connection to", line, tmp_path)


def test_joining_logs_no_key(
    server: Strange, ours: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No log of any level holds the key."""
    caplog.set_level(logging.DEBUG)
    join(_line(server, ours), tmp_path)
    assert TOKEN not in caplog.text
