"""What the reports of a USB scale mean, and what is none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import FifoScale, Shown, displayed, hid_report
from hypothesis import given
from hypothesis import strategies as st

from station.devices.ports import Reading, ScaleState
from station.devices.scale_hid import GARBLED_TIMES, HidScale, found, summary, udev_rule, understand
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAULT = Reading(ScaleState.FAULT)
ONE_KILO = Reading(ScaleState.STABLE, 1000)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FifoScale]:
    """Give a USB scale that sends what the test says."""
    scale = FifoScale(tmp_path / "hidraw0")
    yield scale
    if scale.path.exists():
        scale.unplug()


@pytest.fixture
def scale(fake: FifoScale) -> Iterator[HidScale]:
    """Give its driver, which has thrown the first report away."""
    driver = HidScale(str(fake.path), "bench", 0.05)
    fake.send(hid_report(displayed(77)), hid_report(Shown()))
    driver.read()
    yield driver
    driver.close()


def test_a_scale_belongs_to_one_bench(fake: FifoScale, scale: HidScale) -> None:
    """What lies there is one bench's parcel: a second one is told that the scale is taken."""
    with pytest.raises(DeviceAbsent, match="used by another program"):
        HidScale(str(fake.path))
    scale.close()
    HidScale(str(fake.path)).close()


@pytest.mark.parametrize(
    ("report", "reading"),
    [
        ("03040bff2200", Reading(ScaleState.STABLE, 96)),
        ("03040200e803", ONE_KILO),
        ("04040200e803", ONE_KILO),
        ("030403fde803", ONE_KILO),
        ("03040cfedc00", Reading(ScaleState.STABLE, 998)),
        ("030401032c01", Reading(ScaleState.STABLE, 300)),
        ("030402001400", Reading(ScaleState.STABLE, 20)),
        ("030202000000", Reading(ScaleState.ZERO, 0)),
        ("030402000000", Reading(ScaleState.ZERO, 0)),
        ("030302001400", Reading(ScaleState.MOVING, 20)),
        ("030502001400", Reading(ScaleState.NEGATIVE, -20)),
        ("03050cfe0500", Reading(ScaleState.NEGATIVE, -23)),
        ("030602000000", Reading(ScaleState.OVERLOAD)),
        ("030102000000", FAULT),
        ("030702001400", FAULT),
        ("030802001400", FAULT),
        ("03ff02001400", FAULT),
        ("030405001400", FAULT),
        ("0304027fe803", FAULT),
    ],
)
def test_a_report_means_what_the_usage_tables_say(report: str, reading: Reading) -> None:
    """Status, unit and signed exponent make grams; an unknown one of them makes a fault."""
    assert understand(bytes.fromhex(report)) == reading


@pytest.mark.parametrize("report", ["", "03", "03040200e8", "03040200e80300", "010402001400"])
def test_a_report_of_another_size_or_kind_is_none(report: str) -> None:
    """Only six bytes of report 3 or 4 are a weight's."""
    assert understand(bytes.fromhex(report)) is None


@given(st.lists(st.binary(max_size=8), max_size=5))
def test_no_bytes_harm_the_reading(reports: list[bytes]) -> None:
    """Whatever a device sends is a reading or none."""
    reading = summary(reports)
    assert reading is None or isinstance(reading.state, ScaleState)


def test_the_first_report_is_not_believed(fake: FifoScale) -> None:
    """What a scale remembers of the load before is thrown away."""
    driver = HidScale(str(fake.path), "bench", 0.05)
    fake.send(hid_report(displayed(4321)), hid_report(displayed(1000)))
    assert driver.read() == ONE_KILO
    driver.close()


def test_what_changed_within_a_moment_moves_still(fake: FifoScale, scale: HidScale) -> None:
    """Reports that differ since the last reading are motion, though each calls itself stable."""
    fake.send(hid_report(displayed(900)), hid_report(displayed(1000)))
    assert scale.read() == Reading(ScaleState.MOVING, 1000)
    fake.send(hid_report(Shown()), hid_report(displayed(1000)))
    assert scale.read() == Reading(ScaleState.MOVING, 1000)


