"""The rules of a verified package: whose label it gets, and the scan that closes it; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from station.pack import OVER, OWN, Ask, Outcome, Pack, Question, Rules, Stage, Verdict, Word
from station.tracking import Tracking, recognise

if TYPE_CHECKING:
    from station.barcodes import Code
    from station.events import Bought, Scanned


def to_label(pack: Pack, rules: Rules) -> Pack:
    """Let a package that is right get its label."""
    wanted = OWN if rules.label_when == "last_unit" and not pack.label else None
    return replace(pack, stage=Stage.LABEL, wanted=wanted)


def is_label(code: Code, label: Bought) -> bool:
    """Tell whether the code is the tracking barcode of this label."""
    if code.sscc:
        return label.tracking_id.endswith(code.sscc)
    return any(t.tracking_id == label.tracking_id for t in recognise(code.text, ("",)))


def sure(found: tuple[Tracking, ...], code: Code) -> bool:
    """Tell whether a number can only be one carrier's, and no product's."""
    is_gtin = any(key.startswith("g:") for key in code.keys)
    return len(found) == 1 and found[0].carrier_code != "Other" and not is_gtin


def offered(pack: Pack, event: Scanned, code: Code, found: tuple[Tracking, ...]) -> Outcome:
    """Take a code that is no product: the number of a carrier's label, or nothing we know."""
    if not found:
        return Outcome(pack, _no_label(pack, code))
    if event.used_by:
        text = f"This tracking id was used for order {event.used_by}. Use a new label."
        return Outcome(pack, Verdict(Word.REFUSED, text, code.text))
    if pack.wanted:
        return Outcome(pack, Verdict(Word.NOT_YET, "The label is being made.", code.text))
    if pack.label:
        return _asked(pack, Ask.REPLACE, found, code.text)
    if not sure(found, code):
        return _asked(pack, Ask.CARRIER, found, code.text)
    return _chosen(pack, found[0], code.text)


def _chosen(pack: Pack, tracking: Tracking, code: str) -> Outcome:
    verdict = Verdict(Word.RIGHT, f"{tracking.carrier_name} label {tracking.tracking_id}", code)
    return Outcome(replace(pack, wanted=tracking), verdict)


def _no_label(pack: Pack, code: Code) -> Verdict:
    if code.sscc and pack.label:
        return Verdict(Word.WRONG, "this label is not of this order.", code.text)
    return Verdict(Word.UNKNOWN, "This is no label that we know.", code.text)


def _asked(pack: Pack, ask: Ask, options: tuple[Tracking, ...], code: str) -> Outcome:
    name = options[0].carrier_name
    text = f"Is this a {name} label?"
    if ask == Ask.REPLACE:
        text = f"Use this {name} label and destroy ours?"
    question = Question(ask, text, options)
    return Outcome(replace(pack, question=question), Verdict(Word.QUESTION, text, code))


def answered(pack: Pack, *, yes: bool) -> Outcome:
    """Act on the answer to the open question."""
    question = pack.question
    if question is None:
        return Outcome(pack, Verdict(Word.NOTE, "Nothing was asked."))
    pack = replace(pack, question=None)
    if yes and question.ask == Ask.GIVE_BACK:
        return released(pack)
    if yes:
        return _chosen(pack, question.options[0], question.options[0].tracking_id)
    if len(question.options) > 1:
        return _asked(pack, question.ask, question.options[1:], question.options[1].tracking_id)
    return Outcome(pack, Verdict(Word.NOTE, "Nothing was changed."))


def asked_for(pack: Pack) -> Outcome:
    """Want our own label now."""
    if pack.stage == Stage.VERIFY:
        return Outcome(pack, Verdict(Word.NOT_YET, pack.missing))
    if pack.stage == Stage.WEIGH:
        return Outcome(pack, Verdict(Word.NOT_YET, "First the parcel must be weighed."))
    if pack.label or pack.wanted:
        return Outcome(pack, Verdict(Word.NOTE, "The label is made. Scan its barcode."))
    return Outcome(replace(pack, wanted=OWN), Verdict(Word.NOTE, "The label comes."))


def bought(pack: Pack, label: Bought) -> Outcome:
    """Remember the live label; one that the packer had at hand closes the package."""
    if pack.stage in OVER:
        note = "A label came too late: destroy it."
        return Outcome(replace(pack, label=label), Verdict(Word.NOTE, note))
    # A bench without a scale may have bought it, and another goes on.
    stage = Stage.LABEL if pack.stage == Stage.WEIGH else pack.stage
    after = replace(pack, stage=stage, label=label, wanted=None, question=None)
    if label.ours:
        text = f"Label {label.tracking_id}: stick it on and scan it."
        return Outcome(after, Verdict(Word.NOTE, text))
    return closed(after, label.tracking_id)


def scanned_back(pack: Pack, code: str) -> Outcome:
    """Take the closing scan, unless a supervisor signed that this label is void."""
    if pack.is_voiding:
        text = "This label is void: destroy it."
        return Outcome(pack, Verdict(Word.REFUSED, text, code))
    return closed(pack, code)


def closed(pack: Pack, code: str) -> Outcome:
    """Close the package, which only a verified one may be."""
    if not pack.is_complete:
        text = f"The label is right, but {pack.missing}"
        return Outcome(pack, Verdict(Word.NOT_YET, text, code))
    after = replace(pack, stage=Stage.CLOSED, wanted=None, question=None)
    return Outcome(after, Verdict(Word.DONE, f"Order {pack.order_id} is packed.", code))


def given_back(pack: Pack) -> Outcome:
    """Put the order back, asking first when something is in the box."""
    if pack.marks or pack.label:
        question = Question(Ask.GIVE_BACK, "Give the order back and put every unit back?")
        return Outcome(replace(pack, question=question), Verdict(Word.QUESTION, question.text))
    return released(pack)


def released(pack: Pack) -> Outcome:
    """Give the order back to the queue."""
    after = replace(pack, stage=Stage.RELEASED, wanted=None, question=None)
    return Outcome(after, Verdict(Word.NOTE, "Given back to the queue."))
