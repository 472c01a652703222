"""A carrier's ZPL, written anew from what was understood of it, so that nothing else gets through.

Printers keep most of what they are told until they are switched off. Therefore the label starts
from known settings and ends with them, and whatever only changes how a printer works is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labels.carrier import zpl_graphics, zpl_rules
from labels.carrier.zpl_drawing import Drawing, graphic_name
from labels.carrier.zpl_tokens import Command, commands
from labels.errors import LabelError
from labels.units import MM_PER_INCH, dots_down, dots_per_mm

if TYPE_CHECKING:
    from labels.media import Media
    from labels.zpl import Bitmap

MAX_BYTES = 2_000_000
"""Most bytes of ZPL in one label."""

_HEADS = (203, 300, 600)
_CONTROLS = re.compile(rb"[\x00-\x03\x05-\x1c\x7f]")
"""Bytes that no field may hold; GS, RS, US and EOT may stand in a carrier's 2D code."""
_WIDER, _LONGER = 1.02, 1.03
_AGAIN = "Nothing was printed. Fetch the label again, as PDF or PNG."


@dataclass(frozen=True, slots=True)
class Checked:
    """One label's ZPL."""

    zpl: bytes
    drawing: Drawing
    notes: tuple[str, ...]


def checked(data: bytes, media: Media, dpi: int) -> Checked:
    """Return exactly one label for this paper and this resolution.

    Raises:
        LabelError: It holds a command that does not draw, more than one label, a broken graphic,
            or is made for other paper or another resolution.
    """
    if len(data) > MAX_BYTES:
        words = f"The label's ZPL is larger than {MAX_BYTES // 1_000_000} MB."
        raise LabelError(words, _AGAIN)
    graphics, formats = _sorted(data)
    drawn = [each for each in formats if any(c.name in zpl_rules.MARKS for c in each)]
    notes = [zpl_rules.note(c) for each in formats for c in each if not zpl_rules.is_kept(c)]
    if len(drawn) != 1:
        raise _count(len(drawn))
    drawing = Drawing(*_paper(media, dpi), graphics)
    lines = [_line(drawing, command) for command in drawn[0] if zpl_rules.is_kept(command)]
    _fits(drawn[0], drawing, media, dpi)
    zpl = b"".join([_start(lines, media, dpi), *lines, b"^LRN^FWN^LH0,0^PQ1^XZ\n"])
    return Checked(zpl, drawing, _told(notes))


def _sorted(data: bytes) -> tuple[dict[str, Bitmap], list[list[Command]]]:
    """Return the graphics that are defined, and the commands of each format."""
    graphics: dict[str, Bitmap] = {}
    formats: list[list[Command]] = []
    is_open, stored = False, 0
    for command in commands(data):
        if command.name == "~DG":
            graphic = graphics[graphic_name(command.value(0))] = _stored(command)
            stored += len(graphic.rows)
            if stored > zpl_graphics.MAX_BYTES_IN_ALL:
                raise zpl_graphics.too_many()
        elif command.name == "^XA" and not is_open:
            is_open = True
            formats.append([])
        elif command.name == "^XZ" and is_open:
            is_open = False
        elif command.name == "^ID" and graphic_name(command.value(0)) in graphics:
            continue
        elif is_open:
            formats[-1].append(command)
        else:
            _outside(command)
        if not is_open and command.name == "^XZ" and command.data.strip():
            raise LabelError("The label's ZPL goes on after its end.", _AGAIN)
    if is_open:
        raise LabelError("The label's ZPL is cut short: its end is missing.", _AGAIN)
    return graphics, formats


def _outside(command: Command) -> None:
    """Refuse what stands outside a label, unless it is left out anyhow."""
    if not command.name:
        raise LabelError("The label's ZPL holds text that is no command.", _AGAIN)
    if command.name in {"^XA", "^XZ"} or zpl_rules.is_kept(command):
        raise LabelError(f"The label's ZPL is broken at {command.name}.", _AGAIN)


def _stored(command: Command) -> Bitmap:
    head = command.data.split(b",", 3)
    if len(head) < 4 or not command.number(1, 0) or not command.number(2, 0):
        raise LabelError("A graphic of the ZPL is broken.", _AGAIN)
    return zpl_graphics.decoded(head[3], command.number(1, 0), command.number(2, 0))


def _count(labels: int) -> LabelError:
    if labels:
        words = f"The file holds {labels} labels; only one belongs on a parcel."
        return LabelError(words, "Nothing was printed. Save the label of this order alone.")
    return LabelError("There is nothing on this label.", _AGAIN)


def _line(drawing: Drawing, command: Command) -> bytes:
    if command.name != "^GF" and _CONTROLS.search(command.data):
        raise LabelError("The label's ZPL holds a control character.", _AGAIN)
    return drawing.take(command)


def _start(lines: list[bytes], media: Media, dpi: int) -> bytes:
    """Return the settings from which the label starts: those of a printer just switched on."""
    width, height = _paper(media, dpi)
    text = b"".join(lines)
    is_utf8 = not text.isascii() and _is_utf8(text)
    characters = "^CI28" if is_utf8 else "^CI0"
    usual = "^LH0,0^LRN^FWN^CFA,9,5^BY2,3.0,10"
    return f"^XA{characters}^PW{width}^LL{height}{usual}".encode("ascii")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _paper(media: Media, dpi: int) -> tuple[int, int]:
    return dots_down(media.width_mm, dpi), dots_down(media.height_mm, dpi)


def _fits(label: list[Command], drawing: Drawing, media: Media, dpi: int) -> None:
    """Refuse a label that says, or shows, that it is for other paper or another resolution."""
    said = {c.name: c.number(0, 0) for c in label if c.name in {"^PW", "^LL"}}
    size = said.get("^PW", 0), said.get("^LL", 0)
    if drawing.is_picture:
        size = max(size[0], drawing.farthest[0]), max(size[1], drawing.farthest[1])
    width, height = _paper(media, dpi)
    for head in _HEADS:
        if head != dpi and all(size) and _is_paper(size, media, head):
            raise LabelError(
                f"The label is made for {head} dots per inch, the printer has {dpi}.",
                f"Choose ZPL with {dpi} dpi where you buy labels, or PDF.",
            )
    right, bottom = (max(a, b) for a, b in zip(size, drawing.farthest, strict=True))
    is_cut = drawing.bars_end[0] > width or drawing.bars_end[1] > height
    if is_cut or right > width * _WIDER or bottom > height * _LONGER:
        shown = " × ".join(
            f"{side / dots_per_mm(dpi) / MM_PER_INCH:.2f}" for side in (right, bottom)
        )
        raise LabelError(
            f"The label reaches to {shown} inches, the paper in the printer is {media.name}.",
            "Choose that size where you buy labels, or put other paper in.",
        )


def _is_paper(size: tuple[int, int], media: Media, dpi: int) -> bool:
    paper = _paper(media, dpi)
    return all(0.97 < have / want < 1.03 for have, want in zip(size, paper, strict=True))


def _told(notes: list[str]) -> tuple[str, ...]:
    return tuple(f"Left out: {words}." for words in dict.fromkeys(notes) if words)
