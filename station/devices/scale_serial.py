"""A scale on a serial port: asked, answered, and doubted where an answer may belong elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.devices.ports import Reading, ScaleState
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from station.devices.scale_port import Port
    from station.devices.scale_protocols import Dialect

LONGEST_ANSWER = 64
"""Bytes after which it is no answer any more."""

_FAULT = Reading(ScaleState.FAULT)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait; both together stay under the second that a reading may take."""

    answer_s: float = 0.5
    """For one whole answer."""
    quiet_s: float = 0.15
    """Of silence after a broken answer, before the next question."""
    quiet_at_most_s: float = 0.4
    """After which the next question goes out although the line is not silent."""


_BAD = {
    "silent": (2, "does not answer.", "Switch it on; check its cable, protocol and baud."),
    "garbled": (
        5,
        "answers what is not understood.",
        "Set the protocol, baud and parity that the scale's own menu shows.",
    ),
    "unasked": (5, "sends without being asked.", "Set its output to “on request” in its menu."),
}
"""How often in a row it may be so before the scale counts as away, with the words for it."""


class SerialScale:
    """Asks for the weight, once for each reading.

    Nothing in these protocols ties an answer to its question, and none has a checksum. So what came
    unasked throws the next answer away. After a missing or broken answer the line must fall silent,
    and the next answer is thrown away too: it may be the late one. An answer with a number must be
    as long as those before it, because a byte that was lost in the middle leaves a shorter number.
    """

    def __init__(
        self,
        port: Port,
        dialect: Dialect,
        *,
        unit: str = "",
        name: str = "scale",
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self._port = port
        self._dialect = dialect
        self._unit = unit
        self._patience = patience or Patience()
        self._doubt = self._wary = True
        self._length = self._odd = 0
        self._bad, self._times = "", 0

    def read(self) -> Reading:
        """Ask once; a missing, half, late or broken answer is a fault, and then an absence."""
        if self._doubt:
            self._fall_silent()
        unasked = self._port.take_unasked()
        self._port.write(self._dialect.question)
        answer = self._listen()
        reading = self._dialect.understand(answer, self._unit)
        if reading is None:
            self._doubt = self._wary = True
            return self._count("garbled" if answer else "silent")
        if unasked:
            return self._count("unasked")
        wary, self._wary, self._times = self._wary, False, 0
        if reading.grams is not None and not self._as_long_as_before(len(answer)):
            return _FAULT
        return _FAULT if wary else reading

    def close(self) -> None:
        """Let the port go."""
        self._port.close()

    def _listen(self) -> bytes:
        deadline = time.monotonic() + self._patience.answer_s
        answer = bytearray()
        while len(answer) < LONGEST_ANSWER and time.monotonic() < deadline:
            answer += self._port.read()
            if answer.endswith(self._dialect.end):
                break
        return bytes(answer)

    def _fall_silent(self) -> None:
        now = time.monotonic()
        end, quiet = now + self._patience.quiet_at_most_s, now + self._patience.quiet_s
        while time.monotonic() < min(quiet, end):
            if self._port.read():
                quiet = time.monotonic() + self._patience.quiet_s
        self._doubt = False

    def _as_long_as_before(self, length: int) -> bool:
        """Tell whether it has the usual length; a new one is usual when it comes twice in a row."""
        if length != self._length and length == self._odd:
            self._length = length
        self._odd = 0 if length == self._length else length
        return length == self._length

    def _count(self, bad: str) -> Reading:
        self._times = self._times + 1 if bad == self._bad else 1
        self._bad = bad
        often, words, remedy = _BAD[bad]
        if self._times >= often:
            raise DeviceAbsent(f"The scale on {self._port.device} {words}", remedy)
        return _FAULT
