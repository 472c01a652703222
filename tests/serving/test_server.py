"""How the server begins, and what it refuses to begin with."""

from __future__ import annotations

import logging
import ssl
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from serving.live import LOCAL, running

from station.errors import ConfigError
from station.store.service import certificates
from station.store.service.server import Plan, is_loopback, listen, tls, wordless

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


def test_plain_http_is_for_this_machine_alone() -> None:
    """Without a certificate only a loopback address is served."""
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        assert is_loopback(host)
        assert tls(Plan(host, 8443)) is None
    for host in ("0.0.0.0", "::", "192.168.1.10", "packing.example", ""):
        assert not is_loopback(host)
        with pytest.raises(ConfigError, match="enrol --init"):
            tls(Plan(host, 8443))


def test_tls_is_new_enough(plan: Plan) -> None:
    """TLS 1.2 is the oldest version, without its old ciphers."""
    context = tls(plan)
    assert context
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert all("ECDHE" in c["name"] or c["name"].startswith("TLS_") for c in context.get_ciphers())


def test_a_certificate_of_another_key_is_told(plan: Plan, tmp_path: Path) -> None:
    """Two files that do not belong together end in words."""
    certificates.make(tmp_path, ["other.example"])
    with pytest.raises(ConfigError, match="belong together"):
        tls(replace(plan, key=tmp_path / "server.key"))


def test_a_key_with_a_password_is_told(plan: Plan, tmp_path: Path) -> None:
    """Nobody is asked for a password at the terminal."""
    assert plan.key
    key = serialization.load_pem_private_key(plan.key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.touch(0o600)
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(ConfigError, match="no password"):
        tls(replace(plan, key=locked))


def test_a_key_that_others_read_is_not_used(plan: Plan, tmp_path: Path) -> None:
    """The server does not begin with a key that is open to others."""
    assert plan.key
    loose = tmp_path / "loose.key"
    loose.write_bytes(plan.key.read_bytes())
    loose.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        tls(replace(plan, key=loose))


def test_a_port_in_use_is_told() -> None:
    """The words name address and port."""
    with closing(listen(Plan(LOCAL, 0))) as first:
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=f"{LOCAL} port {port} cannot be used"):
            listen(Plan(LOCAL, port))


@pytest.mark.parametrize("host", ["192.0.2.1", "no host", "x" * 300, "::g"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    """Neither a foreign address nor nonsense ends in a traceback."""
    with pytest.raises(ConfigError, match="cannot be used"):
        listen(Plan(host, 0))


def _failed(words: str) -> logging.LogRecord:
    with pytest.raises(ValueError, match=words) as caught:
        raise ValueError(words)
    info = (ValueError, caught.value, caught.tb)
    return logging.LogRecord("uvicorn.error", logging.ERROR, "", 1, "Exception\n", (), info)


def test_the_log_has_no_words_of_an_exception() -> None:
    """Of a failure the log gets kind and place: its words may hold a buyer's address."""
    record = _failed("Ana Buyer, 1 Yard")
    assert wordless(record)
    shown = logging.Formatter().format(record)
    assert shown.startswith("ValueError at ")
    assert "test_server.py:" in shown
    assert "Ana" not in shown


async def _failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("Ana Buyer, 1 Yard")


def test_a_failing_app_tells_nobody_why(caplog: pytest.LogCaptureFixture) -> None:
    """An app that fails unforeseen answers 500 without its words, and they are not logged."""
    log = logging.getLogger("uvicorn.error")
    log.addFilter(wordless)
    try:
        with running(_failing) as live:
            answer = live.sent(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    finally:
        log.removeFilter(wordless)
    assert answer.startswith(b"HTTP/1.1 500")
    assert b"Ana" not in answer
    assert "ValueError at" in caplog.text
    assert "Ana" not in caplog.text
