"""What a ZPL printer says of itself: ~HS and ~HQES read into troubles with words. Pure.

Source: Zebra ZPL II Programming Guide, “~HS Host Status Return” and “~HQ Host Query”. A printer may
leave ~HS unanswered on the very faults that matter (same page); then ~HQES is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from station.devices.troubles import (
    BUFFER_FULL,
    CALIBRATE,
    CLEAN_HEAD,
    CUTTER,
    DEFECT,
    DIAGNOSTICS,
    HALF_LABEL,
    HEAD_OPEN,
    LABELS_LOW,
    MEMORY,
    NOT_TAKEN,
    PAPER_OUT,
    PAUSED,
    RIBBON_OUT,
    TOO_COLD,
    TOO_HOT,
    WORN_HEAD,
    Condition,
    Question,
    Trouble,
)

ASK_HOST_STATUS = b"~HS"
"""Answered by three frames, each STX … ETX CR LF."""

ASK_ERRORS = b"~HQES"
"""Answered by one frame with the lines ERRORS and WARNINGS."""

ASK_IDENTITY = b"~HI"
"""Answered by one frame: model, version, dots per mm, memory, options."""

ASK_COUNT = b'! U1 getvar "odometer.total_label_count"\r\n'
"""Answered by a number in quotes, or "?" where the printer does not count labels."""

LENGTH_TOLERANCE = 0.05
"""By how much of its length the printer's label may differ from ours."""

_FRAME = re.compile(rb"\x02([^\x02\x03]*)\x03")
_COUNT = re.compile(rb'"(\d{1,12})"')
_FORMAT = re.compile(rb"\^XA(.*?)\^XZ", re.DOTALL | re.IGNORECASE)
_QUANTITY = re.compile(rb"\^PQ(\d{1,8})", re.IGNORECASE)
_STORED = re.compile(rb"\^(?:DF|XF|IS|IL)", re.IGNORECASE)
_WARNINGS = re.compile(rb"WARNINGS:\s+[01]\s+[0-9A-Fa-f]{8}\s+([0-9A-Fa-f]{8})")
_ERRORS = re.compile(rb"ERRORS:\s+[01]\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})[^\x03]*\x03")
_FIELDS = (12, 9, 2)
"""The fewest fields of the three frames; a newer printer may add some at the end."""


