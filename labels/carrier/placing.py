"""A page onto the paper: as it is where it fits, else the part of it that is the label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PIL import Image, ImageOps

from labels.errors import LabelError
from labels.units import MM_PER_INCH, dots_down, dots_per_mm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labels.carrier.pdf import Box
    from labels.carrier.reading import Code
    from labels.media import Media

SAME = 0.02
"""Sizes that differ less are the same: nothing is scaled then."""

_GAP_MM = 3.0
"""Blank paper that can part a label from what stands beside it."""
_CELLS_PER_MM = 2
_WHOLE = 0.7
"""A label's part of the paper in each direction, at least; what is smaller is a piece of one."""
_LEAST_SCALE = 0.5
_MARGIN_MM = 1.5
_BANDS = 14
_LINE_CELLS = 3
_ACROSS = 0.85
"""Of the page's side: what is longer and stands alone is a line to cut or fold along."""
_THRESHOLD = 128
Cells = tuple[int, int, int, int]


class Page(Protocol):
    """A page that can be drawn."""

    @property
    def width_mm(self) -> float:
        """Its width."""
        ...

    @property
    def height_mm(self) -> float:
        """Its height."""
        ...

    @property
    def look(self) -> Image.Image:
        """The page at the printer's resolution."""
        ...

    def draw(self, box: Box, scale: float) -> Image.Image:
        """Return a part of the page, in millimetres, at so many times its size."""
        ...


def placed(page: Page, media: Media, dpi: int, codes: Sequence[Code]) -> tuple[Image.Image, str]:
    """Return exactly the paper's dots, black or white, and how they came about, in words.

    Args:
        page: What to print.
        media: The paper.
        dpi: The printer's resolution.
        codes: Those of the page that must be on the paper; their places in `page.look`.

    Raises:
        LabelError: The label is too large for the paper.
    """
    size = (page.width_mm, page.height_mm)
    if _fits(size, media):
        return _on_paper(page.look, media, dpi), ""
    box = _part(page, media, dpi, codes)
    part = (box[2] - box[0], box[3] - box[1])
    if _fits(part, media):
        return _on_paper(page.draw(box, 1.0), media, dpi), "The label was cut out of a larger page."
    scale = _scale(part, media)
    if scale < _LEAST_SCALE:
        width, height = sorted(part)
        raise LabelError(
            f"The label is {width:.0f} × {height:.0f} mm, the printer's paper is {media.name}.",
            "Choose a 4×6 inch label where you buy it.",
        )
    words = f"The label was cut out of a larger page and made smaller, to {scale:.0%}."
    return _on_paper(page.draw(box, scale), media, dpi), words


def black(image: Image.Image) -> Image.Image:
    """Return the picture in black and white by a threshold: dots between would blur the bars."""
    return image.convert("L").point(lambda v: 255 if v >= _THRESHOLD else 0, mode="1")


def _fits(size: tuple[float, float], media: Media) -> bool:
    paper = sorted((media.width_mm, media.height_mm))
    return all(a <= b * (1 + SAME) for a, b in zip(sorted(size), paper, strict=True))


def _scale(size: tuple[float, float], media: Media) -> float:
    paper = sorted((media.width_mm, media.height_mm))
    room = [side - 2 * _MARGIN_MM for side in paper]
    return min(b / a for a, b in zip(sorted(size), room, strict=True))


def _on_paper(image: Image.Image, media: Media, dpi: int) -> Image.Image:
    """Turn the picture if it lies across, and cut or fill it to the paper without losing ink."""
    paper = dots_down(media.width_mm, dpi), dots_down(media.height_mm, dpi)
    bits = black(image)
    if (bits.width > bits.height) != (paper[0] > paper[1]) and bits.width != bits.height:
        bits = bits.transpose(Image.Transpose.ROTATE_90)
    ink = ImageOps.invert(bits.convert("L")).getbbox() or (0, 0, 1, 1)
    across = _start(bits.width, paper[0], ink[0], ink[2])
    down = _start(bits.height, paper[1], ink[1], ink[3])
    sheet = Image.new("1", paper, 1)
    sheet.paste(bits, (across, down))
    return sheet


def _start(have: int, room: int, first: int, last: int) -> int:
    """Return where the picture begins on the paper: in its middle, moved if ink were cut off."""
    start = (room - have) // 2
    if have <= room or (start + first >= 0 and start + last <= room):
        return start
    return max(-first, min(start, room - last)) if last - first <= room else start


