"""The whole service over TLS: who is let in, what is refused before the routes."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import warnings
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from serving.live import LOCAL, PATIENCE_S, Live, all_of, refused, resident, running

from station.store.service import certificates, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from serving.conftest import Shop


def test_a_bench_with_a_token_is_served(shop: Shop) -> None:
    """Over our own CA, a bench asks for its claims and gets them, marked safe."""
    with shop.client(shop.bench) as client:
        answer = client.get("/v1/claims")
    assert answer.json() == {"order_ids": []}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def test_without_a_token_nothing_is_told(shop: Shop) -> None:
    """No token, a wrong one and two at once get the same answer for paths that are and are not."""
    pairs = [("authorization", f"Bearer {shop.bench}")] * 2
    told = set()
    for path in ("/v1/claims", "/v1/nothing", "/metrics", "/docs"):
        for headers in ([], [("authorization", f"Bearer {tokens.new()}")], pairs):
            with shop.client() as client:
                answer = client.get(path, headers=headers)
            told.add((answer.status_code, answer.text, answer.headers["www-authenticate"]))
        shop.forgive()
    assert len(told) == 1
    assert told.pop()[0] == 401


def test_open_paths_need_no_token(shop: Shop, folder: Path) -> None:
    """The CA, the health and the description are for everybody."""
    with shop.client() as client:
        assert client.get("/v1/ca").content == (folder / "ca.pem").read_bytes()
        assert client.get("/healthz").json() == {"ok": True}
        assert client.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_metrics_count_what_was_asked(shop: Shop) -> None:
    """Requests are counted by the route's template; nothing from outside becomes a label."""
    with shop.client(shop.bench) as client:
        client.post("/v1/stops/12345/answer")
        client.get("/v1/nothing-like-this")
        client.request("PROPFIND", "/v1/claims")
        text = client.get("/metrics").text
    assert 'route="/v1/stops/{stop_id}/answer"' in text
    assert "station_store_up 1.0" in text
    assert "station_store_epoch" in text
    assert 'method="other"' in text
    assert "station_stations_seen 0" not in text
    for told in ("12345", "nothing-like-this", "PROPFIND", shop.bench):
        assert told not in text


