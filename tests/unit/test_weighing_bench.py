"""Weighing at a whole bench: journal, label, store, and a scale that shows what the test says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bench_parts import SITE_KEY, TestBench, open_bench
from fake_weigher import FakeWeigher
from samples import CARD, MUG, NOON, SPOON, order

from station import forms, house_papers
from station.barcodes import Kind, read, signed
from station.device_settings import BoxSettings
from station.events import Weighed
from station.forms import Format
from station.model import LearntWeight, OrderState
from station.pack import Box, Rules, Stage, Word
from station.pan import HANDS_OFF_S, Pan
from station.weighing import SURE_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from station.model import Entry, Order
    from station.pack import Pack

MUG_CODE, SPOON_CODE = "9520000000011", "9520000000035"
A, B = "111-0000001-0000001", "111-0000002-0000002"
SCALE = Rules(weigh=True, boxes=(Box("S", 150, "small box"), Box("L", 400)))


@dataclass
class Weighing:
    """A bench with a scale beside it."""

    folder: Path
    made: TestBench
    scale: FakeWeigher
    now: float = 0.0

    def use(self, orders: Sequence[Order] = (), rules: Rules = SCALE) -> Weighing:
        """Open the bench, or open it again after its program was killed."""
        self.made = open_bench(self.folder, orders, rules=rules)
        self.made.bench.pan = Pan(self.scale, lambda: self.now)
        self.made.bench._own_load()
        self.made.bench.sign_in("Ana")
        return self

    def tick(self) -> Word | None:
        """Let the app look at the scale, as it does all the time; return the verdict's word."""
        bench = self.made.bench
        assert (bench.take_weight() is None) or not bench.weight_waits()
        self.made.settle()
        verdict = bench.view.verdict
        return verdict.word if verdict else None

    def packed(self, *codes: str) -> Weighing:
        """Take the next order and scan all of it, with an eye on the scale."""
        self.made.bench.claim_next()
        for code in codes:
            self.tick()
            self.made.scan(code)
        self.tick()
        return self

    def weigh(self, grams: int) -> Word | None:
        """Put the parcel on the scale."""
        self.scale.put(grams)
        return self.tick()

    @property
    def pack(self) -> Pack:
        """The package in hand."""
        work = self.made.bench.view.work
        assert work is not None
        return work.pack

    def close_order(self) -> None:
        """Scan our label."""
        assert self.pack.label is not None
        self.made.scan(self.pack.label.tracking_id)

    def told(self, *kinds: str) -> list[Entry]:
        """Return what the journal has of some kinds."""
        entries = self.made.journal._entries("1 ORDER BY seq", ())
        return [entry for entry in entries if entry.kind in kinds]


@pytest.fixture
def at_scale(tmp_path: Path) -> Iterator[Weighing]:
    """Return a bench with a scale, an order for two mugs, and a later one for one mug."""
    later = order(B, (MUG, 1), ship_by=NOON + timedelta(hours=9))
    made = Weighing(tmp_path, None, FakeWeigher())  # type: ignore[arg-type]  # opened next
    made.use((order(A, (MUG, 2)), later))
    yield made
    made.made.close()


