"""What every scanner with a port of its own does: serial on a pty, evdev on a pipe, simulated.

A real `/dev/input` is not here; the kernel's grab is a function that the test puts in its place.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from devices.scanner_plugs import PLUGS, EvdevPlug, Plug

from station.devices.scan_line import Framing
from station.errors import DeviceAbsent
from station.wedge import MAX_BUFFER, Read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.devices.ports import Scanner

CODE = "9520000000011"
QUICK = Framing(pause_s=0.08)
SETTLED_S = 0.06
"""What comes sooner after the opening may be the rest of a code."""


@pytest.fixture(params=sorted(PLUGS))
def plug(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Plug]:
    """Give each kind of scanner, and pull it out at the end."""
    made = PLUGS[request.param](tmp_path)
    yield made
    made.unplug()


def opened(plug: Plug, framing: Framing = QUICK) -> Scanner:
    """Open a scanner and wait until it listens."""
    scanner = plug.open(framing)
    time.sleep(SETTLED_S)
    return scanner


def read(scanner: Scanner, count: int, patience_s: float = 2.0) -> list[Read]:
    """Return so many reads, or fewer when they do not come."""
    reads: list[Read] = []
    end = time.monotonic() + patience_s
    while len(reads) < count and time.monotonic() < end:
        reads += scanner.read(0.1)
    return reads


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t"])
def test_every_usual_end_ends_a_code(plug: Plug, end: str) -> None:
    """CR, LF, CR LF and Tab end a code; the next one is whole as well."""
    scanner = opened(plug)
    plug.send(CODE + end)
    plug.send("X0012345AB" + end)
    assert read(scanner, 2) == [Read(CODE), Read("X0012345AB")]
    scanner.close()


def test_separators_letters_and_signs_arrive(plug: Plug) -> None:
    """GS is kept, capitals and signs are what they were."""
    scanner, text = opened(plug), ']C1101234\x1d215678 yZ-:/"#]_+(){}'
    plug.send(text + "\r")
    assert read(scanner, 1) == [Read(text)]
    scanner.close()


def test_a_code_in_pieces_is_one(plug: Plug) -> None:
    """A code that arrives in three pieces is one code."""
    scanner = opened(plug, Framing(pause_s=1.0))
    reads: list[Read] = []
    for piece in (CODE[:4], CODE[4:5], CODE[5:] + "\r"):
        plug.send(piece)
        reads += scanner.read(0.05)
    assert reads + read(scanner, 1 - len(reads)) == [Read(CODE)]
    scanner.close()


def test_a_code_without_an_end_is_broken(plug: Plug) -> None:
    """After a pause half a code comes out as broken; the next one is whole."""
    scanner = opened(plug)
    plug.send(CODE[:7])
    assert read(scanner, 1) == [Read(CODE[:7], whole=False)]
    plug.send(CODE + "\r")
    assert read(scanner, 1) == [Read(CODE)]
    scanner.close()


def test_a_scanner_without_a_suffix_ends_on_a_pause(plug: Plug) -> None:
    """Where the owner says so a pause makes the code whole."""
    scanner = opened(plug, Framing(ends_on_pause=True, pause_s=0.08))
    plug.send(CODE)
    assert read(scanner, 1) == [Read(CODE)]
    scanner.close()


def test_the_prefix_is_taken_off_and_wanted(plug: Plug) -> None:
    """A code with the prefix is whole, one without it has lost its begin."""
    scanner = opened(plug, Framing(pause_s=0.08, prefix="\x02"))
    plug.send(f"\x02{CODE}\r")
    plug.send(f"{CODE[5:]}\r")
    plug.send(f"{CODE[:5]}\x02{CODE}\r")
    cut, headless = Read(CODE[:5], whole=False), Read(CODE[5:], whole=False)
    assert read(scanner, 4) == [Read(CODE), headless, cut, Read(CODE)]
    scanner.close()


def test_an_endless_code_is_refused_as_a_whole(plug: Plug) -> None:
    """More characters than any code has come out as one broken run."""
    scanner = opened(plug, Framing(pause_s=1.0))
    for _ in range(0, MAX_BUFFER + 500, 100):
        plug.send("9" * 100)
        assert scanner.read(0.02) == ()
    plug.send("\r")
    (refused,) = read(scanner, 1)
    assert not refused.whole
    scanner.close()


def test_half_a_code_is_lost_with_the_plug(plug: Plug) -> None:
    """Unplugged in the middle of a code it says so; plugged in again the next code is whole."""
    scanner = opened(plug)
    plug.send(CODE[:6])
    assert scanner.read(0.05) == ()
    plug.unplug()
    with pytest.raises(DeviceAbsent, match="unplugged"):
        read(scanner, 1)
    scanner.close()
    scanner.close()

    again = opened(plug)
    plug.send(CODE + "\r")
    assert read(again, 1) == [Read(CODE)]
    again.close()


def test_a_code_that_was_on_its_way_when_it_was_opened_is_lost(plug: Plug) -> None:
    """What comes right after the opening is the rest of a code, and is not taken for one."""
    scanner = plug.open(QUICK)
    plug.send(CODE[6:] + "\r" + CODE + "\r")
    assert read(scanner, 1) == [Read(CODE)]
    scanner.close()


def test_silence_is_nothing(plug: Plug) -> None:
    """A scanner that says nothing gives nothing, and does not hold anybody up."""
    scanner = opened(plug)
    assert scanner.read(0.01) == ()
    scanner.close()


def test_the_device_is_grabbed_once(tmp_path: Path) -> None:
    """A keyboard scanner is taken for this program alone when it is opened."""
    plug = EvdevPlug(tmp_path)
    scanner = plug.open(QUICK)
    assert plug.grabbed == 1
    scanner.close()
    plug.unplug()