def _part(page: Page, media: Media, dpi: int, codes: Sequence[Code]) -> Box:
    """Return the part of a page that is the label: around its codes, as much as fits the paper.

    A page is parted at blank bands. The largest part that has the codes and fits the paper is the
    label; where none is nearly as large as the paper, it is a larger label: the largest part of
    half a page, else all that is printed on it.
    """
    per_mm = dots_per_mm(dpi)
    look = ImageOps.invert(page.look.convert("L"))
    step = max(1, round(per_mm / _CELLS_PER_MM))
    cells = look.reduce(step).point(lambda v: 255 if v > 8 else 0)
    _without_cut_lines(cells)
    spots = [(x // step, y // step) for code in codes for x, y in code.corners]
    parts = [_mm(part, step / per_mm) for part in _parts(cells, spots)]
    whole = parts[0] if parts else (0.0, 0.0, page.width_mm, page.height_mm)
    half = page.width_mm * page.height_mm * 0.55
    fitting = [box for box in parts if _fits(_size(box), media) and _is_label(box, media)]
    larger = [box for box in parts if _area(box) <= half and _is_label(box, media)]
    best = max(fitting or larger or [whole], key=_area)
    return _with_margin(best, page)


def _without_cut_lines(cells: Image.Image) -> None:
    """Wipe out lines across the page that stand alone: somebody is to cut or fold there."""
    for turned in (False, True):
        profile = cells.getprojection()[0 if turned else 1]
        side = cells.height if turned else cells.width
        for begin, end in _runs(profile):
            line = (begin, 0, end, side) if turned else (0, begin, side, end)
            inked = cells.crop(line).getbbox()
            long = (inked[3] - inked[1] if turned else inked[2] - inked[0]) if inked else 0
            if end - begin <= _LINE_CELLS and long > side * _ACROSS:
                cells.paste(0, line)


def _runs(profile: list[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches of rows, or columns, with ink."""
    begin = None
    for at, inked in enumerate([*profile, 0]):
        if inked and begin is None:
            begin = at
        elif not inked and begin is not None:
            yield begin, at
            begin = None


def _is_label(box: Box, media: Media) -> bool:
    paper = sorted((media.width_mm, media.height_mm))
    return all(a >= b * _WHOLE for a, b in zip(sorted(_size(box)), paper, strict=True))


def _parts(cells: Image.Image, spots: list[tuple[int, int]]) -> Iterator[Cells]:
    """Give all the parts between blank bands that hold every spot, all that is printed first."""
    seen: set[Cells] = set()
    todo: list[tuple[Cells, int]] = [((0, 0, *cells.size), 0)]
    for around, depth in todo:
        box = _inked(cells, around) if _holds(around, spots) else None
        if box is None or box in seen or not _holds(box, spots):
            continue
        seen.add(box)
        yield box
        if depth < 3:
            todo.extend((part, depth + 1) for part in _cut(cells, box))


def _cut(cells: Image.Image, box: Cells) -> Iterator[Cells]:
    left, top, right, bottom = box
    across, down = cells.crop(box).getprojection()
    for start, end in _spans(across):
        yield left + start, top, left + end, bottom
    for start, end in _spans(down):
        yield left, top + start, right, top + end


def _spans(profile: list[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches from one blank band to a later one, whole ends included."""
    bands, start = [], None
    for at, inked in enumerate([*profile, 1]):
        if not inked and start is None:
            start = at
        elif inked and start is not None:
            if at - start >= _GAP_MM * _CELLS_PER_MM:
                bands.append((at - start, start, at))
            start = None
    kept = sorted((a, b) for _, a, b in sorted(bands, reverse=True)[:_BANDS])
    begins, ends = [0, *(b for _, b in kept)], [*(a for a, _ in kept), len(profile)]
    for index, begin in enumerate(begins):
        for end in ends[index:]:
            if (begin, end) != (0, len(profile)):
                yield begin, end


def _inked(cells: Image.Image, box: Cells) -> Cells | None:
    found = cells.crop(box).getbbox()
    if found is None:
        return None
    left, top = box[:2]
    return left + found[0], top + found[1], left + found[2], top + found[3]


def _holds(box: Cells, spots: list[tuple[int, int]]) -> bool:
    return all(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1 for x, y in spots)


def _mm(cells: Cells, mm: float) -> Box:
    return cells[0] * mm, cells[1] * mm, cells[2] * mm, cells[3] * mm


def _size(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _area(box: Box) -> float:
    width, height = _size(box)
    return width * height


def _with_margin(box: Box, page: Page) -> Box:
    """Return the box with half a millimetre around it, so that no edge is shaved."""
    edge = MM_PER_INCH / 50
    return (
        max(0.0, box[0] - edge),
        max(0.0, box[1] - edge),
        min(page.width_mm, box[2] + edge),
        min(page.height_mm, box[3] + edge),
    )
