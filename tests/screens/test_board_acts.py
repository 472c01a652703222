"""A supervisor decides from the board: choose, sign, and the store does it or says why not."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from samples import MUG, SPOON, order
from screens.supervisor import BADGE, FLOOR, PIN, FakeStore, bench, board, stuck

from station import board_acts, board_keys
from station.acts import Act, ActKind, Signature
from station.model import OrderState
from station.overview import Pulse

if TYPE_CHECKING:
    from station.board_acts import Subject

PROBLEM = "111-0000005-0000005"


async def test_problem_order_goes_back_to_the_queue() -> None:
    """Choose the row, the act and a reason, sign with name and PIN: the store's words are shown."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter")
        await dora.sees(f"ORDER {PROBLEM}", "to the queue", "ship short", "cancel")
        await dora.press("enter")
        await dora.sees("TO THE QUEUE", "the goods are there now")
        await dora.press("f2")
        await dora.type_in("Dora")
        await dora.type_in(PIN)
        await dora.sees(f"✓ {PROBLEM}: done.")
    act, signature = dora.store.signed[0]
    assert act == Act(ActKind.REQUEUE, PROBLEM)
    assert signature == Signature("Dora", PIN, "the goods are there now")


async def test_wrong_pin_keeps_all_but_the_pin() -> None:
    """After a wrong PIN the reason and the name are still there, and only the PIN is asked."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.sign("the shelf was wrong", pin="000000")
        await dora.sees("Name or PIN is wrong. Try again.", "the shelf was wrong", "Dora")
        await dora.type_in(PIN)
        await dora.sees("done.")
    assert [signature.reason for _, signature in dora.store.signed] == ["the shelf was wrong"] * 2


async def test_away_store_keeps_the_signature_too() -> None:
    """When the store is away its words are shown and the decision can be sent again."""
    async with board() as dora:
        dora.store.is_away = True
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.sign()
        await dora.sees("The store does not answer.", "Dora")
        dora.store.is_away = False
        await dora.type_in(PIN)
        await dora.sees("done.")


async def test_pin_is_never_shown() -> None:
    """What is typed of a PIN stands there as dots, and no screen or message keeps it."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.type_in("because")
        await dora.type_in("Dora")
        await dora.feed(PIN)
        await dora.sees("••••••")
        assert PIN not in dora.text
        await dora.press("enter")
        await dora.sees("done.")
        assert PIN not in repr(dora.store.signed)
        dora.store.signed.clear()
        gc.collect()
        assert PIN not in dora.text


async def test_badge_signs_like_a_name() -> None:
    """A scanned badge at any question says who signs."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.type_in(BADGE)
        await dora.sees("badge scanned")
        await dora.type_in("because")
        await dora.type_in(PIN)
        await dora.sees("done.")
    assert dora.store.signed[0][1].who == "7A8Y9BQG"


async def test_escape_goes_back_step_by_step() -> None:
    """Escape takes back one answer after the other, and at last leaves without a change."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.type_in("because")
        await dora.type_in("Dora")
        await dora.sees("Type your PIN")
        await dora.press("escape")
        await dora.sees("Who decides?", "because")
        await dora.press("escape", "escape")
        await dora.sees("Nothing was changed.")
    assert dora.store.signed == []


async def test_only_digits_are_a_pin() -> None:
    """Anything but a few digits is no PIN and does not reach the store."""
    async with board() as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "enter")
        await dora.type_in("because")
        await dora.type_in("Dora")
        for text in ("abc", "12 34", "", "٣٤٥٦٧٨", "1" * 60):
            await dora.type_in(text)
            await dora.sees("Type your PIN")
    assert dora.store.signed == []


async def test_order_ships_short_of_the_sku_that_is_asked() -> None:
    """Of an order with two SKUs one is chosen, then how many units are shipped."""
    store = FakeStore(orders=(order(PROBLEM, (MUG, 3), (SPOON, 1)),))
    async with board(store) as dora:
        await dora.choose(PROBLEM)
        await dora.press("enter", "f3")
        await dora.sees("Of which SKU", "3 × MUG-350-BL", "1 × SPOON-30")
        await dora.press("enter")
        await dora.sees("of the 3 ordered")
        await dora.type_in("two")
        await dora.sees("of the 3 ordered")
        await dora.type_in("2")
        await dora.sign()
        await dora.sees("done.")
    assert store.signed[0][0] == Act(ActKind.SHIP_SHORT, PROBLEM, sku=MUG.sku, units=2)


async def test_order_of_a_bench_goes_to_another_one() -> None:
    """The benches that are there are offered, without the one that has the order."""
    more = bench("bench-4", Pulse("Eva"))
    store = FakeStore(replace(FLOOR, benches=(*FLOOR.benches, more)))
    async with board(store) as dora:
        await dora.choose("bench-1")
        await dora.press("enter", "f3")
        await dora.sees("Which bench gets it?", "bench-2", "bench-4")
        assert "bench-3" not in dora.text
        await dora.press("f3")
        await dora.sign()
        await dora.sees("done.")
    assert store.signed[0][0] == Act(ActKind.REASSIGN, "111-0000001-0000001", station="bench-4")


