"""How papers are written: in the language of a printer, or as a file.

Drawing is the labels package's work and is only imported here, when a paper is first needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labels.layout import Label as Sheet


@dataclass(frozen=True, slots=True)
class Format:
    """How papers are written."""

    name: str = "zpl"
    """One of `FORMATS`."""
    dpi: int = 203
    media: str = "4x6"
    """One of `labels.media.MEDIA`."""


def draw(sheets: Sequence[Sheet], form: Format) -> bytes:
    """Return sheets as one document.

    A PNG holds one sheet; more of them come as PDF.

    Raises:
        InputError: A value cannot be encoded; says which and what to do.
    """
    from labels import LabelError, render

    try:
        if form.name == "zpl":
            return b"".join(render.zpl(sheet, form.dpi) for sheet in sheets)
        if form.name == "png" and len(sheets) == 1:
            return render.png(sheets[0], form.dpi)
        return render.pdf(sheets, form.dpi)
    except LabelError as error:
        raise InputError(error.message, error.remedy) from error
