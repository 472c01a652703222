"""Scanners as the settings name them: addresses, keys, and threads that listen to several."""

from __future__ import annotations

import errno
import termios
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import serial
from devices.scanner_plugs import CTRL, SHIFT, EvdevPlug, PtyPlug

from station.device_settings import ScannerSettings
from station.devices import scanning
from station.devices.attending import Attendant
from station.devices.evdev_keys import DOWN, EV_KEY, EV_SYN, REPEAT, SYN_DROPPED, UP, KeyStream
from station.devices.evdev_scanner import EvdevScanner
from station.devices.open_scanner import scanner_port
from station.devices.scan_line import LOST, Framing
from station.devices.serial_scanner import SerialScanner
from station.errors import ConfigError, DeviceAbsent
from station.wedge import Read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.devices.ports import Scanner

CODES = ("9520000000011", "9520000000028")
ALT, CAPS, KP0, KP2, KP9 = 56, 58, 82, 80, 73


class Ears:
    """Hears what scanners read, from any thread."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.changes = 0
        self._changed = threading.Condition()

    def hear(self, read: Read, _at: float) -> None:
        """Keep one read."""
        with self._changed:
            self.reads.append(read)
            self._changed.notify_all()

    def change(self) -> None:
        """Count that a scanner went or came."""
        with self._changed:
            self.changes += 1
            self._changed.notify_all()

    def wait(self, is_there: Callable[[], object]) -> None:
        """Wait until something is so."""
        with self._changed:
            assert self._changed.wait_for(is_there, 10)


# — addresses —
@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("serial:///dev/ttyACM0?baud=115200&parity=even&bits=7", "ttyACM0"),
        ("evdev:///dev/input/event5", "event5"),
        ("evdev:///dev/input/by-id/usb-Honeywell_1900-event-kbd", "Honeywell_1900"),
        ("simulated://hand?prefix=%02&suffix=none&pause=0.2", "hand"),
        ("serial:///dev/ttyS0?name=table+2", "table 2"),
    ],
)
def test_addresses_name_scanners(url: str, name: str, tmp_path: Path) -> None:
    """Each kind of address is taken, and the scanner has a short name."""
    assert scanner_port(url, ScannerSettings(), tmp_path).name == name


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("seriel:///dev/ttyACM0", "Did you mean “serial”?"),
        ("serial:///dev/ttyACM0?bauds=9600", "Did you mean “baud”?"),
        ("serial:///dev/ttyACM0?baud=9601", "Did you mean “9600”?"),
        ("serial:///dev/ttyACM0?parity=evn", "Did you mean “even”?"),
        ("serial:///dev/ttyACM0?bits=9", "Write a number from 7 to 8."),
        ("serial://ttyACM0", "begins with /dev/"),
        ("evdev:///etc/passwd", "begins with /dev/"),
        ("simulated://../x", "has no name in it"),
        ("simulated://", "has no name in it"),
        ("/dev/ttyACM0", "Unknown scanner"),
    ],
)
def test_wrong_addresses_say_what_is_right(url: str, words: str, tmp_path: Path) -> None:
    """A mistake in an address is told with the nearest right word."""
    with pytest.raises(ConfigError) as caught:
        scanner_port(url, ScannerSettings(), tmp_path)
    assert words in str(caught.value)


# — ports that cannot be opened —
def test_ports_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    """Nothing there, no serial port, no keyboard, used by somebody else: each in its words."""
    plain = tmp_path / "plain"
    plain.touch()
    plug = PtyPlug(tmp_path)
    first = plug.open(Framing())
    attempts: tuple[tuple[Callable[[], Scanner], str], ...] = (
        (lambda: SerialScanner(str(tmp_path / "no"), "A", Framing()), "A unplugged"),
        (lambda: SerialScanner(str(plain), "A", Framing()), "A is no serial port"),
        (lambda: plug.open(Framing()), "ttyACM0 used by another program"),
        (lambda: EvdevScanner(str(tmp_path / "no"), "B", Framing()), "B unplugged"),
        (lambda: EvdevScanner(str(plain), "B", Framing()), "B is no keyboard"),
    )
    for opened, words in attempts:
        with pytest.raises(DeviceAbsent, match=words):
            opened()
    first.close()
    plug.unplug()


def test_a_port_that_goes_while_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal's own calls raise then is an absence like any other."""

    def pulled(*_args: object, **_named: object) -> None:
        raise termios.error(errno.EIO, "Input/output error")

    monkeypatch.setattr(serial, "Serial", pulled)
    with pytest.raises(DeviceAbsent, match="A unplugged"):
        SerialScanner("/dev/ttyACM0", "A", Framing())


