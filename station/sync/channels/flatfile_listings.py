"""Amazon's listings report (GET_MERCHANT_LISTINGS_ALL_DATA) as products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.model import Barcode, Product
from station.sync.channels.cells import BadCell, quoted, sku_of
from station.sync.channels.gtin import ean_of_isbn, restored
from station.sync.channels.notes import Notes
from station.sync.channels.port import RowError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.sync.channels.records import Row
    from station.sync.channels.tabular import Table

ASIN, ISBN, UPC, EAN = "1", "2", "3", "4"
"""Values of product-id-type (Amazon's listings report reference)."""


class ListingsReport:
    """Reads a table once; its numbers are right when the iteration has ended."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._notes = Notes()
        self.rows = 0
        self.by_merchant = 0
        """Listings that the seller ships himself."""

    def __iter__(self) -> Iterator[Product | RowError]:
        """Yield a product for each sound row; merchant and Amazon listings alike."""
        for row in self.table.rows():
            self.rows += 1
            try:
                yield self._product(row)
            except BadCell as bad:
                yield RowError(row.line, str(bad))

    @property
    def notes(self) -> tuple[str, ...]:
        """How many listings are the seller's own to ship, and barcodes that are none."""
        mine = f"{self.by_merchant:,} of {self.rows:,} listings are shipped by the merchant."
        return (mine, *self._notes.told()) if self.rows else ()

    def _product(self, row: Row) -> Product:
        if row.fault:
            raise BadCell(row.fault)
        sku = sku_of(row.get("seller-sku"), "seller-sku")
        self.by_merchant += row.get("fulfillment-channel").upper() in {"", "DEFAULT"}
        code = self._barcode(row)
        return Product(
            sku=sku,
            title=plain(row.get("item-name")),
            asin=_asin(row),
            barcodes=(Barcode(code),) if code else (),
        )

    def _barcode(self, row: Row) -> str:
        number, kind = row.get("product-id"), row.get("product-id-type")
        if not number or kind in {"", ASIN}:
            return ""
        code = _gtin(number, kind)
        if not code:
            self._notes.add(f"product-id {quoted(number)} is no barcode, it was left out", row.line)
        return code


def _gtin(number: str, kind: str) -> str:
    if kind == ISBN:
        return ean_of_isbn(number)
    return restored(number, 12 if kind == UPC else 13)


def _asin(row: Row) -> str:
    named = plain(row.get("asin1"))
    return named or (plain(row.get("product-id")) if row.get("product-id-type") == ASIN else "")
