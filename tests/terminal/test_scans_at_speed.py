"""Scans as fast as a scanner types, or faster: each is judged once, right and in order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from samples import BIG_MUG, MUG, SPOON
from terminal.homes import entries, furnish, order_for, scans, stored_scans
from terminal.pty_station import PtyStation
from terminal.scan_stream import WANTED, PlainModel, codes, typed

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 300
LARGE = 1500
"""Bytes of a large write; it ends in the middle of a code."""
GAP_S = 0.008
"""Between two scans; a scanner needs longer for the characters alone."""


def big_order(home: Path) -> Path:
    """Furnish a folder with one order for 300 units of three SKUs."""
    assert sum(WANTED.values()) == COUNT
    wants = [(product, WANTED[product.sku]) for product in (MUG, SPOON, BIG_MUG)]
    return furnish(home, order_for(*wants))


def opened(station: PtyStation) -> None:
    """Sign in and take the only order."""
    station.sign_in()
    station.press_enter()
    station.wait_for("0/150")


def judged(scanned: list[str]) -> list[tuple[str, str]]:
    """Return (code, verdict) as the plain model predicts it, refusing a dull stream."""
    model = PlainModel()
    predicted = [(code, model.verdict(code)) for code in scanned]
    assert {verdict for _, verdict in predicted} == {"RIGHT", "WRONG", "UNKNOWN", "TOO MANY"}
    return predicted


@pytest.mark.parametrize("writes", ["one for each scan", "few large ones"])
def test_300_scans_are_judged_once_each_in_order(tmp_path: Path, writes: str) -> None:
    """The journal holds exactly the 300 scans with the model's verdicts; the screen the last."""
    home = big_order(tmp_path)
    scanned = codes(COUNT, seed=len(writes))
    predicted = judged(scanned)
    whole = typed(scanned, seed=len(writes))
    stream = b"".join(whole)
    large = [stream[at : at + LARGE] for at in range(0, len(stream), LARGE)]
    one_each = writes == "one for each scan"
    with PtyStation(home) as station:
        opened(station)
        for data in whole if one_each else large:
            station.write(data)
            if one_each:
                time.sleep(GAP_S)
        done = sum(code == MUG.barcodes[0].text for code, word in predicted if word == "RIGHT")
        station.wait_for(f"✓ RIGHT  Blue mug 350 ml, {done} of 150")
    assert scans(home) == predicted
    assert [entry.kind for entry in entries(home)] == ["opened", *["scanned"] * COUNT]


def test_nothing_is_lost_while_nobody_reads_the_terminal(tmp_path: Path) -> None:
    """Scans that come while the terminal's output stands still for 3 seconds are all judged."""
    home = big_order(tmp_path)
    scanned = codes(COUNT, seed=7)
    predicted = judged(scanned)
    with PtyStation(home) as station:
        opened(station)
        station.stop_reading()
        for data in typed(scanned, seed=7):
            station.write(data)
            time.sleep(3 / COUNT)
        stood_still_at = stored_scans(home)
        time.sleep(0.3)
        stood_still = stored_scans(home) == stood_still_at < COUNT
        station.resume_reading()
        station.wait_until(lambda: stored_scans(home) == COUNT)
        done = sum(code == MUG.barcodes[0].text for code, word in predicted if word == "RIGHT")
        station.wait_for(f"✓ RIGHT  Blue mug 350 ml, {done} of 150")
    assert stood_still, "the program never stood still: nothing was tested"
    assert scans(home) == predicted
