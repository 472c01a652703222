"""The client against real sockets: servers that close, hang, drip, flood, or are somebody else."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from store.samples import MIDNIGHT, NOON, label, order
from sync.store_http import TOKEN
from sync.strange_servers import Authority, answer, authority, strange

from station.errors import StoreRefused, StoreUnreachable
from station.sync import client
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STRANGER = "Something else than the order store answers at 127.0.0.1."
BROKEN = "The store broke off the connection."
SILENT = "The store does not answer."
NO_WAY = "No connection to 127.0.0.1."
NO_STOPS = answer(b'{"stops": []}')
SHORT_S = 0.4
"""How long a client waits for an answer that never comes whole."""


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the CA that a bench has joined."""
    return authority(tmp_path_factory.mktemp("ca"))


def _good(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(NO_STOPS)


def _once(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(NO_STOPS)
    connection.shutdown(socket.SHUT_RDWR)


def _close(connection: socket.socket, _head: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket, _head: bytes) -> None:
    linger = b"\1\0\0\0\0\0\0\0"  # on, for 0 seconds: closing sends a reset
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def _half(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(NO_STOPS[:-4])
    connection.shutdown(socket.SHUT_RDWR)


def _until_end(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    connection.sendall(b'{"stops": []}')
    connection.shutdown(socket.SHUT_RDWR)


def _hang(connection: socket.socket, _head: bytes) -> None:
    connection.recv(1)


def _drip(data: bytes, connection: socket.socket, _head: bytes) -> None:
    for byte in data:
        connection.sendall(bytes([byte]))
        threading.Event().wait(SHORT_S / 8)


def _late(connection: socket.socket, _head: bytes) -> None:
    threading.Event().wait(2 * SHORT_S)
    connection.sendall(answer(b'{"board": null}'))


def _flood(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n"
    )
    for _ in range(10_000):
        connection.sendall(b" " * 1_000_000)


def _flood_in_chunks(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for _ in range(10_000):
        connection.sendall(b"f4240\r\n" + b" " * 1_000_000 + b"\r\n")


def _flood_of_headers(connection: socket.socket, _head: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"a" * 1000))


def _flood_of_promises(connection: socket.socket, _head: bytes) -> None:
    for _ in range(1_000_000):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def _say(data: bytes, connection: socket.socket, _head: bytes) -> None:
    connection.sendall(data)
    connection.shutdown(socket.SHUT_RDWR)


BEHAVIOURS: dict[str, tuple[Callable[[socket.socket, bytes], None], set[str]]] = {
    "closes": (_close, {BROKEN}),
    "resets": (_reset, {BROKEN}),
    "answers half": (_half, {BROKEN}),
    "answers until the end": (_until_end, {BROKEN}),
    "hangs": (_hang, {SILENT}),
    "drips its answer": (partial(_drip, NO_STOPS), {SILENT}),
    "drips its headers": (partial(_drip, b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500), {SILENT}),
    "drips promises": (partial(_drip, b"HTTP/1.1 100 Continue\r\n\r\n" * 20), {SILENT}),
    "sends 10 GB": (_flood, {STRANGER}),
    "sends 10 GB in chunks": (_flood_in_chunks, {STRANGER}),
    "sends a GB of headers": (_flood_of_headers, {STRANGER}),
    # Whether its end comes before the deadline is up to the machine.
    "promises without end": (_flood_of_promises, {STRANGER, SILENT, BROKEN}),
    "answers a page": (partial(_say, answer(b"<html>", b"text/html")), {STRANGER}),
    # Its line could still become the head of an answer until it ends.
    "speaks SSH": (partial(_say, b"SSH-2.0-OpenSSH_9.6\r\n" * 3), {BROKEN}),
    "speaks noise": (partial(_say, bytes(range(256)) * 20), {STRANGER}),
    "speaks HTTP/0.9": (partial(_say, b"<html>hello</html>\r\n\r\n"), {STRANGER}),
    "splits its answer": (partial(_say, b"HTTP/1.1 200 OK\nContent-Length: -1\n\n"), {STRANGER}),
    "redirects": (
        partial(
            _say, b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        ),
        {STRANGER},
    ),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_strange_server_ends_as_one_sentence(name: str) -> None:
    """Whatever a server does, a read and a write end soon, with our error and in our words."""
    behave, messages = BEHAVIOURS[name]
    with strange(behave) as server:
        store = HttpOrderStore(server.url, TOKEN, answer_s=SHORT_S)
        with pytest.raises(StoreUnreachable) as read:
            store.stops("b")
        with pytest.raises(StoreUnreachable) as written:
            store.put_orders([order()], channel="amazon")
        store.close()
    assert read.value.message in messages
    # The end of a kept connection may cross the next request on its way.
    assert written.value.message in messages | {BROKEN}


@pytest.mark.parametrize("name", ["closes", "resets"])
def test_a_write_that_was_broken_off_reached_the_store_once(name: str) -> None:
    """After a connection broke nobody knows whether a write had an effect: it is not repeated."""
    with strange(BEHAVIOURS[name][0]) as server:
        store = HttpOrderStore(server.url, TOKEN)
        with pytest.raises(StoreUnreachable):
            store.claim("b", "p")
        with pytest.raises(StoreUnreachable):
            store.stops("b")
        store.close()
    methods = [head.split()[0] for head in server.heads]
    assert methods == [b"POST", b"GET", b"GET"]


def test_a_look_at_the_board_may_wait() -> None:
    """The board is waited for longer than all else, by the same client; it may end all the same."""
    with strange(_late) as server:
        store = HttpOrderStore(server.url, TOKEN, answer_s=SHORT_S)
        assert store.board(NOON, MIDNIGHT, known="ab" * 16) is None
        with pytest.raises(StoreUnreachable, match=SILENT):
            store.stops("b")
        store.close()


def test_a_store_that_ends_while_a_board_waits_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken connection and a store that hangs are told to the board as to everybody."""
    monkeypatch.setattr(client, "BOARD_S", SHORT_S)
    for behave, words in ((_reset, BROKEN), (_hang, SILENT)):
        with strange(behave) as server:
            store = HttpOrderStore(server.url, TOKEN)
            with pytest.raises(StoreUnreachable, match=words):
                store.board(NOON, MIDNIGHT, known="ab" * 16)
            store.close()


def test_connections_are_kept() -> None:
    """A hundred calls after each other go over one connection."""
    ports: set[int] = set()

    def behave(connection: socket.socket, _head: bytes) -> None:
        ports.add(connection.getpeername()[1])
        connection.sendall(NO_STOPS)

    with strange(behave) as server:
        store = HttpOrderStore(server.url, TOKEN)
        for _ in range(100):
            assert store.stops("b") == ()
        store.close()
    assert len(ports) == 1


def test_a_kept_connection_that_ended_is_noticed() -> None:
    """A store that ends each connection after its answer is read from all the same."""
    with strange(_once) as server:
        store = HttpOrderStore(server.url, TOKEN)
        for _ in range(10):
            assert store.stops("b") == ()
        store.close()


def test_threads_share_one_client() -> None:
    """Eight threads that ask together all get their own answers."""

    def behave(connection: socket.socket, head: bytes) -> None:
        wanted = head.split()[1].partition(b"=")[2]
        connection.sendall(answer(b'{"order_id": "%s"}' % wanted))

    wrong: list[object] = []

    def run(number: int) -> None:
        for n in range(25):
            found = store.tracking_used(f"{number}-{n}")
            if found != f"{number}-{n}":
                wrong.append(found)

    with strange(behave) as server:
        store = HttpOrderStore(server.url, TOKEN)
        threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.close()
    assert wrong == []
    assert len(server.heads) == 200


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key goes to the store and nowhere else, whatever the environment names as proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with strange(_good) as server:
        store = HttpOrderStore(server.url, TOKEN)
        assert store.stops("b") == ()
        store.close()


def test_nobody_listens() -> None:
    """A port where nobody listens is no connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(StoreUnreachable) as caught:
        HttpOrderStore(f"https://127.0.0.1:{port}", TOKEN).stops("b")
    assert caught.value.message == NO_WAY


@pytest.fixture
def secured(trusted: Authority) -> Iterator[str]:
    """Return the address of a good store with TLS."""
    with strange(_good, trusted.context) as server:
        yield server.url


def test_the_ca_that_was_joined_is_enough(secured: str, trusted: Authority, tmp_path: Path) -> None:
    """A certificate signed by our own CA is good, given as bytes or as a file."""
    file = tmp_path / "ca.pem"
    file.write_bytes(trusted.pem)
    for ca in (trusted.pem, file):
        store = HttpOrderStore(secured, TOKEN, ca=ca)
        assert store.stops("b") == ()
        store.close()


def _certificate_refused(url: str, ca: bytes | None, why: str = "is not the one we know") -> None:
    store = HttpOrderStore(url, TOKEN, ca=ca)
    with pytest.raises(StoreUnreachable) as caught:
        store.stops("b")
    store.close()
    assert caught.value.message == f"The certificate of 127.0.0.1 {why}."


def test_another_ca_is_refused(secured: str, tmp_path: Path) -> None:
    """A certificate of another CA, or of none that the system trusts, is refused in words."""
    _certificate_refused(secured, authority(tmp_path).pem)
    _certificate_refused(secured, None)


def test_nothing_is_said_before_the_certificate_is_good(trusted: Authority, tmp_path: Path) -> None:
    """A server with a wrong certificate sees no request, so no key."""
    with strange(_good, trusted.context) as server:
        _certificate_refused(server.url, authority(tmp_path).pem)
    assert server.heads == []


@pytest.mark.parametrize(
    ("host", "days", "why"),
    [
        ("10.1.2.3", 1, "is not the one we know"),
        ("store.local", 1, "is not the one we know"),
        ("127.0.0.1", -1, "has ended"),
    ],
)
def test_a_certificate_of_another_host_or_day_is_refused(
    tmp_path: Path, host: str, days: int, why: str
) -> None:
    """A certificate for another name, or one that has ended, is not the store's."""
    other = authority(tmp_path, host=host, days=days)
    with strange(_good, other.context) as server:
        _certificate_refused(server.url, other.pem, why)


def test_old_tls_is_refused(tmp_path: Path) -> None:
    """A server that speaks TLS 1.1 at most gets no request."""
    old = authority(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.context.minimum_version = ssl.TLSVersion.TLSv1
        old.context.maximum_version = ssl.TLSVersion.TLSv1_1
    old.context.set_ciphers("ALL:@SECLEVEL=0")
    with strange(_good, old.context) as server:
        store = HttpOrderStore(server.url, TOKEN, ca=old.pem)
        with pytest.raises(StoreUnreachable) as caught:
            store.stops("b")
    assert caught.value.message == STRANGER
    assert server.heads == []


def test_a_port_without_tls_is_somebody_else(trusted: Authority) -> None:
    """Plain HTTP where TLS belongs is told as something else, and gets no key."""
    with strange(_good) as server:
        store = HttpOrderStore(f"https://127.0.0.1:{server.port}", TOKEN, ca=trusted.pem)
        with pytest.raises(StoreUnreachable) as caught:
            store.stops("b")
    assert caught.value.message in {STRANGER, NO_WAY}
    assert server.heads == []


def test_an_early_refusal_of_a_large_request_is_read() -> None:
    """A server that answers before it has read the request, and stays, is understood."""
    told = b'{"type": "too-large", "title": "Too large.", "detail": "Less.", "status": 413}'
    early = answer(told, b"application/problem+json", b"413 Too Large")

    def behave(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(early)
        while connection.recv(65536):
            pass

    with strange(behave) as server:
        store = HttpOrderStore(server.url, TOKEN)
        with pytest.raises(StoreRefused, match="Too large"):
            store.finish_purchase("k", replace(label(), document=b"x" * 3_000_000))
        store.close()
