"""What a supervisor's signature changes about a package: by example, and against a plain count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import BIG_MUG, CARD, LAMP, MUG, PRODUCTS, SPOON, lease

from station import events, packing, shipping
from station.events import Bought, Parked, Scanned, Shorted, Taught, Undone, Unscanned, Voided
from station.events import VoidSigned as Void
from station.model import ProblemKind
from station.pack import OVER, Due, Rules, Stage, Word, due

if TYPE_CHECKING:
    from station.events import Event
    from station.model import Lease
    from station.pack import Pack

LAST_UNIT = Rules()
ASKED = Rules(label_when="asked")
NEW_CODE = "4006381333931"
OURS = Bought("Other", "Own delivery", "095212340000000013", "Standard")
CLOSING = Scanned("00095212340000000013")
MUG_SCAN, SPOON_SCAN = Scanned("9520000000011"), Scanned("9520000000035")


def run(pack: Pack, *happened: Event, rules: Rules = ASKED) -> tuple[Pack, Word]:
    """Return the state and the last word after some events."""
    word = Word.NOTE
    for event in happened:
        outcome = packing.apply(pack, event, rules)
        pack, word = outcome.pack, outcome.verdict.word
    return pack, word


def shipped(pack: Pack) -> list[list[object]]:
    """Return what the channel is told of a closed package."""
    items = shipping.confirmation(pack)["items"]
    assert isinstance(items, list)
    return items


def test_short_line_ships_what_is_in_the_box() -> None:
    """With a signature the order is complete with fewer units, and only these are confirmed."""
    begun, _ = run(packing.start(lease((MUG, 3), (SPOON, 1))), MUG_SCAN, SPOON_SCAN)
    pack, word = run(begun, Shorted(MUG.sku, 1, "Sue", "not on the shelf"))
    assert (word, pack.stage, pack.left) == (Word.NOTE, Stage.LABEL, 0)
    closed, word = run(pack, OURS, CLOSING)
    assert word == Word.DONE
    assert [units for _, units in shipped(closed)] == [1, 1]


def test_line_without_a_unit_is_gone() -> None:
    """A line of which nothing goes out is not confirmed, and nothing of it can be scanned."""
    pack, _ = run(packing.start(lease((MUG, 2), (SPOON, 1))), Shorted(MUG.sku, 0, "Sue"))
    assert run(pack, MUG_SCAN)[1] == Word.TOO_MANY
    closed, _ = run(pack, SPOON_SCAN, OURS, CLOSING)
    assert [units for _, units in shipped(closed)] == [1]


def test_label_follows_by_itself_where_it_does_with_the_last_unit() -> None:
    """Where our label comes with the last unit, it comes with the signature too."""
    pack, _ = run(packing.start(lease((MUG, 2))), MUG_SCAN, rules=LAST_UNIT)
    pack, _ = run(pack, Shorted(MUG.sku, 1, "Sue"), rules=LAST_UNIT)
    assert due(pack) == Due.BUY


@pytest.mark.parametrize(
    ("happened", "event"),
    [
        ((), Shorted(MUG.sku, 0)),
        ((MUG_SCAN,), Shorted(MUG.sku, 0)),
        ((MUG_SCAN, MUG_SCAN), Shorted(MUG.sku, 2)),
        ((MUG_SCAN,), Shorted(SPOON.sku, 0)),
        ((MUG_SCAN, MUG_SCAN, OURS), Shorted(MUG.sku, 2)),
    ],
    ids=["nothing left", "other count", "complete", "not in the order", "labelled"],
)
def test_short_that_cannot_be_is_refused(happened: tuple[Event, ...], event: Event) -> None:
    """A signature changes nothing that is not as it was when it was signed, or leaves no unit."""
    before, _ = run(packing.start(lease((MUG, 2))), *happened)
    assert run(before, event) == (before, Word.REFUSED)


def test_refused_signature_makes_no_label() -> None:
    """A short refused on a complete package does not ask for a label as a last unit does."""
    pack, _ = run(packing.start(lease((MUG, 1))), MUG_SCAN, events.BuyRefused("no"))
    assert due(run(pack, Shorted(MUG.sku, 1), rules=LAST_UNIT)[0]) is None


def test_undo_after_a_short_works_within_what_is_left() -> None:
    """A unit taken back is missing again; what was signed away stays away."""
    pack, _ = run(packing.start(lease((MUG, 3), (SPOON, 1))), SPOON_SCAN, MUG_SCAN)
    pack, _ = run(pack, Shorted(MUG.sku, 1, "Sue"), Undone())
    assert (pack.left, pack.stage) == (1, Stage.VERIFY)
    assert run(pack, MUG_SCAN, MUG_SCAN)[1] == Word.TOO_MANY


def test_short_waits_for_the_codes_of_a_unit() -> None:
    """A unit whose own code is missing is neither shipped nor left out."""
    pack, _ = run(packing.start(lease((LAMP, 2))), Scanned("9520000000042"))
    assert run(pack, Shorted(LAMP.sku, 1))[1] == Word.REFUSED


def test_taught_code_counts_from_the_next_scan_on() -> None:
    """The code of the supervisor's word counts one unit, but the unit is scanned again."""
    pack, word = run(packing.start(lease((MUG, 2))), Scanned(NEW_CODE))
    assert word == Word.UNKNOWN
    pack, word = run(pack, Taught(NEW_CODE, MUG.sku, 1, "Sue"))
    assert (word, pack.left) == (Word.NOTE, 2)
    assert run(pack, Scanned(NEW_CODE))[0].left == 1


