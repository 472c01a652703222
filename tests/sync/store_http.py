"""An order store's side of HTTP as the tests of the client need it: said in advance, or wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from station.sync.client import HttpOrderStore
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.store.port import OrderStore

URL = "https://store.local:8443"
TOKEN = "canary-7Jq3xkPZ0mB2nV5tL8sD1fG4hK6wRcYuEaQ9"
"""43 characters, as long as a real key; the tests look for it wherever it must not be."""


@dataclass(frozen=True)
class Case:
    """One call, the question it is, and the answer it gets."""

    call: Callable[[OrderStore], object]
    line: str
    answer: object
    result: object
    body: dict[str, object] | None = None
    query: tuple[tuple[str, str], ...] = ()


@dataclass
class Asked:
    """Answers each request with the next of the answers, and keeps what was asked."""

    answers: list[httpx.Response | Exception]
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; the last answer is repeated."""
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        # One answer may be given several times; httpx reads each only once.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def lines(self) -> list[str]:
        """Method and path of each request, with its query as it stood there."""
        return [f"{asked.method} {asked.url.raw_path.decode()}" for asked in self.requests]

    @property
    def bodies(self) -> list[Any]:
        """What was sent with each request, read as JSON."""
        return [json.loads(asked.content) if asked.content else None for asked in self.requests]


def ok(value: object) -> httpx.Response:
    """Return an answer of the store."""
    return httpx.Response(200, json=to_json(value))


def problem(status: int, word: str, title: str = "It is so.", detail: str = "Do this.") -> Any:
    """Return a problem as the store tells it."""
    told = {"type": word, "title": title, "detail": detail, "status": status}
    kind = {"Content-Type": "application/problem+json"}
    return httpx.Response(status, headers=kind, content=json.dumps(told).encode())


def client(*answers: httpx.Response | Exception) -> tuple[HttpOrderStore, Asked]:
    """Return a client, and what it will have asked."""
    asked = Asked(list(answers))
    return HttpOrderStore(URL, TOKEN, transport=httpx.MockTransport(asked)), asked
