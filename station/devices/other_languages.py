"""What printers of other languages than ZPL say of themselves. Pure.

Sources: TSC, TSPL/TSPL2 Programming Manual, “<ESC>!S” and “<ESC>!?”; Epson, ESC/POS Application
Programming Guide, “DLE EOT n”. Of EPL2 no question is known that every printer answers: it is
printed to without one.
"""

from __future__ import annotations

import re

from station.devices import zebra_status as zebra
from station.devices.troubles import (
    BUFFER_FULL,
    CUTTER,
    DEFECT,
    HEAD_OPEN,
    LABELS_LOW,
    MEMORY,
    NOT_TAKEN,
    OFFLINE,
    PAPER_JAM,
    PAPER_OUT,
    PAUSED,
    RIBBON_OUT,
    TOO_HOT,
    Condition,
    Question,
    Trouble,
)

_TSPL = re.compile(rb"\x02([@-w])([@-w])([@-w])([@-w])\x03")
_TSPL_MOTION = {0x40, 0x4B, 0x4C}
"""Normal, waiting for the print key, waiting until the label is taken."""
_TSPL_THIRD = ((0x3, TOO_HOT), (0x8, CUTTER), (0x10, MEMORY), (0x20, DEFECT))
_TSPL_FOURTH = ((0x1, PAPER_OUT), (0x2, PAPER_JAM), (0x4, RIBBON_OUT), (0x20, HEAD_OPEN))
_TSPL_BITS = (
    (0x01, HEAD_OPEN),
    (0x02, PAPER_JAM),
    (0x04, PAPER_OUT),
    (0x08, RIBBON_OUT),
    (0x10, PAUSED),
    (0x40, HEAD_OPEN),
    (0x80, DEFECT),
)
_TSPL_PRINTING = 0x20

_ESCPOS_FIXED = (0x93, 0x12)
"""Bits that stand the same in every answer of DLE EOT: mask and value."""


def tspl_status(answer: bytes) -> Condition | None:
    """Return what the newest whole answer to ESC !S means, or None."""
    found = _TSPL.findall(answer)
    if not found:
        return None
    what, warning, third, fourth = (part[0] for part in found[-1])
    troubles = _bits(third & 0x3F, _TSPL_THIRD) + _bits(fourth & 0x3F, _TSPL_FOURTH)
    if what == 0x60:
        troubles += (PAUSED,)
    elif what == 0x45 and not troubles:
        troubles = (DEFECT,)
    taken = (NOT_TAKEN,) if what == 0x4C else ()
    full = (BUFFER_FULL,) if warning & 0x08 else ()
    return Condition(troubles + taken + full, troubles, what in _TSPL_MOTION and not full)


def tspl_byte(answer: bytes) -> Condition | None:
    """Return what an answer of one byte to ESC !? means, or None; more bytes are no answer."""
    if len(answer) != 1:
        return None
    troubles = tuple(dict.fromkeys(_bits(answer[0] & ~_TSPL_PRINTING, _TSPL_BITS)))
    return Condition(troubles, troubles, not answer[0] & _TSPL_PRINTING)


def escpos_status(answer: bytes) -> Condition | None:
    """Return what the four answers to DLE EOT 1 to 4 mean, or None.

    They come at once and not in the order of the data: that they came proves that the printer
    took every byte before them, not that it printed it.
    """
    mask, value = _ESCPOS_FIXED
    if len(answer) != 4 or any(byte & mask != value for byte in answer):
        return None
    printer, offline, error, roll = answer
    troubles = _bits(offline & 0x24, ((0x04, HEAD_OPEN), (0x20, PAPER_OUT)))
    troubles += _bits(error & 0x68, ((0x08, CUTTER), (0x20, DEFECT), (0x40, TOO_HOT)))
    troubles += _bits(roll & 0x60, ((0x60, PAPER_OUT),))
    if not troubles and printer & 0x08:
        troubles = (OFFLINE,)
    if not troubles and offline & 0x40:
        troubles = (DEFECT,)
    told = tuple(dict.fromkeys(troubles))
    return Condition(told, told, warnings=(LABELS_LOW,) if roll & 0x0C else ())


def _bits(flags: int, known: tuple[tuple[int, Trouble], ...]) -> tuple[Trouble, ...]:
    """Return the troubles of the bits that are set; a bit that nobody knows is a fault."""
    troubles = tuple(trouble for bits, trouble in known if flags & bits)
    unknown = flags & ~sum(bits for bits, _ in known)
    return (*troubles, DEFECT) if unknown else troubles


QUESTIONS: dict[str, tuple[Question, ...]] = {
    "zpl": zebra.QUESTIONS,
    "tspl": (Question(b"\x1b!S", tspl_status), Question(b"\x1b!?", tspl_byte)),
    "escpos": (Question(b"".join(bytes((16, 4, n)) for n in (1, 2, 3, 4)), escpos_status),),
    "epl2": (),
}
"""What a printer of each language is asked, in the order in which it is tried; none: nothing."""
