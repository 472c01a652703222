"""The scale as the packer sees it: the weight big and live, one thing to do, and who may differ."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from fake_weigher import FakeWeigher
from samples import CARD, MUG, SPOON, order
from screens.badged_shop import audited, enter, journal, sign

from station import compose
from station.barcodes import signed
from station.device_settings import BoxSettings, ScaleSettings
from station.devices.ports import Reading, ScaleState
from station.pack import Stage
from station.pan import Pan

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from screens.badged_shop import BadgedShop
    from screens.shop import Packer, Shop

    from station.floor import Floor
    from station.messages import BenchChanged

MUG_CODE, SPOON_CODE = "9520000000011", "9520000000035"


def equip(shop: Shop, **settings: object) -> FakeWeigher:
    """Put a scale beside the bench of a shop, and two kinds of boxes unless told otherwise."""
    weigher = FakeWeigher()
    boxes = {"S": BoxSettings(150, "small box"), "L": BoxSettings(400, "large box")}
    values: dict[str, object] = {"scale": ScaleSettings(url="simulated://bench"), "boxes": boxes}
    shop.settings = replace(shop.settings, **(values | settings))  # type: ignore[arg-type]
    opened = shop.floor

    def floor(post: Callable[[BenchChanged], object]) -> Floor:
        made = opened(post)
        made.bench.pan = Pan(weigher)
        made.bench._own_load()
        return made

    shop.floor = floor  # type: ignore[method-assign]  # the scale comes with the bench
    return weigher


async def packed(packer: Packer, *codes: str) -> None:
    """Take the order and scan all of it."""
    await packer.press("enter")
    for code in codes:
        await packer.scan(code)


async def too_heavy(ana: Packer, badged: BadgedShop, scale: FakeWeigher) -> None:
    """Pack two mugs, and put 430 g too much on the scale."""
    await enter(ana, badged, "Ana")
    await packed(ana, MUG_CODE, MUG_CODE)
    await ana.sees("PUT THE PARCEL")
    scale.put(1270)
    await ana.sees("430 TOO MUCH")


async def test_from_the_last_unit_to_the_label(shop: Shop) -> None:
    """The sentence asks for the parcel, the weight stands there big, and the label comes alone."""
    scale = equip(shop)
    shop.stock(order("111-1", (MUG, 2), (SPOON, 1)))
    async with shop.open() as ana:
        await packed(ana, MUG_CODE, MUG_CODE, SPOON_CODE)
        await ana.sees("PUT THE PARCEL ON THE SCALE", "Expected 900 g", "SCAN THE BOX")
        await ana.sees("Put the parcel on the scale.")
        ana.fits()
        await ana.scan(signed("BOX", "S", compose.site_key(shop.home)))
        await ana.sees("✓ RIGHT  small box: the empty box weighs 150 g.", "BOX S 150 G")
        await ana.sees("Expected 1,050 g")
        scale.move(640)
        await ana.sees("GRAMS   IT MOVES", "Put everything into the box")
        await ana.needs("640")
        ana.fits()
        scale.put(1052)
        await ana.sees("✓ RIGHT  1,052 g, as expected.", "SCAN THE LABEL")
        assert shop.rings == 0
        ana.fits()


async def test_a_wrong_weight_is_on_the_screen_until_it_is_right(badged: BadgedShop) -> None:
    """By how much it differs, big and in words; it rings once, and a better weight ends it."""
    scale = equip(badged, boxes={})
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as ana:
        await enter(ana, badged, "Ana")
        await packed(ana, MUG_CODE, MUG_CODE)
        await ana.sees("PUT THE PARCEL")
        scale.put(1270)
        await ana.sees("✗ WRONG  430 g too much: 1,270 g instead of 840 g. Look into the box.")
        await ana.sees("430 TOO MUCH", "or F4: a supervisor signs")
        ana.fits()
        assert badged.rings == 1
        await ana.press("enter")
        await ana.sees("✗ NOT YET  First the parcel must be weighed.")
        scale.put(430)
        await ana.sees("✗ WRONG  410 g too little", "410 TOO LITTLE")
        scale.put(838)
        await ana.sees("✓ RIGHT  838 g, as expected.", "SCAN THE LABEL")
        assert badged.rings == 3


async def test_a_supervisor_accepts_a_weight(badged: BadgedShop) -> None:
    """With badge, PIN and reason it goes on; the store's log and the journal say who and why."""
    scale = equip(badged, boxes={})
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as ana:
        await too_heavy(ana, badged, scale)
        await ana.press("f4")
        await ana.sees("F10  WEIGHT     Signed: the parcel is right, whatever it weighs.")
        ana.fits()
        await ana.press("f10")
        await ana.sees("ACCEPT THE WEIGHT", "430 g too much: 1,270 g instead of 840 g.")
        ana.fits()
        await sign(ana, badged)
        await ana.sees("1,270 g accepted; Sue signed.", "SCAN THE LABEL")
        (fact,) = journal(ana, "weight-signed")
        assert (fact.data["grams"], fact.data["by"], fact.packer) == (1270, "Sue", "Ana")
    (line,) = audited(badged, "weight")
    assert (line.who, line.order_id) == ("Sue", "111-1")
    assert line.reason == "Looked into the box, all is right"