_BITS = (
    (0x1, PAPER_OUT),
    (0x2, RIBBON_OUT),
    (0x4, HEAD_OPEN),
    (0x8, CUTTER),
    (0x30, TOO_HOT),
    (0x1_0000, PAUSED),
)
_WARNING_BITS = ((0x1, CALIBRATE), (0x2, CLEAN_HEAD), (0x4, WORN_HEAD), (0x8, LABELS_LOW))


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The fields of ~HS that a label depends on."""

    troubles: tuple[Trouble, ...]
    """What needs a hand now."""
    only_before: tuple[Trouble, ...]
    """For what else no new label may be sent; none of it harms one that was sent."""
    buffer_full: bool
    half_label: bool
    """A label was begun and its end has not come."""
    formats: int
    """Labels waiting in the receive buffer."""
    remaining: int
    """Copies left of the label that is being printed."""
    length_dots: int
    """The length of a label as the printer measured it or was told."""

    @property
    def before_sending(self) -> tuple[Trouble, ...]:
        """Everything for which no new label may be sent."""
        return self.troubles + self.only_before

    @property
    def idle(self) -> bool:
        """Nothing is left to be read or printed."""
        return not (self.formats or self.remaining or self.half_label or self.buffer_full)


def host_status(answer: bytes) -> HostStatus | None:
    """Return the newest whole ~HS answer in the bytes, or None."""
    frames = [frame.split(b",") for frame in _FRAME.findall(answer)]
    for start in range(len(frames) - 3, -1, -1):
        status = _status(frames[start : start + 3])
        if status is not None:
            return status
    return None


def printer_errors(answer: bytes) -> tuple[Trouble, ...] | None:
    """Return the troubles of a whole ~HQES answer, empty for none, or None without an answer."""
    found = _ERRORS.search(answer)
    if found is None:
        return None
    flags = int(found[2], 16)
    known = 0
    troubles = []
    for bits, trouble in _BITS:
        known |= bits
        if flags & bits:
            troubles.append(trouble)
    if flags & ~known or int(found[1], 16):
        troubles.append(DEFECT)
    return tuple(troubles)


def dots_per_mm(answer: bytes) -> int | None:
    """Return the resolution of a whole ~HI answer in dots per millimetre, or None."""
    for frame in reversed(_FRAME.findall(answer)):
        fields = frame.split(b",")
        if len(fields) >= 4 and fields[2].strip().isdigit():
            return int(fields[2])
    return None


def condition(answer: bytes) -> Condition | None:
    """Return what an answer to ~HS means for a label, or None."""
    status = host_status(answer)
    if status is None:
        return None
    return Condition(
        before=status.before_sending,
        after=status.troubles,
        is_done=status.idle,
        length_dots=status.length_dots,
    )


def errors_condition(answer: bytes) -> Condition | None:
    """Return what an answer to ~HQES means for a label, or None.

    It says nothing of labels that wait; but an answer to a question that was asked after the
    label proves that all of the label was read.
    """
    troubles = printer_errors(answer)
    if troubles is None:
        return None
    return Condition(before=troubles, after=troubles, warnings=printer_warnings(answer))


def printer_warnings(answer: bytes) -> tuple[Trouble, ...]:
    """Return the known warnings of an ~HQES answer."""
    found = _WARNINGS.search(answer)
    flags = int(found[1], 16) if found else 0
    return tuple(trouble for bit, trouble in _WARNING_BITS if flags & bit)


def label_count(answer: bytes) -> int | None:
    """Return how many labels the printer has printed in its life, or None where it cannot tell."""
    found = _COUNT.findall(answer)
    return int(found[-1]) if found else None


def labels_in(document: bytes) -> int | None:
    """Return how many labels a ZPL document prints, or None where that cannot be told for sure."""
    if _STORED.search(document):
        return None
    total = 0
    for drawn in _FORMAT.findall(document):
        if b"^FS" in drawn.upper():
            quantity = _QUANTITY.search(drawn)
            total += int(quantity[1]) if quantity else 1
    return total or None


QUESTIONS = (Question(ASK_HOST_STATUS, condition), Question(ASK_ERRORS, errors_condition))
"""In the order in which they are tried."""


def _status(frames: list[list[bytes]]) -> HostStatus | None:
    if any(len(frame) < fewest for frame, fewest in zip(frames, _FIELDS, strict=True)):
        return None
    first, second, _ = frames
    flags = (*first[1:3], first[5], first[7], *first[10:12], *second[2:4])
    if any(flag.strip() not in {b"0", b"1"} for flag in flags):
        return None
    if not (_is_number(first[4]) and _is_number(second[8])):
        return None
    return HostStatus(
        troubles=_raised(
            (first[1], PAPER_OUT),
            (second[2], HEAD_OPEN),
            (second[3], RIBBON_OUT),
            (first[2], PAUSED),
            (first[11], TOO_HOT),
            (first[10], TOO_COLD),
        ),
        only_before=_raised(
            (first[5], BUFFER_FULL),
            (first[7], HALF_LABEL),
            (second[7], NOT_TAKEN),
            (first[9], MEMORY),
            (first[6], DIAGNOSTICS),
        ),
        buffer_full=first[5].strip() == b"1",
        half_label=first[7].strip() == b"1",
        formats=int(first[4]),
        remaining=int(second[8]),
        length_dots=int(first[3]) if _is_number(first[3]) else 0,
    )


def _is_number(field: bytes) -> bool:
    return field.strip().isdigit() and len(field) <= 12


def _raised(*flags: tuple[bytes, Trouble]) -> tuple[Trouble, ...]:
    return tuple(trouble for flag, trouble in flags if flag.strip() == b"1")
