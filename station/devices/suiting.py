"""Whether a document that another bench made can be printed here as it is. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from station.devices.kinds import kind_of

if TYPE_CHECKING:
    from station.forms import Format

_WIDTH = re.compile(rb"\^PW *(\d{1,5})")
_PHYSICAL = re.compile(rb"pHYs(.{4})(.{4})\x01", re.DOTALL)
"""Of a PNG: pixels per metre, across and down (PNG specification §11.3.5.3)."""

_SEEN = 4096
"""Bytes at the beginning in which a document says how wide or how fine it is."""

_INCHES = {"4x6": 4.0, "4x8": 4.0, "2x1": 2.0}
"""How wide the labels on rolls are."""


def suits(document: bytes, form: Format) -> bool:
    """Return whether a document was written as this form is: language, dots and paper.

    Only ZPL, PNG and PDF say enough of themselves; nothing else ever suits.
    """
    if kind_of(document) != form.name:
        return False
    start = document[:_SEEN]
    if form.name == "zpl":
        return form.media in _INCHES and _dots(start) == round(_INCHES[form.media] * form.dpi)
    return form.name == "pdf" or _dpi(start) == form.dpi


def _dots(start: bytes) -> int | None:
    found = _WIDTH.search(start)
    return int(found[1]) if found else None


def _dpi(start: bytes) -> int | None:
    found = _PHYSICAL.search(start)
    return round(int.from_bytes(found[1]) * 0.0254) if found else None
