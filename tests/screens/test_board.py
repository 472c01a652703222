"""The board shows what will be late, who waits for a decision, and what every bench does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from screens.supervisor import FLOOR, FakeStore, ago, bench, board, stuck
from textual.events import Resize
from textual.geometry import Size

from station.errors import StoreUnreachable
from station.model import OrderState
from station.overview import Board, Pulse
from station.screens.board_rows import BoardRows

if TYPE_CHECKING:
    from pathlib import Path

    from textual.strip import Strip

SIZES = [(132, 50), (100, 30), (60, 16), (59, 16), (20, 5), (7, 3), (1, 1), (500, 200)]


async def test_everything_is_on_80_by_24() -> None:
    """At 80×24 every section shows at least a row, and the keys and the status are whole."""
    async with board() as dora:
        await dora.sees("WILL LEAVE LATE", "2 overdue now", "an hour leave")
        for words in ("DUE", "NEEDS YOU", "BENCH", "NOT ACCEPTED YET", "LEFT THE BENCHES"):
            assert words in dora.text
        assert "Ana" in dora.row("bench-1   ")
        assert "1/3" in dora.row("bench-1   ")
        assert "12 unsent" in dora.row("bench-2")
        assert "F10 end" in dora.text
        assert "store ok" in dora.rows[-1]
        dora.fits()


async def test_need_has_its_reason() -> None:
    """Stuck orders, refused confirmations and proposed barcodes say what they are about."""
    async with board(size=(120, 40)) as dora:
        assert "SHORT: 0 of 1" in dora.row("111-0000005-0000005")
        assert "The buyer asked to wait" in dora.row("111-0000006-0000006")
        assert "Invalid tracking id" in dora.row("111-0000007-0000007")
        assert "MUG-350-BL" in dora.row("4006381333931")


async def test_nothing_late_is_said() -> None:
    """An empty floor is told in words, without alarm."""
    empty = Board(states={}, overdue=0, today=0, later=0)
    async with board(FakeStore(empty)) as dora:
        await dora.sees("NOTHING IS LATE", "no orders")
        assert not dora.app.screen.has_class("-late")
        await dora.press("down", "enter")
        await dora.sees("Choose a row")


async def test_change_of_one_row_paints_that_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a floor where one bench scanned, only that bench's row is painted."""
    async with board() as dora:
        painted: list[int] = []
        rows = dora.app.screen.query_one(BoardRows)
        draw = rows.render_line

        def noted(y: int) -> Strip:
            painted.append(y)
            return draw(y)

        monkeypatch.setattr(rows, "render_line", noted)
        pulse = replace(FLOOR.benches[0].pulse, done=2)
        benches = (bench("bench-1", pulse), *FLOOR.benches[1:])
        dora.store.floor = replace(FLOOR, benches=benches)
        dora.app.watch_floor.look_now()
        await dora.until(lambda: "2/3" in dora.row("bench-1   "), "two units")
        painted.clear()
        dora.store.floor = replace(FLOOR, later=6)
        dora.app.watch_floor.look_now()
        await dora.until(lambda: bool(painted), "a paint")
        assert len(set(painted)) < 5