def test_a_weighed_order_from_the_last_unit_to_the_store(at_scale: Weighing) -> None:
    """The weight is taken by itself, stands on the label, and goes to the store with the order."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    assert (at_scale.pack.stage, at_scale.pack.label) == (Stage.WEIGH, None)
    assert at_scale.made.store.label(A) is None

    assert at_scale.weigh(845) == Word.RIGHT
    assert at_scale.pack.label is not None
    assert "845 g" in at_scale.made.printer.came_out[-1].document.decode(errors="replace")
    (weighed,) = at_scale.told("weighed")
    assert weighed.data == {
        "grams": 845, "expected_g": 840, "tolerance_g": 26, "boxed": False, "verdict": "RIGHT",
    }  # fmt: skip
    assert weighed.state == OrderState.PACKED

    at_scale.close_order()
    closed = [e for e in at_scale.told("scanned") if e.state == OrderState.SHIPPED]
    assert closed[0].data["weight_g"] == 845
    found = at_scale.made.store.order(A)
    assert found is not None
    assert found[1] == OrderState.SHIPPED


def test_a_wrong_weight_stays_until_another_one_comes(at_scale: Weighing) -> None:
    """No label is bought meanwhile; each weight is written down once."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    assert at_scale.weigh(425) == Word.WRONG
    assert at_scale.tick() == Word.WRONG
    assert at_scale.made.store.label(A) is None
    assert len(at_scale.told("weighed")) == 1

    assert at_scale.weigh(842) == Word.RIGHT
    assert at_scale.made.store.label(A) is not None


def test_the_parcel_before_is_not_taken_for_this_one(at_scale: Weighing) -> None:
    """Left on the scale it is not weighed again, whatever it weighs; the screen says so."""
    at_scale.packed(MUG_CODE, MUG_CODE).weigh(840)
    at_scale.close_order()
    at_scale.scale.put(421)
    at_scale.packed(MUG_CODE)
    at_scale.now += 60
    at_scale.tick()
    view = at_scale.made.bench.view
    assert view.scale is not None
    assert (view.scale.is_other, at_scale.pack.stage) == (True, Stage.WEIGH)

    at_scale.scale.lift()
    assert at_scale.weigh(420) == Word.RIGHT


def test_the_parcel_before_that_was_put_back_is_not_taken(at_scale: Weighing) -> None:
    """Lifted for its label and put down again beside the next order, it is not weighed for it."""
    at_scale.packed(MUG_CODE, MUG_CODE).weigh(840)
    at_scale.scale.lift()
    at_scale.close_order()
    at_scale.scale.put(841)
    at_scale.packed(MUG_CODE)
    at_scale.now += 60
    at_scale.tick()
    view = at_scale.made.bench.view
    assert view.scale is not None
    assert (view.scale.is_other, len(at_scale.told("weighed"))) == (True, 1)


def test_a_unit_that_was_taken_back_and_counted_again(at_scale: Weighing) -> None:
    """What lies there is judged once more, without anybody having to lift it."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    assert at_scale.weigh(700) == Word.WRONG
    at_scale.made.bench.undo()
    at_scale.tick()
    at_scale.made.scan(MUG_CODE)
    at_scale.now += 60
    assert at_scale.tick() == Word.WRONG


def test_the_second_package_of_an_order_is_another_parcel(at_scale: Weighing) -> None:
    """What lies there of the first one is not weighed for it, nor does it wait for ever."""
    at_scale.packed(MUG_CODE, MUG_CODE).weigh(840)
    bench = at_scale.made.bench
    work = bench.view.work
    assert work is not None
    second = replace(work.pack, package=2, stage=Stage.WEIGH, weight=None, label=None)
    bench._open[A] = replace(work, pack=second)
    at_scale.tick()
    assert bench.view.scale is not None
    assert bench.view.scale.is_other


def test_packing_on_the_scale_waits_for_the_last_unit(at_scale: Weighing) -> None:
    """What lacks the unit in the packer's hand is not called wrong at once; later it is."""
    at_scale.scale.put(421)
    at_scale.packed(MUG_CODE, MUG_CODE)
    assert not at_scale.told("weighed")
    assert at_scale.weigh(841) == Word.RIGHT

    at_scale.close_order()
    at_scale.scale.lift()
    at_scale.scale.put(100)
    at_scale.packed(MUG_CODE)
    at_scale.now += 2
    assert at_scale.tick() == Word.WRONG


