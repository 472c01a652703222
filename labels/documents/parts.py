"""What our papers have in common: sizes, parties, captions, and the order's barcode."""

from __future__ import annotations

from dataclasses import dataclass

from labels.characters import one_line
from labels.layout import Align, Barcode, Element, Text

WIDTH_MM, HEIGHT_MM = 101.6, 152.4
"""A label of 4 by 6 inches."""

MARGIN_MM = 4.0
INNER_MM = WIDTH_MM - 2 * MARGIN_MM
"""Width between the margins."""


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


def caption(x: float, y: float, width: float, word: str) -> Text:
    """Return the small word above a field; 2.9 mm high."""
    return Text(x, y, width, 2.9, word, size_mm=2.4, min_mm=1.5)


def order_code(y: float, order_id: str) -> tuple[Element, ...]:
    """Return the order's barcode across the label and its characters beneath it.

    The code is what a packer scans to open the order; characters that no barcode can carry, or
    more of them than fit, are refused when the label is rendered.
    """
    return (
        Barcode(MARGIN_MM, y, INNER_MM, 10.5, order_id, module_mm=0.375),
        Text(
            MARGIN_MM,
            y + 11,
            INNER_MM,
            5,
            order_id,
            size_mm=4.1,
            bold=True,
            align=Align.CENTRE,
        ),
    )
