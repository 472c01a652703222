"""The rules of the bench: (state, event) → state and verdict; pure.

Nothing leaves the building unless these functions say so. There is no clock, no store and no
screen in here; what must be done about a state is derived from the state itself (`pack.due`), so
that a replay after a crash knows what is still to do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from station import barcodes, capturing, counting, events, labelling, overrides, weighing
from station.events import (
    Answered,
    Bought,
    Boxed,
    BuyRefused,
    CutShort,
    Event,
    GivenBack,
    LabelAsked,
    Parked,
    Scanned,
    Shorted,
    Stopped,
    Taught,
    Undone,
    Unscanned,
    Unweighed,
    Voided,
    VoidSigned,
    Weighed,
    WeightSigned,
)
from station.model import StopKind
from station.pack import OVER, Outcome, Pack, Rules, Stage, Verdict, Word
from station.tracking import recognise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.capturing import Capture
    from station.counting import Mark
    from station.model import Entry, Lease


def start(lease: Lease, rules: Rules | None = None) -> Pack:
    """Return the state of an order that was just claimed: new, or as far as it was elsewhere."""
    pack = Pack(lease.order.order_id, lease.fence, lease.package, counting.lines(lease))
    return replayed(pack, lease.entries, rules or Rules())


def replayed(pack: Pack, entries: Iterable[Entry], rules: Rules) -> Pack:
    """Return the state after what a journal tells of; entries about anything else pass."""
    for entry in entries:
        event = events.from_data(entry.kind, entry.data)
        if event is not None:
            pack = apply(pack, event, rules).pack
    return pack


def apply(pack: Pack, event: Event, rules: Rules) -> Outcome:
    """Return the state after an event and the verdict on it."""
    if pack.stage in OVER and not isinstance(event, Voided | Bought):
        return Outcome(pack, Verdict(Word.REFUSED, "This order is no longer on the bench."))
    if isinstance(event, Scanned | CutShort | Undone | Unscanned):
        return _counting(pack, event, rules)
    if isinstance(event, LabelAsked | Answered | Bought | BuyRefused | Voided):
        return _label(pack, event)
    if isinstance(event, Shorted | Taught | VoidSigned):
        return _signed(pack, event, rules)
    if isinstance(event, Boxed | Weighed | WeightSigned | Unweighed):
        return weighing.apply(pack, event, rules)
    return _leaving(pack, event)


def _signed(pack: Pack, event: Shorted | Taught | VoidSigned, rules: Rules) -> Outcome:
    out = overrides.apply(pack, event)
    changed = isinstance(event, Shorted) and out.pack != pack
    return Outcome(_settled(out.pack, rules), out.verdict) if changed else out


def _counting(pack: Pack, event: Scanned | CutShort | Undone | Unscanned, rules: Rules) -> Outcome:
    match event:
        case Scanned():
            return _scanned(replace(pack, question=None), event, rules)
        case CutShort(length):
            return Outcome(pack, Verdict(Word.AGAIN, f"The code broke off after {length} signs."))
        case Undone():
            return _undone(pack)
        case Unscanned():
            return _unscanned(pack, rules)
        case _:
            assert_never(event)


def _label(pack: Pack, event: LabelAsked | Answered | Bought | BuyRefused | Voided) -> Outcome:
    match event:
        case LabelAsked():
            return labelling.asked_for(pack)
        case Answered(yes):
            return labelling.answered(pack, yes=yes)
        case Bought():
            return labelling.bought(pack, event)
        case BuyRefused(reason):
            after = replace(pack, wanted=None, attempts=pack.attempts + 1)
            return Outcome(after, Verdict(Word.REFUSED, reason))
        case Voided():
            after = replace(pack, label=None, attempts=pack.attempts + 1, is_voiding=False)
            return Outcome(after, Verdict(Word.NOTE, "The label is void: destroy it."))
        case _:
            assert_never(event)


def _leaving(pack: Pack, event: Parked | GivenBack | Stopped) -> Outcome:
    match event:
        case Parked(problem):
            verdict = Verdict(Word.NOTE, f"Parked: {problem}. Put everything on the problem shelf.")
            return Outcome(replace(pack, stage=Stage.PARKED, wanted=None, question=None), verdict)
        case GivenBack():
            return labelling.given_back(pack)
        case Stopped(reason, kind):
            gone = kind in {StopKind.TAKEN_OVER, StopKind.LOST, StopKind.RELEASED}
            stage = Stage.GONE if gone else Stage.STOPPED
            after = replace(pack, stage=stage, wanted=None, question=None, stop=event)
            return Outcome(after, Verdict(Word.REFUSED, reason))
        case _:
            assert_never(event)


def _scanned(pack: Pack, event: Scanned, rules: Rules) -> Outcome:
    code = barcodes.read(event.text)
    if code.kind == barcodes.Kind.BAD:
        return Outcome(pack, Verdict(Word.AGAIN, code.reason, code.text))
    if pack.label and labelling.is_label(code, pack.label):
        return labelling.scanned_back(pack, code.text)
    matching = counting.matching(pack.lines, code.keys)
    if capture := capturing.waiting(pack.captures):
        own = pack.lines[capture.line].sku in matching and bool(code.serial or code.lot)
        is_product = bool(matching or event.other_sku) and not own
        return _captured(pack, capture, code, rules, is_product=is_product)
    if matching:
        return _counted(pack, code, matching, rules)
    if event.other_sku:
        return Outcome(pack, _wrong(pack, event, code.text))
    return _no_product(pack, event, code, rules)


def _captured(
    pack: Pack, capture: Capture, code: barcodes.Code, rules: Rules, *, is_product: bool
) -> Outcome:
    """Take the code that the last unit needs, and nothing else."""
    title, need = pack.lines[capture.line].title, capture.need
    value = "" if is_product else capturing.value_of(need, code)
    if not value:
        word = Word.NOT_YET if is_product else Word.AGAIN
        return Outcome(pack, Verdict(word, f"First scan the {need} code of {title}.", code.text))
    if capturing.used(pack.captures, need, value):
        text = f"This {need} code was scanned before: each unit has its own."
        return Outcome(pack, Verdict(Word.REFUSED, text, code.text))
    after = replace(pack, captures=capturing.filled(pack.captures, value))
    return Outcome(_settled(after, rules), Verdict(Word.RIGHT, f"{title}, {need} code", code.text))


def _no_product(pack: Pack, event: Scanned, code: barcodes.Code, rules: Rules) -> Outcome:
    """Take a code that no product has: an order's, a label's, or nobody's."""
    if event.other_order:
        return Outcome(pack, _other_order(pack, event, code.text))
    found = recognise(code.text, rules.other_carriers)
    if pack.stage == Stage.LABEL:
        return labelling.offered(pack, event, code, found)
    if labelling.sure(found, code):
        but = "first the parcel must be weighed." if pack.stage == Stage.WEIGH else pack.missing
        text = f"A {found[0].carrier_name} label; but {but}"
        return Outcome(pack, Verdict(Word.NOT_YET, text, code.text))
    return Outcome(pack, _unknown(code, event))


