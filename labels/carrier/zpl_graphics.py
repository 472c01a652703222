"""Graphics inside ZPL as dots: hex, compressed hex, B64, Z64 and binary (ZPL II guide, ^GF)."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from labels.errors import LabelError
from labels.zpl import Bitmap

MAX_BYTES = 4_000_000
"""Most bytes of one graphic: 4×8 inches at 600 dpi are 1.4 million."""

MAX_BYTES_IN_ALL = 8_000_000
"""Most bytes of all graphics that a label defines, and of all that it draws."""

_TOKEN = re.compile(rb"([G-Yg-z]*)([0-9A-Fa-f])|([,!:])")
_ENCODED = re.compile(rb":(B64|Z64):([A-Za-z0-9+/=]*):([0-9A-Fa-f]{4})", re.IGNORECASE)
_BROKEN = "A graphic of the ZPL is broken"
_AGAIN = "Fetch the label again, or as PDF."


def inline(data: bytes) -> Bitmap:
    """Return the dots of a ^GF from all that stands after its name.

    Raises:
        LabelError: They cannot be decoded, or are too many.
    """
    head = data.split(b",", 4)
    if len(head) < 5:
        raise LabelError(f"{_BROKEN}.", _AGAIN)
    form, total, row = head[0].strip().upper(), _number(head[2]), _number(head[3])
    if form == b"B":
        return _bitmap(head[4], total, row)
    if form not in {b"A", b""}:
        raise LabelError("A graphic of the ZPL is compressed in a way that is not read.", _AGAIN)
    return decoded(head[4], total, row)


def decoded(data: bytes, total: int, row: int) -> Bitmap:
    """Return dots from ASCII data, `total` bytes of them with `row` bytes in each row.

    Raises:
        LabelError: The data are broken, cut short, or too many.
    """
    if not 0 < row <= total <= MAX_BYTES:
        raise LabelError(f"{_BROKEN}: it has no size that a label can have.", _AGAIN)
    text = data.translate(None, b" \t\r\n")
    if text.startswith(b":"):
        match = _ENCODED.fullmatch(text)
        if match:
            return _bitmap(
                _encoded(match[1].upper(), match[2], int(match[3], 16), total), total, row
            )
    return _bitmap(_run_lengths(text, total, row), total, row)


def magnified(bitmap: Bitmap, across: int, down: int) -> Bitmap:
    """Return the bitmap with each dot as so many, as ^XG does."""
    if (across, down) == (1, 1):
        return bitmap
    from PIL import Image

    if len(bitmap.rows) * across * down > MAX_BYTES:
        raise LabelError(f"{_BROKEN}: it is magnified beyond any label.", _AGAIN)
    image = Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.rows)
    larger = image.resize((bitmap.width * across, bitmap.height * down), Image.Resampling.NEAREST)
    return Bitmap(larger.width, larger.height, larger.tobytes())


def too_many() -> LabelError:
    """Return the refusal of more graphics than any label has."""
    return LabelError("The label's ZPL holds more graphics than any label.", _AGAIN)


def _number(text: bytes) -> int:
    text = text.strip()
    return int(text) if re.fullmatch(rb"\d{1,8}", text) else 0


def _bitmap(rows: bytes, total: int, row: int) -> Bitmap:
    if not 0 < row <= total <= MAX_BYTES or len(rows) < total:
        raise LabelError("A graphic of the ZPL is cut short.", _AGAIN)
    height = total // row
    return Bitmap(row * 8, height, rows[: height * row])


def _encoded(form: bytes, text: bytes, check: int, total: int) -> bytes:
    if binascii.crc_hqx(text, 0) != check:
        raise LabelError(f"{_BROKEN}: its check sum is wrong.", _AGAIN)
    try:
        data = base64.b64decode(text, validate=True)
        return data if form == b"B64" else zlib.decompressobj().decompress(data, total)
    except (binascii.Error, zlib.error) as error:
        raise LabelError(f"{_BROKEN}.", _AGAIN) from error


def _run_lengths(text: bytes, total: int, row: int) -> bytes:
    """Expand compressed hex: G-Y are 1-19, g-z are 20-400 of the next digit; , ! : fill rows."""
    digits = bytearray()
    line, wanted, at = row * 2, total * 2, 0
    for match in _TOKEN.finditer(text):
        if match.start() != at:
            break
        at = match.end()
        digits += _filled(match, digits, line, wanted)
        if len(digits) > wanted + line:
            raise LabelError(f"{_BROKEN}: it is longer than it says.", _AGAIN)
    if at != len(text):
        raise LabelError(f"{_BROKEN}.", _AGAIN)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _filled(match: re.Match[bytes], digits: bytearray, line: int, wanted: int) -> bytes:
    if match[2]:
        count = sum(each - 70 if each < 97 else (each - 102) * 20 for each in match[1])
        return match[2] * min(count or 1, wanted + line + 1)
    if match[3] == b":":
        return bytes(digits[-line:]) if len(digits) >= line else b"0" * line
    left = line - len(digits) % line
    return (b"0" if match[3] == b"," else b"F") * left
