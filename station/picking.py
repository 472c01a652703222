"""Waves: several orders picked in one walk, bin by bin, each into a tote of its own. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from station.model import Order, Product

_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Stop:
    """One bin of the walk, and what to take from it."""

    bin: str
    """Empty where nobody has told it."""
    sku: str
    title: str
    totes: tuple[tuple[int, int], ...]
    """Number of the tote and units that go into it, by number."""

    @property
    def units(self) -> int:
        """Units to take in all."""
        return sum(units for _, units in self.totes)


@dataclass(frozen=True, slots=True)
class Wave:
    """Orders that are picked together; the first goes into tote 1."""

    orders: tuple[Order, ...]

    def stops(self, products: Mapping[str, Product]) -> tuple[Stop, ...]:
        """Return the walk: each bin and SKU once, in the order of the bins."""
        wanted: dict[str, dict[int, int]] = {}
        titles: dict[str, str] = {}
        for number, order in enumerate(self.orders, 1):
            for item in order.items:
                totes = wanted.setdefault(item.sku, {})
                totes[number] = totes.get(number, 0) + item.quantity
                titles.setdefault(item.sku, item.title)
        return route(
            Stop(
                product.bin if (product := products.get(sku)) else "",
                sku,
                (product.title if product else "") or titles[sku],
                tuple(sorted(totes.items())),
            )
            for sku, totes in wanted.items()
        )


def wave(orders: Sequence[Order], most: int) -> Wave:
    """Return the first orders of the queue as one wave; each order once, most of them at most."""
    first: dict[str, Order] = {}
    for order in orders:
        first.setdefault(order.order_id, order)
    return Wave(tuple(first.values())[:most])


def route(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """Return stops as one walks them: by bin, numbers as numbers; unknown bins come last."""
    return tuple(sorted(stops, key=lambda stop: (not stop.bin, natural(stop.bin), stop.sku)))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts A-2 before A-10, whatever the case of the letters."""
    parts = (part for part in _DIGITS.split(text.casefold()) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
