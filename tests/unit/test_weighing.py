"""The rules of the scale, by example: what is expected, what fits, what goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import CARD, MUG, SPOON, lease

from station import events, packing, shipping, weighing
from station.events import (
    Bought,
    Boxed,
    LabelAsked,
    Scanned,
    Shorted,
    Undone,
    Unweighed,
    Weighed,
    WeightSigned,
)
from station.model import LearntWeight, Lease, OrderState
from station.pack import OWN, Box, Due, Pack, Rules, Stage, Word, due, order_state
from station.weighing import Expected

SMALL, LARGE = Box("S", 150, "small box"), Box("L", 400)
SCALE = Rules(weigh=True)
BOXES = replace(SCALE, boxes=(SMALL, LARGE))
MUG_SCAN = Scanned("9520000000011")
UPS = Scanned("1Z999AA10123456784")
OURS = Bought("Other", "Own delivery", "095212340000000013", "Standard")
RIGHT = Weighed(425, expected_g=420, tolerance_g=20)
WRONG = Weighed(300, expected_g=420, tolerance_g=20)


def run(*happened: events.Event, rules: Rules = SCALE) -> tuple[Pack, Word]:
    """Return the state of an order for one mug and the last word after some events."""
    pack, word = packing.start(lease((MUG, 1))), Word.NOTE
    for event in happened:
        out = packing.apply(pack, event, rules)
        pack, word = out.pack, out.verdict.word
    return pack, word


def learnt(made: Lease, *weights: LearntWeight) -> Lease:
    """Return a lease without weights in its product list, and what was learnt."""
    unlisted = tuple(replace(product, weight_g=None) for product in made.products)
    return replace(made, products=unlisted, weights=weights)


def test_a_verified_package_waits_for_its_weight() -> None:
    """After the last unit no label is wanted; the order is still being packed."""
    pack, _ = run(MUG_SCAN)

    assert (pack.stage, pack.wanted, due(pack)) == (Stage.WEIGH, None, None)
    assert order_state(pack) == OrderState.PACKING


def test_without_a_scale_nothing_is_weighed() -> None:
    """The house that has no scale wants the label with the last unit, as ever."""
    pack, _ = run(MUG_SCAN, rules=Rules())

    assert (pack.stage, pack.wanted) == (Stage.LABEL, OWN)


def test_the_expected_weight_goes_on_to_the_label() -> None:
    """A weight within its tolerance is RIGHT, and our label is wanted where the house says so."""
    pack, word = run(MUG_SCAN, RIGHT)
    assert (word, pack.stage, due(pack)) == (Word.RIGHT, Stage.LABEL, Due.BUY)
    assert (pack.weight_g, order_state(pack)) == (425, OrderState.PACKED)

    asked, _ = run(MUG_SCAN, RIGHT, rules=replace(SCALE, label_when="asked"))
    assert (asked.stage, asked.wanted) == (Stage.LABEL, None)


def test_another_weight_blocks_the_label() -> None:
    """Out of tolerance is WRONG; no label is bought or accepted until it is right."""
    pack, word = run(MUG_SCAN, WRONG)

    assert (word, pack.stage, due(pack)) == (Word.WRONG, Stage.WEIGH, None)
    for event in (LabelAsked(), UPS):
        out = packing.apply(pack, event, SCALE)
        assert (out.pack, out.verdict.word) == (pack, Word.NOT_YET)
    assert run(MUG_SCAN, WRONG, RIGHT)[0].stage == Stage.LABEL


@pytest.mark.parametrize(
    ("weighed", "word", "text"),
    [
        (
            Weighed(1250, "S", 150, 830, 25),
            Word.WRONG,
            "270 g too much: 1,250 g instead of 980 g. Look into the box.",
        ),
        (
            Weighed(800, expected_g=1230, tolerance_g=37),
            Word.WRONG,
            "430 g too little: 800 g instead of 1,230 g. Look into the box.",
        ),
        (
            Weighed(570, expected_g=420, tolerance_g=20, boxed=False),
            Word.WRONG,
            "150 g too much: 570 g instead of 420 g. Scan the box’s barcode, or look into it.",
        ),
        (Weighed(1250, "S", 150, 1075, 25), Word.RIGHT, "1,250 g, as expected."),
        (Weighed(1250), Word.NOTE, "1,250 g. What it should weigh is not known yet."),
    ],
)
def test_a_weight_is_told_in_words(weighed: Weighed, word: Word, text: str) -> None:
    """The verdict says by how much, on which side, and what to do; box included in both numbers."""
    verdict = weighing.verdict(weighed)

    assert (verdict.word, verdict.text) == (word, text)


def test_an_unknown_weight_is_accepted() -> None:
    """Where a product's weight is not known, the package goes on."""
    assert run(MUG_SCAN, Weighed(500))[0].stage == Stage.LABEL


