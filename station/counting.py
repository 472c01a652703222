"""Counting units against the lines of an order; pure.

A code may count several units (the wrap of a six-pack), and several lines may ask for the same
SKU; then one scan is shared out over them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station.barcodes import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.model import Lease, OrderItem, Product


@dataclass(frozen=True, slots=True)
class Line:
    """One order item on the bench and how much of it is verified."""

    item_id: str
    sku: str
    title: str
    bin: str
    needed: int
    codes: tuple[tuple[str, int], ...]
    """(key, units) of every code that counts for it; SKU and ASIN too."""
    has_barcode: bool
    """False where the house knows no barcode, so that units may be counted unscanned."""
    done: int = 0
    unscanned: int = 0
    """How many of those done were counted without a scan."""
    requires: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Units still to verify."""
        return self.needed - self.done


@dataclass(frozen=True, slots=True)
class Mark:
    """What one scan, or one deliberate count, booked."""

    shares: tuple[tuple[int, int], ...]
    """(index of the line, units)."""
    scanned: bool = True


def lines(lease: Lease) -> tuple[Line, ...]:
    """Return the lines of a leased order, in the order of its items."""
    products = {product.sku: product for product in lease.products}
    return tuple(_line(item, products.get(item.sku)) for item in lease.order.items)


def _line(item: OrderItem, product: Product | None) -> Line:
    codes = {key_of(item.sku): 1, "t:" + item.sku.upper(): 1}
    codes |= {"t:" + asin.upper(): 1 for asin in (item.asin, product and product.asin) if asin}
    if product:
        codes |= {key_of(barcode.text): barcode.units for barcode in product.barcodes}
    return Line(
        item_id=item.item_id,
        sku=item.sku,
        title=(product.title if product else "") or item.title or item.sku,
        bin=product.bin if product else "",
        needed=item.quantity,
        codes=tuple(codes.items()),
        has_barcode=bool(product and product.barcodes),
        requires=product.requires if product else (),
    )


def matching(lines: Iterable[Line], keys: Iterable[str]) -> dict[str, int]:
    """Return the SKUs that a code stands for, and the units it counts of each.

    Keys come likeliest first; the first that any line knows decides.
    """
    lines = tuple(lines)
    for key in keys:
        found = {line.sku: units for line in lines for k, units in line.codes if k == key}
        if found:
            return found
    return {}


def count(lines: tuple[Line, ...], matching: dict[str, int]) -> Mark | None:
    """Share a code's units out over the lines that lack them; None when they are too many.

    All units of a code go to one SKU or none: a six-pack is never split over what is left.
    """
    for sku, units in matching.items():
        shares = []
        for index, line in enumerate(lines):
            if line.sku == sku and line.left and units:
                take = min(units, line.left)
                shares.append((index, take))
                units -= take  # noqa: PLW2901 - what is left to share out
        if shares and not units:
            return Mark(tuple(shares))
    return None


def count_unscanned(lines: tuple[Line, ...]) -> Mark | None:
    """Return a mark for one unit of the first line that has no barcode and lacks units."""
    for index, line in enumerate(lines):
        if line.left and not line.has_barcode:
            return Mark(((index, 1),), scanned=False)
    return None


def booked(lines: tuple[Line, ...], mark: Mark) -> tuple[Line, ...]:
    """Return the lines with the mark's units added."""
    return _moved(lines, mark, 1)


def unbooked(lines: tuple[Line, ...], mark: Mark) -> tuple[Line, ...]:
    """Return the lines with the mark's units taken back."""
    return _moved(lines, mark, -1)


def _moved(lines: tuple[Line, ...], mark: Mark, sign: int) -> tuple[Line, ...]:
    shares = dict(mark.shares)
    return tuple(
        replace(
            line,
            done=line.done + sign * shares[index],
            unscanned=line.unscanned + (0 if mark.scanned else sign * shares[index]),
        )
        if index in shares
        else line
        for index, line in enumerate(lines)
    )