async def test_any_order_is_found_by_its_number() -> None:
    """F6 asks for a number; the acts fit the order's state, and one that stands first goes back."""
    row = stuck("111-0000009-0000009", OrderState.WAITING, rank=0)
    async with board(FakeStore(rows=(row,))) as dora:
        await dora.press("f6")
        await dora.type_in("999")
        await dora.sees("No order begins with 999")
        await dora.type_in("111-0000009")
        await dora.sees("not first", "to another bench", "hold", "cancel")
        await dora.press("enter")
        await dora.sign()
        await dora.sees("done.")
    assert dora.store.signed[0][0] == Act(ActKind.PRIORITISE, row.order_id, units=0)


async def test_several_orders_are_offered() -> None:
    """When several orders begin with what was typed, one of them is chosen."""
    rows = tuple(stuck(f"111-000000{n}-0000000", OrderState.WAITING) for n in range(3))
    async with board(FakeStore(rows=rows)) as dora:
        await dora.press("f6")
        await dora.type_in("111")
        await dora.sees("Which of these?")
        await dora.press("down", "enter")
        await dora.sees("ORDER 111-0000001-0000000", "put first")


async def test_each_row_has_its_acts() -> None:
    """Refused confirmations, proposed barcodes and held orders are decided from their rows."""
    async with board() as dora:
        for words, key, kind in (
            ("REFUSED", "f2", ActKind.RETRY),
            ("REFUSED", "f3", ActKind.DISMISS),
            ("BARCODE", "f2", ActKind.TEACH),
            ("BARCODE", "f3", ActKind.REJECT),
            ("HELD", "f2", ActKind.UNHOLD),
            ("HELD", "f4", ActKind.CANCEL),
        ):
            await dora.choose(words)
            await dora.press("enter", key)
            await dora.sign()
            await dora.sees("done.")
            assert dora.store.signed[-1][0].kind == kind


async def test_somebody_is_unlocked_by_name() -> None:
    """F8 asks for a name and lets him try again."""
    async with board() as dora:
        await dora.press("f8")
        await dora.type_in("Ana")
        await dora.sign()
        await dora.sees("Ana: done.")
    assert dora.store.signed[0][0] == Act(ActKind.UNLOCK, person="Ana")


async def test_row_without_a_decision_says_so() -> None:
    """Enter on an hour or on an idle bench opens nothing."""
    async with board() as dora:
        for words in ("overdue", "bench-2", "pending"):
            await dora.choose(words)
            await dora.press("enter")
            await dora.sees("There is nothing to decide")
            assert len(dora.app.screen_stack) == 2


async def test_stray_letters_take_no_key_with_them() -> None:
    """A letter typed on the board or over a list of acts does not spoil the next key."""
    async with board() as dora:
        await dora.feed("xyz")
        await dora.choose(PROBLEM)
        await dora.feed("x")
        await dora.press("enter")
        await dora.sees("to the queue")
        await dora.feed("q")
        await dora.press("f2")
        await dora.sees("Why?")


async def test_help_names_every_key() -> None:
    """F1 shows every key with what it does; a viewer sees his own alone."""
    async with board() as dora:
        await dora.press("f1")
        for each in board_keys.KEYS:
            assert each.help in dora.text
        await dora.press("escape")
        assert len(dora.app.screen_stack) == 2
    async with board(FakeStore(FLOOR.for_viewers())) as guest:
        await guest.press("f1")
        assert board_keys.FIND.help not in guest.text


async def test_dialogs_survive_every_size() -> None:
    """Choosing and signing work in a window of any size."""
    async with board() as dora:
        for size in ((20, 5), (1, 1), (60, 16), (200, 60)):
            await dora.pilot.resize_terminal(80, 24)
            await dora.choose(PROBLEM)
            await dora.pilot.resize_terminal(*size)
            await dora.press("enter", "enter")
            dora.fits()
            for line in ("because", "Dora", PIN):
                await dora.type_in(line)
                dora.fits()
            await dora.until(lambda: bool(dora.store.signed), "the decision")
            dora.store.signed.clear()


def test_every_act_of_the_board_has_words() -> None:
    """Each act that a row offers has a label, what it does, and reasons to choose."""
    states = tuple(stuck("1", state) for state in OrderState)
    rows: tuple[Subject, ...] = (*states, *FLOOR.refused, *FLOOR.proposals, *FLOOR.benches)
    offered = {kind for row in rows for kind in board_acts.kinds(row)} | {ActKind.UNLOCK}
    assert offered == set(board_acts.WORDS)
    assert set(ActKind) - offered == {ActKind.REPRINT, ActKind.WEIGHT}
    assert max(len(words.help) for words in board_acts.WORDS.values()) <= 63


async def test_low_terminals_show_the_whole_question() -> None:
    """At 60×16 every choice, every reason and the question itself are in sight."""
    row = stuck(PROBLEM, OrderState.PACKED)
    async with board(FakeStore(rows=(row,)), size=(60, 16)) as dora:
        await dora.press("f6")
        await dora.type_in(PROBLEM)
        await dora.sees("take away", "to another bench", "void the label", "hold", "cancel")
        await dora.press("enter")
        await dora.sees("F2", "F3", "F4", "Reason", "Who", "PIN", "Why?")
