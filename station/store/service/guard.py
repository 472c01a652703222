"""What stands before the routes: sizes, deadlines, depth, numbers; small ASGI layers.

Nothing that a guest on the network sends may take more memory or time than is said here. A layer
answers by itself or passes the request on; no layer logs a body or a token.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from station.store.service.refusals import (
    BUSY,
    ENCODED,
    SAFE,
    TOO_DEEP,
    TOO_LARGE,
    TOO_SLOW,
    refuse,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 256 * 1024
"""The largest body, unless the path is listed below."""

LARGER: Mapping[str, int] = {
    "/v1/purchases/finish": 2 * 2**20,
    "/v1/orders": 2**20,
    "/v1/products": 2**20,
    "/v1/orders/missing": 4 * 2**20,
}
"""Bytes of a body on paths that need more."""

BODY_S = 10.0
"""Seconds in which a body must have arrived whole."""

DEPTH = 32
"""How deep JSON may be nested."""

BUSY_RETRY_S = 1.0
WAITING = frozenset({"/v1/board"})
"""Paths whose answer may wait for something to change."""
CALLER = "station.caller"
"""The key in a request's scope under which stands who sends it, for the limits."""

_TO_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))


class _TooLargeError(Exception):
    """A body is larger than its path allows."""


class SafeHeaders:
    """Adds to every answer what keeps a browser from making something else of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *SAFE]
            await send(message)

        await self._app(scope, receive, marked)


class Crowd:
    """Lets so many requests in at once, and so many of one caller; the others are told busy."""

    def __init__(self, app: ASGIApp, most: int, each: int) -> None:
        self._app = app
        self._most = most
        self._each = each
        self._inside: Counter[object] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while there is room."""
        caller = scope.get(CALLER)
        if self._inside.total() >= self._most or self._inside[caller] >= self._each:
            await refuse(scope, send, BUSY, BUSY_RETRY_S)
            return
        self._inside[caller] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= Counter({caller: 1})  # and forgets a caller who has none left


class Apart:
    """Sends requests that wait by intent another way: they never take the room of the others."""

    def __init__(self, app: ASGIApp, waiting: ASGIApp) -> None:
        self._app = app
        self._waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        way = self._waiting if scope["path"] in WAITING else self._app
        await way(scope, receive, send)


class Body:
    """Reads the body before the routes see the request: whole, in time, plain, not too deep."""

    def __init__(self, app: ASGIApp, *, deadline_s: float = BODY_S) -> None:
        self._app = app
        self._deadline_s = deadline_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body in one piece."""
        headers = scope["headers"]
        limit = LARGER.get(scope["path"], BODY_BYTES)
        if any(name == b"content-encoding" and not _plain(value) for name, value in headers):
            await refuse(scope, send, ENCODED)
            return
        try:
            async with asyncio.timeout(self._deadline_s):
                body = await _whole(receive, limit, _announced(headers))
        except TimeoutError:
            await refuse(scope, send, TOO_SLOW)
        except _TooLargeError:
            await refuse(scope, send, TOO_LARGE)
        else:
            await self._pass(scope, receive, send, body)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, body: bytes | None) -> None:
        if body is None:
            return
        if not shallow(body):
            await refuse(scope, send, TOO_DEEP)
            return
        waiting = [body]

        async def given() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self._app(scope, given, send)


def shallow(body: bytes, depth: int = DEPTH) -> bool:
    r"""Return whether JSON in UTF-8 is nested no deeper than that, without parsing it.

    What is no JSON may get either answer: the parser stops where it stops being JSON, and up to
    there both read the same. A NUL is in no JSON, but in every UTF-16, which is read otherwise.

    >>> shallow(b'{"a": ["]]]"]}', 2), shallow(b"[[[", 2), shallow(b'"\\"[[["', 2)
    (True, False, True)
    """
    if b"\0" in body:
        return False
    if body.count(b"[") + body.count(b"{") <= depth:
        return True
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    structure = unescaped.translate(_TO_BRACKETS, _NOT_STRUCTURE)
    brackets = b"".join(structure.split(b'"')[::2])
    for _ in range(depth):
        brackets = brackets.replace(b"[]", b"")  # takes the innermost level away
    return not brackets


async def _whole(receive: Receive, limit: int, announced: int) -> bytes | None:
    """Return the body, None when the sender left; a larger one raises _TooLargeError."""
    if announced > limit:
        raise _TooLargeError
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts += message.get("body", b"")
        if len(parts) > limit:
            raise _TooLargeError
        if not message.get("more_body", False):
            return bytes(parts)


def _announced(headers: list[tuple[bytes, bytes]]) -> int:
    """Return the length that the headers promise; the server has checked that it is a number."""
    lengths = [value for name, value in headers if name == b"content-length"]
    return max((int(value[:20]) for value in lengths if value.isdigit()), default=0)


def _plain(encoding: bytes) -> bool:
    return encoding.strip().lower() in {b"", b"identity"}
