"""One order from the sign-in to DONE in a real terminal, by typing what a scanner types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import label_reader
from PIL import Image
from samples import MUG, SPOON
from terminal.homes import OWN_LABELS, furnish, order_for, scans, stored_scans
from terminal.pty_station import PtyStation

if TYPE_CHECKING:
    from pathlib import Path

MUG_CODE = MUG.barcodes[0].text
SPOON_CODE = SPOON.barcodes[0].text
SIZES = ((40, 10), (80, 24), (1, 1), (20, 3), (200, 60), (80, 24))


def wait_for_scans(station: PtyStation, home: Path, count: int) -> None:
    """Wait until the journal holds so many scans."""
    station.wait_until(lambda: stored_scans(home) == count)


def printed_code(home: Path) -> str:
    """Return the one SSCC that a scanner reads on the one printed label."""
    (label,) = (home / "printed").glob("label-*.png")
    with Image.open(label) as paper:
        (code,) = (text for text in label_reader.read(paper) if "00952" in text)
    return code


def test_an_order_is_packed_from_sign_in_to_done(tmp_path: Path) -> None:
    """Typed name, Enter, three units and the printed label's own barcode end in DONE."""
    home = furnish(tmp_path, order_for((MUG, 2), (SPOON, 1)), toml=OWN_LABELS)
    with PtyStation(home) as station:
        station.sign_in()
        station.wait_for("111-0000001-0000001")
        station.press_enter()
        station.wait_for("Scan the first Blue mug 350 ml.")
        station.scan(MUG_CODE)
        station.wait_for("✓ RIGHT  Blue mug 350 ml, 1 of 2")
        station.scan(MUG_CODE)
        station.wait_for("Scan the first Wooden spoon 30 cm.")
        station.scan(SPOON_CODE)
        station.wait_for("SCAN THE LABEL")
        station.scan(printed_code(home))
        station.wait_for("✓ DONE  Order 111-0000001-0000001 is packed.")
    assert [verdict for _, verdict in scans(home)] == ["RIGHT", "RIGHT", "RIGHT", "DONE"]


def test_a_small_terminal_and_back_changes_nothing(tmp_path: Path) -> None:
    """At 40 × 10 and again at 80 × 24 the next scan is judged as before."""
    home = furnish(tmp_path, order_for((MUG, 9)))
    with PtyStation(home) as station:
        station.sign_in()
        station.press_enter()
        station.wait_for("Scan the first")
        for number, size in enumerate(SIZES, 1):
            station.resize(*size)
            station.scan(MUG_CODE)
            wait_for_scans(station, home, number)
        for text in ("✓ RIGHT  Blue mug 350 ml, 6 of 9", "Scan the next Blue mug", "F1 help"):
            station.wait_for(text)
    assert [verdict for _, verdict in scans(home)] == ["RIGHT"] * 6