def test_item_with_a_taught_code_is_not_counted_by_eye_any_more() -> None:
    """An item that had no barcode has one now."""
    pack, _ = run(packing.start(lease((CARD, 1))), Taught(NEW_CODE, CARD.sku))
    assert run(pack, Unscanned())[1] == Word.REFUSED


@pytest.mark.parametrize(
    "code",
    [
        "9520000000011", "1Z999AA10123456784", "00095212340000000013", "AZ:" + "7" * 26,
        "40063813339314006381333931", "x" * 79, "CMD:NEXT:ABCDE", "BDG:1:ABCDE", "", "\x02",
    ],
)  # fmt: skip
def test_what_is_no_unknown_product_code_cannot_be_taught(code: str) -> None:
    """Known codes, parcels' numbers, codes of single units and of this site teach nothing."""
    before = packing.start(lease((MUG, 2)))
    assert run(before, Taught(code, MUG.sku)) == (before, Word.REFUSED)


def test_code_cannot_be_taught_for_what_is_not_ordered() -> None:
    """A code is taught for an item of the order in hand alone, and for one unit or more."""
    before = packing.start(lease((MUG, 2)))
    assert run(before, Taught(NEW_CODE, BIG_MUG.sku))[1] == Word.REFUSED
    assert run(before, Taught(NEW_CODE, MUG.sku, 0))[1] == Word.REFUSED


def test_void_leaves_the_order_for_another_label() -> None:
    """The signed label closes nothing any more; once it is void another one can be had."""
    labelled, _ = run(packing.start(lease((MUG, 1))), MUG_SCAN, OURS)
    voiding, _ = run(labelled, Void("Sue", "wrong service"))
    assert due(voiding) == Due.VOID
    assert run(voiding, CLOSING)[1] == Word.REFUSED
    free, _ = run(voiding, Voided())
    assert (free.label, free.stage, due(free)) == (None, Stage.LABEL, None)
    assert free.purchase_key != labelled.purchase_key
    assert due(run(free, events.LabelAsked())[0]) == Due.BUY


def test_void_without_a_label_is_refused() -> None:
    """There is nothing to make void while no label is on the package."""
    before, _ = run(packing.start(lease((MUG, 1))), MUG_SCAN)
    assert run(before, Void("Sue")) == (before, Word.REFUSED)


EVENTS = st.one_of(
    st.sampled_from([Scanned(b.text) for product in PRODUCTS for b in product.barcodes]),
    st.sampled_from([Scanned(NEW_CODE), Scanned("SN1"), Scanned("AZ:" + "1" * 26), CLOSING]),
    st.sampled_from([Undone(), Unscanned(), events.LabelAsked(), events.Answered(yes=True)]),
    st.sampled_from([OURS, Voided(), Void("Sue", "r"), Parked(ProblemKind.OTHER)]),
    st.builds(Shorted, st.sampled_from([p.sku for p in PRODUCTS]), st.integers(-1, 5)),
    st.builds(
        Taught,
        st.sampled_from([NEW_CODE, "HOUSE-1", "9520000000011"]),
        st.sampled_from([p.sku for p in PRODUCTS]),
        st.integers(0, 3),
    ),
)
WANTED = st.lists(st.tuples(st.sampled_from(PRODUCTS), st.integers(1, 4)), min_size=1, max_size=4)


def guarded(pack: Pack, event: Event) -> bool:
    """Tell whether the world can say this now: a label is bought or void when it is due."""
    if isinstance(event, Bought):
        return due(pack) in {Due.BUY, Due.RECORD}
    return not isinstance(event, Voided) or due(pack) == Due.VOID


@given(WANTED, st.lists(EVENTS, max_size=30), st.sampled_from([LAST_UNIT, ASKED]))
def test_nothing_ships_that_was_not_ordered_and_counted(
    wants: list[tuple[object, int]], happened: list[Event], rules: Rules
) -> None:
    """Whatever is signed: at most what was ordered ships, at least one unit, and each counted."""
    begun: Lease = lease(*wants)  # type: ignore[arg-type]  # what the strategy draws
    ordered = {item.item_id: item.quantity for item in begun.order.items}
    pack = again = packing.start(begun)
    for event in happened:
        if not guarded(pack, event):
            continue
        pack = packing.apply(pack, event, rules).pack
        kept = events.from_data(*events.to_data(event))
        assert kept == event
        again = packing.apply(again, kept, rules).pack
        assert again == pack
        assert all(0 <= line.done <= line.needed for line in pack.lines)
        assert all(line.needed <= ordered[line.item_id] for line in pack.lines)
        assert sum(line.needed for line in pack.lines) >= 1
        if pack.stage == Stage.CLOSED:
            assert not pack.is_voiding
            assert sum(line.done for line in pack.lines) >= 1
            done = {line.item_id: line.done for line in pack.lines if line.done}
            assert dict(map(tuple, shipped(pack))) == done  # type: ignore[arg-type]  # pairs
        if pack.stage in OVER:
            return
