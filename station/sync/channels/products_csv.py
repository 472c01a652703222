"""The seller's own product list: several rows per SKU for several barcodes."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from station.gs1 import is_gtin
from station.model import Barcode, Product
from station.sync.channels.cells import ROUNDED, BadCell, quoted, sku_of, whole
from station.sync.channels.notes import Notes
from station.sync.channels.port import RowError
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.sync.channels.records import Row
    from station.sync.channels.tabular import Table

MAX_BARCODE = 100
MAX_UNITS = 9_999
MAX_GRAMS = 1_000_000
CHECKS = ("serial", "lot", "expiry", "transparency")
AS_TEXT = re.compile(r'="(.*)"')
"""How spreadsheets are kept from rounding a number."""


@dataclass(slots=True)
class _Draft:
    """A product while its rows come in; the first row that fills a field wins."""

    fields: dict[str, str] = field(default_factory=dict)
    weight_g: int | None = None
    barcodes: dict[str, Barcode] = field(default_factory=dict)
    requires: dict[str, None] = field(default_factory=dict)


class ProductList:
    """Reads a table once; its numbers are right when the iteration has ended."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._drafts: dict[str, _Draft] = {}
        self._owner: dict[str, str] = {}
        self._notes = Notes()
        self.rows = 0

    def __iter__(self) -> Iterator[Product | RowError]:
        """Yield every bad row by its line, then the products of the sound ones."""
        for row in self.table.rows():
            self.rows += 1
            try:
                self._take(row)
            except BadCell as bad:
                yield RowError(row.line, str(bad))
        for sku in list(self._drafts):
            yield _product(sku, self._drafts.pop(sku))

    @property
    def notes(self) -> tuple[str, ...]:
        """Contradictions between rows, and barcodes that look mistyped."""
        return self._notes.told()

    def _take(self, row: Row) -> None:
        if row.fault:
            raise BadCell(row.fault)
        sku = sku_of(row.get("sku"))
        code = self._barcode(row, sku)
        weight = whole(row.get("weight_g") or "0", "weight_g", 0, MAX_GRAMS)
        requires = requirements(row.get("requires"))
        draft = self._drafts.setdefault(sku, _Draft())
        if code:
            draft.barcodes[code.text] = code
            self._claim(code.text, sku, row.line)
        draft.requires |= dict.fromkeys(requires)
        self._weigh(draft, weight, sku, row.line)
        for name in ("title", "bin", "kit_of"):
            self._fill(draft, name, plain(row.get(name)), row.line)

    def _barcode(self, row: Row, sku: str) -> Barcode | None:
        text = _code(row.get("barcode"))
        units = whole(row.get("units_per_scan") or "1", "units_per_scan", 1, MAX_UNITS)
        if not text:
            return None
        known = self._drafts[sku].barcodes.get(text) if sku in self._drafts else None
        if known and known.units != units:
            raise BadCell(f"barcode {quoted(text)} counts {known.units} units in an earlier row")
        if len(text) in {8, 12, 13, 14} and text.isdigit() and not is_gtin(text):
            self._notes.add(f"the check digit of barcode {quoted(text)} is wrong", row.line)
        return Barcode(text, units)

    def _claim(self, code: str, sku: str, line: int) -> None:
        owner = self._owner.setdefault(code, sku)
        if owner != sku:
            self._notes.add(f"barcode {quoted(code)} stands for {owner} and for {sku}", line)

    def _weigh(self, draft: _Draft, weight: int, sku: str, line: int) -> None:
        if weight and draft.weight_g and weight != draft.weight_g:
            self._notes.add(f"{sku} weighs {draft.weight_g} g in an earlier row", line)
        draft.weight_g = draft.weight_g or weight or None

    def _fill(self, draft: _Draft, name: str, text: str, line: int) -> None:
        known = draft.fields.get(name, "")
        if text and known and text != known:
            self._notes.add(f"{name} is {quoted(known)} in an earlier row, which counts", line)
        draft.fields[name] = known or text


def requirements(text: str) -> tuple[str, ...]:
    """Return what a cell asks the packer for; raises BadCell for a word that is not known.

    Words stand apart by blanks, commas, `;` or `|`; the text of `ack:` ends at `;` or `|`.
    """
    found: list[str] = []
    for part in re.split(r"[;|]", text):
        words, ack, said = part.partition("ack:")
        found += [_check(word) for word in words.replace(",", " ").split()]
        if ack:
            if not plain(said):
                raise BadCell("requires has “ack:” without a text")
            found.append(f"ack:{plain(said)}")
    return tuple(dict.fromkeys(found))


def _check(word: str) -> str:
    lower = word.lower()
    if lower in CHECKS:
        return lower
    near = difflib.get_close_matches(lower, CHECKS, n=1)
    hint = f": did you mean {near[0]}?" if near else f": known are {', '.join(CHECKS)}, ack:<text>"
    raise BadCell(f"requires has {quoted(word)}{hint}")


def _code(cell: str) -> str:
    inner = AS_TEXT.fullmatch(cell)
    text = inner[1] if inner else cell
    if ROUNDED.fullmatch(text):
        raise BadCell(f"barcode {quoted(text)} was rounded by a spreadsheet: format it as text")
    if len(text) > MAX_BARCODE:
        raise BadCell(f"barcode {quoted(text)} is longer than {MAX_BARCODE} characters")
    return plain(text)


def _product(sku: str, draft: _Draft) -> Product:
    return Product(
        sku=sku,
        title=draft.fields.get("title", ""),
        bin=draft.fields.get("bin", ""),
        weight_g=draft.weight_g,
        barcodes=tuple(draft.barcodes.values()),
        requires=tuple(draft.requires),
        kit_of=draft.fields.get("kit_of", ""),
    )