def test_a_supervisor_accepts_the_weight_that_was_found() -> None:
    """His signature is for this weight alone, and only for a wrong one."""
    pack, word = run(MUG_SCAN, WRONG, WeightSigned(300, "Sue", "Looked"))
    assert (word, pack.stage, pack.weight_signed) == (Word.NOTE, Stage.LABEL, True)

    assert run(MUG_SCAN, WRONG, WeightSigned(310, "Sue"))[1] == Word.REFUSED
    assert run(MUG_SCAN, WeightSigned(300, "Sue"))[1] == Word.REFUSED
    assert run(MUG_SCAN, RIGHT, WeightSigned(425, "Sue"))[1] == Word.REFUSED


def test_a_scale_that_is_away_is_passed_over() -> None:
    """Without a weight it goes on with the reason; not after a weight that was wrong."""
    pack, word = run(MUG_SCAN, Unweighed("unplugged."))
    assert (word, pack.stage, pack.unweighed) == (Word.NOTE, Stage.LABEL, "unplugged.")

    assert run(MUG_SCAN, WRONG, Unweighed("unplugged"))[1] == Word.REFUSED
    assert run(Unweighed("unplugged"))[1] == Word.REFUSED


def test_undo_takes_the_weight_back_with_the_unit() -> None:
    """What another box weighed says nothing about this one."""
    pack, _ = run(MUG_SCAN, WRONG, Undone())

    assert (pack.stage, pack.left, pack.weight) == (Stage.VERIFY, 1, None)
    assert run(MUG_SCAN, WRONG, Undone(), MUG_SCAN)[0].stage == Stage.WEIGH


def test_nothing_is_weighed_before_the_last_unit() -> None:
    """A weight that comes too early is not kept."""
    pack, word = run(RIGHT)

    assert (pack.weight, word) == (None, Word.NOT_YET)


def test_a_box_is_chosen_before_the_weight() -> None:
    """Its barcode sets the tare, also after a weight that was wrong without it; not later."""
    box = Boxed("S", 150, "small box")
    pack, word = run(MUG_SCAN, WRONG, box, rules=BOXES)
    assert (word, pack.box, pack.weight) == (Word.RIGHT, box, None)
    fact = weighing.weighed(lease((MUG, 1)), pack, BOXES, 580)
    assert (fact.box, fact.tare_g, fact.net_g, fact.fits) == ("S", 150, 430, True)

    assert run(MUG_SCAN, RIGHT, box)[1] == Word.REFUSED
    assert weighing.box_of(BOXES, "s") == SMALL
    assert weighing.box_of(BOXES, "XL") is None


def test_the_only_kind_of_box_needs_no_scan() -> None:
    """One kind is used always; of several none is guessed, and that is remembered."""
    made, pack = lease((MUG, 1)), packing.start(lease((MUG, 1)))

    only = weighing.weighed(made, pack, replace(SCALE, boxes=(LARGE,)), 820)
    assert (only.box, only.tare_g, only.boxed) == ("L", 400, True)
    several = weighing.weighed(made, pack, BOXES, 420)
    assert (several.box, several.tare_g, several.boxed) == ("", 0, False)
    assert weighing.weighed(made, pack, SCALE, 420).boxed


def test_only_what_goes_out_is_expected() -> None:
    """The sum of the units; what a supervisor left out of the parcel weighs nothing."""
    made = lease((MUG, 3), (SPOON, 2))
    pack = packing.start(made)
    assert weighing.expected(made, pack.lines) == Expected(3 * 420 + 2 * 60)

    for event in (MUG_SCAN, Scanned("9520000000035"), Shorted("SPOON-30", 1), MUG_SCAN):
        pack = packing.apply(pack, event, SCALE).pack
    short = packing.apply(pack, Shorted("MUG-350-BL", 2), SCALE).pack
    assert short.stage == Stage.WEIGH
    assert weighing.expected(made, short.lines) == Expected(2 * 420 + 60)


