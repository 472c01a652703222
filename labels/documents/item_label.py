"""The label of one unit: a stock number or a retail code, the title and the condition."""

from __future__ import annotations

from dataclasses import dataclass

from labels import ean
from labels.characters import one_line
from labels.documents.parts import Page
from labels.layout import Align, Barcode, Label, Symbology, Text
from labels.media import TWO_BY_ONE, Media


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What stands on the label of one unit."""

    code: str
    """An EAN or UPC with its check digit, or any other code of the product, such as an FNSKU."""
    title: str
    condition: str = "New"
    sku: str = ""


def item_label(data: ItemLabel, media: Media = TWO_BY_ONE) -> Label:
    """Return the label; digits of a retail product become its EAN or UPC, all else a Code 128."""
    page = Page(media)
    kind = ean.symbology_of(data.code) or Symbology.CODE128
    x, width, half = page.left, page.inner, page.inner / 2
    across = media.width_mm - 1
    parts = (
        Text(x, 1.2, width, 6.6, one_line(data.title), 3, 2.2, bold=True, max_lines=2),
        Barcode(0.5, 8, across, 10.4, data.code, kind, 0.375),
        Text(x, 18.5, width, 3.2, data.code, 2.7, 1.8, align=Align.CENTRE),
        Text(x, 21.7, half - 1, 2.8, one_line(data.condition), 2.3, 1.6),
        Text(x + half, 21.7, half, 2.8, one_line(data.sku), 2.3, 1.4, align=Align.RIGHT),
    )
    return page.label(parts, "Item label")
