"""Hand-written requests and answers of ASGI, without a server between."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Answer:
    """What an app said."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    taken: int = 0
    """Pieces of the body that the app asked for."""

    @property
    def kind(self) -> str:
        """The problem's one word."""
        assert self.headers["content-type"] == "application/problem+json"
        told = json.loads(self.body)
        assert told["status"] == self.status
        return str(told["type"])


def scope(path: str = "/v1/queue", method: str = "GET", **headers: str) -> dict[str, Any]:
    """Return the scope of a request; underscores in header names stand for dashes."""
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "headers": pairs,
        "client": ("192.0.2.1", 50000),
    }


async def ask(
    app: ASGIApp,
    asked: Scope | None = None,
    pieces: Iterable[bytes | None] = (),
    *,
    hang: bool = False,
) -> Answer:
    """Send a request whose body comes in pieces; None: its sender leaves, hang: he stops."""
    answer, waiting = Answer(), [*pieces]

    async def receive() -> Message:
        if not waiting and hang:
            await asyncio.sleep(3600)
        piece = waiting.pop(0) if waiting else b""
        answer.taken += 1
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(waiting) or hang}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        answer.body += message.get("body", b"")

    await app(scope() if asked is None else asked, receive, send)
    return answer


class Echo:
    """An app that answers with the body it got, when its door is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.came = 0

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.came += 1
        message = await receive()
        await self.open.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})
