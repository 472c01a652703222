"""Who comes in: a token that is good, as often as is allowed, before a body is read.

The routes ask for the token again: this layer keeps strangers from costing anything.
"""

from __future__ import annotations

import asyncio
import logging
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from station.errors import StoreError
from station.store.service.buckets import Buckets
from station.store.service.callers import ROLES
from station.store.service.guard import CALLER
from station.store.service.refusals import (
    AWAY,
    STRANGER,
    TOO_MANY,
    TOO_MANY_TOKENS,
    Refusal,
    refuse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from station.store.service.callers import Caller
    from station.store.service.tokens import Callers

log = logging.getLogger(__name__)

OPEN = {route.partition(" ")[2] for route, roles in ROLES.items() if not roles} | {"/openapi.json"}
"""Paths that need no token."""

PROVING = frozenset({"/v1/sign-in", "/v1/acts"})
"""Paths on which a PIN is tried."""
_TRIES = (5.0, 10.0)
"""Requests a second on these, and at once, from one station: a person types slower."""

BURST_S = 2.0
"""Seconds of a station's rate that it may use at once, after a rest."""

AWAY_RETRY_S = 1.0
SLOW_S = 0.5
"""Seconds that the answer waits for one who comes too often: else a program that asks again at
once would take the processor from the others (measured: their p99 rose eightfold)."""

_GUESTS = (5.0, 100.0)
"""Requests a second, and at once, from one address without a token."""
_WRONG = (0.2, 10.0)
"""Wrong tokens a second, and at once, from one address."""
_TOLD = (1 / 60, 1.0)
"""Log lines about wrong tokens from one address, a second."""

_SCHEME = b"bearer "
_LONGEST = 200
"""Characters of the longest header that can hold a token; ours have 43."""


class Door:
    """Knows who comes by his token, and how often he came; says so in the scope.

    Args:
        rate: Requests a second for each station.
        clock: Seconds that only rise.
        slow_s: Seconds that one who comes too often waits for that answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        callers: Callers,
        rate: float,
        *,
        clock: Callable[[], float],
        slow_s: float = SLOW_S,
    ) -> None:
        self._app = app
        self._callers = callers
        self._slow_s = slow_s
        self._stations = Buckets(rate, rate * BURST_S, clock=clock)
        self._tries = Buckets(*_TRIES, clock=clock)
        self._guests = Buckets(*_GUESTS, clock=clock)
        self._wrong = Buckets(*_WRONG, clock=clock)
        self._told = Buckets(*_TOLD, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when its sender may send it."""
        place = network(scope.get("client"))
        try:
            refusal, wait_s = await self._judged(scope, place)
        except StoreError:
            refusal, wait_s = AWAY, AWAY_RETRY_S
        if refusal:
            if refusal.status == 429:
                await asyncio.sleep(self._slow_s)
            await refuse(scope, send, refusal, wait_s)
        else:
            await self._app(scope, receive, send)

    async def _judged(self, scope: Scope, place: str) -> tuple[Refusal | None, float]:
        if scope["path"] in OPEN:
            scope[CALLER] = place
            wait_s = self._guests.take(place)
        else:
            caller, wait_s = await self._known(_token(scope["headers"]), place)
            if caller is None:
                return (TOO_MANY_TOKENS, wait_s) if wait_s else (STRANGER, 0.0)
            scope[CALLER] = caller
            wait_s = self._stations.take(caller.station)
            if not wait_s and scope["path"] in PROVING:
                wait_s = self._tries.take(caller.station)
        return (TOO_MANY if wait_s else None), wait_s

    async def _known(self, token: str, place: str) -> tuple[Caller | None, float]:
        """Return who has the token; for nobody, how long the address must wait, 0 if not."""
        # A bench behind the same router as somebody who guesses must not suffer from him.
        if not self._callers.familiar(token) and (wait_s := self._wrong.wait_s(place)):
            return None, wait_s
        caller = await self._asked(token)
        if caller is None:
            self._wrong.take(place)
            if not self._told.take(place):
                log.warning("a request from %s had no token that is good", place)
        return caller, 0.0

    async def _asked(self, token: str) -> Caller | None:
        if not token or self._callers.ready(token):
            return self._callers.who(token) if token else None
        return await run_in_threadpool(self._callers.who, token)


def network(client: tuple[str, int] | None) -> str:
    """Return where a request comes from: an address, of IPv6 the /64 that one guest may own."""
    text = client[0] if client else ""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _token(headers: list[tuple[bytes, bytes]]) -> str:
    """Return the token of a request, '' when there is none or more than one."""
    given = [value for name, value in headers if name == b"authorization"]
    if len(given) != 1 or len(given[0]) > _LONGEST or not given[0].lower().startswith(_SCHEME):
        return ""
    return given[0][len(_SCHEME) :].strip().decode("latin-1")