def test_a_creep_within_a_moment_is_no_motion(fake: FifoScale, scale: HidScale) -> None:
    """A load that drifts by a gram is stable at what was told last."""
    fake.send(hid_report(displayed(999)), hid_report(displayed(1000)))
    assert scale.read() == ONE_KILO


def test_a_fault_within_a_moment_is_no_motion(fake: FifoScale, scale: HidScale) -> None:
    """A report that cannot be read, before one that can, says nothing about the load."""
    unknown_unit = b"\x03\x04\x09\x00\x01\x00"
    fake.send(unknown_unit, hid_report(displayed(1000)))
    assert scale.read() == ONE_KILO
    fake.send(hid_report(displayed(1000)), unknown_unit)
    assert scale.read() == FAULT


def test_a_long_queue_is_emptied_at_once(fake: FifoScale, scale: HidScale) -> None:
    """What waited is read to its end, so that a reading is never old."""
    fake.send(*[hid_report(displayed(500))] * 50)
    assert scale.read() == Reading(ScaleState.STABLE, 500)
    fake.send(hid_report(displayed(1000)))
    assert scale.read() == ONE_KILO


def test_a_broken_report_among_good_ones_is_left_out(fake: FifoScale, scale: HidScale) -> None:
    """Reports of the wrong size are ignored."""
    fake.send(b"\x03\x04\x02", hid_report(displayed(1000)), b"\x03\x04\x02\x00\x00\x00\x00")
    assert scale.read() == ONE_KILO


def test_a_sleeping_scale_is_absent(scale: HidScale) -> None:
    """No report at all: it must be switched on."""
    with pytest.raises(DeviceAbsent, match="sends nothing") as caught:
        scale.read()
    assert "wake" in caught.value.remedy


def test_a_keyboard_in_the_place_of_the_scale_is_told(fake: FifoScale, scale: HidScale) -> None:
    """A device that sends reports of another kind is no scale."""
    for _ in range(GARBLED_TIMES - 1):
        fake.send(b"\x00\x00\x04\x00\x00\x00\x00\x00")
        assert scale.read() == FAULT
    fake.send(b"\x00\x00\x04\x00\x00\x00\x00\x00")
    with pytest.raises(DeviceAbsent, match="no scale that is understood"):
        scale.read()


def test_unplugged_is_absent(fake: FifoScale, scale: HidScale) -> None:
    """A device that is gone says so."""
    fake.unplug()
    with pytest.raises(DeviceAbsent, match="unplugged"):
        scale.read()


def test_no_right_is_told_with_the_rule_that_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line for udev stands in the remedy."""

    def forbidden(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(DeviceAbsent, match="No right") as caught:
        HidScale("/dev/hidraw0")
    assert 'KERNEL=="hidraw*"' in caught.value.remedy


def test_the_rule_names_the_maker_of_the_device(tmp_path: Path) -> None:
    """The vendor that the kernel knows stands in the rule; without one, Dymo's."""
    (tmp_path / "hidraw1" / "device").mkdir(parents=True)
    (tmp_path / "hidraw1" / "device" / "uevent").write_text("HID_ID=0003:00000EB8:0000F000\n")
    assert 'ATTRS{idVendor}=="0eb8"' in udev_rule("hidraw1", tmp_path)
    assert 'ATTRS{idVendor}=="0922"' in udev_rule("hidraw9", tmp_path)


def test_the_first_scale_is_found_among_other_devices(tmp_path: Path) -> None:
    """A scale is known by the usage page of its descriptor; keyboards and mice are passed by."""
    for name, descriptor in (("hidraw0", "05010906a101"), ("hidraw3", "058d0920a101")):
        (tmp_path / name / "device").mkdir(parents=True)
        (tmp_path / name / "device" / "report_descriptor").write_bytes(bytes.fromhex(descriptor))
    (tmp_path / "hidraw1").mkdir()
    assert found(tmp_path) == "/dev/hidraw3"


def test_without_a_scale_nothing_is_found(tmp_path: Path) -> None:
    """No scale among the devices is an absence."""
    with pytest.raises(DeviceAbsent, match="No USB scale"):
        found(tmp_path)