async def test_only_the_weight_that_was_shown_is_signed(badged: BadgedShop) -> None:
    """Where something was taken out or put in meanwhile, the signature holds for nothing."""
    scale = equip(badged, boxes={})
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as ana:
        await too_heavy(ana, badged, scale)
        await ana.press("f4")
        await ana.press("f10")
        await ana.sees("ACCEPT THE WEIGHT")
        scale.put(425)
        await ana.until(lambda: len(journal(ana, "weighed")) == 2, "another weight")
        await sign(ana, badged)
        await ana.sees("Another weight is on the scale by now.")
        assert not journal(ana, "weight-signed")


async def test_a_packer_cannot_accept_a_weight(badged: BadgedShop) -> None:
    """His own badge is refused, and where nothing is wrong there is nothing to sign."""
    scale = equip(badged, boxes={})
    badged.stock(order("111-1", (MUG, 1)))
    async with badged.open(name="") as ana:
        await enter(ana, badged, "Ana")
        await packed(ana, MUG_CODE)
        await ana.sees("PUT THE PARCEL")
        await ana.scan(badged.command("WEIGHT"))
        await ana.sees("✗ REFUSED  No weight is wrong.")
        scale.put(1270)
        await ana.sees("850 TOO MUCH")
        await ana.scan(badged.command("WEIGHT"))
        await sign(ana, badged, "Ana")
        await ana.sees("not yours to decide")
        work = ana.view.work
        assert work is not None
        assert (work.pack.stage, work.pack.label) == (Stage.WEIGH, None)
        assert not journal(ana, "weight-signed")


async def test_a_scale_that_was_unplugged(shop: Shop) -> None:
    """The screen says why and what to do; F2 goes on without, plugged in it goes on by itself."""
    scale = equip(shop)
    shop.stock(order("111-1", (MUG, 1)), order("111-2", (MUG, 1)))
    async with shop.open() as ana:
        scale.unplug()
        await packed(ana, MUG_CODE)
        await ana.sees("THE SCALE IS AWAY", "! The scale is not there.", "Plug its cable in.")
        await ana.sees("or F2: go on without a weight.")
        ana.fits()
        scale.plug_in()
        await ana.sees("PUT THE PARCEL ON THE SCALE")
        await ana.press("f2")
        await ana.sees("✗ REFUSED  The scale answers: put the parcel on it.")
        scale.unplug()
        await ana.sees("THE SCALE IS AWAY")
        await ana.press("f2")
        await ana.sees("It goes unweighed: The scale is not there.", "SCAN THE LABEL")
        assert journal(ana, "unweighed")[-1].data["reason"] == "The scale is not there."


async def test_where_a_weight_is_required(shop: Shop) -> None:
    """F2 does not go on; the sentence does not offer it."""
    scale = equip(shop, scale=ScaleSettings(url="simulated://bench", required=True))
    shop.stock(order("111-1", (MUG, 1)))
    async with shop.open() as ana:
        scale.unplug()
        await packed(ana, MUG_CODE)
        await ana.sees("no parcel leaves here unweighed. Or F4: park it.")
        ana.lacks("F2")
        await ana.press("f2")
        await ana.sees("✗ REFUSED  No parcel leaves here unweighed")


