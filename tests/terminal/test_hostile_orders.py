"""Orders whose every text field is an attack on the terminal: none of it reaches the wire."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sync.channels.report_files import HOSTILE, other, text_of, write
from terminal.homes import furnish
from terminal.pty_station import PtyStation, environment
from terminal.wire_bytes import controls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

PAYLOADS = (
    *HOSTILE,
    "\x1b]52;c;cHduZWQ=\x07paste",
    "\x1b]8;;http://pwned.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[6n\x1b[?1049l\x1b[5n",
    "\x1bP1$r0m\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\",
    "\x9b2J\x9d52;c;cHduZWQ=\x9c\x90q\x9c\x84\x85\x8d",
    "[@click=app.quit]press me[/] [link=http://pwned.example]x[/link] [b +",
    "\u202e\u2066\u200f\u061c\u200e gnp.exe",
    "\x0e\x0f\x05\x08\x08\x08\x7f\x00\x11\x13\x1a\x1c",
    "\ufeff \ufffe \U000e0041 \u2028 \x7f",
    "[/red]" * 1_700,
    "\x1b[31m\u202e\x9b5n" * 1_000,
)
"""What buyers and sellers of goods may have typed; the last two have ten thousand characters."""

TEXTS = (
    "buyer-name",
    "buyer-phone-number",
    "sku",
    "product-name",
    "ship-service-level",
    "recipient-name",
    "ship-address-1",
    "ship-address-2",
    "ship-address-3",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "purchase-order-number",
    "is-business-order",
    "is-prime",
)
"""Columns that hold whatever somebody typed."""

RAW = (
    b"\x1b]52",
    b"\x1b]0;",
    b"\x1b[2J",
    b"\x1b[6n",
    b"\x1b[5n",
    b"\x1b]8;",
    b"\x1b[31m",
    b"\x1bP1$r0m",
)
"""Payloads as bytes, looked for in the stream itself."""

BIG = "900-0000000-0000000"
F1, F4, F6, F12, ESCAPE = b"\x1bOP", b"\x1bOS", b"\x1b[17~", b"\x1b[24~", b"\x1b"


def report(folder: Path, texts: Sequence[str]) -> Path:
    """Write an Unshipped Orders report: an order of each text, and one urgent order of them all."""
    cells = [re.sub("[\t\r\n]", " ", text) for text in texts]
    rows = [
        other(number, dict.fromkeys(TEXTS, cell) | _row(number, number, cell))
        for number, cell in enumerate(cells, 1)
    ]
    rows += [
        other(number, _row(0, 900 + number, cell) | {"order-id": BIG})
        for number, cell in enumerate(cells, 1)
    ]
    return write(folder, text_of(rows), "orders.txt")


def _row(hours: int, item: int, cell: str) -> dict[str, str]:
    due = datetime.now(UTC) + timedelta(hours=1 + hours)
    return {
        "promise-date": due.isoformat(timespec="minutes"),
        "order-item-id": f"{item:014}",
        "sku": f"S{item}{cell[:150]}",
        "product-name": cell,
        "quantity-purchased": "1",
        "quantity-to-ship": "1",
    }


def imported(home: Path, file: Path) -> int:
    """Take a report in with the real command; return how many orders the store has then."""
    done = subprocess.run(
        [sys.executable, "-m", "station", "import", "orders", file],
        env=environment(home, {}),
        capture_output=True,
        check=False,
    )
    assert controls(done.stdout + done.stderr) == set()
    new = re.search(rb"(\d+) new", done.stdout)
    assert new, done
    return int(new[1])


def wait_for_units(station: PtyStation, done: int) -> None:
    """Wait until so many lines of one unit are complete."""
    station.wait_for(lambda screen: screen.count("  1/1  ") == done)


def walk(station: PtyStation, orders: int, items: int) -> bytes:
    """Look at every screen, at every order and every item; return all that was written."""
    station.sign_in()
    station.wait_for(f"{orders} waiting")
    station.press_enter()
    station.wait_for("No barcode on file")
    for key in (F1, ESCAPE, F4, ESCAPE):
        station.press(key)
    for done in range(items):
        wait_for_units(station, done)
        station.write(F12)
    station.wait_for("SCAN THE CARRIER LABEL")
    station.press(F4)
    station.press(F4)
    station.wait_for("Parked: missing.")
    station.press(F6)
    station.scan("111-")
    station.wait_for(f"111-{orders - 1:07}-0000000")
    station.press(ESCAPE)
    station.wait_for(f"{orders - 1} waiting")
    return bytes(station.stream)


def walked(home: Path, texts: Sequence[str]) -> bytes:
    """Import orders of these texts and return what the program writes when all are shown."""
    furnish(home)
    orders = imported(home, report(home, texts))
    assert orders == len(texts) + 1
    with PtyStation(home, rows=90) as station:
        return walk(station, orders, len(texts))


def test_hostile_orders_send_no_control_to_the_terminal(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Queue, pack, problem, help and look-up write what they write for harmless orders."""
    usual = walked(tmp_path_factory.mktemp("harmless"), ["Blue mug", "Wooden spoon"])
    hostile = walked(tmp_path, PAYLOADS)
    assert controls(hostile) - controls(usual) == set()
    assert [raw for raw in RAW if raw in hostile and raw not in usual] == []
    assert "C1" in controls(PAYLOADS[-1].encode()), "the search itself is blind"