@pytest.mark.parametrize(
    ("number", "words"), [(13, "may not be read"), (16, "used by another program")]
)
def test_a_refused_grab_is_told(number: int, words: str, tmp_path: Path) -> None:
    """A keyboard that somebody else has, or that we may not have, is named with its remedy."""
    file = tmp_path / "event7"
    file.touch()

    def grab(_handle: int) -> None:
        raise OSError(number, "no")

    with pytest.raises(DeviceAbsent, match=words) as caught:
        EvdevScanner(str(file), "event7", Framing(), grab)
    assert caught.value.remedy


# — keys —
def pressed(*events: tuple[int, int]) -> str:
    """Return what keys type: (code, DOWN or UP) each."""
    stream = KeyStream()
    return "".join(stream.feed(EV_KEY, code, value) for code, value in events)


def test_caps_lock_turns_letters_alone() -> None:
    """Caps Lock makes capitals of letters, Shift takes it back, digits stay as they are."""
    tap = [(CAPS, DOWN), (CAPS, UP)]
    letters = [(30, DOWN), (30, UP), (2, DOWN), (2, UP), (SHIFT, DOWN), (30, DOWN), (SHIFT, UP)]
    assert pressed(*tap, *letters, *tap, (30, DOWN)) == "A1aa"


def test_a_held_key_types_once() -> None:
    """The kernel's repeats of a held key are none of the scanner's."""
    stream = KeyStream()
    assert "".join(stream.feed(EV_KEY, 30, value) for value in (DOWN, REPEAT, REPEAT, UP)) == "a"


@pytest.mark.parametrize(
    ("keys", "char"), [((KP2, KP9), "\x1d"), ((KP0, KP2, KP9), "\x1d"), ((KP9, KP9, KP9), LOST)]
)
def test_numbers_with_alt_are_characters(keys: tuple[int, ...], char: str) -> None:
    """Alt and 29 or 029 at the keypad is GS; a number that no character has is lost."""
    events = [event for key in keys for event in ((key, DOWN), (key, UP))]
    assert pressed((ALT, DOWN), *events, (ALT, UP)) == char


def test_control_keys_are_control_characters() -> None:
    """Ctrl+] is GS, Ctrl+B is STX, and Ctrl with a digit is none."""
    assert pressed((CTRL, DOWN), (27, DOWN), (27, UP), (48, DOWN), (3, DOWN)) == f"\x1d\x02{LOST}"


def test_missing_keys_spoil_the_code(tmp_path: Path) -> None:
    """A code in which the kernel lost keys, or with a key of no character, is not whole."""
    plug = EvdevPlug(tmp_path)
    scanner = plug.open(Framing(pause_s=0.08))
    time.sleep(0.06)
    for event in ((EV_SYN, SYN_DROPPED, 0), (EV_KEY, 59, DOWN)):  # the second is F1
        plug.send("9520")
        plug.events(event)
        plug.send("000000011\r9520000000011\r")
    reads: list[Read] = []
    end = time.monotonic() + 5
    while len(reads) < 4 and time.monotonic() < end:
        reads += scanner.read(1)
    assert [read.whole for read in reads] == [False, True, False, True]
    scanner.close()
    plug.unplug()


