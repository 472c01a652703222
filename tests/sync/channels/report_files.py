"""Report files for the tests, row by row."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from station.sync.channels.flatfile_orders import OrdersReport
from station.sync.channels.port import RowError
from station.sync.channels.shapes import ORDERS
from station.sync.channels.tabular import open_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from station.model import Order

COLUMNS = (
    "order-id",
    "order-item-id",
    "purchase-date",
    "promise-date",
    "buyer-name",
    "buyer-phone-number",
    "sku",
    "product-name",
    "quantity-purchased",
    "quantity-shipped",
    "quantity-to-ship",
    "ship-service-level",
    "recipient-name",
    "ship-address-1",
    "ship-address-2",
    "ship-address-3",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "is-business-order",
    "purchase-order-number",
    "is-prime",
)

GOOD = {
    "order-id": "111-2233445-6677889",
    "order-item-id": "70000000000001",
    "purchase-date": "2026-11-20T10:00:00+00:00",
    "promise-date": "2026-11-24T22:59:59+00:00",
    "buyer-name": "Ruth Okafor",
    "buyer-phone-number": "+1 206 555 0101",
    "sku": "MUG-350-BL",
    "product-name": "Blue mug 350 ml",
    "quantity-purchased": "2",
    "quantity-shipped": "0",
    "quantity-to-ship": "2",
    "ship-service-level": "Standard",
    "recipient-name": "Ruth Okafor",
    "ship-address-1": "1184 Larkspur Ave",
    "ship-city": "Portland",
    "ship-state": "OR",
    "ship-postal-code": "97205",
    "ship-country": "US",
    "is-business-order": "false",
    "is-prime": "false",
}

HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07",
    "[/red]^XZ^XA^FO0,0^FDpwned",
    "[@click=app.quit]here[/]",
    "~JR^XA^CC{_5E\\&",
    "nul\x00inside",
    "right\u202eto\u2066left\u200f",
    "=cmd|' /C calc'!A0",
    "x" * 10_000,
    "\0" * 10_000,
    "a" + "\u0301" * 500,
    'quote " in " it',
    "lone\rreturn and\x85next\u2028line\x0cfeed",
    "' OR 1=1; DROP TABLE orders --",
    "$(reboot) `reboot` %s %n {0} {now}",
    "山田\u3000花子 محمد 👩‍👩‍👧 \x9b31m",
)


def row(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a good row with some cells changed; keys use the report's column names."""
    return {**GOOD, **(changes or {})}


def other(number: int, changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the good row of another order."""
    ids = {"order-id": f"111-{number:07d}-0000000", "order-item-id": f"{number:014d}"}
    return row({**ids, **(changes or {})})


def text_of(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str] = COLUMNS, sign: str = "\t"
) -> str:
    """Return a file's text with CRLF line ends."""
    lines = [sign.join(columns), *(sign.join(r.get(c, "") for c in columns) for r in rows)]
    return "\r\n".join([*lines, ""])


def write(folder: Path, content: str | bytes, name: str = "report.txt") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def fresh(folder: Path, content: str | bytes) -> Path:
    """Write a file under a name of its own, for examples that share a folder."""
    data = content if isinstance(content, bytes) else content.encode()
    return write(folder, data, hashlib.sha256(data).hexdigest()[:16] + ".txt")


def read_orders(path: Path) -> tuple[list[Order], list[RowError], OrdersReport]:
    """Read a report whole."""
    report = OrdersReport(open_table(path, ORDERS))
    found = list(report)
    errors = [each for each in found if isinstance(each, RowError)]
    return [each for each in found if not isinstance(each, RowError)], errors, report
