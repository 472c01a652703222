"""The rules of the scale: what a package should weigh, and whether it does; pure.

A fact holds the weight, the box and what was expected, so that a replay judges it again without
asking anybody, also when the products or the settings are others by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station import labelling
from station.events import Boxed, Unweighed, Weighed, WeightSigned
from station.pack import Outcome, Stage, Verdict, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from station.counting import Line
    from station.model import Lease
    from station.pack import Box, Pack, Rules

LEAST_G = 5
"""Grams that are no parcel yet."""
SURE_AFTER = 3
"""Packages from which on a learnt weight is believed: their median bears one that was wrong."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the goods of a package should weigh."""

    grams: int | None = None
    """None: of one of them nobody knows it."""
    learnt: bool = False
    """Whether any of it was learnt from earlier packages."""


def apply(pack: Pack, event: Boxed | Weighed | WeightSigned | Unweighed, rules: Rules) -> Outcome:
    """Return the state after a fact of the scale, and the verdict on it."""
    match event:
        case Boxed():
            return _boxed(pack, event)
        case Weighed():
            return _weighed(pack, event, rules)
        case WeightSigned(by=by):
            why = why_not_signed(pack, event.grams)
            return _refused(pack, why) if why else _signed(pack, by, rules)
        case Unweighed(reason):
            why = why_not_unweighed(pack)
            return _refused(pack, why) if why else _unweighed(pack, reason, rules)


def _refused(pack: Pack, why: str) -> Outcome:
    return Outcome(pack, Verdict(Word.REFUSED, why))


def _boxed(pack: Pack, event: Boxed) -> Outcome:
    if pack.stage == Stage.LABEL:
        return _refused(pack, "The parcel is weighed already; its box stays as it is.")
    text = f"{event.name or event.code}: the empty box weighs {grams(event.tare_g)}."
    # A weight that was judged with another box, or none, says nothing any more.
    return Outcome(replace(pack, box=event, weight=None), Verdict(Word.RIGHT, text))


def _weighed(pack: Pack, event: Weighed, rules: Rules) -> Outcome:
    if pack.stage == Stage.VERIFY:
        return Outcome(pack, Verdict(Word.NOT_YET, pack.missing))
    after = replace(pack, weight=event, weight_signed=False, unweighed="")
    if event.fits and not pack.label:
        after = labelling.to_label(after, rules)
    elif not pack.label:
        after = replace(after, stage=Stage.WEIGH, wanted=None)
    return Outcome(after, verdict(event))


def verdict(weighed: Weighed) -> Verdict:
    """Return what a weight says, in words.

    >>> verdict(Weighed(1250, tare_g=150, expected_g=830, tolerance_g=25)).text
    '270 g too much: 1,250 g instead of 980 g. Look into the box.'
    """
    if weighed.expected_g is None:
        text = f"{grams(weighed.grams)}. What it should weigh is not known yet."
        return Verdict(Word.NOTE, text)
    if weighed.fits:
        return Verdict(Word.RIGHT, f"{grams(weighed.grams)}, as expected.")
    differs = f"{grams(abs(weighed.off_g))} too {'much' if weighed.off_g > 0 else 'little'}"
    expected = grams(weighed.expected_g + weighed.tare_g)
    text = f"{differs}: {grams(weighed.grams)} instead of {expected}."
    look = "Look into the box." if weighed.boxed else "Scan the box’s barcode, or look into it."
    return Verdict(Word.WRONG, f"{text} {look}")


def grams(number: int) -> str:
    """Return a weight as it is shown.

    >>> grams(1250)
    '1,250 g'
    """
    return f"{number:,} g"


def why_not_signed(pack: Pack, weight_g: int | None = None) -> str:
    """Return why the weight, of so many grams, cannot be accepted by a signature; '' if it can."""
    if pack.stage != Stage.WEIGH or pack.weight is None:
        return "No weight is wrong."
    if weight_g is not None and weight_g != pack.weight.grams:
        return "Another weight is on the scale by now."
    return ""


def _signed(pack: Pack, by: str, rules: Rules) -> Outcome:
    after = labelling.to_label(replace(pack, weight_signed=True, question=None), rules)
    weight = pack.weight.grams if pack.weight else 0
    return Outcome(after, Verdict(Word.NOTE, f"{grams(weight)} accepted; {by} signed."))


def why_not_unweighed(pack: Pack) -> str:
    """Return why the package cannot go on without a weight; '' when it can."""
    if pack.stage != Stage.WEIGH:
        return "Nothing is to be weighed now."
    if pack.weight is not None:
        return "Its weight was wrong: look into the box, or a supervisor signs (F4)."
    return ""


def _unweighed(pack: Pack, reason: str, rules: Rules) -> Outcome:
    why = reason or "no scale"
    after = labelling.to_label(replace(pack, unweighed=why, question=None), rules)
    return Outcome(after, Verdict(Word.NOTE, f"It goes unweighed: {why.rstrip('.')}."))


def box_of(rules: Rules, code: str) -> Box | None:
    """Return the kind of box that a barcode names, in capitals or not."""
    return next((box for box in rules.boxes if box.code.upper() == code.upper()), None)


def weighed(lease: Lease, pack: Pack, rules: Rules, weight_g: int) -> Weighed:
    """Return a weight as a fact, with everything that its verdict needs."""
    only = rules.boxes[0] if len(rules.boxes) == 1 else None
    box = pack.box or (Boxed(only.code, only.tare_g, only.name) if only else None)
    found = expected(lease, pack.lines)
    return Weighed(
        weight_g,
        box.code if box else "",
        box.tare_g if box else 0,
        found.grams,
        tolerance_g(rules, found),
        learnt=found.learnt,
        boxed=bool(box) or not rules.boxes,
    )


def tolerance_g(rules: Rules, found: Expected) -> int:
    """Return by how many grams a package may differ."""
    whole = found.grams or 0
    return max(rules.tolerance_g, -(-whole * rules.tolerance_percent // 100))


def expected(lease: Lease, lines: Iterable[Line]) -> Expected:
    """Return the sum of the units that go out; the product list is believed before history."""
    listed = {product.sku: product.weight_g for product in lease.products if product.weight_g}
    learnt = {
        weight.sku: weight.grams
        for weight in lease.weights
        if weight.grams > 0 and weight.samples >= SURE_AFTER
    }
    total, from_history = 0, False
    for line in lines:
        if not line.needed:
            continue
        own, history = listed.get(line.sku), learnt.get(line.sku)
        if own is None and history is None:
            return Expected()
        from_history = from_history or own is None
        total += (own or history or 0) * line.needed
    return Expected(total, from_history)


def facts(pack: Pack) -> dict[str, object]:
    """Return what the store is told about the weight of a closed package; nothing without one.

    `net_g` is there when it may be learnt from. A weight that a supervisor accepted may be when
    what was expected was only learnt: it is how a wrong lesson is unlearnt.
    """
    if pack.unweighed:
        return {"unweighed": pack.unweighed}
    weight = pack.weight
    if weight is None:
        return {}
    told: dict[str, object] = {"weight_g": weight.grams}
    if weight.box:
        told["box"] = weight.box
    if pack.weight_signed:
        told["weight_signed"] = True
    if weight.boxed and weight.net_g > 0 and (not pack.weight_signed or weight.learnt):
        told["net_g"] = weight.net_g
    return told
