"""What a carrier's document is, out of its wrappings: base64, a data URL, gzip."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from enum import StrEnum

from labels.errors import LabelError

MAX_BYTES = 10_000_000
"""Most bytes of a document, wrapped or unwrapped."""

MAX_DOTS = 50_000_000
"""Most dots that are drawn at once."""

AGAIN = "Save or fetch the label again, as ZPL, PDF or PNG."
"""What to do about a document that is broken, or none."""

_LAYERS = 4
_GZIP = b"\x1f\x8b"
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_BLANK = b" \t\r\n\v\f"


class Kind(StrEnum):
    """What a document is, told from its content."""

    ZPL = "ZPL"
    PDF = "PDF"
    PICTURE = "picture"


def opened(data: bytes) -> tuple[Kind, bytes]:
    """Return what the document is, and its bytes out of every wrapping.

    Raises:
        LabelError: It is no label, is broken, or is larger than `MAX_BYTES` when unpacked.
    """
    for _ in range(_LAYERS):
        if len(data) > MAX_BYTES:
            raise too_large()
        if kind := _kind(data):
            return kind, data
        data = _unwrapped(data)
    raise LabelError("The label is packed too many times over.", AGAIN)


def too_large() -> LabelError:
    """Return the refusal of a document that is larger than any label."""
    message = f"The document is larger than {MAX_BYTES // 1_000_000} MB: that is no label."
    return LabelError(message, AGAIN)


def no_label(what: str, width_mm: float, height_mm: float) -> LabelError:
    """Return the refusal of what would be larger on paper than any label."""
    words = f"The {what} is {width_mm:.0f} × {height_mm:.0f} mm large: that is no label."
    return LabelError(words, AGAIN)


def _kind(data: bytes) -> Kind | None:
    head = data[:1024]
    if b"%PDF-" in head:
        return Kind.PDF
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff")):
        return Kind.PICTURE
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANK + b"\0")
    starts = text.startswith((b"^", b"~")) and not text.startswith(b"^~")
    return Kind.ZPL if starts or (text.startswith(b"!") and b"^" in data) else None


def _unwrapped(data: bytes) -> bytes:
    if not data.strip():
        raise LabelError("The label is empty.", AGAIN)
    if data.startswith(_GZIP):
        return _inflated(data)
    text = data.strip()
    if text[:5].lower() == b"data:":
        text = text.partition(b",")[2]
    packed = text.translate(None, _BLANK)
    if _BASE64.fullmatch(packed):
        return _plain(packed)
    if text[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise LabelError("This is a web page and no label.", "Save the label itself, as PDF.")
    raise LabelError("This is no label: neither ZPL nor PDF nor a PNG or GIF picture.", AGAIN)


def _inflated(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise LabelError("The label's gzip data are broken.", AGAIN) from error
    if len(plain) > MAX_BYTES:
        raise too_large()
    if not unpacker.eof:
        raise LabelError("The label's gzip data end too early.", AGAIN)
    return plain


def _plain(packed: bytes) -> bytes:
    bare = packed.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except binascii.Error as error:
        raise LabelError("The label's base64 text is broken.", AGAIN) from error
