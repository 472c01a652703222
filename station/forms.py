"""How papers are written: in the language of a printer, or as a file.

Drawing is the labels package's work and is only imported here, when a paper is first needed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from station.errors import InputError
from station.plain_terminal import is_utf8
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from labels.layout import Label as Sheet

_WIDEST = 120
"""Columns of a sheet on a terminal: more show no more of it."""

_SKETCH_DPI = 203


@dataclass(frozen=True, slots=True)
class Format:
    """How papers are written."""

    name: str = "zpl"
    """One of `station.device_settings.FORMATS`, or term: blocks and words for a terminal."""
    dpi: int = 203
    media: str = "4x6"
    """One of `labels.media.MEDIA`."""
    width_mm: int = 0
    """How wide a printer prints that gets pictures; 0 where that is all of its paper."""


def draw(sheets: Sequence[Sheet], form: Format) -> bytes:
    """Return sheets as one document.

    A PNG holds one sheet; more of them come as PDF. ZPL prints words in the printer's own font;
    the other languages of printers get a picture.

    Raises:
        InputError: A value cannot be encoded; says which and what to do.
    """
    from labels import LabelError

    try:
        return _drawn(sheets, form)
    except LabelError as error:
        raise InputError(error.message, error.remedy) from error


def _drawn(sheets: Sequence[Sheet], form: Format) -> bytes:
    from labels import languages, render

    if form.name == "zpl":
        return b"".join(render.zpl(sheet, form.dpi) for sheet in sheets)
    if form.name == "term":
        return "\n".join(_on_terminal(sheet) for sheet in sheets).encode()
    if form.name in languages.LANGUAGES:
        images = (render.image(sheet, form.dpi) for sheet in sheets)
        return languages.encode_pages(images, form.name, form.dpi, width_mm=form.width_mm)
    if form.name == "png" and len(sheets) == 1:
        return render.png(sheets[0], form.dpi)
    return render.pdf(sheets, form.dpi)


def sketch(image: Image, columns: int, rows: int) -> list[str]:
    """Return a picture as lines of the characters that this terminal has."""
    from labels import preview

    drawn = preview.preview if is_utf8(os.environ) else preview.preview_plain
    return drawn(image, columns, rows)


def _on_terminal(sheet: Sheet) -> str:
    """Return a sheet as wide as the terminal, and below it all its words, which are too small."""
    from labels import preview, render

    columns = min(get_terminal_size().columns, _WIDEST)
    picture = sketch(render.image(sheet, _SKETCH_DPI), columns, columns)
    return "\n".join([*picture, "", *map(plain, preview.words(sheet)), ""])
