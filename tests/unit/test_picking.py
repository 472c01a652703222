"""Waves: every unit of every order is on the walk once, and bins come as one walks them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from samples import order

from station.model import OrderItem, Product
from station.picking import Stop, natural, route, wave

if TYPE_CHECKING:
    from station.model import Order

_SKUS = st.sampled_from(["MUG", "CARD", "TEA", "KYUSU"])
_ITEMS = st.lists(st.tuples(_SKUS, st.integers(1, 5)), max_size=4)
PRODUCTS = {
    "MUG": Product("MUG", "Blue mug", bin="A-10"),
    "CARD": Product("CARD", bin="A-2"),
    "TEA": Product("TEA", "Tea"),
}


def _orders(lines: list[list[tuple[str, int]]]) -> list[Order]:
    return [
        replace(
            order(f"111-{number}"),
            items=tuple(
                OrderItem(f"i{line}", sku, f"Title of {sku}", units)
                for line, (sku, units) in enumerate(items)
            ),
        )
        for number, items in enumerate(lines, 1)
    ]


@given(st.lists(_ITEMS, max_size=8), st.integers(1, 8))
def test_every_unit_is_taken_once(lines: list[list[tuple[str, int]]], most: int) -> None:
    """Units of each SKU and order are the same on the walk as in the orders of the wave."""
    picked = wave(_orders(lines), most)
    assert len(picked.orders) == min(most, len(lines))
    wanted = Counter(
        {
            (number, item.sku): 0
            for number, each in enumerate(picked.orders, 1)
            for item in each.items
        }
    )
    for number, each in enumerate(picked.orders, 1):
        for item in each.items:
            wanted[number, item.sku] += item.quantity
    stops = picked.stops(PRODUCTS)
    found = Counter({(tote, stop.sku): n for stop in stops for tote, n in stop.totes})
    assert found == wanted
    assert len({stop.sku for stop in stops}) == len(stops)
    assert sum(stop.units for stop in stops) == sum(wanted.values())


def test_bins_come_as_one_walks_them() -> None:
    """A-2 comes before A-10, and what has no bin comes last."""
    picked = wave(_orders([[("MUG", 1), ("TEA", 1), ("CARD", 2)]]), 5)
    assert [(stop.bin, stop.title) for stop in picked.stops(PRODUCTS)] == [
        ("A-2", "Title of CARD"),
        ("A-10", "Blue mug"),
        ("", "Tea"),
    ]


def test_an_order_is_in_a_wave_once() -> None:
    """An order that the queue shows twice gets one tote."""
    assert len(wave(_orders([[("MUG", 1)]]) * 2, 5).orders) == 1


@given(st.lists(st.text(max_size=8), max_size=12))
def test_any_bins_have_an_order(bins: list[str]) -> None:
    """Whatever bins are called, they can be sorted, and none is lost."""
    stops = [Stop(each, f"S{place}", "", ()) for place, each in enumerate(bins)]
    assert sorted(stop.sku for stop in route(stops)) == sorted(stop.sku for stop in stops)
    assert natural("a-2") == natural("A-02") < natural("A-10") < natural("B-1")
