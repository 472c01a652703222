"""A sheet as ZPL: the printer's own font and its own bars, so that a label is half a kilobyte.

No outside text reaches the printer as a command: every field is announced by ^FH, and whatever is
no harmless character travels as the hex of its UTF-8 bytes (ZPL II guide, ^FH). Text that the
printer's font cannot be trusted with goes as a picture of the same box.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labels import printer_font
from labels.code128 import segments
from labels.gs1 import SEPARATOR
from labels.layout import Align, Symbology
from labels.sheet import PlacedBars, PlacedBox, PlacedText, Sheet
from labels.symbologies import NATIVE

_START = {"B": ">:", "C": ">;"}
_SWITCH = {"B": ">6", "C": ">5"}
_FNC1 = ">8"
_ROUNDING = 1.03
"""Printers round each advance to whole dots: a line becomes up to so much wider than its table."""

_LEVEL = 7
"""Of deflate: level 9 takes five times as long and saves 2 % of a label (measured)."""

_IN_SUBSET_B = str.maketrans({"^": "><", "~": ">="})
"""How ZPL's Code 128 writes the two characters that also start commands (^BC, table of escapes)."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Black dots, 1 bit each, rows padded to whole bytes, the first dot in the highest bit."""

    width: int
    height: int
    rows: bytes


Draw = Callable[[PlacedText | PlacedBars], Bitmap]
"""Draws black on white what the printer cannot be trusted with: the box of a text, or a code."""


def encode(sheet: Sheet, draw: Draw) -> bytes:
    """Return exactly one label, printed once."""
    parts = [f"^XA^CI28^PW{sheet.width}^LL{sheet.height}^LH0,0^LRN"]
    for element in sheet.elements:
        match element:
            case PlacedText():
                parts.extend(_text(element, draw))
            case PlacedBars():
                parts.append(_bars(element, draw))
            case PlacedBox():
                parts.append(_box(element))
    return "\n".join([*parts, "^PQ1^XZ\n"]).encode("ascii")


def is_native(text: PlacedText) -> bool:
    """Tell whether the printer's own font prints these lines."""
    return all(printer_font.can_print(line.text) for line in text.lines)


def field(value: str) -> str:
    """Return the value as field data after ^FH; nothing in it can start a command or an escape."""
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in r"^~_\>" else f"_{byte:02X}"
        for byte in value.encode("utf-8", "backslashreplace")
    )


def graphic(bitmap: Bitmap) -> str:
    """Return the bitmap as ^GFA with Z64 data: deflated, base64, with its CRC (ZPL II guide)."""
    size = len(bitmap.rows)
    data = base64.b64encode(zlib.compress(bitmap.rows, _LEVEL))
    check = binascii.crc_hqx(data, 0)
    return f"^GFA,{size},{size},{(bitmap.width + 7) // 8},:Z64:{data.decode()}:{check:04X}"


def _text(text: PlacedText, draw: Draw) -> Iterator[str]:
    reverse = "^FR" if text.white else ""
    if not is_native(text):
        yield f"^FO{text.x},{text.y}{reverse}{graphic(draw(text))}^FS"
        return
    for line in text.lines:
        x, y = text.x + _indent(text, line.text), text.y + line.top
        yield f"^FO{x},{y}^A0N,{text.size},{text.size}{reverse}^FH^FD{field(line.text)}^FS"


def _indent(text: PlacedText, line: str) -> int:
    """Return the blank dots left of a line; one at least, for some glyphs start a dot early."""
    spare = text.width - int(printer_font.width(line) * text.size * _ROUNDING) - 2
    share = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[text.align]
    return max(1, int(spare * share))


def _bars(bars: PlacedBars, draw: Draw) -> str:
    if bars.symbology not in NATIVE:
        return f"^FO{bars.x},{bars.y}{graphic(draw(bars))}^FS"
    return f"^FO{bars.x},{bars.y}^BY{bars.module}^BCN,{bars.height},N,N,N,N^FH^FD{_data(bars)}^FS"


def _data(bars: PlacedBars) -> str:
    data, subset = "", ""
    for part in segments(bars.value):
        if not data:
            data = _START[part.subset]
            data += _FNC1 if bars.symbology is Symbology.GS1_128 else ""
        elif part.subset != subset:
            data += _SWITCH[part.subset]
        subset = part.subset
        fields = part.text.split(SEPARATOR)
        data += _FNC1.join(each if subset == "C" else _escaped(each) for each in fields)
    return data


def _escaped(text: str) -> str:
    return "".join(char if char in "^~" else field(char) for char in text).translate(_IN_SUBSET_B)


def _box(box: PlacedBox) -> str:
    return f"^FO{box.x},{box.y}^GB{box.width},{box.height},{box.thickness}^FS"
