"""The rules of the bench, by example and as a state machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from samples import BIG_MUG, CARD, LAMP, MUG, PRODUCTS, SPOON, lease

from station import capturing, events, packing
from station.events import Answered, Bought, BuyRefused, Parked, Scanned, Undone, Unscanned, Voided
from station.model import OrderState, ProblemKind, Product
from station.pack import OVER, OWN, Due, Pack, Rules, Stage, Word, due, order_state

if TYPE_CHECKING:
    from station.events import Event

RULES = Rules()
ASKED = Rules(label_when="asked", other_carriers=("Evri",))
UPS = "1Z999AA10123456784"
FEDEX = "986578788855"
OURS = Bought("Other", "Own delivery", "095212340000000013", "Standard")


def run(pack: Pack, *happened: Event, rules: Rules = RULES) -> tuple[Pack, Word]:
    """Return the state and the last word after some events."""
    word = Word.NOTE
    for event in happened:
        pack, verdict = (out := packing.apply(pack, event, rules)).pack, out.verdict
        word = verdict.word
    return pack, word


def mugs(count: int) -> Pack:
    """Return an order for so many blue mugs."""
    return packing.start(lease((MUG, count)))


MUG_SCAN = Scanned("9520000000011")


def test_every_code_of_a_product_counts() -> None:
    """GTIN-13, the same as GTIN-14, FNSKU, ASIN and SKU all count one unit of the spoon."""
    for text in ("9520000000035", "09520000000035", "X001SPOON1", "B0SPOON300", "spoon-30"):
        pack, word = run(packing.start(lease((SPOON, 2))), Scanned(text))

        assert (word, pack.left) == (Word.RIGHT, 1)


def test_multipack_counts_its_units() -> None:
    """The wrap of a six-pack counts six, and is refused when fewer are needed."""
    wrap = Scanned("19520000000032")

    assert run(packing.start(lease((SPOON, 6))), wrap)[0].stage == Stage.LABEL
    assert run(packing.start(lease((SPOON, 5))), wrap)[1] == Word.TOO_MANY


def test_multipack_is_shared_over_lines_of_the_same_sku() -> None:
    """A six-pack fills two order items of four and two units."""
    pack, word = run(packing.start(lease((SPOON, 4), (SPOON, 2))), Scanned("19520000000032"))

    assert (word, [line.done for line in pack.lines]) == (Word.RIGHT, [4, 2])


def test_wrong_item_names_what_it_is_and_what_is_needed() -> None:
    """A known product that is not in the order is WRONG, with both titles for the screen."""
    out = packing.apply(mugs(1), Scanned("9520000000028", "MUG-500-BL", BIG_MUG.title), RULES)

    assert out.verdict.word == Word.WRONG
    assert (out.verdict.got, out.verdict.needed) == ("Blue mug 500 ml", "Blue mug 350 ml")
    assert out.pack == mugs(1)


def test_one_too_many_is_stopped() -> None:
    """The unit after the last is TOO MANY, also when it is only a double scan."""
    assert run(mugs(1), MUG_SCAN, MUG_SCAN)[1] == Word.TOO_MANY


def test_unknown_glued_and_unreadable_codes_count_nothing() -> None:
    """Codes that nobody knows leave the order as it was, each with its own word."""
    cases = {
        "4006381333931": Word.UNKNOWN,
        "95200000000119520000000011": Word.AGAIN,
        "95\x0200": Word.AGAIN,
        "": Word.AGAIN,
        "9" * 500: Word.AGAIN,
        "[/red]^XZ": Word.UNKNOWN,
    }
    for text, expected in cases.items():
        assert run(mugs(1), Scanned(text)) == (mugs(1), expected), text


def test_code_of_another_order_is_stopped() -> None:
    """A packing slip of another order says whose it is."""
    out = packing.apply(mugs(1), Scanned("222-1", other_order="222-1"), RULES)

    assert out.verdict.word == Word.OTHER_ORDER
    assert "222-1" in out.verdict.text


def test_undo_takes_back_the_last_unit_only() -> None:
    """Undo after three scans leaves two; undo of nothing says so."""
    pack, _ = run(mugs(3), MUG_SCAN, MUG_SCAN, MUG_SCAN, Undone(), rules=ASKED)

    assert (pack.left, pack.stage) == (1, Stage.VERIFY)
    assert run(mugs(3), Undone())[0] == mugs(3)


def test_item_without_barcode_is_counted_by_a_deliberate_command() -> None:
    """Only an item with no barcode on file can be counted unscanned, and that is recorded."""
    pack, word = run(packing.start(lease((CARD, 1), (MUG, 1))), Unscanned())

    assert (word, pack.lines[0].unscanned) == (Word.RIGHT, 1)
    assert run(pack, Unscanned())[1] == Word.REFUSED


def test_own_label_is_wanted_with_the_last_unit() -> None:
    """The label is due when the last unit is verified, or on DONE where the house says so."""
    assert due(run(mugs(1), MUG_SCAN)[0]) == Due.BUY
    verified, _ = run(mugs(1), MUG_SCAN, rules=ASKED)

    assert due(verified) is None
    assert due(run(verified, events.LabelAsked(), rules=ASKED)[0]) == Due.BUY


def test_only_the_closing_scan_closes() -> None:
    """An own label must be scanned back; another parcel's label does not do."""
    labelled, _ = run(mugs(1), MUG_SCAN, OURS)

    assert labelled.stage == Stage.LABEL
    assert run(labelled, Scanned("00095212340000000020"))[1] == Word.WRONG
    closed, word = run(labelled, Scanned("]C100095212340000000013"))
    assert (closed.stage, word) == (Stage.CLOSED, Word.DONE)
    assert order_state(closed) == OrderState.SHIPPED


