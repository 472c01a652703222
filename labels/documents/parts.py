"""What our papers have in common: the page, parties, captions, rows over several pages, codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from labels.characters import one_line
from labels.layout import Align, Barcode, Box, Element, Label, Symbology, Text
from labels.media import FOUR_BY_SIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labels.media import Media

_Row = TypeVar("_Row")

WIDTH_MM, HEIGHT_MM = FOUR_BY_SIX.width_mm, FOUR_BY_SIX.height_mm
"""A label of 4 by 6 inches."""

MARGIN_MM = 4.0
INNER_MM = WIDTH_MM - 2 * MARGIN_MM
"""Width between the margins."""

_SHEET_MARGIN_MM = 12.0
"""Of an office printer's sheet; few print nearer to the edge than 6 mm."""

_SMALL_MARGIN_MM = 2.0
_SMALL_MM = 60.0
"""Labels narrower than this have a small margin."""


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a paper on which words may stand; lengths in millimetres."""

    media: Media

    @property
    def left(self) -> float:
        """The margin, the same on all four sides."""
        if self.media.is_sheet:
            return _SHEET_MARGIN_MM
        return _SMALL_MARGIN_MM if self.media.width_mm < _SMALL_MM else MARGIN_MM

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return self.media.width_mm - 2 * self.left

    @property
    def right(self) -> float:
        """Where the right margin begins."""
        return self.media.width_mm - self.left

    @property
    def bottom(self) -> float:
        """Where the lower margin begins."""
        return self.media.height_mm - self.left

    def label(self, elements: Iterable[Element], title: str) -> Label:
        """Return the elements as one page of this paper."""
        return Label(self.media.width_mm, self.media.height_mm, tuple(elements), one_line(title))


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or who receives."""

    name: str
    lines: tuple[str, ...] = ()
    """The address as it shall be printed, one line each, the country last."""

    @property
    def address(self) -> str:
        """The lines as one text; what a buyer wrote cannot add a line."""
        return "\n".join(one_line(line) for line in self.lines)

    @property
    def block(self) -> str:
        """Name and address as one text."""
        return f"{one_line(self.name)}\n{self.address}"

    @property
    def line(self) -> str:
        """The address in one line."""
        return ", ".join(filter(None, (one_line(line) for line in self.lines)))


def caption(x: float, y: float, width: float, word: str) -> Text:
    """Return the small word above a field; 2.9 mm high."""
    return Text(x, y, width, 2.9, word, size_mm=2.4, min_mm=1.5)


def order_code(
    y: float, order_id: str, x: float = MARGIN_MM, width: float = INNER_MM
) -> tuple[Element, ...]:
    """Return the order's barcode and its characters beneath it, 16 mm in all.

    The code is what a packer scans to open the order; characters that no barcode can carry, or
    more of them than fit, are refused when the label is rendered.
    """
    shown = Text(x, y + 11, width, 5, order_id, 4.1, bold=True, align=Align.CENTRE)
    return Barcode(x, y, width, 10.5, order_id, module_mm=0.375), shown


def parcel_code(
    y: float, sscc: str, height: float, x: float = MARGIN_MM, width: float = INNER_MM
) -> tuple[Element, ...]:
    """Return the bars of a parcel's number and its digits beneath them, 8.2 mm more than bars.

    The module lies within 0.495 to 0.94 mm at each resolution after rounding down to whole dots;
    logistic labels want bars of 31.75 mm (GS1 General Specifications §5.12.3).
    """
    code = Barcode(x, y, width, height, f"00{sscc}", Symbology.GS1_128, 0.51, is_tracking=True)
    shown = Text(
        x, y + height + 0.8, width, 7.4, f"(00) {sscc}", 6, 3, bold=True, align=Align.CENTRE
    )
    return code, shown


def filled(
    x: float, y: float, width: float, height: float, words: str, size: float
) -> list[Element]:
    """Return a black box with white words in its middle."""
    inside = Text(
        x + 0.6, y + 0.4, width - 1.2, height - 0.8, words, size, min(2.0, size),
        bold=True, align=Align.CENTRE, middle=True, white=True,
    )  # fmt: skip
    return [Box(x, y, width, height), inside]


def quantity(x: float, y: float, width: float, height: float, count: int) -> list[Element]:
    """Return a number; more than one of a kind is what packers miss, so it stands out in black."""
    if count != 1:
        return filled(x, y, width, height, str(count), 7.6)
    one = Text(
        x + 0.6, y + 0.4, width - 1.2, height - 0.8, "1", 7.6, 2.5,
        bold=True, align=Align.CENTRE, middle=True,
    )  # fmt: skip
    return [one]


def paged(
    rows: Sequence[_Row], height: Callable[[_Row], float], first: float, others: float
) -> list[list[_Row]]:
    """Return the rows by page, given the room on the first page and on the others; one at least."""
    pages: list[list[_Row]] = [[]]
    room = first
    for row in rows:
        if height(row) > room and (pages[-1] or len(pages) == 1):
            pages.append([])
            room = others
        pages[-1].append(row)
        room -= height(row)
    return pages


def page_number(page: Page, y: float, number: int, count: int) -> Iterator[Text]:
    """Yield “page 2 of 3” at the right margin, where there is more than one."""
    if count > 1:
        words = f"page {number} of {count}"
        yield Text(page.right - 32.6, y, 32.6, 4, words, 3.2, align=Align.RIGHT)
