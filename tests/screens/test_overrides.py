"""What a supervisor signs at the bench: each act through the screens, the store and the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples import MUG, SPOON, order
from screens.badged_shop import audited, enter, journal, sign

from station.errors import StoreUnreachable
from station.reach import Reach

if TYPE_CHECKING:
    import pytest
    from screens.badged_shop import BadgedShop
    from screens.shop import Packer


MUG_CODE, SPOON_CODE, NEW_CODE = "9520000000011", "9520000000035", "4006381333931"


async def begun(packer: Packer, shop: BadgedShop, *codes: str) -> None:
    """Let Ana take the order and scan some of it."""
    await enter(packer, shop, "Ana")
    await packer.press("enter")
    await packer.sees("111-1")
    for code in codes:
        await packer.scan(code)


async def closed(packer: Packer) -> None:
    """Scan the label that came out."""
    await packer.sees("SCAN THE LABEL")
    work = packer.view.work
    assert work is not None
    assert work.pack.label is not None
    await packer.scan("00" + work.pack.label.tracking_id)
    await packer.sees("DONE")
    await packer.delivered()


async def test_ships_short(badged: BadgedShop) -> None:
    """With a signature two of three mugs go out, and two are confirmed; who signed is kept."""
    badged.stock(order("111-1", (MUG, 3)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE, MUG_CODE)
        await packer.press("f4")
        await packer.sees("F6  SHIP SHORT", "Signed: with")
        packer.fits()
        packer.lacks("TEACH", "VOID")
        await packer.press("f6")
        await packer.sees("SHIP SHORT", "2 of 3 go out", "F2  Not on the shelf")
        packer.fits()
        await sign(packer, badged)
        await closed(packer)
        short = journal(packer, "shorted")[0]
        assert short.data["by"] == "Sue"
        assert short.data["reason"] == "Not on the shelf"
    store = badged.store()
    export = store.begin_export("x")
    store.close()
    assert export is not None
    assert [line.quantity for line in export.lines] == [2]
    line = audited(badged, "ship short")[0]
    assert (line.who, line.order_id, line.data["units"]) == ("Sue", "111-1", 2)


async def test_packer_may_not_sign(badged: BadgedShop) -> None:
    """A packer's own badge and PIN are refused in words, and nothing has changed."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        await packer.scan(badged.command("SHIP-SHORT"))
        await sign(packer, badged, "Bo")
        await packer.sees("This is not yours to decide.", "SHIP SHORT", "Not on the shelf")
        await packer.press("escape", "escape", "escape")
        await packer.needs("1")
        assert not journal(packer, "shorted")
    assert [line.who for line in audited(badged, "refused-ship short")] == ["Bo"]


async def test_wrong_pin_of_a_supervisor_changes_nothing(badged: BadgedShop) -> None:
    """A wrong PIN may be typed again; the reason and the badge need not be given again."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        await packer.scan(badged.command("SHIP-SHORT"))
        await sign(packer, badged, pin=badged.people["Sue"].wrong_pin)
        await packer.sees("do not", "Type your PIN")
        await packer.type_in(badged.people["Sue"].pin)
        await closed(packer)
    assert len(audited(badged, "wrong-pin")) == 1


async def test_teaches_a_code(badged: BadgedShop) -> None:
    """A code that nobody knew counts after the signature, here and in every later order."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, NEW_CODE)
        await packer.sees("UNKNOWN")
        await packer.press("f4")
        await packer.sees("F7  TEACH", "F8  PROPOSE")
        await packer.press("f7")
        await packer.sees("TEACH A CODE", NEW_CODE, "Blue mug")
        await sign(packer, badged)
        await packer.sees("from now on. Scan the unit again.")
        await packer.needs("2")
        await packer.scan(NEW_CODE)
        await packer.needs("1")
    store = badged.store()
    assert [product.sku for product, _ in store.find_product(["g:0" + NEW_CODE])] == [MUG.sku]
    store.close()


