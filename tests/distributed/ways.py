"""The way of one station to the store, with what was sent on it counted, lost and timed."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from station.sync.client import HttpOrderStore
from station.sync.connection import Network, context

if TYPE_CHECKING:
    from distributed.served import Served

CLAIM = "POST /v1/claims"
HELLO = "POST /v1/hello"
JOURNAL = "POST /v1/journal"


@dataclass
class Seen:
    """What happened on the ways of all stations together."""

    requests: Counter[str] = field(default_factory=Counter)
    """Answers that came, by request and status."""
    injected: Counter[str] = field(default_factory=Counter)
    """Faults that were really made."""
    failed: Counter[str] = field(default_factory=Counter)
    """Requests that ended without an answer, by the kind of error."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Requests of which the station cannot know whether they were done."""
    resolved: Counter[str] = field(default_factory=Counter)
    """Journals whose fate was unknown and heard at the next hello: done, or not done."""
    claim_ms: list[float] = field(default_factory=list)
    """How long each claim took that gave an order."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def percentile(self, part: float) -> float:
        """Return the claim's milliseconds which that part of the claims did not exceed."""
        ordered = sorted(self.claim_ms)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)

    @property
    def total(self) -> int:
        """How many requests were answered."""
        return self.requests.total()


class Way(httpx.BaseTransport):
    """A transport that loses requests before they are sent, and answers after they were given.

    Args:
        inner: The network.
        seen: Where everything is counted.
        seed: Of the plan of faults.
        lost_requests: Part of the requests that never leave.
        lost_answers: Part of the answers that never come, although the server did its work.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        seen: Seen,
        *,
        seed: int = 0,
        lost_requests: float = 0.0,
        lost_answers: float = 0.0,
    ) -> None:
        self._inner = inner
        self._seen = seen
        self._dice = random.Random(seed)
        self.lost_requests = lost_requests
        self.lost_answers = lost_answers
        self._doubt = 0
        """The last seq of journal entries that may have been taken over, 0 when there is none."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or lose it."""
        name = f"{request.method} {request.url.path}"
        if self._dice.random() < self.lost_requests:
            self._count(self._seen.injected, "request lost")
            raise httpx.ConnectError("lost by the test")
        began = time.perf_counter()
        try:
            answer = self._inner.handle_request(request)
            body = self._whole(answer)
        except httpx.TransportError as error:
            self._failed(name, request, error)
            raise
        took_ms = (time.perf_counter() - began) * 1000
        if self._dice.random() < self.lost_answers:
            self._count(self._seen.injected, "answer lost")
            self._in_doubt(name, request)
            raise httpx.ReadError("lost by the test")
        self._answered(name, request, answer.status_code, body, took_ms)
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)

    def close(self) -> None:
        """End the connections."""
        self._inner.close()

    @staticmethod
    def _whole(answer: httpx.Response) -> bytes:
        try:
            return answer.read()
        finally:
            answer.close()

    def _failed(self, name: str, request: httpx.Request, error: httpx.TransportError) -> None:
        self._count(self._seen.failed, type(error).__name__)
        if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            self._in_doubt(name, request)

    def _answered(
        self, name: str, request: httpx.Request, status: int, body: bytes, took_ms: float
    ) -> None:
        self._count(self._seen.requests, f"{name} {status}")
        if status == 503:
            self._in_doubt(name, request)
        elif name == CLAIM and status == 200 and b'"lease":null' not in body.replace(b" ", b""):
            with self._seen.lock:
                self._seen.claim_ms.append(took_ms)
        elif name == HELLO and status == 200 and self._doubt:
            known = json.loads(body)["upto"] >= self._doubt
            self._count(self._seen.resolved, "done" if known else "not done")
            self._doubt = 0

    def _in_doubt(self, name: str, request: httpx.Request) -> None:
        if request.method != "POST":
            return
        self._count(self._seen.unknown, name)
        if name == JOURNAL and (entries := json.loads(request.content)["entries"]):
            self._doubt = entries[-1]["seq"]

    def _count(self, counter: Counter[str], what: str) -> None:
        with self._seen.lock:
            counter[what] += 1


def way_to(
    served: Served, seen: Seen, *, seed: int = 0, lost_requests: float = 0, lost_answers: float = 0
) -> Way:
    """Return a way over the real network."""
    network = Network(context(served.ca))
    return Way(network, seen, seed=seed, lost_requests=lost_requests, lost_answers=lost_answers)


def store_over(way: Way, url: str, token: str, *, answer_s: float = 10.0) -> HttpOrderStore:
    """Return the order store at the end of a way."""
    return HttpOrderStore(url, token, transport=way, connect_s=2.0, answer_s=answer_s)
