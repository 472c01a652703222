"""Barcodes that nobody knew: proposed at a bench, then taught or rejected by a supervisor.

A code is kept as its key says it, so that the same product scanned in another way is the same
proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from station import barcodes
from station.errors import StoreRefused
from station.store.database import insert
from station.store.decision import Done
from station.store.schema import barcodes as codes
from station.store.schema import products
from station.store.schema_people import proposals
from station.text import plain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.model import Entry
    from station.store.decision import Decision

MAX_CODE = 80
MAX_SKU = 80
MOST_UNITS = 10_000
"""Units that one scan may count."""

MOST_PROPOSALS = 500
"""Proposals kept; who sends more waits for the supervisor."""

_NO_PRODUCTS = frozenset({"BAD", "COMMAND", "BADGE", "TOTE", "BIN", "BOX", "TRANSPARENCY", "SSCC"})


def key_of(text: str) -> str:
    """Return the key of a code that a product may have; '' for any other.

    >>> key_of("]E04006381333931") == key_of("4006381333931") == "g:04006381333931"
    True
    """
    code = barcodes.read(text)
    key = code.keys[0] if code.keys and code.kind.name not in _NO_PRODUCTS else ""
    fits = len(key) <= MAX_CODE and plain(key) == key and len(key) > len("t:")
    return key if fits and barcodes.key_of(_text(key)) == key else ""


def _text(key: str) -> str:
    return key[2:]


def propose(connection: Connection, station: str, entry: Entry, now: int) -> None:
    """Keep that a packer takes a code for that of a SKU; a code that is known needs no word."""
    key = key_of(str(entry.data.get("code") or ""))
    sku = str(entry.data.get("sku") or "")
    if not key or not sku or plain(sku, MAX_SKU) != sku or _owner(connection, key):
        return
    kept = connection.execute(select(func.count()).select_from(proposals)).scalar_one()
    if kept >= MOST_PROPOSALS:
        return
    made = insert(connection, proposals).values(
        code=_text(key),
        sku=sku,
        order_id=entry.order_id,
        station=station,
        packer=entry.packer,
        at=now,
    )
    connection.execute(made.on_conflict_do_nothing())


def teach(connection: Connection, decision: Decision) -> Done:
    """Let a barcode stand for units of a SKU from now on."""
    act, key = decision.act, _key(decision.act.code)
    if not 1 <= act.units <= MOST_UNITS:
        raise StoreRefused(f"A scan cannot count {act.units} units.", "Name 1 or more units.")
    known = select(products.c.sku).where(products.c.sku == act.sku).with_for_update()
    if connection.execute(known).first() is None:
        raise StoreRefused(
            f"SKU {plain(act.sku, MAX_SKU)} is not known.", "Import it with its product list first."
        )
    owner = _owner(connection, key, but=act.sku)
    if owner:
        raise StoreRefused(f"Barcode {_text(key)} is that of {owner}.", "Correct the product list.")
    row = {"sku": act.sku, "key": key, "text": _text(key), "units": act.units}
    taught = insert(connection, codes).values(row)
    same = [codes.c.sku, codes.c.key]
    connection.execute(taught.on_conflict_do_update(index_elements=same, set_={"units": act.units}))
    _forget(connection, key, act.sku)
    return Done(f"Barcode {_text(key)} is {act.units} × {act.sku} from now on.")


def reject(connection: Connection, decision: Decision) -> Done:
    """Take a proposed barcode off the list."""
    key, sku = _key(decision.act.code), decision.act.sku
    if not _forget(connection, key, sku):
        raise StoreRefused(
            f"Barcode {_text(key)} is not proposed any more.", "Look at the board again."
        )
    return Done(f"Barcode {_text(key)} stays unknown.")


def _key(code: str) -> str:
    key = key_of(code)
    if not key:
        raise StoreRefused("This code cannot be a product's.", "Scan the code on the product.")
    return key


def _owner(connection: Connection, key: str, but: str = "") -> str:
    """Return a SKU that a code stands for already, other than one; '' when there is none."""
    for table_key, sku in (
        (codes.c.key, codes.c.sku),
        (products.c.sku_key, products.c.sku),
        (products.c.asin_key, products.c.sku),
    ):
        found = select(sku).where(table_key == key, sku != but).order_by(sku).limit(1)
        owner = connection.execute(found).scalar()
        if owner:
            return str(owner)
    return ""


def _forget(connection: Connection, key: str, sku: str) -> bool:
    mine = (proposals.c.code == _text(key)) & ((proposals.c.sku == sku) | (sku == ""))
    return connection.execute(delete(proposals).where(mine)).rowcount > 0