async def test_proposes_a_code(badged: BadgedShop) -> None:
    """Without a signature the code is proposed: the supervisor sees it, and it counts nothing."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, NEW_CODE)
        await packer.scan(badged.command("PROPOSE"))
        await packer.sees("Proposed: the supervisor sees it")
        await packer.scan(NEW_CODE)
        await packer.needs("2")
        await packer.delivered()
        entry = journal(packer, "proposed")[0]
        assert entry.data == {"code": "0" + NEW_CODE, "sku": MUG.sku}
        now = badged.now
        store = badged.store()
        board = store.board(now, now)
        assert board is not None
        assert [(p.code, p.sku, p.packer) for p in board.proposals] == [
            ("0" + NEW_CODE, MUG.sku, "Ana")
        ]
        store.close()


async def test_voids_a_label(badged: BadgedShop) -> None:
    """A signed void makes the label void at the store; the order stays and gets another one."""
    badged.stock(order("111-1", (MUG, 1)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        await packer.sees("SCAN THE LABEL")
        await packer.delivered()
        first = packer.view.work
        assert first is not None
        await packer.press("f4")
        await packer.press("f9")
        await packer.sees("MAKE THE LABEL VOID")
        await sign(packer, badged)
        await packer.sees("SCAN THE CARRIER LABEL")
        await packer.press("enter")
        await closed(packer)
        assert [entry.data["by"] for entry in journal(packer, "void-signed")] == ["Sue"]
        last = journal(packer, "scanned")[-1].data
        assert first.pack.label is not None
        assert last["tracking_id"] != first.pack.label.tracking_id
    assert [line.who for line in audited(badged, "void")] == ["Sue"]


async def test_reprints_a_label_of_an_order_that_left(badged: BadgedShop) -> None:
    """The search prints a shipped order's label again with a signature, and not without."""
    badged.stock(order("111-1", (MUG, 1)), order("222-1", (SPOON, 1)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        await closed(packer)
        came_out = len(badged.printer.came_out)
        await packer.press("f6")
        await packer.press("f5")
        await packer.sees("First find the one order")
        await packer.scan("111-1")
        await packer.sees("SHIPPED")
        await packer.press("f5")
        await packer.sees("PRINT THE LABEL AGAIN")
        await sign(packer, badged)
        await packer.sees("The label prints again. Destroy the other one.")
        await packer.until(lambda: len(badged.printer.came_out) == came_out + 1, "a label")
        assert [entry.data["by"] for entry in journal(packer, "reprinted")] == ["Sue"]
        spool = packer.floor.bench.shipping._spool
        await packer.until(lambda: all(job.forgotten for job in spool.jobs()), "no picture kept")
    assert [line.order_id for line in audited(badged, "reprint")] == ["111-1"]


async def test_nothing_is_signed_while_the_store_is_away(
    badged: BadgedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature that cannot be checked is refused, before and after the badge was scanned."""
    badged.stock(order("111-1", (MUG, 2)))
    words = "A supervisor's signature cannot be checked while the store is away."
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        await packer.scan(badged.command("SHIP-SHORT"))

        def away(*_args: object) -> object:
            raise StoreUnreachable("The store does not answer.")

        monkeypatch.setattr(packer.floor.store, "act", away)
        await sign(packer, badged)
        await packer.until(lambda: "cannot be checked" in " ".join(packer.text.split()), words)
        with monkeypatch.context() as stays:  # the link would say that all is well
            stays.setattr(Reach, "trouble", property(lambda _: "no answer", lambda _, _words: None))
            await packer.scan(badged.command("SHIP-SHORT"))
            assert packer.screen == "PackScreen"
        await packer.needs("1")
        assert not journal(packer, "shorted")


async def test_signed_facts_are_there_after_a_crash(badged: BadgedShop) -> None:
    """Started again, the bench stands at the very unit: what was signed is signed."""
    badged.stock(order("111-1", (MUG, 3), (SPOON, 1)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, NEW_CODE)
        await packer.scan(badged.command("TEACH"))
        await sign(packer, badged)
        await packer.sees("Scan the unit again")
        await packer.scan(NEW_CODE)
        await packer.scan(badged.command("SHIP-SHORT"))
        await sign(packer, badged)
        await packer.sees("Sue signed")
        before = packer.view.work
    async with badged.open(name="") as packer:
        await packer.scan(badged.people["Ana"].badge)
        await packer.sees("WOODEN SPOON")
        await packer.needs("1")
        after = packer.view.work
        assert before is not None
        assert after is not None
        assert after.pack == before.pack


async def test_nobody_can_sign_where_nobody_is_known(badged: BadgedShop) -> None:
    """Without people the problem screen offers no signature, and a command says who adds them."""
    badged.stock(order("111-1", (MUG, 2)))
    async with badged.open(name="") as packer:
        await begun(packer, badged, MUG_CODE)
        packer.floor.reach.badges = False
        await packer.press("f4")
        packer.lacks("SHIP SHORT")
        await packer.press("escape")
        await packer.scan(badged.command("SHIP-SHORT"))
        await packer.sees("the owner adds people")
