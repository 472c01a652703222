"""The board in a real terminal: over a real store, with hostile input and in poor terminals."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from samples import MUG, SPOON
from terminal.homes import furnish, order_for
from terminal.pty_station import PtyStation
from terminal.wire_bytes import controls

from station.acts import Role
from station.model import OrderState
from station.overview import Pulse
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

F6, F10, ENTER = b"\x1b[17~", b"\x1b[21~", b"\r"
ONE = "111-0000001-0000001"
COLOUR = re.compile(rb"\x1b\[[0-9;]*(?:[34][0-8]|9[0-7]|10[0-7])[0-9;]*m")
EVIL = "\x1b]0;x\x07[/]\u202e\x9b2J[@click=app.quit]a[/] 茶 é"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a shop with two orders and a bench whose every word is an attack."""
    furnish(tmp_path, order_for((MUG, 2)), order_for((SPOON, 1), order_id="111-0000002-0000002"))
    store = SqlOrderStore.open(f"sqlite:///{tmp_path / 'store.db'}")
    store.pulse("bench-7", Pulse(EVIL, ONE, 1, 2, None, 3, EVIL))
    store.halt("111-0000002-0000002", OrderState.HELD, EVIL)
    store.close()
    return tmp_path


def person(home: Path) -> str:
    """Add an owner and return his PIN."""
    store = SqlOrderStore.open(f"sqlite:///{home / 'store.db'}")
    _, pin = store.add_person("Olga", Role.OWNER)
    store.close()
    return pin


def state(home: Path, order_id: str) -> str:
    """Return the state of an order."""
    store = SqlOrderStore.open(f"sqlite:///{home / 'store.db'}")
    found = store.order(order_id)
    store.close()
    assert found
    return found[1].value


def test_order_is_held_from_the_board(home: Path) -> None:
    """F6, the order's number, hold, a reason, name and PIN: the store has it on hold."""
    pin = person(home)
    with PtyStation(home, "board") as board:
        board.wait_for("bench-7")
        board.press(F6)
        board.wait_for("ANY ORDER")
        board.scan(ONE)
        board.wait_for("F4  hold")
        board.press(b"\x1bOS")
        board.wait_for("Why?")
        board.scan("the address is asked for")
        board.wait_for("Who decides?")
        board.scan("Olga")
        board.wait_for("Type your PIN")
        board.write(pin.encode())
        board.wait_for("••••••")
        board.press_enter()
        board.wait_for("✓ ")
        board.press(F10)
        board.process.wait(10)
        stream = bytes(board.stream)
    assert board.process.returncode == 0
    assert state(home, ONE) == "held"
    assert pin.encode() not in stream
    assert pin not in (home / "station.log").read_text()


def test_hostile_words_and_sizes_do_nothing(home: Path) -> None:
    """Words full of escape sequences, and sizes from 1×1 to 500×200, leave the board whole."""
    with PtyStation(home, "board") as board:
        board.wait_for("bench-7")
        for columns, rows in ((1, 1), (500, 200), (3, 90), (300, 2), (20, 5), (500, 200)) * 3:
            board._set_size(columns, rows)
            time.sleep(0.01)
        board.resize(80, 24)
        board.wait_for(lambda screen: "bench-7" in screen and "F10 end" in screen)
        stream = bytes(board.stream)
    for raw in (b"\x1b]0;", b"\x1b[2J\x1b", b"\xc2\x9b", "\u202e".encode()):
        assert raw not in stream
    assert "C1" not in controls(stream)


def test_paste_of_ten_megabytes_is_survived(home: Path) -> None:
    """After ten megabytes in a million lines the board still answers its keys."""
    with PtyStation(home, "board") as board:
        board.wait_for("bench-7")
        board.press(F6)
        board.wait_for("ANY ORDER")
        board.write(b"\x1b[200~" + b"$(id)\r\r\rid\n" * 1_000_000 + b"\x1b[201~")
        time.sleep(1.1)  # what is typed within the second of a flood is not taken
        for _ in range(3):
            board.press(b"\x1b")
            time.sleep(0.2)
        board.wait_for("NEEDS YOU", 60)
        board.press(F10)
        board.process.wait(10)
    assert board.process.returncode == 0


def test_old_terminal_gets_neither_colours_nor_drawings(home: Path) -> None:
    """A VT100 is sent no colours and nothing but ASCII; the words and signs are the same."""
    with PtyStation(home, "board", settings={"TERM": "vt100"}) as board:
        board.wait_for("bench-7")
        board.wait_for("HELD")
        stream = bytes(board.stream)
    assert not COLOUR.search(stream)
    assert stream.isascii()


def test_terminal_without_utf8_gets_ascii(home: Path) -> None:
    """With LANG=C every byte is ASCII: bars, rules and arrows by their nearest signs."""
    with PtyStation(home, "board", settings={"LANG": "C", "PYTHONCOERCECLOCALE": "0"}) as board:
        screen = board.wait_for("bench-7")
        stream = bytes(board.stream)
    assert stream.isascii()
    assert "^v choose" in screen
    assert "NEEDS YOU ----" in screen
    assert "?? e" in screen


def test_textuals_own_variables_do_nothing(home: Path, tmp_path: Path) -> None:
    """Neither a log nor a screenshot is written, and no other driver is taken."""
    log = tmp_path / "leak.log"
    settings = {
        "TEXTUAL_LOG": str(log),
        "TEXTUAL_DRIVER": "os:system",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_PRESS": "f10",
        "TEXTUAL": "devtools",
    }
    with PtyStation(home, "board", settings=settings) as board:
        board.wait_for("bench-7")
        time.sleep(1.2)
        assert board.process.poll() is None
    assert not log.exists()
    assert not list(tmp_path.glob("*.svg"))


def test_lost_line_ends_the_board(home: Path) -> None:
    """When the SSH line is lost the program ends by itself."""
    with PtyStation(home, "board") as board:
        board.wait_for("bench-7")
        board.hang_up()
        board.process.wait(10)
