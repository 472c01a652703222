"""What a code means in the store's eyes, looked up only when the order in hand does not know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import counting, labelling
from station.barcodes import Code, Kind
from station.errors import StoreError, StoreUnreachable
from station.events import Scanned
from station.tracking import recognise

if TYPE_CHECKING:
    from station.pack import Pack
    from station.store.port import OrderStore

MAX_TEXT = 256
"""Characters of a scan that the journal keeps."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan at the queue leads to."""

    order_id: str = ""
    count_it: bool = False
    """Whether the scan is also the order's first unit."""
    words: str = ""


def asks(pack: Pack, code: Code) -> bool:
    """Tell whether a scan means nothing to the order in hand, so that the store is asked."""
    if code.kind in {Kind.BAD, Kind.BOX} or counting.matching(pack.lines, code.keys):
        return False
    return pack.label is None or not labelling.is_label(code, pack.label)


def scanned(store: OrderStore | None, pack: Pack, code: Code, text: str) -> Scanned:
    """Return a scan with everything that its verdict needs; without the store, what is known."""
    kept = text[:MAX_TEXT]
    if not asks(pack, code):
        return Scanned(kept)
    if store is None:
        return Scanned(kept, unasked=True)
    try:
        return _looked_up(store, pack, code, kept)
    except StoreError:  # the scan is judged by what is known here, never dropped
        return Scanned(kept, unasked=True)


def _looked_up(store: OrderStore, pack: Pack, code: Code, text: str) -> Scanned:
    own = {line.sku for line in pack.lines}
    for product, _units in store.find_product(code.keys):
        if product.sku not in own:
            return Scanned(text, product.sku, product.title or product.sku)
    if store.order(code.text):
        return Scanned(text, other_order=code.text)
    used_by = _used_by(store, code)
    return Scanned(text, used_by="" if used_by == pack.order_id else used_by)


def _used_by(store: OrderStore, code: Code) -> str:
    numbers = {t.tracking_id for t in recognise(code.text, ("",))} | {code.sscc} - {""}
    return next((user for n in sorted(numbers) if (user := store.tracking_used(n))), "")


def at_queue(store: OrderStore | None, code: Code, why: str = "") -> Found:
    """Return the order that a code at the queue opens: by its id, or by its only item.

    Raises:
        StoreUnreachable: The store cannot be asked now, for the reason given or its own.
    """
    if store is None:
        raise StoreUnreachable(
            f"This cannot be looked up: {why or 'the store is away'}.",
            "Scan it again when the store is back, or NEXT for an order kept ready.",
        )
    if store.order(code.text):
        return Found(code.text)
    products = [product for product, _units in store.find_product(code.keys)]
    if not products:
        return Found(words="No order and no product has this code.")
    ids = store.single_unit_orders([product.sku for product in products], limit=1)
    if ids:
        return Found(ids[0], count_it=True)
    title = products[0].title or products[0].sku
    return Found(words=f"No waiting order is for just one {title}.")
