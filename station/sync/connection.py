"""The one kept connection to an order store; only here are httpx, httpcore and ssl known.

This module is imported with the first call: the bench's first frame does not wait for it.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from typing import TYPE_CHECKING, NamedTuple

import certifi
import httpcore
import httpx

from station import __version__
from station.errors import ConfigError, StoreUnreachable
from station.sync.answers import stranger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

IDLE_S = 30.0
"""Seconds that an unused connection is kept."""
THREADS = 8
"""Connections at once; a bench has a link, a screen and a spool."""

_MAX_CAUSES = 10
_ENDED = ("The store broke off the connection.", "It is tried again.")

# At INFO httpx writes each request's address, and with it order ids, into our log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class BrokenOff(StoreUnreachable):
    """The connection ended before the answer was whole: what only reads may ask again at once."""


class Reply(NamedTuple):
    """One answer as it came."""

    status: int
    kind: str
    """The media type, in small letters and without parameters."""
    body: bytes


class Connection:
    """Asks one server, over connections that are kept; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport,
        *,
        token: str = "",
        connect_s: float,
        answer_s: float,
    ) -> None:
        headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Encoding": "identity",
            "User-Agent": f"station/{__version__}",
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=httpx.Timeout(answer_s, connect=connect_s),
            transport=transport,
            follow_redirects=False,
            trust_env=False,
        )
        self._host = self._client.base_url.host

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
        most: int,
        answer_s: float | None = None,
    ) -> Reply:
        """Return the answer to one request, of which at most so many bytes are read.

        With answer_s: seconds for an answer that may wait by intent.

        Raises:
            BrokenOff: The connection ended before the answer was whole.
            StoreUnreachable: There was no answer, or one that no order store gives.
        """
        try:
            return self._ask(method, path, params, content, most, self._times(answer_s))
        except httpx.HTTPError as error:
            raise _told(self._host, error) from error
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            # Closed by another thread in the middle of this request.
            raise BrokenOff(*_ENDED) from error

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _ask(
        self,
        method: str,
        path: str,
        params: Sequence[tuple[str, str]],
        content: bytes | None,
        most: int,
        times: httpx.Timeout,
    ) -> Reply:
        query = httpx.QueryParams(tuple(params)) if params else None
        sent = {"Content-Type": "application/json"} if content is not None else None
        with self._client.stream(
            method, path, params=query, content=content, headers=sent, timeout=times
        ) as answer:
            # Nothing is unpacked: a few bytes could become more than we have room for.
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise stranger(self._host)
            body = self._read(answer.iter_bytes(), most)
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Reply(answer.status_code, kind, body)

    def _times(self, answer_s: float | None) -> httpx.Timeout:
        usual = self._client.timeout
        return usual if answer_s is None else httpx.Timeout(answer_s, connect=usual.connect)

    def _read(self, chunks: Iterable[bytes], most: int) -> bytes:
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > most:
                raise stranger(self._host)
        return bytes(body)


def context(ca_pem: bytes | None) -> ssl.SSLContext:
    """Return how a server must show who it is: by this CA alone, or by one that the system trusts.

    Raises:
        ConfigError: The CA certificate cannot be read.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies the chain and the name
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if not ca_pem:
        made.load_default_certs()
        known = ssl.get_default_verify_paths()
        if not (known.cafile or known.capath):
            made.load_verify_locations(certifi.where())
        return made
    try:
        made.load_verify_locations(cadata=ca_pem.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(
            "The CA certificate of the order store cannot be read.",
            "It begins with -----BEGIN CERTIFICATE-----: copy it from the server again.",
        ) from error
    return made


_TIMES = {
    9: "is not valid yet",  # X509_V_ERR_CERT_NOT_YET_VALID
    10: "has ended",  # X509_V_ERR_CERT_HAS_EXPIRED
}
"""OpenSSL's codes of a certificate whose time is wrong, or this machine's clock."""


def _not_trusted(host: str, code: int) -> StoreUnreachable:
    if code in _TIMES:
        return StoreUnreachable(
            f"The certificate of {host} {_TIMES[code]}.",
            "Look at the date of this machine; if it is right, start `station serve` again.",
        )
    return StoreUnreachable(
        f"The certificate of {host} is not the one we know.",
        "Do not go on by another way: ask who runs the server, then join it anew.",
    )


class Network(httpx.HTTPTransport):
    """HTTP/1.1 whose answers have a deadline as a whole, not for each of their bytes."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        # Without a context there is none that would trust anybody.
        context = context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        # httpx has no other way to say how bytes come and go.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=THREADS,
            max_keepalive_connections=THREADS,
            keepalive_expiry=IDLE_S,
            network_backend=_Network(),
        )


class _Network(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    """A stream that gives one request's whole answer the time that httpx gives each read."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._asked = time.monotonic()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if timeout is not None:
            timeout -= time.monotonic() - self._asked
            if timeout <= 0:
                raise httpcore.ReadTimeout("the answer took too long")
        data = self._inner.read(max_bytes, timeout)
        if not data:
            # The store says how long its answers are: an end is never the end of an answer.
            raise httpcore.ReadError("the connection ended")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)
        self._asked = time.monotonic()

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _told(host: str, error: Exception) -> StoreUnreachable:
    """Return a failure of the network in short words, as the bench's status line has room for."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _not_trusted(host, getattr(cause, "verify_code", 0))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return _no_connection(host, causes)
    if isinstance(error, httpx.TimeoutException):
        return StoreUnreachable("The store does not answer.", "It is tried again.")
    if isinstance(error, httpx.NetworkError):
        return BrokenOff(*_ENDED)
    return stranger(host)


def _no_connection(host: str, causes: tuple[BaseException, ...]) -> StoreUnreachable:
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return stranger(host)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return StoreUnreachable(
            f"No connection to {host}.", "Its name is not known here: check network and address."
        )
    return StoreUnreachable(f"No connection to {host}.", "Check the network and the server.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    # A chain of causes may be a ring. What else was being handled at the time is none of them.
    for _ in range(_MAX_CAUSES):
        if error is None:
            return
        yield error
        within = error.args[0] if error.args else None
        error = error.__cause__ or (within if isinstance(within, BaseException) else None)
