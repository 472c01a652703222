"""Servers on loopback sockets that are no order store, or a bad one; and certificates for them."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE_S = 30.0
"""Seconds after which a server gives up; no test waits for it."""


class Strange:
    """A server that treats each connection in one way."""

    def __init__(
        self,
        behave: Callable[[socket.socket, bytes], None],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._behave = behave
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.heads: list[bytes] = []
        """The head of each request that came."""
        self.port: int = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def accept(self) -> None:
        """Serve until the socket is closed."""
        with suppress(OSError):
            while True:
                accepted, _ = self._listening.accept()
                accepted.settimeout(PATIENCE_S)
                self._open.append(accepted)
                thread = threading.Thread(target=self._serve, args=(accepted,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, accepted: socket.socket) -> None:
        # A client that turns away resets the connection, in the middle of a handshake or later.
        with suppress(OSError), self._secured(accepted) as connection:
            while head := _request(connection):
                self.heads.append(head)
                self._behave(connection, head)

    def _secured(self, accepted: socket.socket) -> socket.socket:
        if self._context is None:
            return accepted
        return self._context.wrap_socket(accepted, server_side=True)

    def close(self) -> None:
        """End all connections and threads."""
        # close() alone does not wake a thread that waits in accept().
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(PATIENCE_S)


def _request(connection: socket.socket) -> bytes:
    """Return the head of the next request when all of it is there; empty at the end."""
    head, _, body = _read_until(connection, b"", lambda read: b"\r\n\r\n" in read).partition(
        b"\r\n\r\n"
    )
    length = re.search(rb"(?i)content-length: (\d+)", head)
    wanted = min(int(length[1]), 2**20) if length else 0
    _read_until(connection, body, lambda read: len(read) >= wanted)
    return head


def _read_until(connection: socket.socket, read: bytes, enough: Callable[[bytes], bool]) -> bytes:
    while not enough(read):
        part = connection.recv(65536)
        if not part:
            return b""
        read += part
    return read


@contextmanager
def strange(
    behave: Callable[[socket.socket, bytes], None], context: ssl.SSLContext | None = None
) -> Iterator[Strange]:
    """Run such a server until the end of the block."""
    server = Strange(behave, context)
    thread = threading.Thread(target=server.accept)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(PATIENCE_S)


def answer(body: bytes, kind: bytes = b"application/json", status: bytes = b"200 OK") -> bytes:
    """Return a whole HTTP answer."""
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


@dataclass(frozen=True)
class Authority:
    """A CA of our own with a server certificate for this machine."""

    pem: bytes
    context: ssl.SSLContext
    """What a server shows."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the CA certificate in DER, as a join line has it."""
        made = x509.load_pem_x509_certificate(self.pem)
        return made.fingerprint(hashes.SHA256()).hex()


def authority(folder: Path, *, host: str = "127.0.0.1", days: int = 1) -> Authority:
    """Return a new CA whose server certificate is good for a host until so many days from now."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = _certificate("Order store CA", "Order store CA", ca_key, ca_key, ca=True, days=10)
    made = _certificate(host, "Order store CA", key, ca_key, ca=False, days=days)
    folder.mkdir(parents=True, exist_ok=True)
    chain, secret = folder / "server.pem", folder / "server.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return Authority(ca.public_bytes(serialization.Encoding.PEM), context)


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
    days: int,
) -> x509.Certificate:
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    with suppress(ValueError):
        names = [x509.IPAddress(ipaddress.ip_address(subject))]
    public = signer.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=5))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
