"""Whose load lies on the scale: the parcel before is not taken for the one in hand."""

from __future__ import annotations

from fake_weigher import FakeWeigher

from station.pan import HANDS_OFF_S, Pan


class Bench:
    """An order in hand, a scale, and a clock that only the test moves."""

    def __init__(self) -> None:
        self.scale = FakeWeigher()
        self.now = 100.0
        self.pan = Pan(self.scale, lambda: self.now)

    def looks(self, order_id: str, *, waits: bool = True) -> int | None:
        """Return the grams that may be judged now; those that are early do not count."""
        weight = self.pan.look(order_id, waits=waits)
        return None if weight is None or self.pan.is_early(weight, known=True) else weight.grams

    def weighs(self, order_id: str) -> int | None:
        """Judge the weight of an order, as the bench does."""
        weight = self.pan.look(order_id, waits=True)
        if weight:
            self.pan.judged(weight)
        return weight.grams if weight else None


def test_a_parcel_that_is_put_on_is_weighed_once() -> None:
    """Each weight is judged once, until the load is another."""
    bench = Bench()
    assert bench.weighs("A") is None
    bench.scale.put(500)
    assert (bench.weighs("A"), bench.weighs("A")) == (500, None)
    bench.scale.put(420)
    assert bench.weighs("A") == 420


def test_crumbs_are_no_parcel() -> None:
    """Five grams and less are an empty scale that creeps."""
    bench = Bench()
    bench.scale.put(5)
    assert bench.weighs("A") is None


def test_the_parcel_before_is_not_taken() -> None:
    """It must have been lifted off, also when it was touched and shows another number by then."""
    bench = Bench()
    bench.scale.put(500)
    bench.weighs("A")
    bench.scale.put(503)
    assert bench.pan.look("B", waits=False) is None
    assert (bench.weighs("B"), bench.pan.is_other("B")) == (None, True)
    bench.scale.lift()
    assert not bench.pan.is_other("B")
    bench.scale.put(420)
    assert bench.weighs("B") == 420


def test_what_lay_there_while_another_order_was_packed_is_not_taken() -> None:
    """A box that was packed on the scale and parked belongs to its order."""
    bench = Bench()
    bench.scale.put(300)
    bench.looks("A", waits=False)
    assert bench.weighs("B") is None


def test_a_box_that_came_before_its_order_is_taken() -> None:
    """With nothing in hand, or a parcel beside that waits for its label, the next box may come."""
    bench = Bench()
    bench.scale.put(500)
    bench.weighs("A")
    bench.scale.lift()
    bench.scale.put(150)
    assert bench.looks("B", waits=False) is None
    bench.scale.put(570)
    assert bench.weighs("B") == 570


def test_packing_on_the_scale() -> None:
    """A load that was there before the last scan counts once hands had time to let go."""
    bench = Bench()
    bench.scale.put(570)
    bench.looks("A", waits=False)
    assert bench.looks("A") is None
    bench.now += HANDS_OFF_S
    assert bench.looks("A") == 570


def test_the_last_unit_put_in_is_a_new_weight() -> None:
    """What comes to rest after the last scan is judged at once."""
    bench = Bench()
    bench.scale.put(150)
    bench.looks("A", waits=False)
    assert bench.looks("A") is None
    bench.scale.put(570)
    assert bench.looks("A") == 570


def test_a_load_that_moved_at_the_last_scan_is_new() -> None:
    """Nothing was stable then, so that what comes to rest is judged at once."""
    bench = Bench()
    bench.scale.move(300)
    assert bench.looks("A") is None
    bench.scale.put(570)
    assert bench.looks("A") == 570


def test_after_a_start_what_lies_there_is_nobodys() -> None:
    """Only a parcel that waited for its weight is believed to be the one on the scale."""
    for resumed, grams in (("", None), ("A", 570)):
        bench = Bench()
        bench.scale.load = 0
        if resumed:
            bench.pan.own(resumed)
        bench.scale.put(570)
        assert bench.weighs("A") == grams


def test_a_parcel_is_weighed_anew_with_another_box() -> None:
    """The same load counts once more when what it means has changed."""
    bench = Bench()
    bench.scale.put(570)
    bench.weighs("A")
    bench.pan.judge_again()
    assert bench.weighs("A") == 570


def test_a_scale_that_is_away_weighs_nothing() -> None:
    """Its last number is not believed; what lay there keeps its order when it is back."""
    bench = Bench()
    bench.scale.put(500)
    bench.weighs("A")
    bench.scale.unplug()
    assert (bench.weighs("A"), bench.pan.trouble != "") == (None, True)
    bench.scale.plug_in()
    assert bench.weighs("B") is None


def test_a_parcel_that_was_put_back_is_not_taken() -> None:
    """Lifted for its label and put down again, it still belongs to its order."""
    bench = Bench()
    bench.pan.look("A", waits=True)
    bench.scale.put(500)
    bench.weighs("A")
    bench.scale.lift()
    bench.scale.put(502)
    bench.looks("B", waits=False)
    bench.now += HANDS_OFF_S
    assert (bench.weighs("B"), bench.pan.is_other("B")) == (None, True)
    bench.scale.lift()
    bench.scale.put(500)
    assert bench.weighs("B") == 500


def test_units_that_were_taken_back_are_weighed_anew() -> None:
    """The same load counts once more when the parcel waits for its weight again."""
    bench = Bench()
    bench.scale.put(570)
    assert bench.weighs("A") == 570
    bench.pan.look("A", waits=False)
    assert bench.weighs("A") == 570


def test_a_weight_that_nobody_knows_must_rest() -> None:
    """Units that are put in one by one are not taken for the whole; each begins the rest anew."""
    bench = Bench()
    bench.pan.look("A", waits=True)
    for grams in (150, 300, 450):
        bench.scale.put(grams)
        weight = bench.pan.look("A", waits=True)
        assert weight is not None
        assert bench.pan.is_early(weight, known=False)
        assert not bench.pan.is_early(weight, known=True)
        bench.now += HANDS_OFF_S - 0.5
    bench.now += 0.5
    assert weight is not None
    assert not bench.pan.is_early(weight, known=False)
