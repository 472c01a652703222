"""What is said to a request that never reaches the store, as a problem (RFC 9457)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope, Send

REFUSED = "station.refused"
"""The key in a request's scope under which stands why it was refused here."""

SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
"""Headers of every answer (OWASP ASVS 5.0 §3.4, §14.3.2).

Strict-Transport-Security is left out: no browser is a client, and the host of our own CA may have
other pages on it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse a request."""

    status: int
    kind: str
    title: str
    detail: str
    close: bool = False
    """Whether the connection ends, because what still comes on it is not wanted."""

    def body(self) -> bytes:
        """Return the problem as JSON."""
        told = {
            "type": self.kind,
            "title": self.title,
            "detail": self.detail,
            "status": self.status,
        }
        return json.dumps(told).encode("ascii")

    def headers(self, retry_s: float = 0.0) -> list[tuple[bytes, bytes]]:
        """Return the headers that go with the body."""
        found = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(self.body())).encode("ascii")),
        ]
        if retry_s:
            found.append((b"retry-after", str(ceil(retry_s)).encode("ascii")))
        if self.status == 401:
            found.append((b"www-authenticate", b"Bearer"))
        if self.close:
            found.append((b"connection", b"close"))
        return found


async def refuse(scope: Scope, send: Send, refusal: Refusal, retry_s: float = 0.0) -> None:
    """Answer a request with a refusal; retry_s says when it may come again."""
    scope[REFUSED] = refusal.kind
    status, headers = refusal.status, refusal.headers(retry_s)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body()})


BAD_HTTP = Refusal(
    400, "invalid", "This is no HTTP request.", "Check the address: it begins with https.", True
)
HEAD_TOO_LARGE = Refusal(
    431, "too-large", "The request's headers are too large.", "Send fewer and shorter ones.", True
)
TOO_LARGE = Refusal(
    413, "too-large", "The request is too large.", "Send less at once, in several requests.", True
)
TOO_SLOW = Refusal(
    408,
    "too-slow",
    "The request did not arrive in time.",
    "Check the network, send it again.",
    True,
)
ENCODED = Refusal(
    415, "encoding", "Packed requests are not taken.", "Send it without Content-Encoding.", True
)
TOO_DEEP = Refusal(
    422,
    "invalid",
    "The request is no JSON, or is nested too deeply.",
    "Send JSON in UTF-8, at most 32 levels deep.",
)
BUSY = Refusal(
    503, "busy", "The store has too many requests at once.", "Nothing was done; send it again."
)
AWAY = Refusal(503, "unreachable", "The order store does not answer.", "It is tried again.")
TOO_MANY = Refusal(
    429, "too-many", "Too many requests came from here.", "Wait for a moment; send it again."
)
STRANGER = Refusal(
    401,
    "token",
    "The store does not know this station's token.",
    "Enrol the station again: run `station enrol NAME` on the server.",
    True,
)
TOO_MANY_TOKENS = Refusal(
    429,
    "too-many",
    "Too many requests with a wrong token came from here.",
    "Wait for a minute. Enrol the station again if its token was revoked.",
    True,
)
