"""Samples taken in turn, so that whatever else the machine does meets every series alike."""

from __future__ import annotations

import random
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")


def in_turn(rounds: int, sources: Mapping[str, Callable[[], Iterable[T]]]) -> dict[str, list[T]]:
    """Call every source once a round, in a new random order each time; return all it gave."""
    samples: dict[str, list[T]] = {name: [] for name in sources}
    names = list(sources)
    for _ in range(rounds):
        random.shuffle(names)
        for name in names:
            samples[name].extend(sources[name]())
    return samples


def timed(things: Iterable[T], make: Callable[[T], object]) -> Callable[[], list[float]]:
    """Return a source that makes the next thing and gives its milliseconds."""
    following = iter(things)

    def one() -> list[float]:
        thing = next(following)
        began = perf_counter()
        make(thing)
        return [(perf_counter() - began) * 1000]

    return one
