"""Keys of a scanner as Linux tells them, to the characters of an American keyboard; pure.

Key codes: linux/input-event-codes.h. A scanner that is read directly must be set to the American
layout, whatever the computer's own is.
"""

from __future__ import annotations

from station.devices.scan_line import LOST

EV_SYN, EV_KEY = 0, 1
SYN_DROPPED = 3
"""The kernel could not keep up: keys are missing."""

UP, DOWN, REPEAT = 0, 1, 2

_SHIFTS, _CTRLS, _ALTS = {42, 54}, {29, 97}, {56, 100}
_CAPS = 58
_SILENT = {69, 70, 125, 126, 127}
"""Num lock, scroll lock, the system keys: they say nothing by themselves."""


def _row(first: int, plain: str, shifted: str) -> dict[int, tuple[str, str]]:
    return {first + i: pair for i, pair in enumerate(zip(plain, shifted, strict=True))}


_US = {
    **_row(2, "1234567890-=", "!@#$%^&*()_+"),
    **_row(16, "qwertyuiop[]", "QWERTYUIOP{}"),
    **_row(30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    **_row(43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    **_row(71, "789-456+1230.", "789-456+1230."),
    15: ("\t", "\t"),
    28: ("\r", "\r"),
    55: ("*", "*"),
    57: (" ", " "),
    96: ("\r", "\r"),
    98: ("/", "/"),
    117: ("=", "="),
}
_KEYPAD = {71: 7, 72: 8, 73: 9, 75: 4, 76: 5, 77: 6, 79: 1, 80: 2, 81: 3, 82: 0}


class KeyStream:
    """Turns events into characters; knows which keys are held."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._is_caps = False
        self._alt_digits = ""

    def feed(self, kind: int, code: int, value: int) -> str:
        """Take one event; return the character it made, '' for none, LOST for one unknown."""
        if kind == EV_SYN and code == SYN_DROPPED:
            self._held.clear()
            return LOST
        if kind != EV_KEY or value == REPEAT:
            return ""
        if value == UP:
            self._held.discard(code)
            return self._alt_code() if code in _ALTS else ""
        self._held.add(code)
        return self._pressed(code)

    def _pressed(self, code: int) -> str:
        if code == _CAPS:
            self._is_caps = not self._is_caps
        if code == _CAPS or code in _SHIFTS | _CTRLS | _ALTS | _SILENT:
            return ""
        if self._held & _ALTS:
            digit = _KEYPAD.get(code)
            self._alt_digits += "x" if digit is None else str(digit)
            return ""
        char = self._char(code)
        return _control(char) if self._held & _CTRLS else char

    def _char(self, code: int) -> str:
        plain, shifted = _US.get(code, (LOST, LOST))
        is_shifted = bool(self._held & _SHIFTS)
        if plain.isalpha() and self._is_caps:
            is_shifted = not is_shifted
        return shifted if is_shifted else plain

    def _alt_code(self) -> str:
        """Return the character of a number typed while Alt was held, as Windows has it."""
        digits, self._alt_digits = self._alt_digits, ""
        if not digits:
            return ""
        if not digits.isdecimal() or not 0 < int(digits[:6]) < 256:
            return LOST
        number = bytes([int(digits)])
        if number[0] < 0x20:
            return number.decode("ascii")  # GS and its like, not the signs that cp437 draws
        return number.decode("cp1252" if digits[0] == "0" else "cp437", "replace")


def _control(char: str) -> str:
    """Return what Ctrl makes of a key: ] is GS, M is CR."""
    return chr(ord(char.upper()) & 0x1F) if "@" <= char.upper() <= "_" else LOST