def test_history_stands_in_for_the_product_list() -> None:
    """What is not listed is taken from three packages or more; one unknown makes all unknown."""
    made = lease((MUG, 2), (CARD, 1))
    lines = packing.start(made).lines
    mug, card = LearntWeight(MUG.sku, 430, 5), LearntWeight(CARD.sku, 9, 3)

    assert weighing.expected(learnt(made, mug, card), lines) == Expected(869, learnt=True)
    young = replace(card, samples=2)
    assert weighing.expected(learnt(made, mug, young), lines) == Expected()
    assert weighing.expected(learnt(made, mug), lines) == Expected()
    assert weighing.expected(replace(made, weights=(mug, card)), lines) == Expected(848)


@pytest.mark.parametrize(
    ("found", "allowed"),
    [
        (Expected(400), 20),
        (Expected(1001), 31),
        (Expected(1000, learnt=True), 30),
        (Expected(), 20),
    ],
)
def test_how_much_a_weight_may_differ(found: Expected, allowed: int) -> None:
    """The grams or the percent of the house, whichever is more."""
    assert weighing.tolerance_g(SCALE, found) == allowed


def test_what_the_store_is_told() -> None:
    """The weight with its box; what the goods weigh only where it may be learnt from."""
    boxed = replace(RIGHT, grams=575, box="S", tare_g=150)
    pack, _ = run(MUG_SCAN, boxed, OURS, Scanned(OURS.tracking_id))
    assert pack.stage == Stage.CLOSED
    told = {"weight_g": 575, "box": "S", "net_g": 425}
    assert shipping.confirmation(pack).items() >= told.items()

    assert weighing.facts(run(MUG_SCAN, Unweighed("gone"))[0]) == {"unweighed": "gone"}
    assert weighing.facts(run(MUG_SCAN, rules=Rules())[0]) == {}
    unsure = replace(RIGHT, boxed=False)
    assert weighing.facts(run(MUG_SCAN, unsure)[0]) == {"weight_g": 425}


def test_a_signed_weight_teaches_only_against_history() -> None:
    """Against the product list it is one odd parcel; against a lesson it may be the better one."""
    signed = WeightSigned(300, "Sue", "Looked")
    listed, _ = run(MUG_SCAN, WRONG, signed)
    assert weighing.facts(listed) == {"weight_g": 300, "weight_signed": True}

    taught, _ = run(MUG_SCAN, replace(WRONG, learnt=True), signed)
    assert weighing.facts(taught)["net_g"] == 300


def test_a_journal_from_before_the_scale_replays_as_it_was() -> None:
    """What was labelled without a weight stays labelled when the house has a scale later."""
    for rules in (Rules(), SCALE):
        ours, _ = run(MUG_SCAN, OURS, rules=rules)
        assert (ours.stage, ours.label) == (Stage.LABEL, OURS)
        at_hand, _ = run(MUG_SCAN, UPS, replace(OURS, ours=False), rules=rules)
        assert at_hand.stage == Stage.CLOSED


def test_a_wrong_weight_is_wrong_at_every_bench() -> None:
    """A bench without a scale that goes on with the package is blocked by it, too."""
    pack, _ = run(MUG_SCAN, WRONG, rules=Rules())
    assert (pack.stage, due(pack)) == (Stage.WEIGH, None)

    signed, _ = run(MUG_SCAN, WRONG, WeightSigned(300, "Sue"), rules=Rules())
    assert (signed.stage, due(signed)) == (Stage.LABEL, Due.BUY)


def test_facts_of_the_scale_survive_the_journal() -> None:
    """Each comes back from its journal form as it was, and replay needs no settings."""
    samples: list[events.Event] = [
        Boxed("S", 150, "small box"), Boxed("S"), RIGHT, Weighed(5), WeightSigned(300, "Sue", "x"),
        Weighed(1250, "S", 150, None, 20, learnt=True, boxed=False), Unweighed("gone"),
    ]  # fmt: skip

    for event in samples:
        kind, data = events.to_data(event)
        assert events.from_data(kind, {**data, "later": 1}) == event