async def test_unchanged_floor_paints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the same floor and ages that read the same send nothing to the terminal."""
    async with board() as dora:
        sent: list[object] = []
        monkeypatch.setattr(dora.app, "_display", lambda _screen, what: sent.append(what))
        looks = dora.store.looks
        for _ in range(3):
            dora.app._show()
            await dora.settle()
        dora.app.watch_floor.look_now()
        await dora.until(lambda: dora.store.looks > looks, "another look")
        await dora.settle()
        assert [what for what in sent if what is not None] == []


async def test_away_store_leaves_the_floor_in_grey() -> None:
    """While the store is away the last floor stays, with since when and why."""
    async with board() as dora:
        dora.store.trouble = StoreUnreachable("The store does not answer.", "It is tried again.")
        dora.app.watch_floor.look_now()
        await dora.sees("store AWAY since 12:00", "as it was")
        assert "The store does not answer." in dora.rows[-1]
        assert "Ana" in dora.row("bench-1   ")
        assert dora.app.screen.has_class("-away")
        dora.store.trouble = None
        dora.app.watch_floor.look_now()
        await dora.sees("store ok")
        assert not dora.app.screen.has_class("-away")


async def test_old_floor_does_not_look_like_news() -> None:
    """When nobody looks any more, for whatever reason, the floor is grey and says so."""
    async with board() as dora:
        dora.app.watch_floor.stop()
        dora.app.watch_floor._asked -= 100
        dora.app._show()
        await dora.sees("store AWAY since 11:58", "There is no news of the floor.")
        assert dora.app.screen.has_class("-away")


async def test_store_that_never_was_there_says_why() -> None:
    """Without a first floor the reason stands where the worst would."""
    away = FakeStore(trouble=StoreUnreachable("The store does not answer."))
    async with board(away) as dora:
        await dora.sees("The store does not answer.")
        dora.fits()


async def test_viewer_has_no_acts() -> None:
    """A viewer sees neither names nor keys for acts, and Enter does nothing."""
    async with board(FakeStore(FLOOR.for_viewers())) as dora:
        await dora.sees("LOOK ONLY")
        for words in ("Ana", "Invalid tracking", "decide", "F6", "F8"):
            assert words not in dora.text
        await dora.choose("PROBLEM")
        for key in ("enter", "f6", "f8"):
            await dora.press(key)
            assert len(dora.app.screen_stack) == 2


async def test_row_under_the_cursor_is_told_whole() -> None:
    """What does not fit into its row stands below while the cursor is on it."""
    async with board() as dora:
        await dora.choose("bench-2")
        await dora.until(lambda: "12 unsent, paper out" in dora.rows[-1], "the whole row")


async def test_cursor_stays_on_its_row() -> None:
    """When a row above comes or goes the cursor stays on the same order."""
    async with board() as dora:
        await dora.choose("111-0000006")
        more = stuck("111-0000004-0000004", OrderState.PROBLEM, "DAMAGED")
        dora.store.floor = replace(FLOOR, stuck=(more, *FLOOR.stuck))
        dora.app.watch_floor.look_now()
        await dora.sees("111-0000004")
        assert "111-0000006" in dora.row("▸")
        dora.store.floor = replace(FLOOR, stuck=FLOOR.stuck[:1])
        dora.app.watch_floor.look_now()
        await dora.until(lambda: "111-0000006" not in dora.text, "it is gone")
        dora.row("▸")


async def test_every_row_can_be_reached() -> None:
    """With forty stuck orders and thirty benches every row comes into sight with the arrows."""
    needs = tuple(stuck(f"111-{n:07}-0000000", OrderState.PROBLEM, f"why {n}") for n in range(40))
    benches = tuple(bench(f"b-{n}", Pulse("Ana")) for n in range(30))
    async with board(FakeStore(replace(FLOOR, stuck=needs, benches=benches))) as dora:
        seen = ""
        await dora.press("home")
        for _ in range(len(needs) + len(benches) + 12):
            seen += dora.row("▸")
            await dora.press("down")
        assert all(f"111-{n:07}" in seen for n in range(40))
        assert all(f"b-{n} " in seen for n in range(30))
        for words in ("DUE", "BENCH", "NOT ACCEPTED", "LEFT"):
            assert words in dora.text


async def test_every_size_is_survived() -> None:
    """Any size crashes nothing, and back at 80×24 the board is as it was."""
    async with board() as dora:
        before = dora.rows
        for size in SIZES:
            await dora.pilot.resize_terminal(*size)
            await dora.settle()
            dora.fits()
            await dora.pilot.resize_terminal(80, 24)
            await dora.until(lambda: dora.rows == before, "the board as it was")


async def test_resize_bomb_is_survived() -> None:
    """A hundred sizes at once leave the board as it was."""
    async with board() as dora:
        before = dora.rows
        for number in range(100):
            dora.app.post_message(_resized(*SIZES[number % len(SIZES)]))
        dora.app.post_message(_resized(80, 24))
        await dora.until(lambda: dora.rows == before, "the board as it was")


async def test_small_terminals_still_say_what_is_late() -> None:
    """Below 60×16 the overdue orders and those that will miss are told."""
    async with board(size=(20, 5)) as dora:
        for size in ((20, 5), (59, 24), (80, 15)):
            await dora.pilot.resize_terminal(*size)
            await dora.sees("2 OVERDUE", "WILL MISS")
            dora.fits()


async def test_bigger_terminals_show_more() -> None:
    """At 132×50 nothing is hidden and the day is a chart of several rows."""
    async with board(size=(132, 50)) as dora:
        assert " of " not in dora.row("NEEDS YOU")
        assert sum("█" in row for row in dora.rows) >= 8


async def test_hostile_texts_do_nothing() -> None:
    """Escape sequences, markup and direction marks in every text are words, or nothing."""
    evil = "\x1b]0;x\x07[/]\u202e\x9b2J\x00[@click=app.quit]a[/]" + "茶" * 60
    floor = Board(
        states={OrderState.WAITING: 1},
        overdue=0,
        today=1,
        later=0,
        benches=(bench(evil, Pulse(evil, evil, 1, 2, None, 1, evil)),),
        stuck=(stuck(evil, OrderState.PROBLEM, evil, title=evil),),
        told=(replace(FLOOR.told[0], channel=evil, state=evil),),
        refused=(replace(FLOOR.refused[0], order_id=evil, channel=evil, reason=evil),),
        proposals=(
            replace(FLOOR.proposals[0], code=evil, sku=evil, title=evil, packer=evil, station=evil),
        ),
    )
    async with board(FakeStore(floor)) as dora:
        dora.fits()
        for _ in range(8):
            await dora.press("down", "enter")
            dora.fits()
            await dora.press("escape", "escape")
        assert dora.app.is_running


async def test_ages_go_in_steps() -> None:
    """An age changes each ten seconds, then each minute."""
    async with board() as dora:
        assert "10 s" in dora.row("bench-1   ")
        dora.app._clock = lambda: ago(0) + timedelta(seconds=7)
        dora.app._show()
        await dora.settle()
        assert "10 s" in dora.row("bench-1   ")
        dora.app._clock = lambda: ago(-2)
        dora.app._show()
        await dora.sees("2 min")


async def test_end_key_ends_the_board_alone() -> None:
    """F10 ends the program; Ctrl keys, Escape and letters do not."""
    async with board() as dora:
        for key in ("ctrl+c", "ctrl+q", "ctrl+z", "ctrl+p", "escape", "q"):
            await dora.press(key)
        assert not dora.app._exit
        await dora.press("f10")
        assert dora.app._exit


async def test_no_door_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even called by name, nothing writes a file, opens a browser, or fills the clipboard."""
    monkeypatch.chdir(tmp_path)
    async with board() as dora:
        sent: list[str] = []
        monkeypatch.setattr(dora.app._driver, "write", sent.append)
        for name in ("screenshot", "suspend_process", "command_palette"):
            await dora.app.run_action(name)
        dora.app.open_url("https://example.invalid/")
        dora.app.copy_to_clipboard("secret")
        dora.app.save_screenshot()
        dora.app.deliver_screenshot()
        dora.app.deliver_text("secret")
        dora.app.deliver_binary("secret")
        with dora.app.suspend():
            assert dora.app.is_running
        assert not list(dora.app.get_system_commands(dora.app.screen))
        await dora.settle()
        assert len(dora.app.screen_stack) == 2
        assert not any("\x1b]52" in text for text in sent)
    assert not await asyncio.to_thread(lambda: [*tmp_path.iterdir()])


async def test_crash_shows_no_locals() -> None:
    """An error that nobody expected ends the program with a few words, without what was typed."""
    told: list[str] = []
    with pytest.raises(ZeroDivisionError):
        await _crash("482" + "913", told)
    assert "station.log" in "".join(told)
    assert "482913" not in "".join(told)


async def _crash(pin: str, told: list[str]) -> None:
    async with board() as dora:
        dora.app._show = lambda: int(pin) // 0  # type: ignore[method-assign, assignment]  # a fault
        dora.app.call_later(dora.app._show)
        await dora.until(lambda: bool(dora.app._exit_renderables), "the end")
        for shown in dora.app._exit_renderables:
            told += [segment.text for segment in getattr(shown, "segments", ())]


def _resized(width: int, height: int) -> Resize:
    return Resize(Size(width, height), Size(width, height))
