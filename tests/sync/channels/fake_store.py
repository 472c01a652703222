"""A store in memory with only what importing and exporting need."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar, cast

from station.errors import StoreRefused
from station.store.port import Export, ImportResult, OrderStore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from station.model import ConfirmationLine, Order, Product

T = TypeVar("T")


@dataclass
class FakeStore:
    """Orders, products and confirmation lines by their ids; states as words."""

    orders: dict[str, Order] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    checked: list[tuple[str, frozenset[str], datetime, datetime]] = field(default_factory=list)
    pending: list[ConfirmationLine] = field(default_factory=list)
    exported: list[ConfirmationLine] = field(default_factory=list)
    open: dict[int, Export] = field(default_factory=dict)
    again: set[int] = field(default_factory=set)
    finished: dict[int, Export] = field(default_factory=dict)

    @property
    def port(self) -> OrderStore:
        """The fake as what the code under test expects."""
        return cast("OrderStore", self)

    def put_orders(self, orders: Iterable[Order], *, channel: str) -> ImportResult:
        """Insert or update, and count."""
        given = list(orders)
        assert all(order.channel == channel for order in given)
        self.batches.append(len(given))
        return self._put({order.order_id: order for order in given}, self.orders)

    def check_missing(
        self, channel: str, listed: set[str], since: datetime, until: datetime
    ) -> ImportResult:
        """Remember the question; every known order that is not listed counts as held."""
        self.checked.append((channel, frozenset(listed), since, until))
        return ImportResult(held=len(self.orders.keys() - listed))

    def put_products(self, products: Iterable[Product]) -> ImportResult:
        """Insert or update, and count."""
        given = list(products)
        self.batches.append(len(given))
        return self._put({product.sku: product for product in given}, self.products)

    @staticmethod
    def _put(given: dict[str, T], known: dict[str, T]) -> ImportResult:
        new = given.keys() - known.keys()
        same = sum(known.get(key) == value for key, value in given.items())
        known.update(given)
        return ImportResult(len(new), len(given) - len(new) - same, same)

    def begin_export(self, path: str, *, again: int | None = None) -> Export | None:
        """Take all pending lines, or those of an earlier export."""
        number = len(self.open) + len(self.finished) + 1
        lines = self.finished[again].lines if again else tuple(self.pending)
        if not lines:
            return None
        self.open[number] = Export(number, path, "", lines)
        if again:
            self.again.add(number)
        else:
            self.pending.clear()
        return self.open[number]

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Remember the digest."""
        self._known(export_id)
        self.open[export_id] = replace(self.open[export_id], sha256=sha256)

    def finish_export(self, export_id: int) -> None:
        """Count the lines as exported."""
        self._known(export_id)
        export = self.finished[export_id] = self.open.pop(export_id)
        if export_id not in self.again:
            self.exported += export.lines

    def drop_export(self, export_id: int) -> None:
        """Give the lines back."""
        self._known(export_id)
        export = self.open.pop(export_id)
        if export_id not in self.again:
            self.pending = [*export.lines, *self.pending]

    def open_exports(self) -> tuple[Export, ...]:
        """Return what is neither finished nor dropped."""
        return tuple(self.open.values())

    def _known(self, export_id: int) -> None:
        if export_id not in self.open:
            raise StoreRefused(f"Export {export_id} is not open.")

    def save(self, path: Path) -> None:
        """Keep the whole store, as a database would, for a process that will be killed."""
        path.write_bytes(pickle.dumps(self))

    @staticmethod
    def load(path: Path) -> FakeStore:
        """Return a store that was saved."""
        return cast("FakeStore", pickle.loads(path.read_bytes()))
