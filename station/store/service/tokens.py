"""Tokens of stations: made once, kept as a digest, and known again without asking each time."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, Protocol, get_args

from station.store.service.callers import Caller, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.store.stations import Enrolled

KEPT_S = 20.0
"""Seconds for which an answer of the store is believed; a revoked token ends within them."""

MOST = 1024
"""Tokens remembered of each kind, good ones and unknown ones."""


class Register(Protocol):
    """The part of the store that knows who is enrolled."""

    def who(self, token_hash: str) -> Enrolled | None:
        """Return who has the token with this digest, None for unknown and revoked ones."""
        ...


class _Known(NamedTuple):
    caller: Caller | None
    until: float
    seen: float


def new() -> str:
    """Return a new token: 256 random bits in 43 characters that an address may hold."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what the store keeps of a token: its SHA-256 in hexadecimal.

    A token has 256 random bits, so that a slow password hash would add nothing.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Callers:
    """Who comes with a token; safe to ask from several threads.

    Good and unknown tokens are remembered apart, so that nobody who guesses tokens can push the
    good ones out. Every token takes the same way: digest, memory, and at most one question.
    """

    def __init__(self, store: Register, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._gate = threading.Lock()
        self._good: OrderedDict[str, _Known] = OrderedDict()
        self._unknown: OrderedDict[str, _Known] = OrderedDict()

    def who(self, token: str) -> Caller | None:
        """Return who has the token, None for unknown and revoked ones.

        Raises:
            StoreUnreachable: The store has to be asked and does not answer.
        """
        key = digest(token)
        known = self._fresh(key)
        if known is None:
            known = self._ask(key)
        return known.caller

    def ready(self, token: str) -> bool:
        """Return whether `who` can answer without asking the store."""
        return self._fresh(digest(token)) is not None

    def familiar(self, token: str) -> bool:
        """Return whether the token was good when the store was last asked about it."""
        with self._gate:
            return digest(token) in self._good

    def seen(self, seconds: float) -> int:
        """Return how many stations came within the last seconds."""
        since = self._clock() - seconds
        with self._gate:
            came = {k.caller.station for k in self._good.values() if k.caller and k.seen > since}
        return len(came)

    def _fresh(self, key: str) -> _Known | None:
        now = self._clock()
        with self._gate:
            known = self._good.get(key) or self._unknown.get(key)
            if known is None or known.until <= now:
                return None
            if known.caller is not None:
                self._good[key] = known._replace(seen=now)
            return known

    def _ask(self, key: str) -> _Known:
        now = self._clock()  # before the question: the answer is as old as that
        caller = _caller(self._store.who(key))
        known = _Known(caller, now + KEPT_S, now)
        with self._gate:
            self._good.pop(key, None)
            self._unknown.pop(key, None)
            side = self._unknown if caller is None else self._good
            side[key] = known
            if len(side) > MOST:
                side.popitem(last=False)
        return known


def _caller(found: Enrolled | None) -> Caller | None:
    if found is None:
        return None
    # What a newer program wrote there is nobody to this one.
    role = next((role for role in get_args(Role) if role == found.role), None)
    return None if role is None else Caller(found.station, role)