def test_carrier_label_closes_once_it_is_recorded() -> None:
    """A UPS number is taken without a question and closes the package when the store has it."""
    chosen, word = run(mugs(1), MUG_SCAN, Scanned(UPS), rules=ASKED)

    assert (word, due(chosen)) == (Word.RIGHT, Due.RECORD)
    closed, word = run(chosen, Bought("UPS", "UPS", UPS, ours=False))
    assert (closed.stage, word) == (Stage.CLOSED, Word.DONE)


def test_carrier_label_before_the_last_unit_is_not_taken() -> None:
    """A carrier's number while units are missing is NOT YET."""
    assert run(mugs(2), MUG_SCAN, Scanned(UPS))[1] == Word.NOT_YET


def test_used_tracking_id_is_refused() -> None:
    """A number that is on another live label is refused and names that order."""
    out = run(mugs(1), MUG_SCAN, rules=ASKED)[0]
    verdict = packing.apply(out, Scanned(UPS, used_by="222-1"), ASKED).verdict

    assert verdict.word == Word.REFUSED
    assert "222-1" in verdict.text


def test_doubtful_number_is_asked() -> None:
    """Twelve digits could be FedEx or the house's other carrier: each is asked in turn."""
    asked, word = run(mugs(1), MUG_SCAN, Scanned(FEDEX), rules=ASKED)
    assert (word, asked.wanted) == (Word.QUESTION, None)
    yes, _ = run(asked, Answered(yes=True))
    assert yes.wanted is not None
    assert yes.wanted.carrier_code == "FedEx"
    other, _ = run(asked, Answered(yes=False), Answered(yes=True))
    assert other.wanted is not None
    assert other.wanted.carrier_name == "Evri"
    assert run(asked, Answered(yes=False), Answered(yes=False))[0].wanted is None


