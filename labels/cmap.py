"""Which characters a font file has, read from its `cmap` table (OpenType specification, cmap)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BMP = 4
_FULL = 12
_COLLECTION = b"ttcf"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of one font as sorted ranges of code points."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        code = ord(char)
        index = bisect_right(self.starts, code) - 1
        return index >= 0 and code <= self.ends[index]


def coverage(path: Path) -> Coverage:
    """Return what the font, or the first one of a collection, can draw.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no font with a Unicode table.
    """
    with path.open("rb") as file:
        try:
            ranges = sorted(_ranges(_table(file)))
        except struct.error as error:
            message = f"{path.name} is no font."
            raise ValueError(message) from error
    return Coverage(tuple(start for start, _ in ranges), tuple(end for _, end in ranges))


def _table(file: BinaryIO) -> bytes:
    start = 0
    if file.read(4) == _COLLECTION:
        file.seek(12)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    for _ in range(count):
        tag, _check, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    message = "The font has no table of characters."
    raise ValueError(message)


def _ranges(cmap: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">2xH", cmap)
    offsets = {struct.unpack_from(">4xI", cmap, 4 + 8 * index)[0] for index in range(count)}
    tables = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in offsets}
    if _FULL in tables:
        yield from _full(cmap, tables[_FULL])
    elif _BMP in tables:
        yield from _bmp(cmap, tables[_BMP])


def _full(cmap: bytes, base: int) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">12xI", cmap, base)
    for index in range(groups):
        start, end, _glyph = struct.unpack_from(">III", cmap, base + 16 + 12 * index)
        yield start, end


def _bmp(cmap: bytes, base: int) -> Iterator[tuple[int, int]]:
    (twice,) = struct.unpack_from(">6xH", cmap, base)
    ends = base + 14
    starts = ends + twice + 2
    offsets = starts + 2 * twice
    for index in range(0, twice, 2):
        (end,) = struct.unpack_from(">H", cmap, ends + index)
        (start,) = struct.unpack_from(">H", cmap, starts + index)
        (offset,) = struct.unpack_from(">H", cmap, offsets + index)
        if start == 0xFFFF:
            continue
        if offset == 0:
            yield start, end
            continue
        for code in range(start, end + 1):
            place = offsets + index + offset + 2 * (code - start)
            if struct.unpack_from(">H", cmap, place)[0]:
                yield code, code
