"""On which paper each document is drawn as it is, and how it stands on any other one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from labels.errors import LabelError
from labels.layout import Box, Element, Label
from labels.media import A4, FOUR_BY_EIGHT, FOUR_BY_SIX, LETTER, TWO_BY_ONE, Media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_LABELS = (FOUR_BY_SIX, FOUR_BY_EIGHT)
_ALL = (*_LABELS, A4, LETTER)

SIZES: Mapping[str, tuple[Media, ...]] = {
    "shipping label": _LABELS,
    "packing slip": _ALL,
    "gift slip": _ALL,
    "pick list": _ALL,
    "return label": _LABELS,
    "box contents": _LABELS,
    "box of one product": (FOUR_BY_SIX,),
    "tote label": (FOUR_BY_SIX, TWO_BY_ONE),
    "bin label": (TWO_BY_ONE, FOUR_BY_SIX),
    "item label": (TWO_BY_ONE,),
    "retail item label": (TWO_BY_ONE,),
    "badge": (TWO_BY_ONE,),
    "badges": (A4, LETTER),
    "commands": (A4, LETTER, FOUR_BY_SIX),
    "scanner sheet": (FOUR_BY_SIX, A4, LETTER),
    "test label": (FOUR_BY_SIX, FOUR_BY_EIGHT, TWO_BY_ONE, A4, LETTER),
    "training label": _LABELS,
}
"""The sizes of paper that each document is made for, its usual one first."""

_SHEET_EDGE_MM = 8.0
_GAP_MM = 4.0
"""Between two labels on one sheet: room to cut."""
_LINE_MM = 0.15


def fitted(
    document: str, draw: Callable[[Media], Sequence[Label]], media: Media
) -> tuple[Label, ...]:
    """Return a document on any paper that is large enough for it.

    What is made for labels alone stands on a sheet in its usual size, with lines to cut along.

    Raises:
        LabelError: the paper is too small for it.
    """
    made_for = SIZES[document]
    if media in made_for:
        return tuple(draw(media))
    usual = made_for[0]
    across, down = _times(usual, media)
    if not across or not down:
        names = ", ".join(each.name for each in made_for)
        raise LabelError(
            f"There is no {document} for paper of {media.name}.", f"Use one of {names}."
        )
    return tuple(_imposed(draw(usual), media, across, down))


def _times(label: Media, paper: Media) -> tuple[int, int]:
    """Return how many labels stand side by side, and how many rows of them."""
    edge = 2 * (_SHEET_EDGE_MM if paper.is_sheet else 0.0)
    return (
        int((paper.width_mm - edge + _GAP_MM) // (label.width_mm + _GAP_MM)),
        int((paper.height_mm - edge + _GAP_MM) // (label.height_mm + _GAP_MM)),
    )


def _imposed(labels: Sequence[Label], paper: Media, across: int, down: int) -> Iterator[Label]:
    for start in range(0, len(labels), across * down):
        some = labels[start : start + across * down]
        wide = across * (some[0].width_mm + _GAP_MM) - _GAP_MM
        left = (paper.width_mm - wide) / 2
        top = _SHEET_EDGE_MM if paper.is_sheet else 0.0
        parts: list[Element] = []
        for place, label in enumerate(some):
            row, column = divmod(place, across)
            x = left + column * (label.width_mm + _GAP_MM)
            y = top + row * (label.height_mm + _GAP_MM)
            parts.extend(replace(each, x=each.x + x, y=each.y + y) for each in label.elements)
            parts.extend(_outline(label, x, y, paper))
        yield Label(paper.width_mm, paper.height_mm, tuple(parts), some[0].title)


def _outline(label: Label, x: float, y: float, paper: Media) -> Iterator[Box]:
    """Yield the lines to cut along, outside of the label, where they are on the paper."""
    width, height, line = label.width_mm, label.height_mm, _LINE_MM
    for box in (
        Box(x, y - line, width, line),
        Box(x, y + height, width, line),
        Box(x - line, y - line, line, height + 2 * line),
        Box(x + width, y - line, line, height + 2 * line),
    ):
        inside = box.x >= 0 and box.y >= 0
        if inside and box.x + box.width < paper.width_mm and box.y + line < paper.height_mm:
            yield box
