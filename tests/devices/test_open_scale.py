"""Addresses of scales: the right ones, and the words for the wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import PtyScale, displayed, toledo_8217

from station.devices.open_scale import open_scale
from station.devices.ports import Reading, ScaleState
from station.errors import ConfigError, DeviceAbsent

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "url",
    [
        "hidraw://auto",
        "hidraw:///dev/hidraw0",
        "serial:///dev/ttyUSB0?protocol=mt-sics",
        "serial:///dev/ttyS0?protocol=nci&baud=1200&bits=7&parity=odd",
        "serial:///dev/serial/by-id/usb-FTDI?protocol=toledo-8217&unit=lb",
        "simulated://bench",
        "simulated://bench?grams=1250",
        "simulated:weight.txt",
        "simulated:///tmp/weight.txt",
    ],
)
def test_a_good_address_touches_nothing(url: str) -> None:
    """A scale that is not there yet is configured all the same."""
    assert callable(open_scale(url))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Unknown scale"),
        ("hidrow:///dev/hidraw0", "Did you mean “hidraw”"),
        ("hidraw:///etc/passwd", "is no device"),
        ("hidraw://hidraw0", "is no device"),
        ("hidraw:///dev/hidraw0?unit=kg", "Unknown option"),
        ("serial:///dev/ttyUSB0", "protocol is missing"),
        ("serial://ttyUSB0?protocol=nci", "is no device"),
        ("serial:///dev/ttyUSB0?protocol=mtsics", "Did you mean “mt-sics”"),
        ("serial:///dev/ttyUSB0?protocol=toledo-8217", "Add &unit=kg or &unit=lb"),
        ("serial:///dev/ttyUSB0?protocol=nci&unit=kg", "tells the unit itself"),
        ("serial:///dev/ttyUSB0?protocol=nci&baud=9601", "Did you mean “9600”"),
        ("serial:///dev/ttyUSB0?protocol=nci&bits=9", "Write a number from 7 to 8"),
        ("serial:///dev/ttyUSB0?protocol=nci&parity=evn", "Did you mean “even”"),
        ("serial:///dev/ttyUSB0?protokol=nci", "Did you mean “protocol”"),
        ("simulated://bench/weight.txt", "not both"),
        ("simulated://bench?grams=heavy", "cannot be"),
    ],
)
def test_a_wrong_address_is_told_in_words(url: str, words: str) -> None:
    """What is unknown, missing or impossible is named, with what to write."""
    with pytest.raises(ConfigError) as caught:
        open_scale(url)
    assert words in str(caught.value)


def test_a_scale_of_an_address_weighs() -> None:
    """The whole way from the address to grams, over a pty, in the unit of the settings."""
    fake = PtyScale(toledo_8217, displayed(1000, "lb"))
    scale = open_scale(f"serial://{fake.device}?protocol=toledo-8217&unit=lb")()
    readings = [scale.read() for _ in range(3)]
    assert readings[-1] == Reading(ScaleState.STABLE, 1000)
    scale.close()
    fake.unplug()


def test_a_simulated_scale_shows_its_grams() -> None:
    """The weight in the address lies on it."""
    assert open_scale("simulated://bench?grams=1250")().read() == Reading(ScaleState.STABLE, 1250)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("1250", Reading(ScaleState.STABLE, 1250)),
        ("1250 g\n", Reading(ScaleState.STABLE, 1250)),
        ("0", Reading(ScaleState.ZERO, 0)),
        ("-3", Reading(ScaleState.NEGATIVE, -3)),
        ("moving", Reading(ScaleState.MOVING)),
        ("overload", Reading(ScaleState.OVERLOAD)),
        ("5000000", Reading(ScaleState.OVERLOAD)),
        ("1.25 kg", Reading(ScaleState.FAULT)),
        ("", Reading(ScaleState.FAULT)),
    ],
)
def test_a_file_can_say_every_state(text: str, reading: Reading, tmp_path: Path) -> None:
    """Grams or a word; anything else is a fault, never a weight."""
    (tmp_path / "weight.txt").write_text(text)
    assert open_scale("simulated:weight.txt", base=tmp_path)().read() == reading


def test_a_file_that_is_away_is_a_scale_that_is_unplugged(tmp_path: Path) -> None:
    """Without its file the scale is absent, and the remedy names the file."""
    with pytest.raises(DeviceAbsent) as caught:
        open_scale("simulated:weight.txt", base=tmp_path)()
    assert "weight.txt" in caught.value.remedy
