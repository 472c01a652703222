"""A label as a list of boxes in millimetres; it says what stands where, not how it is drawn.

All positions are the left upper corner, measured from the label's left upper corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Symbology(StrEnum):
    """The codes that our labels carry."""

    CODE128 = "code128"
    """Printable ASCII without “>”."""
    GS1_128 = "gs1_128"
    """Element strings that start with an application identifier, such as 00; the separator after
    one of variable length is the character 29, as a scanner sends it."""
    EAN13 = "ean13"
    """Thirteen digits, the last one the check digit."""
    UPC_A = "upc_a"
    """Twelve digits, the last one the check digit."""
    DATA_MATRIX = "data_matrix"
    """Printable ASCII in a small square, for labels on which no bars have room."""


class Align(StrEnum):
    """Where a line of text stands in its box."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a box; `labels.fitting` decides their size and their lines."""

    x: float
    y: float
    width: float
    height: float
    value: str
    """May hold line breaks of the document's own; clean what a buyer wrote with `one_line`."""
    size_mm: float
    """The largest height of a character cell; capitals are three quarters of it."""
    min_mm: float = 2.0
    """The smallest cell height before the text is wrapped or cut."""
    bold: bool = False
    align: Align = Align.LEFT
    max_lines: int = 1
    middle: bool = False
    """Stands in the middle of the box's height instead of at its top."""
    white: bool = False
    """White; stands upon a filled box that comes earlier in the list."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code in a box that includes its quiet zones; nothing else may stand there."""

    x: float
    y: float
    width: float
    height: float
    """Of the bars."""
    value: str
    symbology: Symbology = Symbology.CODE128
    module_mm: float = 0.5
    """The wanted width of the narrowest bar; rounded down to whole dots, less where it must."""
    is_tracking: bool = False
    """Whether a carrier's scanner could take it for a parcel on its way."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled black or drawn as an outline."""

    x: float
    y: float
    width: float
    height: float
    stroke_mm: float = 0.0
    """The outline's thickness, drawn inside; 0 fills the box."""


Element = Text | Barcode | Box


@dataclass(frozen=True, slots=True)
class Label:
    """One page: a shipping label, a page of a packing slip, a sheet for the wall."""

    width_mm: float
    height_mm: float
    elements: tuple[Element, ...]
    title: str = ""
    """What it is, for file names and the document's properties; no personal data."""


def rule(x: float, y: float, width: float, thickness_mm: float = 0.4) -> Box:
    """Return a horizontal line."""
    return Box(x, y, width, thickness_mm)


def upright(x: float, y: float, height: float, thickness_mm: float = 0.4) -> Box:
    """Return a vertical line."""
    return Box(x, y, thickness_mm, height)
