"""Which characters the bytes of a text file stand for: found out, and said.

Amazon writes reports in UTF-8 or Windows-1252, in Japan in Shift_JIS; Excel adds a byte order
mark or writes UTF-16.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""What a file may start with. The mark itself stays in front of the header, which is made plain:
the codec “utf-16” that takes it away raises for some damaged files whatever it is told."""

UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
"""Bytes that stand for nothing in Windows-1252."""

WIDE_RUN = re.compile(r"[\u3000-\u9fff\uff01-\uff5e]{2,}")
"""Two or more kana, kanji or full-width signs in a row, as Japanese is written."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and how many signs of the file it cannot explain."""

    codec: str
    """Python's name for it."""
    name: str
    """Its name for the person."""
    unreadable: int = 0
    """Signs that are shown as U+FFFD."""


@dataclass(frozen=True, slots=True)
class _Tally:
    foreign: int
    """Characters outside ASCII that could be read."""
    unreadable: int


def detect(path: Path) -> Encoding:
    """Return the encoding of a file; every file has one, Windows-1252 when nothing else fits."""
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, codec, name in MARKS:
        if head.startswith(mark):
            return Encoding(codec, name, _tally(path, codec).unreadable)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8", "UTF-8")
    # One damaged name must not turn every other name of a UTF-8 file into rubbish.
    damaged = _tally(path, "utf-8")
    if damaged.foreign and damaged.foreign >= 10 * damaged.unreadable:
        return Encoding("utf-8", "UTF-8", damaged.unreadable)
    if _decodes(path, "cp932") and _reads_japanese(path):
        return Encoding("cp932", "Shift_JIS (cp932)")
    return Encoding("cp1252", "Windows-1252", _undefined(path))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _decodes(path: Path, codec: str) -> bool:
    """Say whether no byte is wrong.

    A last character that is cut off is no fault, unless nothing else speaks for the codec.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    ascii_only = True
    try:
        for chunk in _chunks(path):
            ascii_only &= decoder.decode(chunk).isascii()
    except UnicodeDecodeError:
        return False
    return not (ascii_only and decoder.getstate()[0])


def _texts(path: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        if not text.isascii():
            yield text


def _tally(path: Path, codec: str) -> _Tally:
    foreign = unreadable = 0
    for text in _texts(path, codec):
        lost = text.count("\ufffd")
        foreign += _foreign(text) - lost
        unreadable += lost
    return _Tally(foreign, unreadable)


def _foreign(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _reads_japanese(path: Path) -> bool:
    """Say whether half of what is not ASCII stands in runs of Japanese signs.

    “é” and a letter make a kanji in Shift_JIS, but such kanji stand alone between letters.
    """
    foreign = in_runs = 0
    for text in _texts(path, "cp932"):
        foreign += _foreign(text)
        in_runs += sum(len(run) for run in WIDE_RUN.findall(text))
    return in_runs * 2 >= foreign > 0


def _undefined(path: Path) -> int:
    return sum(chunk.count(byte) for chunk in _chunks(path) for byte in UNDEFINED)
