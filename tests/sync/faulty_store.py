"""An order store behind a bad line: requests and answers get lost, it is slow, or it is away."""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum
from time import sleep
from typing import TYPE_CHECKING, Any, cast

from station.errors import StoreUnreachable

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from station.store.port import OrderStore


class Loss(Enum):
    """What gets lost of one call."""

    REQUEST = "the store never heard of it"
    ANSWER = "the store did it, and nobody was told"


@dataclass
class Line:
    """The way to the store: how it is now, and what happened on it."""

    seed: int = 0
    lost_requests: float = 0.0
    """Share of the calls that never arrive."""
    lost_answers: float = 0.0
    """Share of the calls that are done and not answered."""
    away: bool = False
    delay_s: float = 0.0
    """Seconds that each call takes."""
    slow: frozenset[str] = frozenset()
    """Names of the calls that take that long; empty: all of them."""
    calls: list[str] = field(default_factory=list)
    """Names of all calls, as they were made."""
    losses: Counter[Loss] = field(default_factory=Counter)
    hold: threading.Event | None = None
    """While it is there and not set, calls wait for it."""
    before: Callable[[str], object] = lambda _name: None
    """Is told of each call before it is made."""
    _next: dict[str, deque[Loss | Exception | None]] = field(default_factory=dict)
    _dice: random.Random | None = None

    def plan(self, name: str, *losses: Loss | Exception | None) -> None:
        """Say what happens to the next calls of a name, one each; None is a good one."""
        self._next.setdefault(name, deque()).extend(losses)

    def loss(self, name: str) -> Loss | Exception | None:
        """Return what happens to a call."""
        if planned := self._next.get(name):
            return planned.popleft()
        if self.away:
            return Loss.REQUEST
        self._dice = self._dice or random.Random(self.seed)
        number = self._dice.random()
        if number < self.lost_requests:
            return Loss.REQUEST
        return Loss.ANSWER if number < self.lost_requests + self.lost_answers else None


class FaultyStore:
    """A real store over a line; every call goes through it."""

    def __init__(self, store: OrderStore, line: Line) -> None:
        self._store = store
        self._line = line

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name == "close":
            return method

        def call(*args: Any, **more: Any) -> Any:
            return self._call(name, method, *args, **more)

        return call

    def _call(self, name: str, method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        line = self._line
        line.calls.append(name)
        line.before(name)
        if line.delay_s and (not line.slow or name in line.slow):
            sleep(line.delay_s)
        if line.hold is not None:
            line.hold.wait(20)
        loss = line.loss(name)
        if isinstance(loss, Exception):
            raise loss
        if loss is not None:
            line.losses[loss] += 1
        if loss is Loss.REQUEST:
            raise unreachable()
        answer = method(*args, **more)
        if loss is Loss.ANSWER:
            raise unreachable()
        return answer


def unreachable() -> StoreUnreachable:
    """Return what the client says when nobody answers."""
    return StoreUnreachable("The store does not answer.", "It is tried again.")


def over(store: OrderStore, line: Line) -> OrderStore:
    """Return a store behind a line."""
    return cast("OrderStore", FaultyStore(store, line))
