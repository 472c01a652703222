"""One badge on a small label: to stick onto a card, or for a guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labels.characters import one_line
from labels.documents.parts import Page
from labels.documents.places import SMALL_SQUARE_MM, small_code
from labels.layout import Label, Text
from labels.media import TWO_BY_ONE, Media

if TYPE_CHECKING:
    from labels.documents.badge_sheet import Badge


def badge_label(badge: Badge, media: Media = TWO_BY_ONE) -> Label:
    """Return the label of one person; its code is a square, for bars have no room on it."""
    page = Page(media)
    x = page.left + SMALL_SQUARE_MM + 1.6
    width = page.right - x
    name, role = one_line(badge.name), one_line(badge.role)
    parts = (
        small_code(page, badge.code),
        Text(x, 2.4, width, 11.2, name, 5, 2.2, bold=True, max_lines=2, middle=True),
        Text(x, 14, width, 4.2, role, 3.4, 2.2),
        Text(x, 19.6, width, 3.4, badge.code, 2.4, 1.6),
    )
    return page.label(parts, "Badge")
