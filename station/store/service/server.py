"""The order store as a server: one process, TLS 1.2 or newer, nothing that waits forever.

Plain HTTP is spoken on a loopback address alone, to a proxy on the same machine that has the
certificate; there the proxy's X-Forwarded-For tells one guest from another.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import socket
import ssl
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

import uvicorn

from station.errors import ConfigError
from station.store.service.certificates import check_private
from station.store.service.connection import Bounds, Connection
from station.store.service.door import Door
from station.store.service.guard import Apart, Body, Crowd, SafeHeaders
from station.store.service.lookout import ENDING
from station.store.service.metrics import Counted, Metrics
from station.store.service.tokens import Callers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from starlette.types import ASGIApp

    from station.store.sql import SqlOrderStore

log = logging.getLogger(__name__)

BACKLOG = 1024
KEPT_S = 75
"""Seconds for which a connection without a request stays open: a handshake costs more."""
ENDING_S = 10
"""Seconds that requests have to end after SIGTERM."""
SHARE = 8
"""One caller may have this fraction of the requests at once: so many stations never starve."""
BOARDS, BOARDS_EACH = 100, 10
"""Boards that may wait for a change at once: of all who look, and of one key."""
SPARE_FILES = 128
"""Open files that are left for the database and the log."""
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2 (RFC 9325 §4.2); TLS 1.3 has its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and how the store is served."""

    host: str
    port: int
    certificate: Path | None = None
    """A PEM file with the chain. None: plain HTTP, on a loopback address only."""
    key: Path | None = None
    rate: int = 50
    """Requests a second for a station."""
    at_once: int = 64
    """Requests at once, of all stations."""


class Server(uvicorn.Server):
    """Uvicorn with our connections, on a socket that is already bound."""

    def __init__(
        self,
        app: ASGIApp,
        listening: socket.socket,
        context: ssl.SSLContext | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,
            interface="asgi3",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=context is None,
            forwarded_allow_ips=["127.0.0.1", "::1"],
            timeout_keep_alive=KEPT_S,
            timeout_graceful_shutdown=ENDING_S,
        )
        super().__init__(config)
        self._listening = listening
        self._context = context
        self._bounds = bounds or Bounds()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        bounds, secure = self._bounds, self._context is not None
        listener = await loop.create_server(
            self._connection,
            sock=self._listening,
            backlog=BACKLOG,
            ssl=self._context,
            ssl_handshake_timeout=bounds.head_s if secure else None,
            ssl_shutdown_timeout=bounds.end_s if secure else None,
        )
        self.servers = [listener]
        self.started = True

    def _connection(self) -> Connection:
        state = {ENDING: self._is_ending}
        return Connection(self.config, self.server_state, state, bounds=self._bounds)

    def _is_ending(self) -> bool:
        return self.should_exit


def run(
    store: SqlOrderStore,
    plan: Plan,
    *,
    version: str,
    ca_pem: bytes = b"",
    site_key: bytes = b"",
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Serve the store until SIGTERM or Ctrl-C; `ready` is called when benches can connect.

    Raises:
        ConfigError: The address cannot be used, or the certificate cannot.
    """
    context = tls(plan)
    app = serviced(store, plan, version, ca_pem, site_key)
    server = Server(app, listen(plan), context, _room())
    _quiet()
    log.info("serving on %s port %d, %s", plan.host, plan.port, "TLS" if context else "plain")
    ready()
    server.run()
    log.info("served")


def serviced(
    store: SqlOrderStore, plan: Plan, version: str, ca_pem: bytes = b"", site_key: bytes = b""
) -> ASGIApp:
    """Return the routes of a store with everything that stands before them."""
    from station.store.service.api import make_app

    callers = Callers(store)
    metrics = Metrics(store.ping, callers.seen)
    told = {"ca_pem": ca_pem, "site_key": site_key}
    app = make_app(store, who=callers.who, version=version, metrics=metrics.text, **told)
    return guarded(app, callers, metrics, plan)


def guarded(app: ASGIApp, callers: Callers, metrics: Metrics, plan: Plan) -> ASGIApp:
    """Return an app with what stands before it: count, headers, door, crowd, body."""
    whole = Body(app)
    crowd = Crowd(whole, plan.at_once, max(2, plan.at_once // SHARE))
    apart = Apart(crowd, Crowd(whole, BOARDS, BOARDS_EACH))
    door = Door(apart, callers, plan.rate, clock=time.monotonic)
    return Counted(SafeHeaders(door), metrics)


def tls(plan: Plan) -> ssl.SSLContext | None:
    """Return how connections are encrypted, None for plain HTTP on a loopback address.

    Raises:
        ConfigError: There is no certificate though others can connect, or it cannot be used.
    """
    if plan.certificate is None or plan.key is None:
        if is_loopback(plan.host):
            return None
        raise ConfigError(
            f"Benches cannot connect to {plan.host} safely: there is no certificate.",
            "Run `station enrol --init` once, or name your own under [serve] in station.toml. "
            "Plain HTTP is for --host 127.0.0.1, behind a proxy with TLS.",
        )
    check_private(plan.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        context.load_cert_chain(plan.certificate, plan.key, password=_no_password)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"The certificate {plan.certificate} and its key cannot be used.",
            "Both must be PEM, belong together, and have no password. "
            "For our own, run `station enrol --init`.",
        ) from error
    return context


def listen(plan: Plan) -> socket.socket:
    """Return the socket on which benches will connect.

    Raises:
        ConfigError: The address is not this machine's, or is in use.
    """
    kind = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    try:
        return socket.create_server(
            (plan.host, plan.port),
            family=kind,
            backlog=BACKLOG,
            dualstack_ipv6=plan.host == "::",
        )
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "unknown"
        raise ConfigError(
            f"{plan.host} port {plan.port} cannot be used: {reason.lower()}.",
            "End the other program, or choose another with --host and --port.",
        ) from error


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_password() -> str:
    raise ValueError("a key with a password cannot be used by a server that starts by itself")


def _quiet() -> None:
    """End with 0 on SIGTERM, after uvicorn has let the requests end; keep data out of the log."""
    logging.getLogger("uvicorn.error").addFilter(wordless)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _ended)


def _ended(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def wordless(record: logging.LogRecord) -> bool:
    """Leave of an exception in a log record its kind and place: its words may hold an address."""
    if record.exc_info and (error := record.exc_info[1]) is not None:
        step = error.__traceback__
        while step is not None and step.tb_next is not None:
            step = step.tb_next
        where = f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step else "nowhere"
        record.msg, record.args = "%s at %s", (type(error).__name__, where)
        record.exc_info = record.exc_text = None
    return True


def _room() -> Bounds:
    """Return the bounds that this process has room for, after asking the system for all of it."""
    bounds = Bounds()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = bounds.connections + SPARE_FILES
    if resource.RLIM_INFINITY != soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):  # some systems have a lower limit of their own
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        bounds.connections = max(SPARE_FILES, soft - SPARE_FILES)
    return bounds
