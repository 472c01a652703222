"""Which control sequences stand in what a program wrote to its terminal."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    rb"\x1b\[(?P<private>[<-?]?)[0-9;:]*(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b\](?P<osc>\d*)[^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b(?P<dcs>[PX^_])"
    rb"|\x1b(?P<other>[^\[\]])",
    re.DOTALL,
)
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PLAIN = frozenset(b"\r\n\x07\x08\x1b\x0e\x0f")
"""Controls of one byte that a screen is drawn with; \x07 rings."""


def controls(stream: bytes | bytearray) -> set[str]:
    """Return the kinds of control sequences: “CSI ?h”, “OSC 52”, “C1”, “DCS”, “ESC 7”."""
    kinds = {_kind(found) for found in _SEQUENCE.finditer(stream)}
    rest = _SEQUENCE.sub(b"", bytes(stream))
    if _C1.search(rest):
        kinds.add("C1")
    if _BIDI.search(rest.decode(errors="replace")):
        kinds.add("direction mark")
    return kinds | {f"byte {byte:#04x}" for byte in rest if byte < 0x20 and byte not in _PLAIN}


def _kind(found: re.Match[bytes]) -> str:
    if found["final"]:
        return f"CSI {(found['private'] + found['between'] + found['final']).decode()}"
    if found["osc"] is not None:
        return f"OSC {found['osc'].decode()}"
    if found["dcs"]:
        return "DCS"
    return f"ESC {found['other'].decode(errors='replace')}"
