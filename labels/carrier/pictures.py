"""Pictures as pages: a PNG, GIF or JPEG of a label or of a sheet with a label on it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from labels.carrier.opening import AGAIN, MAX_DOTS, no_label
from labels.errors import LabelError
from labels.media import A4, LETTER
from labels.units import MM_PER_INCH, dots_down, dots_per_mm

if TYPE_CHECKING:
    from labels.carrier.pdf import Box
    from labels.media import Media

_FORMATS = ("PNG", "GIF", "JPEG")
_SAME = 0.02
_HEADS = (203, 300, 600)


@dataclass(frozen=True, slots=True)
class PicturePage:
    """A picture with its size on paper."""

    image: Image.Image
    """In shades of grey."""
    width_mm: float
    height_mm: float
    dpi: int

    @property
    def look(self) -> Image.Image:
        """The picture at the printer's resolution; as it is where that is what it was made for."""
        per_mm = dots_per_mm(self.dpi)
        across = self.width_mm * per_mm / self.image.width
        if abs(across - 1) < _SAME:
            return self.image
        return self.draw((0, 0, self.width_mm, self.height_mm), 1.0)

    def draw(self, box: Box, scale: float) -> Image.Image:
        """Return a part of the picture at so many times its size."""
        per_mm = self.image.width / self.width_mm
        edges = [side * per_mm for side in box]
        ratio = dots_per_mm(self.dpi) * scale / per_mm
        size = [max(1, round((edges[i + 2] - edges[i]) * ratio)) for i in range(2)]
        way = Image.Resampling.BOX if ratio < 1 else Image.Resampling.BICUBIC
        return self.image.resize((size[0], size[1]), way, (edges[0], edges[1], edges[2], edges[3]))


def page(data: bytes, media: Media, dpi: int) -> PicturePage:
    """Return the picture as a page.

    Raises:
        LabelError: It is broken, cut short, or has more than `MAX_DOTS` dots, as it is or as it
            would be printed.
    """
    image = _loaded(data)
    per_mm = _density(image, media, dpi)
    width, height = image.width / per_mm, image.height / per_mm
    if width * height * dots_per_mm(dpi) ** 2 > MAX_DOTS:
        raise no_label("picture", width, height)
    return PicturePage(image, width, height, dpi)


def _loaded(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=_FORMATS)
            if image.width * image.height > MAX_DOTS:
                raise _too_many(image.width, image.height)
            image.load()
            return _on_white(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LabelError("The picture has more dots than any label.", AGAIN) from error
    except UnidentifiedImageError as error:
        raise LabelError("The picture cannot be read.", AGAIN) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise LabelError("The picture is broken or cut short.", AGAIN) from error


def _too_many(width: int, height: int) -> LabelError:
    words = f"The picture has {width} × {height} dots, more than any label."
    return LabelError(words, AGAIN)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture in shades of grey; what is transparent is paper."""
    if image.mode in {"1", "L"} and "transparency" not in image.info:
        return image.convert("L")
    coloured = image.convert("RGBA")
    paper = Image.new("RGBA", coloured.size, "white")
    paper.alpha_composite(coloured)
    return paper.convert("L")


def _density(image: Image.Image, media: Media, dpi: int) -> float:
    """Return dots per millimetre: those of a head for which it fills the paper, else as it says."""
    sides = sorted(image.size)
    for head in (dpi, *(each for each in _HEADS if each != dpi)):
        for paper in (media, A4, LETTER):
            full = sorted((dots_down(paper.width_mm, head), dots_down(paper.height_mm, head)))
            if all(abs(have / want - 1) <= _SAME for have, want in zip(sides, full, strict=True)):
                return dots_per_mm(head)
    said = image.info.get("dpi", (0, 0))[0]
    if 90 <= said <= 1300:
        return (
            min((dots_per_mm(each) for each in _HEADS), key=lambda d: abs(d - said / MM_PER_INCH))
            if any(abs(said - head) < 4 for head in _HEADS)
            else said / MM_PER_INCH
        )
    return dots_per_mm(dpi)