STATES = (
    (Reading(ScaleState.NEGATIVE, -12), "THE SCALE IS BELOW ZERO", "press ZERO on it"),
    (Reading(ScaleState.OVERLOAD), "TOO HEAVY FOR THE SCALE", "Take it off at once"),
    (Reading(ScaleState.FAULT), "THE SCALE SHOWS NO WEIGHT", "Switch the scale off and on"),
    (Reading(ScaleState.MOVING), "IT MOVES", "let go of it"),
    (Reading(ScaleState.STABLE, 3), "PUT THE PARCEL ON THE SCALE", "Put the parcel"),
)


async def test_what_the_scale_says(shop: Shop) -> None:
    """Every state of the scale has its words, and none of them is a weight."""
    scale = equip(shop)
    shop.stock(order("111-1", (MUG, 1)))
    async with shop.open() as ana:
        await packed(ana, MUG_CODE)
        for number, (reading, title, sentence) in enumerate(STATES):
            scale.number, scale.latest = number, reading
            await ana.sees(title, sentence)
            ana.fits()
        assert not journal(ana, "weighed")


async def test_the_parcel_before_is_in_the_way(shop: Shop) -> None:
    """Left on the scale, it must be taken off before the next one is weighed."""
    scale = equip(shop, boxes={})
    shop.stock(order("111-1", (MUG, 1)), order("111-2", (MUG, 1)))
    async with shop.open() as ana:
        await packed(ana, MUG_CODE)
        await ana.sees("PUT THE PARCEL")
        scale.put(421)
        await ana.sees("SCAN THE LABEL")
        work = ana.view.work
        assert work is not None
        assert work.pack.label is not None
        await ana.scan("00" + work.pack.label.tracking_id)
        await ana.sees("DONE")
        await packed(ana, MUG_CODE)
        await ana.sees("ANOTHER PARCEL", "Take the other parcel off the scale")
        ana.fits()
        scale.lift()
        await ana.sees("PUT THE PARCEL ON THE SCALE")
        scale.put(421)
        await ana.sees("✓ RIGHT  421 g, as expected.")


async def test_a_weight_that_nobody_knows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a weight on file the parcel goes on, and the screen says so before and after."""
    monkeypatch.setattr("station.pan.HANDS_OFF_S", 0.2)
    scale = equip(shop, boxes={})
    shop.stock(order("111-1", (CARD, 1)), products=[replace(CARD, sku="CARD-TY", weight_g=None)])
    async with shop.open() as ana:
        with ana.floor.store._database.write() as connection:  # type: ignore[attr-defined]
            connection.exec_driver_sql("UPDATE products SET weight_g = NULL")
        await packed(ana)
        await ana.press("f12")
        await ana.sees("What it should weigh is not known yet.")
        scale.put(33)
        await ana.sees("• NOTE  33 g. What it should weigh is not known yet.", "SCAN THE LABEL")


async def test_a_scale_from_the_settings(shop: Shop) -> None:
    """The whole way through the program's own watch, with a scale whose weight is in a file."""
    shop.settings = replace(shop.settings, scale=ScaleSettings(url="simulated:scale.txt"))
    shop.stock(order("111-1", (MUG, 1)))
    shown = shop.home / "scale.txt"
    await asyncio.to_thread(shown.write_text, "zero")
    async with shop.open() as ana:
        await packed(ana, MUG_CODE)
        await ana.sees("PUT THE PARCEL ON THE SCALE", "Expected 420 g")
        await asyncio.to_thread(shown.write_text, "424 g")
        await ana.sees("✓ RIGHT  424 g, as expected.", "SCAN THE LABEL")


async def test_without_a_scale_nothing_asks_for_one(shop: Shop) -> None:
    """A bench as it was: the label comes with the last unit, and F2 has nothing to say."""
    shop.stock(order("111-1", (MUG, 1)))
    async with shop.open() as ana:
        await packed(ana, MUG_CODE)
        await ana.sees("SCAN THE LABEL")
        await ana.press("f2")
        await ana.sees("✗ REFUSED  Nothing is to be weighed now.")