# — several at once —
def test_two_scanners_at_once_are_never_mixed(tmp_path: Path) -> None:
    """Codes sent piece by piece over two files at once come out whole, from both."""
    ears = Ears()
    settings = ScannerSettings(ports=("simulated://left?pause=5", "simulated://right?pause=5"))
    scanners = scanning.scanners(settings, tmp_path, ears.hear, ears.change)
    scanners.start()
    ears.wait(lambda: scanners.words() == "")
    time.sleep(0.06)
    files = [tmp_path / "simulated" / f"{name}.scans" for name in ("left", "right")]
    for at in range(0, 14, 2):
        for file, code in zip(files, CODES, strict=True):
            with file.open("a", newline="") as out:
                out.write(f"{code}\r"[at : at + 2])
    ears.wait(lambda: len(ears.reads) == 2)
    scanners.stop()
    assert {read.text for read in ears.reads} == set(CODES)
    assert all(read.whole for read in ears.reads)


def test_a_scanner_that_went_away_is_named_and_comes_back(tmp_path: Path) -> None:
    """Unplugged it is told by its name; plugged in again it reads on by itself."""
    ears, plug = Ears(), PtyPlug(tmp_path)
    plug.plug_in()
    attended: Attendant[Scanner] = Attendant(
        "ttyACM0",
        lambda: SerialScanner(str(plug.path), "ttyACM0", Framing()),
        scanning.Feed(ears.hear).use,
        ears.change,
    )
    scanners = scanning.Scanners((attended,))
    scanners.start()
    ears.wait(lambda: scanners.each() == (("ttyACM0", ""),))
    time.sleep(0.06)
    plug.send(CODES[0][:5])
    plug.unplug()
    ears.wait(lambda: scanners.words() == "scanner ttyACM0 unplugged")
    plug.plug_in()
    ears.wait(lambda: not scanners.words())
    time.sleep(0.06)
    plug.send(CODES[1] + "\r")
    ears.wait(lambda: Read(CODES[1]) in ears.reads)
    scanners.stop()
    plug.unplug()
    assert [read for read in ears.reads if read.whole] == [Read(CODES[1])]


class Flooding:
    """A device that sends a code with every look at it."""

    name = "mad"

    def read(self, _timeout_s: float) -> tuple[Read, ...]:
        """Return one more."""
        return (Read("1"),)

    def close(self) -> None:
        """Let it go."""


def test_a_flood_is_no_scanner() -> None:
    """A device that sends more codes than anybody scans is let go, and told."""
    ears = Ears()
    feed = scanning.Feed(ears.hear, clock=lambda: 5.0)
    for _ in range(scanning.FLOOD):
        feed.use(Flooding())
    with pytest.raises(DeviceAbsent, match="mad sends nonsense"):
        feed.use(Flooding())
    assert len(ears.reads) == scanning.FLOOD


@pytest.mark.parametrize("prefix", ["\r", "~\t", "A", "7", "\x02\x03"])
def test_a_prefix_shows_where_a_code_begins(prefix: str, tmp_path: Path) -> None:
    """One that ends codes, or stands in them, is a mistake in the settings; of any scanner."""
    assert scanning.typed_wedge(ScannerSettings(prefix="~")).feed("~", 1.0) == ()
    with pytest.raises(ConfigError, match="prefix"):
        scanning.typed_wedge(ScannerSettings(prefix=prefix))
    with pytest.raises(ConfigError, match="prefix"):
        scanner_port(f"simulated://hand?prefix={quote(prefix)}", ScannerSettings(), tmp_path)


def test_a_fault_of_the_program_ends_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    """A scanner whose driver breaks is named, written down once, and tried again."""
    ears, faults = Ears(), [ValueError("a"), ValueError("b")]

    def use(_scanner: Scanner) -> None:
        if faults:
            raise faults.pop()
        time.sleep(0.01)

    attended: Attendant[Scanner] = Attendant("mad", Flooding, use, ears.change)
    attended.start()
    ears.wait(lambda: ears.changes >= 2 and "station.log" in attended.trouble)
    ears.wait(lambda: not faults and not attended.trouble)
    attended.stop()
    assert "device mad failed" in caplog.text


def test_what_was_learnt_is_remembered(tmp_path: Path) -> None:
    """A scanner is not learnt until it was."""
    assert not scanning.is_learnt(tmp_path)
    scanning.mark_learnt(tmp_path)
    assert scanning.is_learnt(tmp_path)
