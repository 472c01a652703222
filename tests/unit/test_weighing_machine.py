"""Packing with a scale, by a packer who does anything in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from samples import MUG, SPOON, lease

from station import events, packing, weighing
from station.events import Bought, Boxed, BuyRefused, Event, Scanned, Undone, Unweighed, Voided
from station.model import OrderState, ProblemKind, Product
from station.pack import Box, Due, Rules, Stage, Word, due, order_state

OURS = Bought("Other", "Own delivery", "095212340000000013", "Standard")
CODES = {MUG.sku: "9520000000011", SPOON.sku: "9520000000035"}
BOXES = (Box("S", 150, "small"), Box("L", 400))


class WeighingMachine(RuleBasedStateMachine):
    """What was accepted about the weight is counted beside the rules, and must always agree."""

    @initialize(
        wants=st.lists(st.tuples(st.sampled_from([MUG, SPOON]), st.integers(1, 2)), min_size=1),
        when=st.sampled_from(["last_unit", "asked"]),
        boxes=st.integers(0, 2),
        known=st.booleans(),
    )
    def begin(
        self, wants: list[tuple[Product, int]], when: str, boxes: int, *, known: bool
    ) -> None:
        """Open an order."""
        made = lease(*wants[:3])
        unlisted = tuple(replace(product, weight_g=None) for product in made.products)
        self.lease = made if known else replace(made, products=unlisted)
        self.house = Rules(label_when=when, weigh=True, boxes=BOXES[:boxes])
        self.pack = packing.start(self.lease, self.house)
        self.history: list[Event] = []
        self.accepted = False

    def take(self, event: Event) -> Word:
        """Apply an event and remember it for the replay."""
        self.history.append(event)
        outcome = packing.apply(self.pack, event, self.house)
        self.pack = outcome.pack
        return outcome.verdict.word

    @rule(sku=st.sampled_from(sorted(CODES)))
    def scan(self, sku: str) -> None:
        """Scan a unit."""
        self.take(Scanned(CODES[sku]))

    @precondition(lambda self: self.pack.stage == Stage.VERIFY)
    @rule()
    def scan_the_rest(self) -> None:
        """Scan every unit that is missing."""
        while self.pack.current is not None:
            assert self.take(Scanned(CODES[self.pack.current_sku])) == Word.RIGHT

    @rule()
    def undo(self) -> None:
        """Take back a unit: what was weighed does not count any more."""
        left = self.pack.left
        self.take(Undone())
        if self.pack.left > left:
            self.accepted = False

    @rule(off=st.sampled_from([-500, -60, -1, 0, 5, 20, 61, 900]))
    def weigh(self, off: int) -> None:
        """Put the package on the scale, with so many grams more or fewer than is expected."""
        wanted = weighing.weighed(self.lease, self.pack, self.house, 0)
        grams = max(1, (wanted.expected_g or 0) + wanted.tare_g + off)
        fact = weighing.weighed(self.lease, self.pack, self.house, grams)
        at_scale = self.pack.stage == Stage.WEIGH
        self.take(fact)
        if at_scale:
            differs = grams - wanted.tare_g - (wanted.expected_g or 0)
            self.accepted = wanted.expected_g is None or abs(differs) <= fact.tolerance_g

    @rule(grams=st.integers(0, 3000), is_right=st.booleans())
    def sign(self, grams: int, *, is_right: bool) -> None:
        """Let a supervisor sign the weight that was found, or another one."""
        weight = self.pack.weight
        grams = weight.grams if weight and is_right else grams
        wrong = self.pack.stage == Stage.WEIGH and weight is not None and weight.grams == grams
        self.take(events.WeightSigned(grams, "Sue", "Looked"))
        self.accepted = self.accepted or wrong

    @rule()
    def go_without(self) -> None:
        """Go on without the scale: only before a weight was found to be wrong."""
        may = self.pack.stage == Stage.WEIGH and self.pack.weight is None
        self.take(Unweighed("unplugged"))
        self.accepted = self.accepted or may

    @rule(box=st.sampled_from(BOXES))
    def choose_box(self, box: Box) -> None:
        """Scan the barcode of a kind of box."""
        self.take(Boxed(box.code, box.tare_g, box.name))

    @rule(event=st.sampled_from([events.LabelAsked(), Scanned("1Z999AA10123456784")]))
    def ask_label(self, event: Event) -> None:
        """Ask for our label, or scan a carrier's."""
        self.take(event)

    @rule()
    def scan_our_label(self) -> None:
        """Scan the label that came out."""
        self.take(Scanned(OURS.tracking_id))

    @precondition(lambda self: due(self.pack) is not None)
    @rule(works=st.booleans())
    def settle(self, *, works: bool) -> None:
        """The world does what is due, or refuses."""
        what, wanted = due(self.pack), self.pack.wanted
        if what == Due.VOID:
            self.take(Voided())
        elif not works:
            self.take(BuyRefused("no"))
        elif what == Due.RECORD and wanted:
            label = Bought(wanted.carrier_code, wanted.carrier_name, wanted.tracking_id, ours=False)
            self.take(label)
        else:
            self.take(OURS)

    @rule(event=st.sampled_from([events.Parked(ProblemKind.OTHER), events.Stopped("x")]))
    def leave(self, event: Event) -> None:
        """Leave the bench now and then, so that other runs go on."""
        if len(self.history) > 25:
            self.take(event)

    @invariant()
    def no_label_before_its_weight(self) -> None:
        """A label is wanted or made only for a weight that fits, is signed, or was done without."""
        if hasattr(self, "pack") and (self.pack.label or self.pack.wanted):
            assert self.accepted
            assert not self.pack.left

    @invariant()
    def an_open_box_has_no_weight(self) -> None:
        """While units are missing, nothing is known about the weight of the whole."""
        if hasattr(self, "pack") and self.pack.stage == Stage.VERIFY:
            assert (self.pack.weight, self.pack.unweighed) == (None, "")
            assert not self.pack.weight_signed

    @invariant()
    def closed_means_weighed(self) -> None:
        """A closed package tells its weight, or why it has none."""
        if hasattr(self, "pack") and self.pack.stage == Stage.CLOSED:
            assert self.accepted
            assert {"weight_g", "unweighed"} & weighing.facts(self.pack).keys()

    @invariant()
    def packed_means_weighed(self) -> None:
        """The store is told that it is packed only once its weight was accepted."""
        if hasattr(self, "pack") and order_state(self.pack) == OrderState.PACKED:
            assert self.accepted

    def teardown(self) -> None:
        """A replay through the journal's form gives the same, also where settings changed since."""
        if not hasattr(self, "pack"):
            return
        again = packing.start(self.lease, self.house)
        for event in self.history:
            kept = events.from_data(*events.to_data(event))
            assert kept == event
            other = replace(self.house, boxes=(), tolerance_g=0, tolerance_percent=0)
            again = packing.apply(again, event, other).pack
        assert again == self.pack


TestWeighingMachine = WeighingMachine.TestCase


def test_a_rule_that_forgets_the_weight_is_caught() -> None:
    """The machine fails when a label is wanted for a package that was not weighed."""
    machine = WeighingMachine()
    machine.begin([(MUG, 1)], "last_unit", 0, known=True)
    machine.scan(MUG.sku)
    machine.pack = replace(machine.pack, label=OURS)

    with pytest.raises(AssertionError):
        machine.no_label_before_its_weight()