def test_a_parcel_that_fits_counts_at_once(at_scale: Weighing) -> None:
    """Packed on the scale with the last unit in it, the label comes with the last scan."""
    at_scale.made.bench.claim_next()
    at_scale.made.scan(MUG_CODE)
    at_scale.scale.put(840)
    at_scale.tick()
    at_scale.made.scan(MUG_CODE)
    assert at_scale.tick() == Word.RIGHT


def test_a_box_that_is_scanned_counts_for_the_weight(at_scale: Weighing) -> None:
    """Also after the weight was wrong without it: the same load is judged again."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    assert at_scale.weigh(990) == Word.WRONG
    at_scale.made.scan(signed("BOX", "S", SITE_KEY))
    assert at_scale.tick() == Word.RIGHT
    assert at_scale.told("weighed")[-1].data["tare_g"] == 150

    at_scale.made.scan(signed("BOX", "XL", SITE_KEY))
    verdict = at_scale.made.bench.view.verdict
    assert verdict is not None
    assert (verdict.word, verdict.text) == (
        Word.UNKNOWN, "Box XL is not known here: [boxes.XL] is missing in station.toml.",
    )  # fmt: skip
    at_scale.made.scan("BOX:S:AAAAA")
    verdict = at_scale.made.bench.view.verdict
    assert verdict is not None
    assert verdict.word == Word.AGAIN


def test_the_printed_codes_of_boxes_are_those_that_are_scanned() -> None:
    """Each kind of box of the settings has a code, signed here and written in capitals."""
    boxes = {"s1": BoxSettings(85, "Small box"), "L": BoxSettings(410)}
    sheets = house_papers.box_sheet(boxes, SITE_KEY, "4x6")
    text = forms.draw(sheets, Format("zpl", 203)).decode()

    assert "Small box: 85 g empty" in text
    for code in ("S1", "L"):
        printed = signed("BOX", code, SITE_KEY)
        assert printed in text
        assert (read(printed, SITE_KEY).kind, read(printed, SITE_KEY).word) == (Kind.BOX, code)
        assert read(printed, b"another site").kind == Kind.BAD


def test_a_box_at_the_queue_is_for_no_order(at_scale: Weighing) -> None:
    """First an order is taken."""
    view = at_scale.made.bench.take_scan(signed("BOX", "S", SITE_KEY))
    assert view.verdict is not None
    assert view.verdict.text.startswith("Take an order first")


def test_a_crash_at_any_moment_of_the_weighing(at_scale: Weighing) -> None:
    """Killed while it waits, after a wrong weight and after a right one, it goes on from there."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    for grams, stage in ((0, Stage.WEIGH), (425, Stage.WEIGH), (841, Stage.LABEL)):
        if grams:
            at_scale.weigh(grams)
        before = at_scale.pack
        at_scale.made.close()
        at_scale.scale.load = 0
        at_scale.use()
        assert (at_scale.pack, before.stage) == (before, stage)
    assert at_scale.pack.label is not None
    at_scale.close_order()
    at_scale.scale.put(430)
    at_scale.made.close()
    at_scale.use().packed(MUG_CODE)
    at_scale.now += 60
    at_scale.tick()
    assert at_scale.pack.stage == Stage.WEIGH


