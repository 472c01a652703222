"""What a ZPL printer says of itself: ~HS and ~HQES read into troubles with words. Pure.

Source: Zebra ZPL II Programming Guide, “~HS Host Status Return” and “~HQ Host Query”. A printer may
leave ~HS unanswered on the very faults that matter (same page); then ~HQES is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ASK_HOST_STATUS = b"~HS"
"""Answered by three frames, each STX … ETX CR LF."""

ASK_ERRORS = b"~HQES"
"""Answered by one frame with the lines ERRORS and WARNINGS."""

ASK_IDENTITY = b"~HI"
"""Answered by one frame: model, version, dots per mm, memory, options."""

_FRAME = re.compile(rb"\x02([^\x02\x03]*)\x03")
_ERRORS = re.compile(rb"ERRORS:\s+[01]\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})[^\x03]*\x03")
_FIELDS = (12, 9, 2)
"""The fewest fields of the three frames; a newer printer may add some at the end."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something at the printer that needs a hand."""

    words: str
    """As the packer says it: “paper out”."""
    remedy: str
    """What to do, in the imperative."""


PAPER_OUT = Trouble("paper out", "Load labels and close the printer.")
HEAD_OPEN = Trouble("head open", "Close the printer's lid.")
RIBBON_OUT = Trouble("ribbon out", "Put a new ribbon in.")
PAUSED = Trouble("paused", "Press PAUSE on the printer.")
BUFFER_FULL = Trouble("buffer full", "Wait, or switch the printer off and on.")
HALF_LABEL = Trouble("half a label is in its memory", "Switch the printer off and on.")
TOO_HOT = Trouble("too hot", "Let the printer cool down.")
CUTTER = Trouble("cutter jammed", "Free the cutter.")
DEFECT = Trouble("it reports a fault", "Switch it off and on; if it stays, have it serviced.")

_BITS = (
    (0x1, PAPER_OUT),
    (0x2, RIBBON_OUT),
    (0x4, HEAD_OPEN),
    (0x8, CUTTER),
    (0x30, TOO_HOT),
    (0x1_0000, PAUSED),
)


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The fields of ~HS that a label depends on."""

    troubles: tuple[Trouble, ...]
    """What needs a hand now."""
    buffer_full: bool
    half_label: bool
    """A label was begun and its end has not come."""
    formats: int
    """Labels waiting in the receive buffer."""
    remaining: int
    """Copies left of the label that is being printed."""

    @property
    def before_sending(self) -> tuple[Trouble, ...]:
        """Everything for which no new label may be sent."""
        full = (BUFFER_FULL,) if self.buffer_full else ()
        half = (HALF_LABEL,) if self.half_label else ()
        return self.troubles + full + half

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


def in_words(troubles: tuple[Trouble, ...]) -> str:
    """Return “paper out, head open”."""
    return ", ".join(trouble.words for trouble in troubles)


def remedies(troubles: tuple[Trouble, ...]) -> str:
    """Return what to do about all of them."""
    return " ".join(trouble.remedy for trouble in troubles)


def _status(frames: list[list[bytes]]) -> HostStatus | None:
    if any(len(frame) < fewest for frame, fewest in zip(frames, _FIELDS, strict=True)):
        return None
    first, second, _ = frames
    flags = (*first[1:3], first[5], first[7], *first[10:12], *second[2:4])
    if any(flag.strip() not in {b"0", b"1"} for flag in flags):
        return None
    if not (first[4].strip().isdigit() and second[8].strip().isdigit()):
        return None
    return HostStatus(
        troubles=tuple(
            trouble
            for flag, trouble in (
                (first[1], PAPER_OUT),
                (second[2], HEAD_OPEN),
                (second[3], RIBBON_OUT),
                (first[2], PAUSED),
                (first[11], TOO_HOT),
            )
            if flag.strip() == b"1"
        ),
        buffer_full=first[5].strip() == b"1",
        half_label=first[7].strip() == b"1",
        formats=int(first[4]),
        remaining=int(second[8]),
    )
