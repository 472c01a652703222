"""What a supervisor's signature changes about the package in hand; pure.

Whether the signature is good is not asked here: the store has said so before the fact was kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from station import barcodes, capturing, counting, labelling
from station.barcodes import Kind
from station.events import Shorted, Taught, VoidSigned
from station.pack import Outcome, Stage, Verdict, Word
from station.text import plain
from station.tracking import recognise

if TYPE_CHECKING:
    from station.barcodes import Code
    from station.events import Override
    from station.pack import Pack

_MOST_CHARACTERS = 78
"""The store keeps no longer code of a product."""

_TEACHABLE = frozenset({Kind.GTIN, Kind.FNSKU, Kind.ASIN, Kind.TEXT})


def apply(pack: Pack, event: Override) -> Outcome:
    """Return the state after what was signed, or say why it cannot be so any more."""
    match event:
        case Shorted(sku, units):
            why = why_not_short(pack, sku, units)
            return _refused(pack, why) if why else _shorted(pack, event)
        case Taught(code, sku, units):
            why = why_not_taught(pack, barcodes.read(code), sku)
            why = why or ("A scan counts one unit or more." if units < 1 else "")
            return _refused(pack, why) if why else _taught(pack, event)
        case VoidSigned(by):
            why = why_not_void(pack)
            return _refused(pack, why) if why else _voiding(pack, by)


def _refused(pack: Pack, why: str) -> Outcome:
    return Outcome(pack, Verdict(Word.REFUSED, why))


def done_of(pack: Pack, sku: str) -> int:
    """Return the units of a SKU that are in the box."""
    return sum(line.done for line in pack.lines if line.sku == sku)


def why_not_short(pack: Pack, sku: str, units: int) -> str:
    """Return why no fewer units of a SKU can be shipped than ordered; '' when they can."""
    mine = [line for line in pack.lines if line.sku == sku]
    if pack.stage != Stage.VERIFY or not any(line.left for line in mine):
        return "No unit of this is missing."
    if capturing.waiting(pack.captures):
        return f"First scan: {pack.missing}"
    if units != done_of(pack, sku):
        return "Another number of units is in the box by now."
    if not sum(line.needed for line in pack.lines if line.sku != sku) + units:
        return "Nothing would be left to ship: park the order or cancel it."
    return ""


def _shorted(pack: Pack, event: Shorted) -> Outcome:
    lines = tuple(
        replace(line, needed=line.done) if line.sku == event.sku else line for line in pack.lines
    )
    title = next(line.title for line in lines if line.sku == event.sku)
    text = f"Only {event.units} of {title} go out; {event.by} signed."
    return Outcome(replace(pack, lines=lines, question=None), Verdict(Word.NOTE, text))


def taught_code(code: Code) -> str:
    """Return what a scan teaches: a product number without what belongs to one unit alone."""
    key = code.keys[0] if code.keys else ""
    return key[2:] if key.startswith("g:") else code.text


def why_not_taught(pack: Pack, code: Code, sku: str) -> str:
    """Return why a code cannot stand for an item of the order; '' when it can."""
    if not any(line.sku == sku for line in pack.lines):
        return "There is no item to teach it for."
    fits = len(code.text) <= _MOST_CHARACTERS and plain(code.text) == code.text
    if code.kind not in _TEACHABLE or not code.keys or barcodes.glued(code.text) or not fits:
        return "This code cannot stand for a product."
    if labelling.sure(recognise(code.text), code) or code.sscc:
        return "This is the number of a parcel, not of a product."
    if counting.matching(pack.lines, code.keys):
        return "This code is known already: scan it again."
    return ""


def _taught(pack: Pack, event: Taught) -> Outcome:
    key = barcodes.read(event.code).keys[0]
    lines = tuple(
        replace(line, codes=(*line.codes, (key, event.units)), has_barcode=True)
        if line.sku == event.sku
        else line
        for line in pack.lines
    )
    title = next(line.title for line in lines if line.sku == event.sku)
    text = f"This code is {title} from now on. Scan the unit again."
    return Outcome(replace(pack, lines=lines), Verdict(Word.NOTE, text))


def why_not_void(pack: Pack) -> str:
    """Return why the label cannot be made void by hand; '' when it can."""
    return "" if pack.label and pack.stage == Stage.LABEL else "There is no label on this package."


def _voiding(pack: Pack, by: str) -> Outcome:
    after = replace(pack, is_voiding=True, wanted=None, question=None)
    text = f"The label is made void; {by} signed. Destroy it."
    return Outcome(after, Verdict(Word.NOTE, text))