def test_a_stranger_is_refused_by_the_client(shop: Shop, tmp_path: Path) -> None:
    """A bench that trusts another CA, or the system's, sends nothing to this server."""
    certificates.make(tmp_path, ["localhost"])
    other = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    for context in (other, ssl.create_default_context()):
        with (
            shop.client(shop.bench, context) as client,
            pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            client.get("/v1/claims")


def test_the_name_must_be_in_the_certificate(shop: Shop) -> None:
    """A server under a name that its certificate does not have is not believed."""
    with (
        closing(shop.live.connect()) as connection,
        pytest.raises(ssl.SSLCertVerificationError, match="match"),
    ):
        shop.trusted.wrap_socket(connection, server_hostname="elsewhere.example")


def test_old_tls_is_refused(shop: Shop) -> None:
    """TLS 1.1 gets no connection, TLS 1.2 gets one."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # Python warns of what this is about
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with closing(shop.live.connect()) as connection, pytest.raises(ssl.SSLError):
        old.wrap_socket(connection)
    old.maximum_version = old.minimum_version = ssl.TLSVersion.TLSv1_2
    with closing(shop.live.connect()) as connection, old.wrap_socket(connection) as wrapped:
        assert wrapped.version() == "TLSv1.2"


def _speak(shop: Shop, request: bytes) -> bytes:
    """Send bytes within TLS and return what comes back."""
    with (
        closing(shop.live.connect()) as connection,
        shop.trusted.wrap_socket(connection, server_hostname=LOCAL) as wrapped,
    ):
        with suppress(OSError):
            wrapped.sendall(request)
        return all_of(wrapped)


def _head(shop: Shop, *lines: str, path: str = "/v1/claims") -> bytes:
    head = (f"POST {path} HTTP/1.1", "host: x", f"authorization: Bearer {shop.bench}", *lines)
    return "\r\n".join((*head, "", "")).encode()


@pytest.mark.parametrize(
    ("header", "body", "status", "kind"),
    [
        ("content-encoding: gzip", b"\x1f\x8b" + b"\0" * 100, 415, "encoding"),
        ("content-type: application/json", b"[" * 10_000, 422, "invalid"),
        ("content-type: application/json", b"{", 400, "invalid"),
        ("content-type: text/plain", b"\0\xff", 422, "invalid"),
    ],
)
def test_bad_bodies_are_told(shop: Shop, header: str, body: bytes, status: int, kind: str) -> None:
    """Packed, deep, broken and binary bodies are answered with a problem."""
    head = _head(shop, header, f"content-length: {len(body)}", "connection: close")
    assert refused(_speak(shop, head + body), status, kind)


def test_a_huge_body_takes_bounded_memory(shop: Shop) -> None:
    """Sending 60 MB gets a refusal, and the process does not grow by what is sent."""
    piece = b"10000\r\n" + b"1" * 65536 + b"\r\n"
    before, most = resident(), 0
    with (
        closing(shop.live.connect()) as connection,
        shop.trusted.wrap_socket(connection, server_hostname=LOCAL) as wrapped,
    ):
        with suppress(OSError):
            wrapped.sendall(_head(shop, "transfer-encoding: chunked"))
            for _ in range(60 * 2**20 // 65536):
                wrapped.sendall(piece)
                most = max(most, resident())
        answer = all_of(wrapped)
    assert most - before < 20 * 2**20
    assert not answer or refused(answer, 413, "too-large")


def test_an_announced_huge_body_is_refused_before_it_is_sent(shop: Shop) -> None:
    """A sender who waits for leave gets the refusal instead, and sends nothing."""
    head = _head(shop, "content-length: 60000000", "expect: 100-continue")
    assert refused(_speak(shop, head), 413, "too-large")


def test_strangers_cannot_send_bodies(shop: Shop) -> None:
    """A body without a good token is not waited for."""
    head = b"POST /v1/purchases/finish HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n"
    assert refused(_speak(shop, head), 401, "token")


@pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100, b"\x16\x03\x01\xff\xff"])
def test_noise_on_the_port_harms_nobody(shop: Shop, noise: bytes) -> None:
    """Plain HTTP, zeros and a torn handshake on the TLS port end, and others are served."""
    with closing(shop.live.connect()) as connection:
        connection.sendall(noise)
        connection.shutdown(socket.SHUT_WR)
        assert not all_of(connection).startswith(b"HTTP")
    with shop.client(shop.bench) as client:
        assert client.get("/v1/claims").status_code == 200


@pytest.mark.parametrize("noise", [b"\xff\xfe\0 /\r\n\r\n", b"GET\r\n\r\n", b"A" * 5000, b"{}\n"])
def test_what_is_no_http_is_told(shop: Shop, noise: bytes) -> None:
    """Noise within TLS is answered with a problem, and the connection ends."""
    assert refused(_speak(shop, noise), 400, "invalid")


def test_endless_headers_are_cut(shop: Shop) -> None:
    """A head that does not end is refused at its limit, as one long line and as many."""
    for head in (b"a: " + b"b" * 200_000, b"".join(b"a%d: b\r\n" % n for n in range(30_000))):
        answer = _speak(shop, b"GET / HTTP/1.1\r\n" + head)
        assert not answer or refused(answer, 431, "too-large")


def test_many_benches_at_once_are_served(shop: Shop) -> None:
    """Twenty clients with their own connections all get their answers."""
    codes: list[int] = []

    def work() -> None:
        with shop.client(shop.office) as client:
            codes.extend(client.get("/v1/queue?limit=5").status_code for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(codes) == 100
    assert set(codes) <= {200, 503}
    assert 200 in codes


def test_a_wrong_token_is_slowed_but_not_the_bench_beside_it(shop: Shop) -> None:
    """After some wrong tokens an address gets 429; a good token from there is served still."""
    with shop.client(shop.bench) as good, shop.client() as bad:
        assert good.get("/v1/claims").status_code == 200
        codes = [
            bad.get("/v1/claims", headers={"authorization": f"Bearer {tokens.new()}"})
            for _ in range(15)
        ]
        assert codes[0].status_code == 401
        assert codes[-1].status_code == 429
        assert int(codes[-1].headers["retry-after"]) >= 1
        assert json.loads(codes[-1].text)["type"] == "too-many"
        assert good.get("/v1/claims").status_code == 200


def test_a_forwarded_address_is_not_believed(shop: Shop) -> None:
    """Over TLS nobody gets more guesses by saying that he comes from elsewhere."""
    with shop.client() as client:
        codes = [
            client.get("/v1/claims", headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
            for number in range(15)
        ]
    assert codes[-1] == 429


def test_behind_a_proxy_guests_are_told_apart(shop: Shop) -> None:
    """On a loopback address, without TLS, the proxy's word for where a guest is counts."""

    def asked(live: Live, place: str) -> int:
        url = f"http://{LOCAL}:{live.port}/v1/claims"
        return httpx.get(url, headers={"x-forwarded-for": place}, trust_env=False).status_code

    with running(shop.app) as live:
        codes = [asked(live, "192.0.2.1") for _ in range(15)]
        assert (codes[0], codes[-1]) == (401, 429)
        assert asked(live, "192.0.2.2") == 401
        assert asked(live, "nonsense, \tmore") in {401, 429}
