"""Amazon's shipping confirmation file as bytes; pure.

Tab-separated, CRLF, UTF-8; the columns are those of the template in Seller Central (DESIGN §7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.sync.channels.carrier_codes import carrier_cells
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from station.model import ConfirmationLine

COLUMNS = (
    "order-id",
    "order-item-id",
    "quantity",
    "ship-date",
    "carrier-code",
    "carrier-name",
    "tracking-number",
    "ship-method",
    "transparency_code",
)

FORMULA = "=+-@ "
"""Signs at the start of a cell that a spreadsheet takes for a formula."""

MAX_NAME = 50
"""Characters of carrier-name (Seller Central help, “Shipping Confirmation Glossary”)."""


def confirmation_file(lines: Iterable[ConfirmationLine], zone: tzinfo | None = None) -> bytes:
    """Return the whole file; ship dates are days in the zone, the computer's own for None."""
    rows = [COLUMNS, *(row for line in lines for row in rows_of(line, zone))]
    return "".join("\t".join(row) + "\r\n" for row in rows).encode()


def rows_of(line: ConfirmationLine, zone: tzinfo | None = None) -> list[tuple[str, ...]]:
    """Return one row, or with Transparency one for each code, as a cell holds one code.

    The quantities of the rows add up to that of the line.
    """
    codes = line.transparency_codes[: line.quantity] or ("",)
    counts = [1] * (len(codes) - 1)
    counts.append(line.quantity - len(counts))
    return [_row(line, zone, count, code) for count, code in zip(counts, codes, strict=True)]


def _row(
    line: ConfirmationLine, zone: tzinfo | None, quantity: int, transparency: str
) -> tuple[str, ...]:
    code, name = carrier_cells(safe(line.carrier_code, MAX_NAME), safe(line.carrier_name, MAX_NAME))
    return (
        plain(line.order_id),
        plain(line.item_id),
        str(quantity),
        line.shipped.astimezone(zone).date().isoformat(),
        code,
        name,
        safe(line.tracking_id),
        safe(line.ship_method),
        safe(transparency),
    )


def safe(text: str, limit: int = 100) -> str:
    """Return text that stays in its cell: plain, no formula, no quotation mark.

    Outside text reaches a spreadsheet when the owner looks into the file before uploading it.
    """
    return plain(text, limit).replace('"', "'").lstrip(FORMULA)