def test_carrier_label_replaces_ours_only_after_a_question() -> None:
    """With our label bought, a carrier's number is asked about; yes voids ours first."""
    labelled, _ = run(mugs(1), MUG_SCAN, OURS)
    asked, word = run(labelled, Scanned(UPS))
    assert word == Word.QUESTION
    yes, _ = run(asked, Answered(yes=True))
    assert due(yes) == Due.VOID
    voided, _ = run(yes, Voided())
    assert (due(voided), voided.attempts) == (Due.RECORD, 1)


def test_refused_purchase_can_be_tried_again_under_another_key() -> None:
    """After a refusal nothing is due, and the next try has its own key."""
    verified, _ = run(mugs(1), MUG_SCAN)
    refused, word = run(verified, BuyRefused("No GS1 prefix."))

    assert (word, due(refused)) == (Word.REFUSED, None)
    again, _ = run(refused, events.LabelAsked())
    assert again.purchase_key != verified.purchase_key


@pytest.mark.parametrize("leaving", [Parked(ProblemKind.SHORT), events.Stopped("changed")])
def test_leaving_with_a_label_voids_it(leaving: Event) -> None:
    """An order that leaves the bench with our label on it has that label made void."""
    left, _ = run(mugs(1), MUG_SCAN, OURS, leaving)

    assert due(left) == Due.VOID
    assert due(run(left, Voided())[0]) is None


def test_label_that_comes_too_late_is_voided() -> None:
    """A label bought while the order was being parked does not stay live."""
    parked, _ = run(mugs(1), MUG_SCAN, Parked(ProblemKind.DAMAGED), OURS)

    assert due(parked) == Due.VOID


def test_give_back_asks_when_something_is_in_the_box() -> None:
    """An untouched order goes back at once, a begun one after a yes."""
    assert run(mugs(2), events.GivenBack())[0].stage == Stage.RELEASED
    asked, word = run(mugs(2), MUG_SCAN, events.GivenBack())
    assert (asked.stage, word) == (Stage.VERIFY, Word.QUESTION)
    assert run(asked, Answered(yes=True))[0].stage == Stage.RELEASED


def test_events_survive_the_journal() -> None:
    """Every event comes back from its journal form as it was."""
    samples: list[Event] = [
        Scanned("x", other_sku="a", used_by="b"), events.CutShort(7), Undone(), Unscanned(),
        events.LabelAsked(), Answered(yes=False), OURS, BuyRefused("why"), Voided(),
        Parked(ProblemKind.MISSING, "sku", "note"), events.GivenBack(), events.Stopped("why"),
    ]  # fmt: skip

    for event in samples:
        kind, data = events.to_data(event)
        assert events.from_data(kind, {**data, "later": 1}) == event