def test_a_scale_that_is_away(at_scale: Weighing) -> None:
    """It is passed over on a key, with a note, and only while it is away."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    view = at_scale.made.bench.go_unweighed()
    assert view.verdict is not None
    assert view.verdict.text == "The scale answers: put the parcel on it."

    at_scale.scale.unplug()
    at_scale.made.bench.go_unweighed()
    at_scale.made.settle()
    assert at_scale.pack.unweighed == "The scale is not there."
    assert at_scale.pack.label is not None
    at_scale.close_order()
    closed = [e for e in at_scale.told("scanned") if e.state == OrderState.SHIPPED]
    assert closed[0].data["unweighed"] == "The scale is not there."


def test_a_scale_that_is_required(at_scale: Weighing) -> None:
    """Without it no parcel leaves; when it is back, the weight is taken by itself."""
    at_scale.made.close()
    at_scale.use(rules=replace(SCALE, weight_required=True)).packed(MUG_CODE, MUG_CODE)
    at_scale.scale.unplug()
    view = at_scale.made.bench.go_unweighed()
    assert view.verdict is not None
    assert (view.verdict.word, at_scale.pack.stage) == (Word.REFUSED, Stage.WEIGH)

    at_scale.scale.plug_in()
    assert at_scale.weigh(840) == Word.RIGHT


def test_nothing_is_weighed_while_nobody_or_a_question_is_there(at_scale: Weighing) -> None:
    """A locked bench and an open question wait; the weight is taken afterwards."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    at_scale.made.bench.give_back()
    at_scale.weigh(840)
    assert at_scale.pack.question is not None
    at_scale.made.bench.answer(yes=False)
    at_scale.made.bench._packer = ""
    assert not at_scale.made.bench.weight_waits()
    at_scale.made.bench._packer = "Ana"
    assert at_scale.tick() == Word.RIGHT


def test_a_weight_that_cannot_be_kept_did_not_happen(
    at_scale: Weighing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk the parcel stays unweighed, and is asked for again only when it moves."""
    at_scale.packed(MUG_CODE, MUG_CODE)
    at_scale.scale.put(840)
    with monkeypatch.context() as full:
        full.setattr(at_scale.made.journal, "append", _full)
        with pytest.raises(OSError, match="full"):
            at_scale.made.bench.take_weight()
    assert (at_scale.pack.stage, at_scale.made.bench.weight_waits()) == (Stage.WEIGH, False)
    assert at_scale.weigh(840) == Word.RIGHT


def _full(*_args: object, **_named: object) -> None:
    raise OSError("full")


def test_history_becomes_the_expected_weight(tmp_path: Path) -> None:
    """Cards weigh nothing on file: three parcels teach, and the fourth is held against them."""
    soon = [order(f"{A}-{n}", (CARD, 4)) for n in range(SURE_AFTER)]
    later = order(B, (CARD, 2), ship_by=NOON + timedelta(hours=9))
    made = Weighing(tmp_path, None, FakeWeigher())  # type: ignore[arg-type]  # opened next
    rules = Rules(weigh=True, tolerance_g=3)
    made.use((*soon, later), rules)
    with made.made.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE products SET weight_g = NULL")
    for n in range(SURE_AFTER):
        made.made.bench.claim_next()
        for _ in range(4):
            made.made.bench.count_unscanned()
        made.tick()
        assert made.weigh(20) is not Word.NOTE
        assert (made.weigh(40), len(made.told("weighed"))) == (Word.RIGHT, n), "more may be put in"
        made.now += HANDS_OFF_S
        assert made.tick() == Word.NOTE
        made.close_order()
        made.scale.lift()

    made.made.bench.claim_next()
    work = made.made.bench.view.work
    assert work is not None
    assert work.lease.weights == (LearntWeight(CARD.sku, 10, SURE_AFTER),)
    for _ in range(2):
        made.made.bench.count_unscanned()
    made.tick()
    assert made.weigh(60) == Word.WRONG
    assert made.pack.weight == Weighed(60, expected_g=20, tolerance_g=3, learnt=True)
    made.made.close()


def test_the_label_of_two_skus_shows_what_was_weighed(tmp_path: Path) -> None:
    """The label carries the weight with its box, not the sum of the goods."""
    made = Weighing(tmp_path, None, FakeWeigher())  # type: ignore[arg-type]  # opened next
    made.use((order(A, (MUG, 1), (SPOON, 1)),), replace(SCALE, boxes=(Box("S", 150),)))
    made.packed(MUG_CODE, SPOON_CODE)
    assert made.weigh(631) == Word.RIGHT
    text = made.made.printer.came_out[-1].document.decode(errors="replace")
    assert "631 g" in text
    assert "480 g" not in text
    made.made.close()
