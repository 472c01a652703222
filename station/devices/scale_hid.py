"""A USB scale of the HID class, read through Linux's hidraw.

Six bytes (*USB HID Point of Sale Usage Tables*, weighing devices, usage page 0x8D): report, status,
unit, exponent as a signed power of ten, weight as two bytes, the low one first.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from station.devices.ports import Reading, ScaleState
from station.devices.scale_units import CREEP_G, read_as
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT_S = 0.9
"""Seconds in which a scale that is awake sends a report."""
QUEUE = 64
"""Reports that the kernel keeps for us (HIDRAW_BUFFER_SIZE)."""
GARBLED_TIMES = 5
"""Readings without a report of a scale before it counts as away."""

SYSFS = Path("/sys/class/hidraw")

_WEIGHING = b"\x05\x8d"
"""How the report descriptor of a scale names its usage page."""
_REPORTS = frozenset({3, 4})
_UNITS = {1: "mg", 2: "g", 3: "kg", 11: "oz", 12: "lb"}
_ZERO, _MOVING, _STABLE, _UNDER, _OVER = 2, 3, 4, 5, 6
_STATES = {
    _ZERO: Reading(ScaleState.ZERO, 0),
    _OVER: Reading(ScaleState.OVERLOAD),
}
_FAULT = Reading(ScaleState.FAULT)


def understand(report: bytes) -> Reading | None:
    """Return what a report says, or None when it is none of a scale."""
    if len(report) != 6 or report[0] not in _REPORTS:
        return None
    status, unit, exponent, number = struct.unpack("<xBBbH", report)
    if status in _STATES:
        return _STATES[status]
    if status not in {_MOVING, _STABLE, _UNDER}:
        return _FAULT
    value = Decimal(-number if status == _UNDER else number).scaleb(exponent)
    reading = read_as(value, _UNITS.get(unit, ""), stable=status != _MOVING)
    if reading is None:
        return _FAULT
    return Reading(ScaleState.NEGATIVE, reading.grams) if status == _UNDER else reading


def summary(reports: Iterable[bytes]) -> Reading | None:
    """Return what the reports of one moment say together.

    What changed within the moment by more than a creep moves still, whatever the last report says.
    A fault among them says nothing about the load.
    """
    readings = [reading for report in reports if (reading := understand(report))]
    if not readings:
        return None
    last = readings[-1]
    if last.state is ScaleState.STABLE and not all(_alike(one, last) for one in readings):
        return Reading(ScaleState.MOVING, last.grams)
    return last


def _alike(one: Reading, other: Reading) -> bool:
    if one.state is ScaleState.FAULT:
        return True
    same_load = abs((one.grams or 0) - (other.grams or 0)) <= CREEP_G
    return one.state is other.state and same_load


class HidScale:
    """Listens to the reports of a scale; the first may tell an old weight and is thrown away.

    Args:
        path: /dev/hidraw0, or “auto” for the first scale that the kernel knows.
        name: What the packer calls it.
        report_s: Seconds to wait for a report.

    Raises:
        DeviceAbsent: It is not there, is used by another program, or may not be read.
    """

    def __init__(self, path: str, name: str = "", report_s: float = REPORT_S) -> None:
        self._path = found() if path == "auto" else path
        self.name = name or self._path
        self._report_s = report_s
        self._garbled = 0
        self._first = True
        try:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError as error:
            raise DeviceAbsent(
                f"No right to read the scale at {self._path}.",
                f"Add a udev rule, then plug it in again: {udev_rule(Path(self._path).name)}",
            ) from error
        except OSError as error:
            raise self._unplugged() from error
        try:
            # The kernel gives every reader the reports: two benches would weigh one parcel.
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._fd)
            raise DeviceAbsent(
                f"The scale at {self._path} is used by another program.", "End the other program."
            ) from error

    def read(self) -> Reading:
        """Return what came since the last time, or wait for the next report."""
        reports = self._reports()
        if self._first:
            reports, self._first = reports[1:] or self._reports(), False
        reading = summary(reports)
        if reading:
            self._garbled = 0
            return reading
        self._garbled += 1
        if self._garbled >= GARBLED_TIMES:
            raise DeviceAbsent(
                f"What is at {self._path} is no scale that is understood.",
                "Name another hidraw, or hidraw://auto.",
            )
        return _FAULT

    def close(self) -> None:
        """Let it go."""
        handle, self._fd = self._fd, -1
        if handle >= 0:
            os.close(handle)

    def _reports(self) -> list[bytes]:
        """Return every report that waits, at least one."""
        until = time.monotonic() + self._report_s
        reports: list[bytes] = []
        while len(reports) < QUEUE:
            left = 0.0 if reports else max(0.0, until - time.monotonic())
            if not select.select([self._fd], [], [], left)[0]:
                break
            reports.append(self._report())
        if not reports:
            raise DeviceAbsent(
                f"The scale at {self._path} sends nothing.", "Switch it on, or wake it up."
            )
        return reports

    def _report(self) -> bytes:
        try:
            report = os.read(self._fd, 64)
        except OSError as error:
            raise self._unplugged() from error
        if not report:
            raise self._unplugged()
        return report

    def _unplugged(self) -> DeviceAbsent:
        return DeviceAbsent(f"The scale at {self._path} is unplugged.", "Plug it in.")


def udev_rule(device: str, sysfs: Path = SYSFS) -> str:
    """Return the rule that lets the group plugdev read a device such as hidraw0.

    The vendor is the device's own where the kernel tells it, else Dymo's.
    """
    try:
        told = (sysfs / device / "device" / "uevent").read_text(encoding="ascii", errors="replace")
    except OSError:
        told = ""
    vendor = re.search(r"^HID_ID=[0-9A-F]{4}:0000([0-9A-F]{4}):", told, re.MULTILINE)
    number = vendor[1].lower() if vendor else "0922"
    return f'KERNEL=="hidraw*", ATTRS{{idVendor}}=="{number}", MODE="0660", GROUP="plugdev"'


def found(sysfs: Path = SYSFS) -> str:
    """Return the device of the first scale that the kernel knows.

    Raises:
        DeviceAbsent: There is none.
    """
    for device in sorted(sysfs.glob("hidraw*")):
        try:
            descriptor = (device / "device" / "report_descriptor").read_bytes()
        except OSError:  # unplugged while we look
            continue
        if _WEIGHING in descriptor:
            return f"/dev/{device.name}"
    raise DeviceAbsent("No USB scale is plugged in.", "Plug it in, and switch it on.")
