"""Bytes that no scanner should send: the program lives, counts nothing wrong, and scans on."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from samples import MUG
from terminal.homes import entries, furnish, order_for, scans, stored_scans
from terminal.pty_station import PtyStation
from terminal.wire_bytes import controls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD = MUG.barcodes[0].text
GS1 = f"\x1d01{GOOD.zfill(14)}\x1d"
PAUSE_S = 0.5
"""Longer than the pause after which a code that came fast is over."""

HARMLESS: dict[str, tuple[bytes, int]] = {
    "ctrl+q": (b"\x11\r", 0),
    "ctrl+c": (b"\x03\r", 0),
    "ctrl+p": (b"\x10\r", 0),
    "ctrl+z": (b"\x1a\r", 0),
    "ctrl+s": (b"\x13\r", 0),
    "ctrl+backslash": (b"\x1c\r", 0),
    "all controls": (bytes(range(1, 8)) + bytes(range(14, 27)) + b"\r", 0),
    "nul": (b"\x00\r", 0),
    "nul in a code": (GOOD[:4].encode() + b"\x00" + GOOD[4:].encode() + b"\r", 0),
    "gs alone": (b"\x1d\r", 0),
    "gs around a gtin": (f"{GS1}\r".encode(), 1),
    "colour": (b"\x1b[31mX\r", 0),
    "clipboard": (b"\x1b]52;c;ZXZpbA==\x07\r", 0),
    "title": (b"\x1b]0;pwned\x1b\\\r", 0),
    "clear": (b"\x1b[2J\r", 0),
    "report": (b"\x1b[6n\r", 0),
    "device control": (b"\x1bP1$r0m\x1b\\\r", 0),
    "escape in a code": (b"9520\x1b000000011\r", 0),
    "escapes": (b"\x1b\x1b\r", 0),
    "endless numbers": (b"\x1b[99999;99999;9999~\r", 0),
    "half a sequence": (b"\x1b[\r", 0),
    "mouse": (b"\x1b[<0;10;10M\r", 0),
    "focus": (b"\x1b[O\x1b[I\r", 0),
    "cursor report": (b"\x1b[24;80R\r", 0),
    "500 characters": (b"9" * 500 + b"\r", 0),
    "c1": ("\x9b31m\x9d0;x\x9c\r".encode(), 0),
    "right to left": ("\u202e1100000000259\r".encode(), 0),
    "markup": (b"[/red][@click=app.quit]x[/]\r", 0),
    "backspaces": (b"\x7f\x7f\x7f\r", 0),
    "empty lines": (b"\r\n\r\n\t\r", 0),
    "two codes glued": (f"{GOOD}{GOOD}\r".encode(), 0),
    "a cut code": (GOOD[:9].encode(), 0),
    "a code cut at its end": (GOOD[:-1].encode() + b"\r", 0),
    "two codes pasted": (f"\x1b[200~{GOOD}\n{GOOD}\x1b[201~".encode(), 2),
    "an escape pasted": (f"\x1b[200~\x1b]0;x\x07{GOOD}\n\x1b[201~".encode(), 0),
    "a paste's end alone": (b"\x1b[201~\r", 0),
}
"""What is sent, and how many units it counts."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a folder with one order for many mugs."""
    return furnish(tmp_path, order_for((MUG, 900)))


@pytest.fixture
def station(home: Path) -> Iterator[PtyStation]:
    """Give the program with that order in hand."""
    with PtyStation(home) as opened:
        opened.sign_in()
        opened.press_enter()
        opened.wait_for("0/900")
        yield opened


def test_hostile_bytes_count_nothing_and_stop_nothing(home: Path, station: PtyStation) -> None:
    """After each payload the next good scan is right, and only good codes were counted."""
    done = 0
    for name, (payload, units) in HARMLESS.items():
        station.write(payload)
        time.sleep(PAUSE_S if payload[-1:] != b"\r" else 0.1)
        station.scan(GOOD)
        done += units + 1
        station.wait_for(f"✓ RIGHT  Blue mug 350 ml, {done} of 900")
        assert station.is_alive, name
    station.process.kill()
    right = [text.rstrip("\x1d") for text, verdict in scans(home) if verdict == "RIGHT"]
    assert right.count(GOOD) == done - 1
    assert sum(verdict == "RIGHT" for _, verdict in scans(home)) == done
    assert controls(station.stream).isdisjoint({"C1", "OSC 0", "OSC 52", "CSI n", "DCS"})


def test_bytes_that_are_no_utf8_do_not_end_the_program(station: PtyStation) -> None:
    """A scanner set to another character set is told so; the program lives."""
    for payload in (b"\x9b31m\r", b"\xff\xfe\xc3\r", b"\xed\xa0\x80\r"):
        station.write(payload)
        time.sleep(PAUSE_S)
    station.scan(GOOD)
    station.wait_for("✓ RIGHT  Blue mug 350 ml, 1 of 900", timeout_s=1.5)


def test_a_paste_that_never_ends_does_not_swallow_the_next_scans(station: PtyStation) -> None:
    """A code that looks like the start of a paste does not make the bench deaf."""
    station.write(f"\x1b[200~{GOOD}\r".encode())
    time.sleep(PAUSE_S)
    for _ in range(2):
        station.scan(GOOD)
        time.sleep(PAUSE_S)
    station.wait_for("✓ RIGHT  Blue mug 350 ml", timeout_s=1.5)


def test_a_function_key_inside_a_code_is_no_command(station: PtyStation) -> None:
    """A code with the bytes of F3 in it does not take back the last unit."""
    station.scan(GOOD)
    station.wait_for("✓ RIGHT  Blue mug 350 ml, 1 of 900")
    station.write(b"AB\x1bORCD\r")
    time.sleep(PAUSE_S)
    station.scan(GOOD)
    station.wait_for("✓ RIGHT  Blue mug 350 ml, 2 of 900", timeout_s=1.5)


def test_a_code_cannot_shrink_the_screen(station: PtyStation) -> None:
    """A code that looks like a terminal's report of its size leaves the screen readable."""
    station.write(b"\x1b[48;1;1;1;1t\r")
    time.sleep(PAUSE_S)
    station.scan(GOOD)
    station.wait_for("✓ RIGHT  Blue mug 350 ml, 1 of 900", timeout_s=1.5)


@pytest.mark.long
@pytest.mark.skipif("STATION_LONG" not in os.environ, reason="only in the long suite")
def test_a_busy_program_cuts_no_code(home: Path, station: PtyStation) -> None:
    """Far more scans than it can show, in one write: every one is whole when it is judged."""
    count = 800
    station.write(f"{GOOD}\r".encode() * count)
    station.wait_until(lambda: stored_scans(home) >= count)
    station.process.kill()
    station.process.wait()
    assert [entry.kind for entry in entries(home)[1:]] == ["scanned"] * count
    assert {text for text, _ in scans(home)} == {GOOD}