def _counted(pack: Pack, code: barcodes.Code, matching: dict[str, int], rules: Rules) -> Outcome:
    """Count a code of the order's own products, or say that it is too much."""
    mark = counting.count(pack.lines, matching)
    if mark is None:
        return Outcome(pack, _too_many(pack, matching, code.text))
    if capturing.repeated(pack.lines, mark, pack.captures, code):
        text = "This very unit was scanned before: each unit has its own code."
        return Outcome(pack, Verdict(Word.REFUSED, text, code.text))
    after = counting.booked(pack.lines, mark)
    counted = after[mark.shares[-1][0]]
    text = f"{counted.title}, {counted.done} of {counted.needed}"
    verdict = Verdict(Word.RIGHT, text, code.text)
    return Outcome(_booked(pack, mark, code, rules), verdict)


def _booked(pack: Pack, mark: Mark, code: barcodes.Code, rules: Rules) -> Pack:
    captures = capturing.needed(pack.lines, mark, len(pack.marks), code)
    after = replace(
        pack,
        lines=counting.booked(pack.lines, mark),
        marks=(*pack.marks, mark),
        captures=(*pack.captures, *captures),
    )
    return _settled(after, rules)


def _settled(pack: Pack, rules: Rules) -> Pack:
    if not pack.is_complete:
        return pack
    if rules.weigh and not pack.label:
        return replace(pack, stage=Stage.WEIGH)
    return labelling.to_label(pack, rules)