class PackingMachine(RuleBasedStateMachine):
    """A packer who does anything in any order, against a plain count of what is in the box."""

    @initialize(
        wants=st.lists(
            st.tuples(st.sampled_from(PRODUCTS), st.integers(1, 7)), min_size=1, max_size=4
        ),
        when=st.sampled_from(["last_unit", "asked"]),
    )
    def begin(self, wants: list[tuple[Product, int]], when: str) -> None:
        """Open an order."""
        self.lease = lease(*wants)
        self.house = Rules(label_when=when, other_carriers=("Evri",))
        self.pack = packing.start(self.lease)
        self.box: list[tuple[str, int]] = []
        self.history: list[Event] = []
        self.needed: dict[str, int] = {}
        for item in self.lease.order.items:
            self.needed[item.sku] = self.needed.get(item.sku, 0) + item.quantity
        self.closing_scan = False

    def take(self, event: Event) -> Word:
        """Apply an event and remember it for the replay."""
        self.history.append(event)
        outcome = packing.apply(self.pack, event, self.house)
        self.pack = outcome.pack
        return outcome.verdict.word

    @rule(product=st.sampled_from(PRODUCTS), which=st.integers(0, 5))
    def scan(self, product: Product, which: int) -> None:
        """Scan one of a product's codes; only what is needed may be called right."""
        codes = [(b.text, b.units) for b in product.barcodes] + [(product.sku, 1)]
        text, units = codes[which % len(codes)]
        missing = self.needed.get(product.sku, 0) - sum(n for s, n in self.box if s == product.sku)
        over = self.pack.stage in OVER
        asked = capturing.waiting(self.pack.captures) is not None
        mine = product.sku in self.needed
        word = self.take(Scanned(text, "" if mine else product.sku, product.title))
        if word == Word.RIGHT:
            assert not over
            assert not asked
            assert units <= missing
            self.box.append((product.sku, units))
        elif not over and not asked:
            assert units > missing

    @rule(text=st.text(max_size=40))
    def scan_noise(self, text: str) -> None:
        """Noise is never called right, and changes nothing that was counted."""
        lines = self.pack.lines
        capture = capturing.waiting(self.pack.captures)
        if capture and capture.need == "serial":
            return
        known = {key for line in lines for key, _ in line.codes}
        from station.barcodes import read

        if known.isdisjoint(read(text).keys):
            assert self.take(Scanned(text)) not in {Word.RIGHT, Word.DONE}
            assert self.pack.lines == lines

    @rule(number=st.integers(0, 4))
    def scan_unit_code(self, number: int) -> None:
        """Scan a Transparency code or a serial: right only where one is asked, and only once."""
        capture = capturing.waiting(self.pack.captures)
        need = capture.need if capture else "serial"
        text = f"AZ:{number:026d}" if need == "transparency" else f"SN{number}"
        known = {c.value for c in self.pack.captures if c.need == need}
        word = self.take(Scanned(text))
        if word == Word.RIGHT:
            assert capture is not None
            assert text not in known

    @rule()
    def undo(self) -> None:
        """Undo takes back exactly the last thing that was counted, or refuses."""
        before = self.pack.left
        self.take(Undone())
        if self.pack.left > before:
            _sku, units = self.box.pop()
            assert self.pack.left == before + units

    @rule()
    def count_unscanned(self) -> None:
        """Only an item without a barcode is counted without a scan."""
        before = [line.unscanned for line in self.pack.lines]
        if self.take(Unscanned()) == Word.RIGHT:
            changed = [
                line.sku
                for line, was in zip(self.pack.lines, before, strict=True)
                if line.unscanned != was
            ]
            assert changed == [CARD.sku]
            self.box.append((CARD.sku, 1))

    @rule(event=st.sampled_from([events.LabelAsked(), Answered(yes=True), Answered(yes=False)]))
    def answer(self, event: Event) -> None:
        """Ask for a label or answer a question, at any time."""
        self.take(event)

    @rule(text=st.sampled_from([UPS, FEDEX, "095212340000000013", "]C100095212340000000013"]))
    def scan_label(self, text: str) -> None:
        """Scan a carrier's label or ours; only a full box may be closed by it."""
        left = self.pack.left
        if self.take(Scanned(text)) == Word.DONE:
            self.closing_scan = True
            assert left == 0

    @precondition(lambda self: due(self.pack) is not None)
    @rule(works=st.booleans())
    def settle(self, works: bool) -> None:
        """The world does what is due, or refuses."""
        what = due(self.pack)
        if what == Due.VOID:
            self.take(Voided())
        elif not works:
            self.take(BuyRefused("no"))
        elif what == Due.RECORD and self.pack.wanted:
            w = self.pack.wanted
            self.take(Bought(w.carrier_code, w.carrier_name, w.tracking_id, ours=False))
            self.closing_scan = self.pack.stage == Stage.CLOSED
        else:
            self.take(OURS)

    @rule(
        event=st.sampled_from([Parked(ProblemKind.SHORT), events.GivenBack(), events.Stopped("x")])
    )
    def leave(self, event: Event) -> None:
        """Leave the bench now and then, so that other runs go on."""
        if len(self.history) > 20:
            self.take(event)

    @invariant()
    def never_more_than_ordered(self) -> None:
        """No line ever holds more than was ordered, nor less than nothing."""
        if hasattr(self, "pack"):
            assert all(0 <= line.done <= line.needed for line in self.pack.lines)
            assert sum(units for _, units in self.box) == sum(line.done for line in self.pack.lines)

    @invariant()
    def closed_means_right(self) -> None:
        """A closed package is complete, has a live label, and that label was scanned."""
        if hasattr(self, "pack") and self.pack.stage == Stage.CLOSED:
            assert self.pack.left == 0
            assert all(capture.value for capture in self.pack.captures)
            assert self.pack.label is not None
            assert self.closing_scan
            counted: dict[str, int] = {}
            for sku, units in self.box:
                counted[sku] = counted.get(sku, 0) + units
            assert counted == self.needed

    def teardown(self) -> None:
        """A replay of the same events through their journal form ends in the same state."""
        if not hasattr(self, "pack"):
            return
        again = packing.start(self.lease)
        for event in self.history:
            kept = events.from_data(*events.to_data(event))
            assert kept == event
            again = packing.apply(again, event, self.house).pack
        assert again == self.pack


