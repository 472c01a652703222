"""Products: brought in without losing what is known, and found by any of their codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from station.barcodes import key_of
from station.model import Barcode, Product
from station.store.database import insert
from station.store.port import ImportResult
from station.store.reading import load_products
from station.store.schema import barcodes, products

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_COLUMNS = ("title", "asin", "bin", "weight_g", "requires", "kit_of", "asin_key")


def put_batch(connection: Connection, batch: Sequence[Product]) -> ImportResult:
    """Insert or update some products in the transaction of the connection."""
    skus = sorted({product.sku for product in batch})
    # Locked in one order: two imports of the same products neither lose a field nor deadlock.
    mine = select(products.c.sku).where(products.c.sku.in_(skus)).order_by(products.c.sku)
    connection.execute(mine.with_for_update())
    known = load_products(connection, skus)
    new, changed = set[str](), set[str]()
    after = dict(known)
    for product in sorted(batch, key=lambda product: product.sku):
        before = after.get(product.sku)
        after[product.sku] = merged = _merged(before, product)
        if product.sku not in known:
            new.add(product.sku)
        elif merged != before:
            changed.add(product.sku)
    _save(connection, [after[sku] for sku in sorted(new | changed)])
    unchanged = len({product.sku for product in batch}) - len(new) - len(changed)
    return ImportResult(new=len(new), updated=len(changed), unchanged=unchanged)


def _merged(old: Product | None, new: Product) -> Product:
    codes = {key_of(code.text): code for code in old.barcodes} if old else {}
    codes |= {key_of(code.text): code for code in new.barcodes if code.text.strip()}
    barcodes = tuple(codes[key] for key in sorted(codes))
    if old is None:
        return Product(
            new.sku,
            new.title,
            new.asin,
            new.bin,
            new.weight_g,
            barcodes,
            new.requires,
            new.kit_of,
        )
    return Product(
        sku=old.sku,
        title=new.title or old.title,
        asin=new.asin or old.asin,
        bin=new.bin or old.bin,
        weight_g=old.weight_g if new.weight_g is None else new.weight_g,
        barcodes=barcodes,
        requires=new.requires or old.requires,
        kit_of=new.kit_of or old.kit_of,
    )


def _save(connection: Connection, merged: Sequence[Product]) -> None:
    if not merged:
        return
    put = insert(connection, products)
    put = put.on_conflict_do_update(
        index_elements=[products.c.sku], set_={name: put.excluded[name] for name in _COLUMNS}
    )
    connection.execute(put, [_product_row(product) for product in merged])
    codes = [_barcode_row(product.sku, code) for product in merged for code in product.barcodes]
    if codes:
        code = insert(connection, barcodes)
        code = code.on_conflict_do_update(
            index_elements=[barcodes.c.sku, barcodes.c.key],
            set_={"text": code.excluded.text, "units": code.excluded.units},
        )
        connection.execute(code, codes)


def _product_row(product: Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "title": product.title,
        "asin": product.asin,
        "bin": product.bin,
        "weight_g": product.weight_g,
        "requires": json.dumps(product.requires),
        "kit_of": product.kit_of,
        "sku_key": "t:" + product.sku.strip().upper(),
        "asin_key": "t:" + product.asin.strip().upper() if product.asin else "",
    }


def _barcode_row(sku: str, code: Barcode) -> dict[str, Any]:
    return {"sku": sku, "key": key_of(code.text), "text": code.text, "units": code.units}


def find_product(connection: Connection, keys: Sequence[str]) -> tuple[tuple[Product, int], ...]:
    """Return products by key of a barcode, SKU or ASIN, in the order of the keys."""
    units: dict[str, int] = {}
    for key in keys:
        for sku, n in _matches(connection, key):
            units.setdefault(sku, n)
    found = load_products(connection, units)
    return tuple((found[sku], n) for sku, n in units.items())


def _matches(connection: Connection, key: str) -> list[tuple[str, int]]:
    by_code = select(barcodes.c.sku, barcodes.c.units).where(barcodes.c.key == key)
    found = [(row.sku, row.units) for row in connection.execute(by_code.order_by(barcodes.c.sku))]
    if key.startswith("t:") and len(key) > 2:
        for column in (products.c.sku_key, products.c.asin_key):
            by_name = select(products.c.sku).where(column == key).order_by(products.c.sku)
            found += [(sku, 1) for sku in connection.execute(by_name).scalars()]
    return found
