"""Which font draws which character, and how wide a line of many scripts becomes.

The fonts come from installed packages (all SIL Open Font License 1.1) and are opened when the
first text needs them. A package that is missing only means boxes with numbers for its script.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont, features

from labels import bidi, cmap
from labels.errors import LabelError
from labels.printer_font import CAPITAL

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = 100
"""Pixels per em at which widths are measured; they grow in proportion."""

EM = CAPITAL / 0.714
"""Em as a multiple of the cell height: Noto Sans capitals become as tall as the printer's."""

NUMBER_WIDTH = 0.9
"""Advance of a character without a font, as a multiple of the cell height."""

_ASCENT, _DESCENT = 95, 25
"""What a line has above and below its base line, in percent of the cell height."""

_SMALLEST = 0.4
"""No run is drawn smaller than this part of its size; what then leaves the line is cut off."""

_WEIGHTS = {False: 500, True: 750}
_NARROW = 70
"""Width axis of Noto Sans in percent: about the proportions of the printer's font 0."""

_BASE = "fontpkg_noto_sans/files/NotoSans[wdth,wght].ttf"
_SCRIPTS = "manimgx_fonts"
_CJK = "noto_cjk_sans_otc/NotoSansCJK-Regular.ttc"
_SKIP = {"NotoSans[wght].ttf", "NotoSans-Italic[wght].ttf"}
_LAST = ("NotoSansSymbols[wght].ttf", "NotoEmoji[wght].ttf")


_ASCII = "".join(map(chr, range(0x20, 0x7F)))
"""What most lines are made of."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, at one weight."""

    path: Path
    bold: bool

    @property
    def coverage(self) -> cmap.Coverage:
        """The characters that it has."""
        return _coverage(self.path)

    def sized(self, pixels: float) -> ImageFont.FreeTypeFont:
        """Return the font at so many pixels per em."""
        return _opened(self.path, self.bold, pixels, shapes())

    @property
    def has_weights(self) -> bool:
        """Whether the file itself holds a bold cut."""
        return self.path.suffix == ".ttf"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line that one font draws in one direction."""

    text: str
    face: Face | None
    """None: no font has the character; its number is drawn."""
    leftwards: bool
    scale: float = 1.0
    """How much smaller it is drawn, so that tall signs keep within their line."""
    rise: float = 0.0
    """How far it is moved up for the same reason, as a multiple of the cell height."""

    @property
    def shaped(self) -> str:
        """The text as the layout engine wants it."""
        return bidi.mirrored(self.text) if self.leftwards and not shapes() else self.text

    @property
    def direction(self) -> str | None:
        """The direction to tell a shaping engine."""
        return ("rtl" if self.leftwards else "ltr") if shapes() else None


def shapes() -> bool:
    """Tell whether Pillow can join Arabic and stack Indic letters (it was built with raqm)."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=4096)
def width(text: str, bold: bool) -> float:
    """Return the width of a line as a multiple of the cell height."""
    return sum(run_width(run, EM * REFERENCE) for run in runs(text, bold=bold)) / REFERENCE


def run_width(run: Run, pixels: float) -> float:
    """Return a run's advance in pixels at so many pixels per em."""
    if run.face is None:
        return NUMBER_WIDTH * pixels / EM
    return run.face.sized(pixels * run.scale).getlength(run.shaped, direction=run.direction)


def runs(line: str, *, bold: bool) -> tuple[Run, ...]:
    """Return the line's runs from left to right."""
    found: list[Run] = []
    for text, leftwards in bidi.visual(line):
        pieces = list(_by_face(text, bold=bold))
        if leftwards:
            pieces.reverse()
        found.extend(Run(piece, face, leftwards) for piece, face in pieces)
    fits = {face: _fit(face, found) for face in {run.face for run in found} if face}
    return tuple(
        replace(run, scale=fits[run.face][0], rise=fits[run.face][1]) if run.face else run
        for run in found
    )


def _fit(face: Face, found: list[Run]) -> tuple[float, float]:
    """Return one scale and rise for all that a font draws in a line, however many pieces."""
    if all(run.text.isascii() for run in found if run.face == face) and _holds_ascii(face):
        return 1.0, 0.0
    font = face.sized(EM * REFERENCE)
    boxes = [
        font.getbbox(run.shaped, direction=run.direction, anchor="ls")
        for run in found
        if run.face == face
    ]
    above = max(1.0, *(-top for _, top, _, _ in boxes))
    below = max(1.0, *(bottom for _, _, _, bottom in boxes))
    scale = max(_SMALLEST, min(1.0, (_ASCENT + _DESCENT) / (above + below)))
    rise = max(0.0, below * scale - _DESCENT) - max(0.0, above * scale - _ASCENT)
    return scale, rise / REFERENCE


@lru_cache(maxsize=16)
def _has_ascii(face: Face) -> bool:
    return all(char in face.coverage for char in _ASCII)


@lru_cache(maxsize=16)
def _holds_ascii(face: Face) -> bool:
    """Tell whether no ASCII character of a font leaves its line, so that none is measured again."""
    _, top, _, bottom = face.sized(EM * REFERENCE).getbbox(_ASCII, anchor="ls")
    return -top <= _ASCENT and bottom <= _DESCENT


def _by_face(text: str, *, bold: bool) -> Iterator[tuple[str, Face | None]]:
    base = faces(bold)[0]
    if text.isascii() and text.isprintable() and _has_ascii(base):
        yield text, base
        return
    piece, face = "", None
    for char in text:
        best = _face(char, bold, face)
        if piece and (best != face or best is None):
            yield piece, face
            piece = ""
        piece, face = piece + char, best
    if piece:
        yield piece, face


def _face(char: str, bold: bool, current: Face | None) -> Face | None:
    if unicodedata.category(char) == "Cc":  # fonts map controls to an empty glyph
        return None
    if current and not char.isascii() and char in current.coverage:
        return current
    return next((face for face in faces(bold) if char in face.coverage), None)


@lru_cache(maxsize=2)
def faces(bold: bool) -> tuple[Face, ...]:
    """Return the installed fonts in the order in which they are asked for a character.

    Raises:
        LabelError: not even the base font is installed.
    """
    base = _file(_BASE)
    if base is None:
        message = "The font for labels is missing."
        raise LabelError(message, "Install the package fontpkg-noto-sans.")
    cjk = _file(_CJK)
    scripts = _scripts()
    last = [path for name in _LAST for path in scripts if path.name == name]
    middle = [path for path in scripts if path not in last]
    paths = [base, *middle, *([cjk] if cjk else []), *last]
    return tuple(Face(path, bold) for path in paths)


def _scripts() -> list[Path]:
    folder = _folder(_SCRIPTS)
    if folder is None:
        return []
    return sorted(path for path in folder.glob("*.ttf") if path.name not in _SKIP)


def _file(name: str) -> Path | None:
    package, _, rest = name.partition("/")
    folder = _folder(package)
    path = folder / rest if folder else None
    return path if path and path.is_file() else None


def _folder(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


@lru_cache(maxsize=64)
def _coverage(path: Path) -> cmap.Coverage:
    return cmap.coverage(path)


@lru_cache(maxsize=128)
def _opened(
    path: Path,
    bold: bool,
    pixels: float,
    shaped: bool,
) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    font = ImageFont.truetype(str(path), pixels, layout_engine=engine)
    if Face(path, bold).has_weights:
        wanted = {b"Weight": _WEIGHTS[bold], b"Width": _NARROW}
        font.set_variation_by_axes([wanted[axis["name"]] for axis in font.get_variation_axes()])
    return font