TestPackingMachine = PackingMachine.TestCase


def test_a_rule_that_forgets_to_count_is_caught() -> None:
    """The machine fails when a wrong unit is accepted: it can see what it is there for."""
    machine = PackingMachine()
    machine.begin([(MUG, 1)], "asked")
    machine.scan(MUG, 0)
    machine.pack = replace(machine.pack, lines=(replace(machine.pack.lines[0], done=2),))

    with pytest.raises(AssertionError):
        machine.never_more_than_ordered()


def test_codes_of_single_units_are_asked_for() -> None:
    """A lamp needs its Transparency code and its serial before anything else is counted."""
    pack = packing.start(lease((LAMP, 1), (MUG, 1)))
    lamp, code = Scanned("9520000000042"), Scanned("AZ:" + "7" * 26)

    asked, _ = run(pack, lamp)
    assert run(asked, MUG_SCAN)[1] == Word.NOT_YET
    assert run(asked, Scanned("SN1"))[1] == Word.AGAIN
    assert run(asked, code, code)[1] == Word.AGAIN
    both, word = run(asked, code, Scanned("SN1"), MUG_SCAN)
    assert (word, both.stage) == (Word.RIGHT, Stage.LABEL)
    assert [c.value for c in both.captures] == ["AZ:" + "7" * 26, "SN1"]


def test_the_same_unit_code_twice_is_refused() -> None:
    """Two lamps cannot have one Transparency code; undo gives it free again."""
    code, serial = Scanned("AZ:" + "7" * 26), Scanned("SN1")
    first, _ = run(packing.start(lease((LAMP, 2))), Scanned("9520000000042"), code, serial)
    second, word = run(first, Scanned("9520000000042"), code)

    assert word == Word.REFUSED
    assert run(second, Undone())[0].captures == first.captures


def test_a_gs1_code_brings_its_own_serial() -> None:
    """A code with GTIN and serial is unit and serial at once."""
    out, _ = run(packing.start(lease((LAMP, 1))), Scanned("]d2" + "0109520000000042" + "21SN9"))

    assert [(c.need, c.value) for c in out.captures][1] == ("serial", "SN9")
    two = packing.start(lease((LAMP, 2)))
    unit = Scanned("]d2" + "0109520000000042" + "21SN9")
    assert run(two, unit, unit)[1] == Word.REFUSED
    assert run(two, Scanned("9520000000042"), unit)[0].captures[0].value


def test_nothing_is_counted_while_a_code_is_awaited() -> None:
    """Not even an item without a barcode."""
    asked, _ = run(packing.start(lease((LAMP, 1), (CARD, 1))), Scanned("9520000000042"))

    assert run(asked, Unscanned()) == (asked, Word.NOT_YET)


def test_wanted_own_label_is_no_carriers() -> None:
    """The mark for our own label cannot be mistaken for a tracking id."""
    assert OWN.tracking_id == ""