def _too_many(pack: Pack, matching: dict[str, int], code: str) -> Verdict:
    line = next(line for line in pack.lines if line.sku in matching)
    units = matching[line.sku]
    left = sum(other.left for other in pack.lines if other.sku == line.sku)
    if left:
        text = f"This pack counts {units}; only {left} more {line.title} needed. Scan single units."
    else:
        text = f"{line.title} is complete: take this one out of the box."
    return Verdict(Word.TOO_MANY, text, code)


def _wrong(pack: Pack, event: Scanned, code: str) -> Verdict:
    current = pack.current
    if current is None:
        return Verdict(Word.WRONG, f"{event.other_title} is not in this order.", code)
    needed = pack.lines[current]
    place = f", bin {needed.bin}" if needed.bin else ""
    text = f"this is {event.other_title}. Needed: {needed.title}{place}."
    return Verdict(Word.WRONG, text, code, got=event.other_title, needed=needed.title)


def _other_order(pack: Pack, event: Scanned, code: str) -> Verdict:
    if event.other_order == pack.order_id:
        return Verdict(Word.NOTE, "This is the order you are packing.", code)
    text = f"This belongs to order {event.other_order}. Finish or give back this order first."
    return Verdict(Word.OTHER_ORDER, text, code)


def _unknown(code: barcodes.Code, event: Scanned) -> Verdict:
    if barcodes.glued(code.text):
        return Verdict(Word.AGAIN, "Two codes ran together. Scan one at a time.", code.text)
    text = "No product has this barcode. Put it aside, or F4."
    if event.unasked:
        text = "Not of this order; the store cannot be asked what it is."
    return Verdict(Word.UNKNOWN, text, code.text)


def _undone(pack: Pack) -> Outcome:
    if not pack.marks:
        return Outcome(pack, Verdict(Word.NOTE, "There is nothing to take back."))
    if pack.label or pack.wanted:
        text = "The label is made: report a problem (F4) to open the parcel again."
        return Outcome(pack, Verdict(Word.REFUSED, text))
    *marks, last = pack.marks
    lines = counting.unbooked(pack.lines, last)
    line = lines[last.shares[-1][0]]
    captures = capturing.without(pack.captures, len(marks))
    after = replace(
        pack,
        lines=lines,
        marks=tuple(marks),
        captures=captures,
        stage=Stage.VERIFY,
        question=None,
        weight=None,
        weight_signed=False,
        unweighed="",
    )
    verdict = Verdict(Word.NOTE, f"Taken back: {line.title}, {line.done} of {line.needed}.")
    return Outcome(after, verdict)


def _unscanned(pack: Pack, rules: Rules) -> Outcome:
    if capturing.waiting(pack.captures):
        return Outcome(pack, Verdict(Word.NOT_YET, f"First scan: {pack.missing}"))
    mark = counting.count_unscanned(pack.lines)
    if mark is None:
        what = "Every item left has a barcode: scan it." if pack.left else "All units are counted."
        return Outcome(pack, Verdict(Word.REFUSED, what))
    lines = counting.booked(pack.lines, mark)
    line = lines[mark.shares[0][0]]
    verdict = Verdict(Word.RIGHT, f"{line.title}, {line.done} of {line.needed}, not scanned")
    return Outcome(_booked(pack, mark, barcodes.read(""), rules), verdict)
