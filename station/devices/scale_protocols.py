r"""What serial scales are asked, and what they answer. Pure.

An answer is taken whole or not at all: what does not match from its first byte to its last is no
answer. The sources: *MT-SICS Interface Commands* (Mettler Toledo, commands S and SI); *SCP-01*, as
printed in the manuals of NCI and Avery Weigh-Tronix scales; the 8217 table of the Mettler Toledo
DIVA service manual, §6.1.4.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from station.devices.ports import Reading, ScaleState
from station.devices.scale_units import read_as

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to talk with one kind of serial scale."""

    question: bytes
    end: bytes
    """The last bytes of each answer."""
    understand: Callable[[bytes, str], Reading | None]
    """(a whole answer with its end, the unit of the settings) → what it says; None: nothing."""
    bits: int
    parity: str
    """N, E or O."""
    needs_unit: bool = False
    """Its answers hold no unit: the owner must say which one the scale is set to."""


_SICS = re.compile(rb"SI? (?:([SD]) +(-?\d{1,8}(?:\.\d{1,6})?) (mg|g|kg|oz|lb)|([I+\-L])) *\r\n")
_SICS_STATES = {
    b"+": Reading(ScaleState.OVERLOAD),
    b"-": Reading(ScaleState.NEGATIVE),
    b"I": Reading(ScaleState.MOVING),
}
_SICS_ERRORS = frozenset({b"ES\r\n", b"ET\r\n", b"EL\r\n"})


def _mt_sics(answer: bytes, _unit: str) -> Reading | None:
    """`S S     100.00 g`; D moves, I is busy, + and - out of range; ES ET EL not understood."""
    if answer in _SICS_ERRORS:
        return Reading(ScaleState.FAULT)
    found = _SICS.fullmatch(answer)
    if not found:
        return None
    kind, number, unit, state = found.groups()
    if state:
        return _SICS_STATES.get(state, Reading(ScaleState.FAULT))
    return read_as(Decimal(number.decode()), unit.decode(), stable=kind == b"S")


_NCI = re.compile(
    rb"\n(?:(?: *(-? *\d{1,6}(?:\.\d{1,4})?) ?([A-Za-z]{1,2}) ?"
    rb"|[\^_\- ]{1,10}[A-Za-z]{0,2} ?)\r\n?)?"
    rb"S?([0-?])([0-?p-\x7f])([0-?p-\x7f]?)\r\x03"
)


def _nci(answer: bytes, _unit: str) -> Reading | None:
    """LF weight unit CR LF and status bytes, CR ETX; in motion some give the status alone."""
    found = _NCI.fullmatch(answer)
    if not found:
        return None
    number, unit, first, second, third = found.groups()
    state = _state_nci(first[0], second[0], third[0] if third else 0)
    if state is not ScaleState.MOVING and state is not ScaleState.STABLE:
        return Reading(state)
    if number is None:
        return Reading(state) if state is ScaleState.MOVING else None
    value = Decimal(number.replace(b" ", b"").decode())
    reading = read_as(value, unit.decode().lower(), stable=state is ScaleState.STABLE)
    at_zero = bool(first[0] & 0x02)
    return None if at_zero and reading and reading.state is ScaleState.STABLE else reading


def _state_nci(first: int, second: int, third: int) -> ScaleState:
    """Bits of SCP-01: motion, at zero, RAM, EEPROM · under, over, ROM, calibration · …, zero."""
    if first & 0x0C or second & 0x0C or third & 0x08:
        return ScaleState.FAULT
    if second & 0x02:
        return ScaleState.OVERLOAD
    if second & 0x01:
        return ScaleState.NEGATIVE
    return ScaleState.MOVING if first & 0x01 else ScaleState.STABLE


_8217 = re.compile(rb"\x02(?: *(\d{1,6}(?:\.\d{1,4})?)N?|\?([@-\x7f]))\r")


def _toledo_8217(answer: bytes, unit: str) -> Reading | None:
    """STX weight CR is stable; STX ? status CR is everything else. N marks a net weight."""
    found = _8217.fullmatch(answer)
    if not found:
        return None
    number, status = found.groups()
    if status:
        return _state_8217(status[0])
    if b"." not in number and unit != "g":
        return None  # the place of the point would be a guess
    return read_as(Decimal(number.decode()), unit, stable=True)


def _state_8217(status: int) -> Reading:
    if status & 0x02:
        return Reading(ScaleState.OVERLOAD)
    if status & 0x04:
        return Reading(ScaleState.NEGATIVE)
    if status & 0x01:
        return Reading(ScaleState.MOVING)
    return Reading(ScaleState.ZERO) if status & 0x10 else Reading(ScaleState.FAULT)


DIALECTS = {
    "mt-sics": Dialect(b"SI\r\n", b"\r\n", _mt_sics, bits=8, parity="N"),
    "nci": Dialect(b"W\r", b"\x03", _nci, bits=7, parity="E"),
    "toledo-8217": Dialect(b"W", b"\r", _toledo_8217, bits=7, parity="E", needs_unit=True),
}
"""Every protocol by the name that the owner writes, with the line that is usual for it."""
